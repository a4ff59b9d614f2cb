#include "routerd/base/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>
#include <unordered_set>
#include <vector>

namespace routerd {
namespace {

static_assert(!std::is_convertible_v<int, QueueNo>);
static_assert(!std::is_convertible_v<QueueNo, SkillNo>);
static_assert(sizeof(ContactNo) == 8 && sizeof(AgentNo) == 4 && sizeof(ChannelNo) == 1);

TEST(IdsTest, DefaultIsNoNumber) {
  EXPECT_FALSE(QueueNo().valid());
  EXPECT_TRUE(QueueNo(0).valid());
  EXPECT_FALSE(ChannelNo(255).valid());
  EXPECT_EQ(ReasonNo(), ReasonNo(65'535));
}

TEST(IdsTest, IndexIsTheValue) { EXPECT_EQ(GroupNo(7).index(), 7U); }

TEST(IdsTest, NumbersHashForLookUps) {
  const std::unordered_set<AgentNo> agents{AgentNo(1), AgentNo(2), AgentNo(1)};
  EXPECT_EQ(agents.size(), 2U);
  EXPECT_TRUE(agents.contains(AgentNo(2)));
}

TEST(IdsTest, PositionsOrderByEpochThenSequence) {
  EXPECT_LT((Position{1, 900}), (Position{2, 1}));
  EXPECT_LT((Position{2, 1}), (Position{2, 2}));
}

TEST(IdsTest, OffersOrderByCreation) {
  std::vector<OfferId> offers{{{2, 5}, 0}, {{1, 9}, 1}, {{1, 9}, 0}};
  std::sort(offers.begin(), offers.end());
  EXPECT_EQ(offers[0], (OfferId{{1, 9}, 0}));
  EXPECT_EQ(offers[2], (OfferId{{2, 5}, 0}));
}

TEST(IdsTest, AnOfferWithoutEpochIsNone) {
  EXPECT_FALSE(OfferId().valid());
  EXPECT_TRUE((OfferId{{1, 0}, 0}).valid());
}

}  // namespace
}  // namespace routerd
