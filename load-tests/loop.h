// The one thread on which the generator lives: timers, and what other threads post. Behaviour,
// sessions, statistics and audit run here and need no locks; gRPC's threads only post.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "load-tests/span.h"

namespace routerd::load {

class Loop {
 public:
  using Task = std::function<void()>;
  using TimerTask = std::function<void(Time due)>;  // due: when it should have run
  using TimerId = std::pair<Time, std::uint64_t>;

  // Where other threads leave tasks. It may outlive the loop: what is posted then is never run, and
  // never destroyed either. It may hold the last of a gRPC channel, and gRPC aborts the process
  // when a thread of its own lets go of that.
  class Inbox {
   public:
    // Tasks run on the loop's thread, in the order in which they were posted.
    void Post(Task task);

   private:
    friend class Loop;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Task> tasks_;  // guarded by mutex_
  };

  Loop() = default;
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Any thread, as long as the loop lives. Whoever may come later keeps the inbox.
  void Post(Task task) { inbox_->Post(std::move(task)); }
  [[nodiscard]] const std::shared_ptr<Inbox>& inbox() const { return inbox_; }

  // From here on on the loop's thread only.
  // Timers run in order of their times, at or after them.
  TimerId At(Time when, TimerTask task);
  TimerId After(Span span, TimerTask task) { return At(Clock::now() + span, std::move(task)); }
  // A timer that has run or was cancelled is ignored.
  void Cancel(TimerId id) { timers_.erase(id); }

  // Runs once, after the tasks and timers of this turn: sessions send there what a turn has
  // gathered, so that a busy turn makes a larger frame.
  void AtTurnEnd(Task task) { turn_end_.push_back(std::move(task)); }

  // Until done() (asked after every turn) or the deadline; false: the deadline was first.
  bool RunUntil(const std::function<bool()>& done, Time deadline);

 private:
  void RunPosted();
  void RunTimers();
  void RunTurnEnd();
  void Wait(Time deadline);

  std::map<TimerId, TimerTask> timers_;
  std::uint64_t next_timer_ = 0;
  std::vector<Task> turn_end_;

  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  std::vector<Task> running_;
};

}  // namespace routerd::load
