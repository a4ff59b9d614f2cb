#include "routerd/model/select.h"

#include <gtest/gtest.h>

namespace routerd::model {
namespace {

TEST(SelectTest, KeysOfAClassDoNotMakeAnOrder) {
  const AgentOrder idle = OrderWithinClass({}, QueueNo(3));
  EXPECT_EQ(idle.keys, std::vector<SelectKey>{SelectKey{}});
  EXPECT_FALSE(idle.queue.valid());
  const AgentOrder skilled = OrderWithinClass(
      {{SelectBy::kMostSkilled}, {SelectBy::kTier}, {SelectBy::kPrimaryFirst}}, QueueNo(4));
  EXPECT_EQ(skilled, idle);
}

TEST(SelectTest, EqualListsShareAnOrderUnlessAKeyBelongsToTheQueue) {
  const std::vector<SelectKey> room = {{SelectBy::kMostRoom}};
  EXPECT_EQ(OrderWithinClass(room, QueueNo(0)), OrderWithinClass(room, QueueNo(1)));
  const std::vector<SelectKey> linear = {{SelectBy::kLinear}};
  EXPECT_NE(OrderWithinClass(linear, QueueNo(0)), OrderWithinClass(linear, QueueNo(1)));
  EXPECT_EQ(OrderWithinClass(linear, QueueNo(1)).queue, QueueNo(1));
}

TEST(SelectTest, LongestIdleIsAddedOnce) {
  const std::vector<SelectKey> select = {{SelectBy::kLongestIdle}, {SelectBy::kRoundRobin}};
  EXPECT_EQ(OrderWithinClass(select, QueueNo(0)).keys, select);
}

}  // namespace
}  // namespace routerd::model
