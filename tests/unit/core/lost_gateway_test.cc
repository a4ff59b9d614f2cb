// A gateway with many calls is given up: they end in steps, and the traffic of others goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

std::shared_ptr<model::Model> OneLineModel() {
  auto model = std::make_shared<model::Model>();
  model::Channel voice;
  voice.name = "voice";
  model->channels.push_back(voice);
  model->reasons = {{"rona"}};
  model->rona = ReasonNo(0);
  model->queues.resize(1);
  model->queues[0].name = "main";
  return model;
}

class LostGatewayTest : public testing::Test {
 protected:
  LostGatewayTest() : core_(OneLineModel()) {}

  Applied Apply(const Event& event) {
    effects_.clear();
    return core_.Apply({{1, ++sequence_}, now_}, event, effects_);
  }
  void Arrive(std::uint32_t gateway) {
    ContactArrives e;
    e.queue = QueueNo(0);
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(gateway);
    e.live = true;
    ASSERT_TRUE(Apply(e).ok());
  }
  // How many contacts ended by it.
  std::size_t Wait(SpanMs span_ms) {
    now_ += span_ms;
    effects_.clear();
    core_.FireTimers({{1, ++sequence_}, now_}, effects_);
    EXPECT_EQ(core_.CheckInvariants(now_), "");
    return static_cast<std::size_t>(
        std::count_if(effects_.begin(), effects_.end(),
                      [](const Effect& e) { return std::holds_alternative<ContactEnded>(e); }));
  }

  Core core_;
  Effects effects_;
  TimeMs now_ = 1'000;
  std::uint64_t sequence_ = 0;
};

TEST_F(LostGatewayTest, ItsCallsEndSoManyAtOnceAndNobodyElses) {
  constexpr std::size_t kStep = limits::kMaxLostAtOnce;
  for (std::size_t i = 0; i < 2 * kStep + 10; ++i) Arrive(1);
  for (int i = 0; i < 20; ++i) Arrive(0);
  ASSERT_TRUE(Apply(GatewayConnection{GatewayNo(1), false}).ok());
  EXPECT_EQ(Wait(60'000), kStep);
  EXPECT_EQ(Wait(1), kStep);
  EXPECT_EQ(Wait(1), 10U);
  EXPECT_EQ(Wait(1'000), 0U);
  EXPECT_EQ(core_.queue(QueueNo(0)).waiting, 20U);
}

TEST_F(LostGatewayTest, ThoseLeftGoOnWhenItComesBackMeanwhile) {
  for (std::size_t i = 0; i < limits::kMaxLostAtOnce + 10; ++i) Arrive(1);
  ASSERT_TRUE(Apply(GatewayConnection{GatewayNo(1), false}).ok());
  EXPECT_EQ(Wait(60'000), limits::kMaxLostAtOnce);
  ASSERT_TRUE(Apply(GatewayConnection{GatewayNo(1), true}).ok());
  EXPECT_EQ(Wait(1'000), 0U);
  EXPECT_EQ(core_.queue(QueueNo(0)).waiting, 10U);
}

}  // namespace
}  // namespace routerd::core
