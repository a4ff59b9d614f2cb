#include "load-tests/verdict.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

class VerdictTest : public testing::Test {
 protected:
  void Had(std::uint64_t arrived, std::uint64_t answered) {
    voice_.arrived = arrived;
    voice_.answered = answered;
  }

  [[nodiscard]] std::size_t Count(bool allow_rejected = false) const {
    return Shortcomings(statistics_, lasted_, allow_rejected).size();
  }

  Span lasted_ = kLongEnough;
  Statistics statistics_;
  ChannelCounts& voice_ = statistics_.channels["voice"];
};

TEST_F(VerdictTest, IsContentWithARouterThatRoutes) {
  Had(10, 9);
  EXPECT_EQ(Count(), 0u);
}

TEST_F(VerdictTest, HasNothingAgainstARunWithoutArrivals) { EXPECT_EQ(Count(), 0u); }

TEST_F(VerdictTest, FailsARouterThatAnswersNobody) {
  Had(10, 0);
  voice_.ended["abandoned"] = 10;
  EXPECT_EQ(Count(), 1u);
}

TEST_F(VerdictTest, DoesNotAskForAnAnswerInARunThatWasStoppedAtOnce) {
  Had(1, 0);
  lasted_ = std::chrono::seconds(9);
  EXPECT_EQ(Count(), 0u);
}

TEST_F(VerdictTest, LetsLimitsRefuseSome) {
  Had(10, 1);
  voice_.ended["refused"] = 9;
  EXPECT_EQ(Count(), 0u);
}

TEST_F(VerdictTest, LetsADrainingRouterTurnContactsAway) {
  Had(10, 8);
  voice_.turned_away = 2;
  EXPECT_EQ(Count(), 0u);
}

TEST_F(VerdictTest, FailsARouterThatAnswersArrivalsWithErrors) {
  Had(10, 9);
  voice_.rejected = 1;
  EXPECT_EQ(Count(), 1u);
  EXPECT_EQ(Count(true), 0u);
}

}  // namespace
}  // namespace routerd::load
