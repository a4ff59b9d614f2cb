// Time that stands still until a test moves it: clock and timers of the server under test.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "routerd/api/timers.h"
#include "routerd/base/clock.h"

namespace routerd::api {

// Thread-safe; tasks run on the thread that calls Advance.
class TestTime final : public Clock, public Timers {
 public:
  [[nodiscard]] TimeMs BootMs() const override { return now_ms_; }
  [[nodiscard]] TimeMs WallMs() const override { return 1'700'000'000'000 + now_ms_; }
  [[nodiscard]] std::int64_t BootNs() const override { return now_ms_ * 1'000'000; }

  void At(TimeMs boot_ms, std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    tasks_.emplace(boot_ms, std::move(task));
  }

  // Moves time on and runs what becomes due, each task at its own moment.
  void Advance(SpanMs ms) {
    const TimeMs until_ms = now_ms_ + ms;
    while (std::function<void()> task = TakeDue(until_ms)) task();
    now_ms_ = until_ms;
  }

 private:
  std::function<void()> TakeDue(TimeMs until_ms) {
    const std::lock_guard lock(mutex_);
    if (tasks_.empty() || tasks_.begin()->first > until_ms) return nullptr;
    auto node = tasks_.extract(tasks_.begin());
    if (node.key() > now_ms_) now_ms_ = node.key();
    return std::move(node.mapped());
  }

  std::mutex mutex_;
  std::multimap<TimeMs, std::function<void()>> tasks_;
  std::atomic<TimeMs> now_ms_{1'000'000};
};

}  // namespace routerd::api
