#include "routerd/core/block_order.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace routerd::core {
namespace {

struct TwoNumbers {
  int first = 0;
  std::uint32_t second = 0;
  friend auto operator<=>(const TwoNumbers&, const TwoNumbers&) = default;
};

using Naive = std::map<std::size_t, TwoNumbers>;  // by member

std::size_t FirstOf(const Naive& members, std::size_t block, std::uint64_t asked) {
  const std::pair<const std::size_t, TwoNumbers>* best = nullptr;
  for (const auto& member : members) {
    if (member.first / 64 != block || (asked >> (member.first % 64) & 1) == 0) continue;
    if (best == nullptr || member.second < best->second) best = &member;
  }
  return best->first;
}

std::uint64_t MembersBelow(const Naive& members, std::size_t block, int limit) {
  std::uint64_t bits = 0;
  for (const auto& [i, key] : members) {
    if (i / 64 == block && key.first < limit) bits |= std::uint64_t{1} << (i % 64);
  }
  return bits;
}

class AgainstNaive : public testing::TestWithParam<int> {};

// Members come, go and get other keys; of random choices of them the first is asked for.
TEST_P(AgainstNaive, FindsTheFirstOfThoseAskedFor) {
  std::mt19937_64 random(static_cast<unsigned>(GetParam()));
  const std::size_t members = 1 + random() % 300;
  const int keys = 1 + static_cast<int>(random() % 100);
  BlockOrder<TwoNumbers> order;
  Naive naive;
  for (int step = 0; step < 5'000; ++step) {
    const std::size_t i = random() % members;
    if (random() % 3 == 0) {
      order.Drop(i);
      naive.erase(i);
    } else {
      const TwoNumbers key{static_cast<int>(random() % static_cast<unsigned>(keys)),
                           static_cast<std::uint32_t>(i)};
      order.Put(i, key);
      naive[i] = key;
    }
    ASSERT_EQ(order.Has(i), naive.count(i) != 0);
    const std::size_t block = i / 64;
    const int limit = static_cast<int>(random() % static_cast<unsigned>(keys + 1));
    const std::uint64_t in = MembersBelow(naive, block, keys);
    ASSERT_EQ(order.Leading(block, [=](const TwoNumbers& key) { return key.first < limit; }),
              MembersBelow(naive, block, limit));
    for (std::uint64_t asked : {in, in & random(), in & random() & random() & random()}) {
      if (asked == 0) continue;
      ASSERT_EQ(order.First(block, asked), FirstOf(naive, block, asked));
      ASSERT_EQ(order.key(order.First(block, asked)), naive[FirstOf(naive, block, asked)]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AgainstNaive, testing::Range(1, 41));

TEST(BlockOrder, FillsABlockInBothDirections) {
  for (const int sign : {1, -1}) {
    BlockOrder<TwoNumbers> order;
    for (int i = 0; i < 64; ++i) order.Put(static_cast<std::size_t>(i), {sign * i, 0});
    std::uint64_t left = ~std::uint64_t{0};
    for (int i = 0; i < 64; ++i) {
      const std::size_t first = order.First(0, left);
      EXPECT_EQ(first, static_cast<std::size_t>(sign == 1 ? i : 63 - i));
      order.Drop(first);
      left &= ~(std::uint64_t{1} << first);
    }
    EXPECT_FALSE(order.Has(0));
  }
}

TEST(BlockOrder, ForgetsAll) {
  BlockOrder<TwoNumbers> order;
  order.Put(100, {1, 1});
  order.Reset();
  EXPECT_FALSE(order.Has(100));
  order.Drop(100);  // nothing
  order.Put(3, {1, 1});
  EXPECT_EQ(order.First(0, 1 << 3), 3U);
}

}  // namespace
}  // namespace routerd::core
