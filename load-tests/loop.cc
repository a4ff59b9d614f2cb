#include "load-tests/loop.h"

#include <algorithm>

namespace routerd::load {

void Loop::Inbox::Post(Task task) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (first) changed_.notify_one();
}

// What was posted and not run is destroyed without the lock: it may be the last to hold whatever
// posts.
Loop::~Loop() {
  const std::lock_guard lock(inbox_->mutex_);
  running_.swap(inbox_->tasks_);
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
    const std::lock_guard lock(inbox_->mutex_);
    running_.swap(inbox_->tasks_);
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
  std::unique_lock lock(inbox_->mutex_);
  inbox_->changed_.wait_until(lock, deadline, [this] { return !inbox_->tasks_.empty(); });
}

}  // namespace routerd::load
