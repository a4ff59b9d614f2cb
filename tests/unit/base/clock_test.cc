#include "routerd/base/clock.h"

#include <gtest/gtest.h>

namespace routerd {
namespace {

TEST(ManualClockTest, StandsStillUntilMoved) {
  ManualClock clock(5, 1'000);
  EXPECT_EQ(clock.BootMs(), 5);
  EXPECT_EQ(clock.WallMs(), 1'000);
  clock.Advance(20);
  EXPECT_EQ(clock.BootMs(), 25);
  EXPECT_EQ(clock.WallMs(), 1'020);
  EXPECT_EQ(clock.BootNs(), 25'000'000);
}

TEST(ManualClockTest, AWallJumpLeavesBootTimeAlone) {
  ManualClock clock(0, 10'000);
  clock.JumpWall(-3'600);
  EXPECT_EQ(clock.WallMs(), 6'400);
  EXPECT_EQ(clock.BootMs(), 0);
}

TEST(SystemClockTest, BootTimeNeverGoesBackAndItsUnitsAgree) {
  const SystemClock clock;
  const auto before_ns = clock.BootNs();
  const auto between_ms = clock.BootMs();
  const auto after_ns = clock.BootNs();
  EXPECT_GT(before_ns, 0);
  EXPECT_LE(before_ns / 1'000'000, between_ms);
  EXPECT_LE(between_ms, after_ns / 1'000'000);
}

TEST(SystemClockTest, WallTimeIsUnixTime) {
  constexpr TimeMs kStartOf2020 = 1'577'836'800'000;
  EXPECT_GT(SystemClock().WallMs(), kStartOf2020);
}

}  // namespace
}  // namespace routerd
