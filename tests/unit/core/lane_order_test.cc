#include "routerd/core/lane_order.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace routerd::core {
namespace {

using Lanes = std::map<std::size_t, LaneKey>;

constexpr __int128 kPoint = 60'000'000;

__int128 ScoreAt(const LaneKey& key, const std::vector<LaneOrder::Group>& groups, TimeMs now) {
  const LaneOrder::Group& group = groups[key.group];
  const __int128 score = key.base + group.growth * __int128{now};
  return group.cap && score > *group.cap ? *group.cap : score;
}

// The greatest score; of equal ones the older.
bool IsServedBefore(const LaneKey& a, const LaneKey& b, const std::vector<LaneOrder::Group>& groups,
                    TimeMs now) {
  const __int128 x = ScoreAt(a, groups, now);
  const __int128 y = ScoreAt(b, groups, now);
  if (x != y) return x > y;
  return std::tie(a.age_since, a.arrival) < std::tie(b.age_since, b.arrival);
}

class LaneOrderAgainstNaive : public testing::TestWithParam<int> {};

// Lanes' first contacts change while time passes; some reach their queue's cap meanwhile.
TEST_P(LaneOrderAgainstNaive, TakesWhoHasTheGreatestScoreNow) {
  std::mt19937_64 random(static_cast<unsigned>(GetParam()));
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  std::vector<LaneOrder::Group> groups;
  for (std::int64_t n = 1 + below(4); n > 0; --n) {
    LaneOrder::Group group;
    group.growth = below(4) * 500;
    if (below(2) == 0) group.cap = kPoint * (1 + below(3));
    groups.push_back(group);
  }
  LaneOrder order;
  order.Plan(groups);
  Lanes lanes;
  TimeMs now = 1'000'000;
  for (std::uint64_t step = 0; step < 3'000; ++step) {
    now += below(200);
    const auto lane = static_cast<std::size_t>(below(130));
    if (below(3) == 0) {
      order.Drop(lane);
      lanes.erase(lane);
      continue;
    }
    LaneKey key;
    key.group = static_cast<std::uint32_t>(below(groups.size()));
    key.age_since = now - below(60'000);
    key.arrival = step;
    key.base = below(3) * kPoint - groups[key.group].growth * __int128{key.age_since};
    order.Put(lane, key);
    lanes[lane] = key;
    const std::size_t block = lane / 64;
    const std::uint64_t choice = random() | std::uint64_t{1} << (lane % 64);
    std::uint64_t asked = 0;
    const LaneKey* expected = nullptr;
    for (const auto& [i, other] : lanes) {
      if (i / 64 != block || (choice >> (i % 64) & 1) == 0) continue;
      asked |= std::uint64_t{1} << (i % 64);
      if (expected == nullptr || IsServedBefore(other, *expected, groups, now)) expected = &other;
    }
    const LaneKey* found = nullptr;
    while (asked != 0) {
      const std::uint64_t alike = order.Alike(block, asked);
      ASSERT_NE(alike, 0U);
      ASSERT_EQ(alike & ~asked, 0U);
      const LaneKey& first = order.key(order.First(block, alike, now));
      ASSERT_EQ(order.ScoreOf(first, now) == ScoreAt(first, groups, now), true);
      if (found == nullptr || IsServedBefore(first, *found, groups, now)) found = &first;
      asked &= ~alike;
    }
    ASSERT_EQ(found->arrival, expected->arrival) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LaneOrderAgainstNaive, testing::Range(1, 41));

}  // namespace
}  // namespace routerd::core
