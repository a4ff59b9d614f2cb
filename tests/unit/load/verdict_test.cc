#include "load-tests/verdict.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

class VerdictTest : public testing::Test {
 protected:
  [[nodiscard]] std::size_t Count(bool allow_rejected = false) const {
    return Shortcomings(statistics_, allow_rejected).size();
  }

  Statistics statistics_;
  ChannelCounts& voice_ = statistics_.channels["voice"];
};

TEST_F(VerdictTest, IsContentWithARouterThatRoutes) {
  voice_ = {.arrived = 10, .taken = 10, .answered = 9};
  EXPECT_EQ(Count(), 0u);
}

TEST_F(VerdictTest, HasNothingAgainstARunWithoutArrivals) { EXPECT_EQ(Count(), 0u); }

TEST_F(VerdictTest, FailsARouterThatAnswersNobody) {
  voice_ = {.arrived = 10, .taken = 10};
  voice_.ended["abandoned"] = 10;
  EXPECT_EQ(Count(), 1u);
}

TEST_F(VerdictTest, LetsLimitsRefuseSome) {
  voice_ = {.arrived = 10, .taken = 10, .answered = 1};
  voice_.ended["refused"] = 9;
  EXPECT_EQ(Count(), 0u);
}

TEST_F(VerdictTest, LetsADrainingRouterTurnContactsAway) {
  voice_ = {.arrived = 10, .taken = 8, .turned_away = 2, .answered = 8};
  EXPECT_EQ(Count(), 0u);
}

TEST_F(VerdictTest, FailsARouterThatAnswersArrivalsWithErrors) {
  voice_ = {.arrived = 10, .taken = 9, .rejected = 1, .answered = 9};
  EXPECT_EQ(Count(), 1u);
  EXPECT_EQ(Count(true), 0u);
}

}  // namespace
}  // namespace routerd::load
