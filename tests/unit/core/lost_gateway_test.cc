// A gateway with many calls is given up: they end in steps, and the traffic of others goes on.
#include <gtest/gtest.h>

#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

class LostGatewayTest : public SmallCoreTest {
 protected:
  LostGatewayTest() : SmallCoreTest(SmallModel(1)) {}

  void Arrive(std::uint32_t gateway) {
    ContactArrives e;
    e.queue = QueueNo(0);
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(gateway);
    e.live = true;
    ASSERT_TRUE(Apply(e).ok());
  }
  // How many contacts ended by it.
  std::size_t EndedAfter(SpanMs span_ms) {
    Wait(span_ms);
    EXPECT_EQ(core_.CheckInvariants(now_), "");
    return static_cast<std::size_t>(
        std::count_if(effects_.begin(), effects_.end(),
                      [](const Effect& e) { return std::holds_alternative<ContactEnded>(e); }));
  }
};

TEST_F(LostGatewayTest, ItsCallsEndSoManyAtOnceAndNobodyElses) {
  constexpr std::size_t kStep = limits::kMaxLostAtOnce;
  for (std::size_t i = 0; i < 2 * kStep + 10; ++i) Arrive(1);
  for (int i = 0; i < 20; ++i) Arrive(0);
  ASSERT_TRUE(Apply(GatewayConnection{GatewayNo(1), false}).ok());
  EXPECT_EQ(EndedAfter(60'000), kStep);
  EXPECT_EQ(EndedAfter(1), kStep);
  EXPECT_EQ(EndedAfter(1), 10U);
  EXPECT_EQ(EndedAfter(1'000), 0U);
  EXPECT_EQ(core_.queue(QueueNo(0)).waiting, 20U);
}

TEST_F(LostGatewayTest, ThoseLeftGoOnWhenItComesBackMeanwhile) {
  for (std::size_t i = 0; i < limits::kMaxLostAtOnce + 10; ++i) Arrive(1);
  ASSERT_TRUE(Apply(GatewayConnection{GatewayNo(1), false}).ok());
  EXPECT_EQ(EndedAfter(60'000), limits::kMaxLostAtOnce);
  ASSERT_TRUE(Apply(GatewayConnection{GatewayNo(1), true}).ok());
  EXPECT_EQ(EndedAfter(1'000), 0U);
  EXPECT_EQ(core_.queue(QueueNo(0)).waiting, 10U);
}

}  // namespace
}  // namespace routerd::core
