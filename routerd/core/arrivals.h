// How often contacts arrive, weighted exponentially: an arrival counts e^(-t / 15 min) after a time
// t. In fixed point, by a table, so that it is the same on every machine.
#pragma once

#include "routerd/base/ids.h"

namespace routerd::core {

class Arrivals {
 public:
  using Level = unsigned __int128;

  // The weight of an arrival that has just come. A stated rate of R an hour is a level of R / 4 of
  // these: that many arrivals in 15 minutes.
  static constexpr Level kOne = Level{1} << 20;
  static constexpr std::int64_t kWindowsPerHour = 4;
  // No rate on earth comes near.
  static constexpr Level kMaxLevel = Level{1} << 87;

  Arrivals() = default;
  // As it was; the level is kMaxLevel at most.
  Arrivals(Level level, TimeMs added_at) : level_(level), added_at_(added_at) {}

  // At kMaxLevel the level stays.
  void Add(TimeMs now, Level amount);
  // `now` not before the last Add. Rounded down; a chain of Adds may lose a unit in each.
  [[nodiscard]] Level At(TimeMs now) const;

  [[nodiscard]] TimeMs added_at() const { return added_at_; }
  [[nodiscard]] Level level() const { return level_; }  // at that time

 private:
  Level level_ = 0;
  TimeMs added_at_ = 0;
};

}  // namespace routerd::core
