// Steps in the large: what the oracle's small worlds do not reach.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

using enum model::ConditionOp;

// One queue of group 0, whose second step adds group 1 once more than `waiting` wait.
std::shared_ptr<model::Model> Crowded(std::int64_t waiting) {
  auto model = std::make_shared<model::Model>();
  model::Channel voice;
  voice.name = "voice";
  model->channels.push_back(voice);
  model->groups = {{"north"}, {"south"}};
  model->reasons = {{"rona"}};
  model->rona = ReasonNo(0);
  model::Queue queue;
  queue.name = "main";
  queue.groups = {GroupNo(0)};
  model::Step step;
  step.when = model::Condition{{{kWaiting}, {kLiteral, waiting}, {kGreater}}};
  step.groups = {GroupNo(1)};
  queue.steps.push_back(step);
  model->queues.push_back(queue);
  return model;
}

class Centre {
 public:
  explicit Centre(std::shared_ptr<const model::Model> model) : core_(std::move(model)) {}

  Applied Apply(const Event& event) {
    effects_.clear();
    const Applied applied = core_.Apply({{1, ++sequence_}, now_}, event, effects_);
    EXPECT_TRUE(applied.ok());
    return applied;
  }
  std::size_t FireTimers() {
    effects_.clear();
    return core_.FireTimers({{1, ++sequence_}, now_}, effects_);
  }
  void Arrive() {
    ContactArrives e;
    e.queue = QueueNo(0);
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(0);
    Apply(e);
  }
  void LogIn(std::uint32_t agent, std::uint32_t group) {
    model::AgentProfile profile;
    profile.groups = {GroupNo(group)};
    Apply(AgentLogsIn{AgentNo(agent), profile, false, 1, true, ReasonNo()});
  }
  void Wait(SpanMs span_ms) { now_ += span_ms; }
  [[nodiscard]] std::size_t Opened() const { return Count<ContactStepOpened>(); }
  [[nodiscard]] std::size_t Offers() const { return Count<OfferMade>(); }
  [[nodiscard]] std::string Broken() const { return core_.CheckInvariants(now_); }
  Core& core() { return core_; }
  [[nodiscard]] const Effects& effects() const { return effects_; }

 private:
  template <typename E>
  [[nodiscard]] std::size_t Count() const {
    return static_cast<std::size_t>(
        std::count_if(effects_.begin(), effects_.end(),
                      [](const Effect& e) { return std::holds_alternative<E>(e); }));
  }

  Core core_;
  Effects effects_;
  TimeMs now_ = 1'000;
  std::uint64_t sequence_ = 0;
};

TEST(Steps, AConditionMovesAThousandAtATime) {
  Centre centre(Crowded(2'499));
  for (int i = 0; i < 2'499; ++i) centre.Arrive();
  EXPECT_EQ(centre.Opened(), 0U);
  centre.Arrive();
  EXPECT_EQ(centre.Opened(), limits::kMaxOpenedAtOnce);
  EXPECT_EQ(centre.Broken(), "") << "half-moved is lawful";
  EXPECT_TRUE(centre.core().HasDueTimers(1'000)) << "the rest follows in the same instant";
  EXPECT_EQ(centre.FireTimers(), 2U);
  EXPECT_EQ(centre.Opened(), 1'500U);
  EXPECT_EQ(centre.Broken(), "");
  EXPECT_FALSE(centre.core().HasDueTimers(1'000));
}

// The first thousand find agents; fewer wait than the condition asks for, and the others stay.
TEST(Steps, TheRestStaysWhereItIsIfTheConditionIsOver) {
  Centre centre(Crowded(1'199));
  for (std::uint32_t i = 0; i < 100; ++i) centre.LogIn(i, 1);
  for (int i = 0; i < 1'199; ++i) centre.Arrive();
  centre.Arrive();
  EXPECT_EQ(centre.Opened(), limits::kMaxOpenedAtOnce);
  EXPECT_EQ(centre.Offers(), 100U);
  EXPECT_EQ(centre.FireTimers(), 1U);
  EXPECT_EQ(centre.Opened(), 0U);
  EXPECT_EQ(centre.Broken(), "");
}

TEST(Steps, TheOldestMoveFirst) {
  Centre centre(Crowded(1'099));
  for (int i = 0; i < 1'100; ++i) centre.Arrive();
  std::uint64_t last = 0;
  for (const Effect& effect : centre.effects()) {
    const auto* opened = std::get_if<ContactStepOpened>(&effect);
    if (opened == nullptr) continue;
    const std::uint64_t arrival = centre.core().FindContact(opened->contact)->arrival;
    EXPECT_GT(arrival, last);
    last = arrival;
  }
  EXPECT_EQ(last / kArrivalStep + 1, limits::kMaxOpenedAtOnce);
}

TEST(Steps, NoTickWithoutAConditionOnTheOldest) {
  Centre centre(Crowded(5));
  centre.Arrive();
  EXPECT_FALSE(centre.core().NextWakeup().has_value());
}

TEST(Steps, TheTickRunsWhileSomebodyWaits) {
  auto model = Crowded(5);
  model->queues[0].steps[0].when->program[0].op = kOldest;
  Centre centre(model);
  EXPECT_FALSE(centre.core().NextWakeup().has_value());
  centre.Arrive();
  for (int second = 1; second <= 6; ++second) {
    centre.Wait(1'000);
    EXPECT_EQ(centre.FireTimers(), 1U) << second;
    EXPECT_EQ(centre.Opened(), second == 6 ? 1U : 0U) << second;
  }
  centre.LogIn(0, 1);
  EXPECT_EQ(centre.Offers(), 1U);
  centre.Wait(1'000);
  centre.FireTimers();
  EXPECT_EQ(centre.core().queue(QueueNo(0)).oldest_s, 0) << "nobody waits";
  EXPECT_EQ(centre.Broken(), "");
}

}  // namespace
}  // namespace routerd::core
