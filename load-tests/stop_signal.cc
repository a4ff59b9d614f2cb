#include "load-tests/stop_signal.h"

#include <csignal>

namespace routerd::load {
namespace {

constexpr int kQuit = SIGUSR1;  // our own, to end the thread

sigset_t Signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, kQuit}) sigaddset(&set, signal);
  return set;
}

}  // namespace

StopSignal::StopSignal(Loop* loop) {
  // A shell starts background jobs with SIGINT ignored; ignored signals would never come.
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
  const sigset_t set = Signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this, loop, set] {
    for (int signal = 0; sigwait(&set, &signal) == 0 && signal != kQuit;) {
      ++count_;
      loop->Post([] {});  // wakes it to look
    }
  });
}

StopSignal::~StopSignal() {
  pthread_kill(thread_.native_handle(), kQuit);
  thread_.join();
}

}  // namespace routerd::load
