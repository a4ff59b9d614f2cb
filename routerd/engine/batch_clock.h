// Batch time: monotone, continues over restarts, and never follows a wall clock that jumps.
#pragma once

#include <algorithm>

#include "routerd/base/clock.h"
#include "routerd/base/ids.h"

namespace routerd::engine {

class BatchClock {
 public:
  // A wall clock that moved less against batch time is not looked at: what people see is that
  // exact.
  static constexpr SpanMs kToleranceMs = 100;

  // `last`: the latest batch time of the history so far.
  BatchClock(const Clock& clock, TimeMs last) : clock_(clock) {
    now_ = last;
    GoOn();
  }

  // A batch of the history is done again.
  void Replay(TimeMs now, SpanMs offset) {
    now_ = now;
    offset_ = offset;
  }
  // After the last of it: time goes on from the present.
  void GoOn() {
    const TimeMs wall = clock_.WallMs();
    now_ = std::max(wall, now_);
    start_ = now_ - clock_.BootMs();
    offset_ = wall - now_;
  }

  // Moves on to the present and returns it.
  TimeMs Tick() {
    now_ = Present();
    return now_;
  }
  // Where Tick would move to.
  [[nodiscard]] TimeMs Present() const { return std::max(now_, start_ + clock_.BootMs()); }
  [[nodiscard]] TimeMs now() const { return now_; }

  // How far wall time has moved against batch time since `offset` was set; 0 within the tolerance.
  [[nodiscard]] SpanMs WallMoved() const {
    const SpanMs moved = clock_.WallMs() - now_ - offset_;
    return moved > kToleranceMs || moved < -kToleranceMs ? moved : 0;
  }
  void MoveOffset(SpanMs by) { offset_ += by; }
  // From batch time to what people see.
  [[nodiscard]] SpanMs offset() const { return offset_; }
  [[nodiscard]] TimeMs ToUnix(TimeMs time) const { return time + offset_; }
  [[nodiscard]] TimeMs ToUnixOrZero(TimeMs time) const { return time == 0 ? 0 : time + offset_; }

  [[nodiscard]] const Clock& source() const { return clock_; }

 private:
  const Clock& clock_;
  TimeMs start_ = 0;  // batch time at boot time 0
  TimeMs now_ = 0;
  SpanMs offset_ = 0;
};

}  // namespace routerd::engine
