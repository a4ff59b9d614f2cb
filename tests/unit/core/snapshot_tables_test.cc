// Timers and offers, which a snapshot sets and tells anew.
#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <utility>
#include <vector>

#include "routerd/core/offer_table.h"
#include "routerd/core/timer_wheel.h"

namespace routerd::core {
namespace {

Timer Of(std::uint64_t contact) { return {TimerKind::kBars, ContactNo(contact), 7}; }
OfferId Made(std::uint64_t sequence, std::uint32_t index = 0) { return {{3, sequence}, index}; }

TimerWheel Anew(const TimerWheel& wheel, TimeMs now) {
  TimerWheel anew;
  anew.HasDue(now);
  for (const TimerWheel::Pending& one : wheel.InOrder()) anew.Set(one.deadline, one.timer);
  return anew;
}

TEST(SnapshotTables, TimersFireInTheSameOrderInAnotherWheel) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    TimerWheel wheel;
    std::vector<TimerId> ids;
    TimeMs now = 1'700'000'000'000;
    wheel.HasDue(now);
    for (std::uint64_t i = 0; i < 500; ++i) {
      const auto ahead = static_cast<TimeMs>(random() % (std::uint64_t{1} << (random() % 36)));
      ids.push_back(wheel.Set(now + (i % 3 == 0 ? 1'000 : ahead), Of(i)));
      if (i % 5 == 0) wheel.Cancel(ids[random() % ids.size()]);
      if (i % 50 == 0) now += 300;
      if (i % 70 == 0) wheel.PopDue(now);  // others that are due stay
    }
    TimerWheel anew = Anew(wheel, now);
    ASSERT_EQ(anew.size(), wheel.size());
    for (now += 999; wheel.size() != 0; now += 1 + static_cast<TimeMs>(random() % 1'000'000)) {
      const auto ours = wheel.PopDue(now);
      const auto theirs = anew.PopDue(now);
      ASSERT_EQ(ours.has_value(), theirs.has_value());
      if (!ours) now = *wheel.NextWakeup();
      if (!ours) continue;
      ASSERT_EQ(ours->deadline, theirs->deadline);
      ASSERT_EQ(ours->timer.contact, theirs->timer.contact);
    }
    EXPECT_EQ(anew.size(), 0U);
  }
}

TEST(SnapshotTables, TimersNameTheirIds) {
  TimerWheel wheel;
  const TimerId late = wheel.Set(200, Of(1));
  const TimerId early = wheel.Set(100, Of(2));
  const std::vector<TimerWheel::Pending> pending = wheel.InOrder();
  ASSERT_EQ(pending.size(), 2U);
  EXPECT_EQ(pending[0].id, early);
  EXPECT_EQ(pending[1].id, late);
  EXPECT_EQ(pending[1].deadline, 200);
  EXPECT_EQ(pending[1].timer.other, 7U);
}

// As many as are remembered and more, so that the oldest have been forgotten.
TEST(SnapshotTables, OffersAreForgottenInTheSameOrder) {
  OfferTable table;
  table.Open(Made(1), 5);
  const std::uint64_t total = OfferTable::kRemembered + 1'000;
  const auto end = [](OfferTable& in, std::uint64_t i) {
    in.Open(Made(i), 9);
    in.End(Made(i), i % 3 == 0 ? OfferOutcome::kTimedOut : OfferOutcome::kRejected);
  };
  for (std::uint64_t i = 2; i < total; ++i) end(table, i);
  OfferTable anew;
  table.ForEachEnded([&](const OfferId& offer, OfferOutcome outcome) {
    ASSERT_TRUE(anew.RestoreEnded(offer, outcome));
  });
  ASSERT_TRUE(anew.Restore(Made(1), 5));
  EXPECT_EQ(anew.open(), 1U);
  for (std::uint64_t more = 0; more < 2'000; ++more) {
    end(table, total + more);
    end(anew, total + more);
    for (const std::uint64_t i : {std::uint64_t{1}, more, more + 998, more + 1'001, total + more}) {
      const OfferTable::Entry* ours = table.Find(Made(i));
      const OfferTable::Entry* its = anew.Find(Made(i));
      ASSERT_EQ(ours == nullptr, its == nullptr) << i;
      if (ours == nullptr) continue;
      ASSERT_EQ(ours->open, its->open);
      ASSERT_TRUE(ours->open ? ours->lease == its->lease : ours->outcome == its->outcome) << i;
    }
  }
}

TEST(SnapshotTables, AnOfferIsThereOnce) {
  OfferTable table;
  EXPECT_FALSE(table.Restore(OfferId(), 1));
  EXPECT_TRUE(table.Restore(Made(4), 1));
  EXPECT_FALSE(table.Restore(Made(4), 2));
  EXPECT_FALSE(table.RestoreEnded(Made(4), OfferOutcome::kFailed));
  EXPECT_TRUE(table.RestoreEnded(Made(4, 1), OfferOutcome::kFailed));
  EXPECT_FALSE(table.RestoreEnded(Made(4, 1), OfferOutcome::kFailed));
  for (std::uint64_t i = 1; i < OfferTable::kRemembered; ++i) {
    ASSERT_TRUE(table.RestoreEnded(Made(i + 10), OfferOutcome::kFailed));
  }
  EXPECT_FALSE(table.RestoreEnded(Made(5), OfferOutcome::kFailed));
}

// The hash is of sequence × 1,000,003 + index: all of these have the same.
TEST(SnapshotTables, ChosenOffersDoNotMakeTheTableGrow) {
  OfferTable table;
  std::size_t taken = 0;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    taken += table.Restore(Made(1'000'000 - i, i * 1'000'003), i) ? 1 : 0;
  }
  EXPECT_GT(taken, 500U);
  EXPECT_LT(taken, 2'000U);
}

}  // namespace
}  // namespace routerd::core
