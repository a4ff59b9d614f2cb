// Ctrl-C and SIGTERM, as something the loop can look at.
#pragma once

#include <atomic>
#include <thread>

#include "load-tests/loop.h"

namespace routerd::load {

// Make it before any other thread, so that these signals are blocked in all of them; one of its own
// waits for them and wakes the loop.
class StopSignal {
 public:
  explicit StopSignal(Loop* loop);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // How often a stop was asked for: once = end in order, twice = at once, whatever is still open.
  [[nodiscard]] int Count() const { return count_; }

 private:
  std::atomic<int> count_ = 0;
  std::thread thread_;
};

}  // namespace routerd::load
