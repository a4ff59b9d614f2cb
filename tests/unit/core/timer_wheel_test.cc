#include "routerd/core/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

namespace routerd::core {
namespace {

Timer For(std::uint64_t contact) { return {TimerKind::kOfferDeadline, ContactNo(contact), 0}; }

TEST(TimerWheel, FiresAtItsDeadlineAndNotBefore) {
  TimerWheel wheel;
  wheel.Set(100, For(1));
  EXPECT_FALSE(wheel.PopDue(99).has_value());
  const auto due = wheel.PopDue(100);
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->deadline, 100);
  EXPECT_EQ(due->timer.contact, ContactNo(1));
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimerWheel, TiesFireInTheOrderOfSetting) {
  TimerWheel wheel;
  for (std::uint64_t i = 0; i < 50; ++i) wheel.Set(5'000, For(i));
  for (std::uint64_t i = 0; i < 50; ++i) EXPECT_EQ(wheel.PopDue(5'000)->timer.contact.value, i);
}

TEST(TimerWheel, ACancelledTimerDoesNotFireAndItsIdIsSpent) {
  TimerWheel wheel;
  TimerId id = wheel.Set(100, For(1));
  const TimerId stale = id;
  wheel.Cancel(id);
  EXPECT_FALSE(id.set());
  const TimerId other = wheel.Set(100, For(2));  // takes the same node
  EXPECT_EQ(wheel.DeadlineOf(stale), 0);
  TimerId again = stale;
  wheel.Cancel(again);
  EXPECT_EQ(wheel.DeadlineOf(other), 100);
  EXPECT_EQ(wheel.PopDue(200)->timer.contact, ContactNo(2));
}

TEST(TimerWheel, ADeadlineInThePastFiresNext) {
  TimerWheel wheel;
  wheel.Set(1'000'000, For(1));
  EXPECT_FALSE(wheel.HasDue(500'000));
  wheel.Set(400'000, For(2));
  EXPECT_EQ(wheel.PopDue(500'000)->timer.contact, ContactNo(2));
}

TEST(TimerWheel, NextWakeupIsNeverLate) {
  TimerWheel wheel;
  EXPECT_FALSE(wheel.NextWakeup().has_value());
  wheel.Set(1'700'000'000'123, For(1));
  TimeMs now = 1'700'000'000'000 - 86'400'000;
  int wakeups = 0;
  while (!wheel.HasDue(now)) {
    const auto next = wheel.NextWakeup();
    ASSERT_TRUE(next.has_value());
    ASSERT_LE(*next, 1'700'000'000'123);
    ASSERT_GT(*next, now - 1);
    now = std::max(*next, now + 1);
    ASSERT_LT(++wakeups, 300'000);
  }
  EXPECT_EQ(now, 1'700'000'000'123);
  EXPECT_LT(wakeups, 64);  // cascades, not milliseconds
}

bool IsStep(TimerKind kind) { return kind == TimerKind::kStep; }

TEST(TimerWheel, PostponesSomeKindsInTheirOrderBehindWhatIsSetAlready) {
  TimerWheel wheel;
  const auto set = [&](TimeMs deadline, std::uint64_t no, TimerKind kind) {
    return wheel.Set(deadline, {kind, ContactNo(no), 0});
  };
  set(1'000, 1, TimerKind::kStep);
  TimerId second = set(900, 2, TimerKind::kStep);
  set(1'000, 3, TimerKind::kBars);
  set(70'000, 4, TimerKind::kStep);
  set(5'000, 5, TimerKind::kStep);
  TimerId gone = set(950, 6, TimerKind::kStep);
  set(1'000, 7, TimerKind::kStep);
  EXPECT_TRUE(wheel.HasDue(2'000));  // some are in the heap, one dead
  wheel.Cancel(gone);
  wheel.Postpone(70'000, IsStep);
  EXPECT_EQ(wheel.DeadlineOf(second), 70'000);
  EXPECT_EQ(wheel.size(), 6U);
  EXPECT_EQ(wheel.PopDue(2'000)->timer.contact.value, 3U);
  EXPECT_FALSE(wheel.PopDue(69'999).has_value());
  for (const std::uint64_t no : {4U, 2U, 1U, 7U, 5U}) {
    EXPECT_EQ(wheel.PopDue(70'000)->timer.contact.value, no);
  }
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimerWheel, PostponesToATimeThatHasCome) {
  TimerWheel wheel;
  wheel.Set(1'000, {TimerKind::kStep, ContactNo(1), 0});
  TimerId cancelled = wheel.Set(1'500, {TimerKind::kStep, ContactNo(2), 0});
  EXPECT_TRUE(wheel.HasDue(2'000));
  wheel.Postpone(2'000, IsStep);
  wheel.Cancel(cancelled);
  EXPECT_EQ(wheel.PopDue(2'000)->deadline, 2'000);
  EXPECT_FALSE(wheel.PopDue(3'000).has_value());
}

// Against the obvious: an ordered map of (deadline, number).
TEST(TimerWheel, AgreesWithAnOrderedMap) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    TimerWheel wheel;
    std::map<std::pair<TimeMs, std::uint64_t>, std::uint64_t> expected;
    std::map<std::uint64_t, std::pair<TimerId, TimeMs>> set;
    TimeMs now = static_cast<TimeMs>(random() % 2'000'000'000'000);
    wheel.HasDue(now);
    std::uint64_t number = 0;
    for (int step = 0; step < 3'000; ++step) {
      const auto what = random() % 10;
      if (what < 6) {
        const int bits = static_cast<int>(random() % 36);
        const TimeMs deadline = now + static_cast<TimeMs>(random() % (std::uint64_t{1} << bits));
        set[number] = {wheel.Set(deadline, For(number)), deadline};
        expected[{deadline, number}] = number;
        ++number;
      } else if (what < 8 && !set.empty()) {
        const auto it = std::next(set.begin(), static_cast<long>(random() % set.size()));
        expected.erase({it->second.second, it->first});
        wheel.Cancel(it->second.first);
        set.erase(it);
      } else {
        now += static_cast<TimeMs>(random() % (std::uint64_t{1} << (random() % 33)));
        while (const auto due = wheel.PopDue(now)) {
          ASSERT_FALSE(expected.empty());
          ASSERT_EQ(due->deadline, expected.begin()->first.first) << "seed " << seed;
          ASSERT_EQ(due->timer.contact.value, expected.begin()->second) << "seed " << seed;
          set.erase(expected.begin()->second);
          expected.erase(expected.begin());
        }
        ASSERT_TRUE(expected.empty() || expected.begin()->first.first > now) << "seed " << seed;
      }
      ASSERT_EQ(wheel.size(), expected.size());
    }
  }
}

}  // namespace
}  // namespace routerd::core
