// A core with one channel and plain queues, and a clock that the test moves: for what needs no
// more.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "routerd/core/core.h"

namespace routerd::core {

inline std::shared_ptr<model::Model> SmallModel(std::size_t queues, std::size_t skills = 0) {
  auto model = std::make_shared<model::Model>();
  model::Channel voice;
  voice.name = "voice";
  model->channels.push_back(voice);
  model->skills.resize(skills, {"some"});
  model->reasons = {{"rona"}};
  model->rona = ReasonNo(0);
  model->queues.resize(queues);
  for (model::Queue& queue : model->queues) queue.name = "some";
  return model;
}

class SmallCoreTest : public testing::Test {
 protected:
  explicit SmallCoreTest(std::shared_ptr<model::Model> model) : core_(std::move(model)) {}

  Applied Apply(const Event& event) {
    effects_.clear();
    return core_.Apply({{1, ++sequence_}, now_}, event, effects_);
  }
  void Wait(SpanMs span_ms) {
    now_ += span_ms;
    effects_.clear();
    core_.FireTimers({{1, ++sequence_}, now_}, effects_);
  }
  // Ready, with all there is.
  void LogInReady(std::uint32_t agent) {
    AgentLogsIn login;
    login.agent = AgentNo(agent);
    login.channels = 1;
    login.ready = true;
    EXPECT_TRUE(Apply(login).ok());
  }
  ContactNo ArriveIn(std::uint32_t queue) {
    ContactArrives arrival;
    arrival.queue = QueueNo(queue);
    arrival.channel = ChannelNo(0);
    arrival.gateway = GatewayNo(0);
    return Apply(arrival).contact;
  }
  // What the last event offered first; invalid: nothing.
  [[nodiscard]] OfferMade Offered() const {
    for (const Effect& effect : effects_) {
      if (const auto* made = std::get_if<OfferMade>(&effect)) return *made;
    }
    return {};
  }

  Core core_;
  Effects effects_;
  TimeMs now_ = 1'000;
  std::uint64_t sequence_ = 0;
};

}  // namespace routerd::core
