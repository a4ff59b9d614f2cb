#include "load-tests/loop.h"

#include <algorithm>

namespace routerd::load {

void Loop::Post(Task task) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(task));
  }
  if (first) posted_changed_.notify_one();
}

Loop::TimerId Loop::At(Time when, TimerTask task) {
  const TimerId id(when, next_timer_++);
  timers_.emplace(id, std::move(task));
  return id;
}

bool Loop::RunUntil(const std::function<bool()>& done, Time deadline) {
  for (;;) {
    RunPosted();
    RunTimers();
    RunTurnEnd();
    if (done()) return true;
    if (Clock::now() >= deadline) return false;
    Wait(deadline);
  }
}

void Loop::RunPosted() {
  {
    const std::lock_guard lock(mutex_);
    running_.swap(posted_);
  }
  for (const Task& task : running_) task();
  running_.clear();
}

// Those due when the turn began: what they set for now waits for the next turn, after the posted.
void Loop::RunTimers() {
  const Time now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    auto timer = timers_.extract(timers_.begin());
    timer.mapped()(timer.key().first);
  }
}

void Loop::RunTurnEnd() {
  while (!turn_end_.empty()) {
    std::vector<Task> tasks;
    tasks.swap(turn_end_);
    for (const Task& task : tasks) task();
  }
}

void Loop::Wait(Time deadline) {
  if (!timers_.empty()) deadline = std::min(deadline, timers_.begin()->first.first);
  std::unique_lock lock(mutex_);
  posted_changed_.wait_until(lock, deadline, [this] { return !posted_.empty(); });
}

}  // namespace routerd::load
