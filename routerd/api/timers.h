// The seam for "later" in the api: heartbeats, dead connections, the end of a session's grace.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "routerd/base/clock.h"

namespace routerd::api {

// Thread-safe. A task that has lost its point finds out by itself: there is no cancel.
class Timers {
 public:
  virtual ~Timers() = default;
  // Runs `task` once Clock::BootMs() has reached `boot_ms`.
  virtual void At(TimeMs boot_ms, std::function<void()> task) = 0;
};

// One thread that waits for the earliest task. Tasks are quick: they run one after the other.
class TimerThread final : public Timers {
 public:
  explicit TimerThread(const Clock& clock);
  ~TimerThread() override;
  TimerThread(const TimerThread&) = delete;
  TimerThread& operator=(const TimerThread&) = delete;

  void At(TimeMs boot_ms, std::function<void()> task) override;
  // Drops what has not run. Not from a task.
  void Stop();

 private:
  void Run();

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<TimeMs, std::function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace routerd::api
