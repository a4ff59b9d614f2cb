// The machine stops at every change of its disk in turn, and at random ones: what was committed is
// there, once, in order; what was forgotten is not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/unit/journal/crash_rig.h"

namespace routerd::journal {
namespace {

constexpr int kCrashSeeds = 200;
constexpr int kCrashesPerSeed = 5;

// ROUTERD_JOURNAL_SEEDS=N for more, or fewer.
int CrashSeeds() {
  const char* wanted = std::getenv("ROUTERD_JOURNAL_SEEDS");
  return wanted != nullptr ? std::atoi(wanted) : kCrashSeeds;
}

// Works until the disk stops, or `steps` are done.
std::string WorkOn(CrashRig& rig, int steps) {
  for (int step = 0; step < steps && !rig.disk().stopped(); ++step) {
    std::string wrong = rig.Work();
    if (!wrong.empty()) return wrong;
  }
  return "";
}

class CrashTest : public ::testing::TestWithParam<Durability> {};

TEST_P(CrashTest, AtEveryChangeOfTheDiskInTurn) {
  for (const Crash how : {Crash::kProcess, Crash::kPower, Crash::kPowerBytes}) {
    bool reached_the_end = false;
    for (std::uint64_t nth = 1; !reached_the_end; ++nth) {
      CrashRig rig(3, GetParam());
      rig.disk().CrashAt(nth);
      std::string wrong = rig.Start();
      if (wrong.empty()) wrong = WorkOn(rig, 60);
      ASSERT_EQ(wrong, "") << "change " << nth;
      reached_the_end = !rig.disk().stopped();
      rig.Crash(how);
      ASSERT_EQ(rig.Start(), "") << "after change " << nth;
      ASSERT_EQ(WorkOn(rig, 5), "") << "after change " << nth;
      ASSERT_LT(nth, 5'000U) << "it ends";
    }
  }
}

// While it starts up after a crash, too.
TEST_P(CrashTest, AtRandomChanges) {
  std::uint64_t committed = 0;
  for (int seed = 1; seed <= CrashSeeds(); ++seed) {
    CrashRig rig(static_cast<std::uint64_t>(seed), GetParam());
    ASSERT_EQ(rig.Start(), "") << "seed " << seed;
    for (int crash = 0; crash < kCrashesPerSeed; ++crash) {
      rig.disk().CrashAt(1 + rig.Random(rig.Random(3) == 0 ? 15 : 300));
      ASSERT_EQ(WorkOn(rig, 100), "") << "seed " << seed << ", crash " << crash;
      const Crash how = static_cast<Crash>(rig.Random(3));
      rig.Crash(how);
      rig.disk().CrashAt(rig.Random(2) == 0 ? 1 + rig.Random(12) : 1'000'000);
      std::string wrong = rig.Start();
      while (wrong.empty() && rig.disk().stopped()) {
        rig.Crash(how);
        wrong = rig.Start();
      }
      ASSERT_EQ(wrong, "") << "seed " << seed << ", crash " << crash;
    }
    committed += rig.committed();
  }
  EXPECT_GT(committed, 50U * static_cast<std::uint64_t>(CrashSeeds()));
}

TEST_P(CrashTest, TheSameSeedIsTheSameDay) {
  std::uint64_t digests[2];
  for (std::uint64_t& digest : digests) {
    CrashRig rig(5, GetParam());
    ASSERT_EQ(rig.Start(), "");
    for (int crash = 0; crash < 3; ++crash) {
      rig.disk().CrashAt(100);
      ASSERT_EQ(WorkOn(rig, 100), "");
      rig.Crash(Crash::kPower);
      ASSERT_EQ(rig.Start(), "");
    }
    digest = rig.digest();
  }
  EXPECT_EQ(digests[0], digests[1]);
}

INSTANTIATE_TEST_SUITE_P(Journal, CrashTest,
                         ::testing::Values(Durability::kSync, Durability::kInterval,
                                           Durability::kOff));

}  // namespace
}  // namespace routerd::journal
