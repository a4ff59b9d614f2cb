#include "tests/unit/daemon/running_daemon.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

namespace routerd::daemon {
namespace {

std::string ReadAll(int fd) {
  std::string out;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(fd, buffer.data(), buffer.size())) > 0;) {
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return out;
}

}  // namespace

RunningDaemon::RunningDaemon(const Options& options) {
  Spawn(options);
  if (options.wait_until_serving) ReadPorts();
}

RunningDaemon::~RunningDaemon() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    Wait();
  }
  close(log_fd_);
}

void RunningDaemon::Spawn(const Options& options) {
  std::vector<std::string> arguments = {ROUTERD,
                                        "--grpc",
                                        "127.0.0.1:0",
                                        "--http",
                                        "127.0.0.1:0",
                                        "--policy",
                                        dir_.File("policy.yaml", options.policy),
                                        "--state-dir",
                                        state_dir(),
                                        "--ports-file",
                                        dir_.Path("ports")};
  chmod(policy_path().c_str(), 0600);
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ASSERT_EQ(mkfifo(dir_.Path("ports").c_str(), 0600), 0);
  std::array<int, 2> log{};
  ASSERT_EQ(pipe2(log.data(), O_CLOEXEC), 0);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(log[1], STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(log[1]);
  log_fd_ = log[0];
}

// The daemon either opens the FIFO or ends; a poll on both waits for whichever comes.
void RunningDaemon::ReadPorts() {
  const int fifo = open(dir_.Path("ports").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const auto ended = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  std::array<pollfd, 2> either = {{{fifo, POLLIN, 0}, {ended, POLLIN, 0}}};
  while (poll(either.data(), either.size(), -1) < 0) {
  }
  const std::string text = ReadAll(fifo);
  if (std::sscanf(text.c_str(), "{\"grpc\":%d,\"http\":%d}", &grpc_port_, &http_port_) != 2) {
    ADD_FAILURE() << "routerd ended before it served:\n" << ReadWholeLog();
  }
  close(fifo);
  close(ended);
}

void RunningDaemon::Signal(int signal) const { kill(pid_, signal); }

int RunningDaemon::Wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool RunningDaemon::ReadLogLine() {
  char c = 0;
  while (read(log_fd_, &c, 1) == 1) {
    log_ += c;
    if (c == '\n') return true;
  }
  return false;
}

std::string RunningDaemon::ReadLogUntil(const std::string& text) {
  for (std::size_t line = log_.size(); ReadLogLine(); line = log_.size()) {
    if (log_.find(text, line) != std::string::npos) return log_;
  }
  ADD_FAILURE() << "the log ended without '" << text << "':\n" << log_;
  return log_;
}

std::string RunningDaemon::ReadWholeLog() {
  log_ += ReadAll(log_fd_);
  return log_;
}

std::string RunningDaemon::Get(const std::string& path) const {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(http_port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string out = "no connection";
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    if (write(fd, request.data(), request.size()) > 0) out = ReadAll(fd);
  }
  close(fd);
  return out;
}

}  // namespace routerd::daemon
