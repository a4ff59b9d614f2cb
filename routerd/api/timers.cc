#include "routerd/api/timers.h"

#include <chrono>
#include <utility>

namespace routerd::api {

TimerThread::TimerThread(const Clock& clock) : clock_(clock), thread_([this] { Run(); }) {}

TimerThread::~TimerThread() { Stop(); }

void TimerThread::At(TimeMs boot_ms, std::function<void()> task) {
  bool earliest = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    // In two steps: in one, begin() might be looked up before the task is in.
    const auto added = tasks_.emplace(boot_ms, std::move(task));
    earliest = added == tasks_.begin();
  }
  if (earliest) wake_.notify_one();
}

void TimerThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  tasks_.clear();
}

void TimerThread::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (tasks_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const SpanMs left_ms = tasks_.begin()->first - clock_.BootMs();
    if (left_ms > 0) {
      wake_.wait_for(lock, std::chrono::milliseconds(left_ms));
      continue;
    }
    std::function<void()> task = std::move(tasks_.begin()->second);
    tasks_.erase(tasks_.begin());
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace routerd::api
