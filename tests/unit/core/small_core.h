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

  Core core_;
  Effects effects_;
  TimeMs now_ = 1'000;
  std::uint64_t sequence_ = 0;
};

}  // namespace routerd::core
