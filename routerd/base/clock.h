// The seam for time. Nothing but an implementation of Clock reads a clock of the machine.
#pragma once

#include <cstdint>

#include "routerd/base/ids.h"

namespace routerd {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since boot, suspended time included; never goes back.
  [[nodiscard]] virtual TimeMs BootMs() const = 0;
  // Milliseconds since 1970-01-01 UTC; may jump either way.
  [[nodiscard]] virtual TimeMs WallMs() const = 0;
  // Nanoseconds since boot, for measuring how long something took.
  [[nodiscard]] virtual std::int64_t BootNs() const = 0;
};

// CLOCK_BOOTTIME and CLOCK_REALTIME.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimeMs BootMs() const override;
  [[nodiscard]] TimeMs WallMs() const override;
  [[nodiscard]] std::int64_t BootNs() const override;
};

// Stands still until told to move. Not thread-safe: tests and simulation drive it on one thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeMs boot_ms = 0, TimeMs wall_ms = 0) : boot_(boot_ms), wall_(wall_ms) {}
  [[nodiscard]] TimeMs BootMs() const override { return boot_; }
  [[nodiscard]] TimeMs WallMs() const override { return wall_; }
  [[nodiscard]] std::int64_t BootNs() const override { return boot_ * 1'000'000; }
  void Advance(SpanMs ms) {
    boot_ += ms;
    wall_ += ms;
  }
  void JumpWall(SpanMs ms) { wall_ += ms; }

 private:
  TimeMs boot_;
  TimeMs wall_;
};

}  // namespace routerd
