#include "routerd/engine/last_agents.h"

#include <gtest/gtest.h>

namespace routerd::engine {
namespace {

TEST(LastAgentsTest, KnowsWhoServedACustomerLast) {
  LastAgents last;
  last.Served("k1", AgentNo(1));
  last.Served("k2", AgentNo(2));
  last.Served("k1", AgentNo(3));
  EXPECT_EQ(last.Of("k1"), AgentNo(3));
  EXPECT_EQ(last.Of("k2"), AgentNo(2));
  EXPECT_FALSE(last.Of("k3").valid());
}

TEST(LastAgentsTest, NoKeyIsNobody) {
  LastAgents last;
  last.Served("", AgentNo(1));
  EXPECT_FALSE(last.Of("").valid());
  EXPECT_EQ(last.size(), 0U);
}

TEST(LastAgentsTest, AtTheLimitForgetsWhoWasServedLongestAgo) {
  LastAgents last(2);
  last.Served("k1", AgentNo(1));
  last.Served("k2", AgentNo(2));
  last.Served("k1", AgentNo(1));  // again: k2 is now the oldest
  last.Served("k3", AgentNo(3));
  EXPECT_EQ(last.Of("k1"), AgentNo(1));
  EXPECT_FALSE(last.Of("k2").valid());
  EXPECT_EQ(last.Of("k3"), AgentNo(3));
  EXPECT_EQ(last.size(), 2U);
}

}  // namespace
}  // namespace routerd::engine
