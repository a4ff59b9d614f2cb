// What operators set over the policy is told with who and when, and ends when it was said to.
#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

using Skills = std::vector<SkillNeed>;

class OverridesTest : public EngineTest {
 protected:
  Answer As(const std::string& actor, Command command) {
    Envelope envelope = From(Role::kOperations, "console", std::move(command));
    envelope.actor = actor;
    return Do(std::move(envelope));
  }
  // As a projection has it from the last event about the queue.
  QueueView Sales() {
    QueueView told;
    for (const Event& event : History()) {
      if (event.queue_view != nullptr && event.queue_view->id == "sales") told = *event.queue_view;
    }
    return told;
  }
  std::shared_ptr<const AgentView> Agent(const std::string& id) {
    std::shared_ptr<const AgentView> told;
    for (const Event& event : History()) {
      if (event.agent_view != nullptr && event.agent_view->id == id) told = event.agent_view;
    }
    return told;
  }
};

TEST_F(OverridesTest, AModeIsToldWithWhoSetItAndWhen) {
  As("maria", SetQueueMode{"sales", model::QueueMode::kClosed, 0});
  const QueueView closed = Sales();
  ASSERT_NE(closed.mode_override, nullptr);
  EXPECT_EQ(closed.mode_override->mode, model::QueueMode::kClosed);
  EXPECT_EQ(closed.mode_override->actor, "maria");
  EXPECT_EQ(closed.mode_override->set_unix_ms, kWall);
  EXPECT_EQ(closed.mode_override->ends_unix_ms, 0);
  Advance(400LL * 24 * 3600 * 1000);
  EXPECT_EQ(Sales().mode, model::QueueMode::kClosed) << "until it is cleared";
  As("peter", SetQueueMode{"sales", std::nullopt, 0});
  EXPECT_EQ(Sales().mode_override, nullptr);
}

TEST_F(OverridesTest, AModeEndsAtItsTimeAndNotBefore) {
  Gateway(Chat("c1"));
  As("maria", SetQueueMode{"sales", model::QueueMode::kEmergency, 60'000});
  EXPECT_EQ(Sales().mode_override->ends_unix_ms, kWall + 60'000);
  ASSERT_TRUE(Desktop(Ready("ann")).agent->items.empty()) << "the queue serves nobody";
  ASSERT_LE(service_->engine().UntilWakeup(), 60'000) << "the engine is awake then";
  Advance(59'999);
  EXPECT_EQ(Sales().mode, model::QueueMode::kEmergency);
  Advance(1);
  EXPECT_EQ(Sales().mode, model::QueueMode::kOpen);
  EXPECT_EQ(Sales().mode_override, nullptr);
  EXPECT_EQ(Agent("ann")->items.size(), 1U) << "and who waited is offered in that event";
}

TEST_F(OverridesTest, ANewOneTakesThePlaceOfTheOneBefore) {
  As("maria", SetQueueMode{"sales", model::QueueMode::kClosed, 60'000});
  As("peter", SetQueueMode{"sales", model::QueueMode::kEmergency, 120'000});
  Advance(60'000);
  EXPECT_EQ(Sales().mode, model::QueueMode::kEmergency);
  EXPECT_EQ(Sales().mode_override->actor, "peter");
  As("peter", SetQueueMode{"sales", std::nullopt, 0});
  As("maria", SetQueueMode{"sales", model::QueueMode::kClosed, 0});
  Advance(60'000);
  EXPECT_EQ(Sales().mode, model::QueueMode::kClosed) << "peter's time is not maria's";
}

TEST_F(OverridesTest, SkillsEndAtTheirTimeForThoseWhoHaveThemInForce) {
  Desktop(Ready("ann"));
  As("maria", SetAgentSkills{"ann", {{"french", 4}}, false, 60'000});
  ASSERT_NE(Agent("ann")->skills_override, nullptr);
  EXPECT_EQ(Agent("ann")->skills_override->skills, (Skills{{"french", 4}}));
  EXPECT_EQ(Agent("ann")->skills_override->actor, "maria");
  Advance(59'999);
  EXPECT_EQ(Agent("ann")->skills, (Skills{{"french", 4}}));
  Advance(1);
  EXPECT_EQ(Agent("ann")->skills, (Skills{{"german", 8}})) << "the policy's";
  EXPECT_FALSE(Agent("ann")->own_skills);
  EXPECT_EQ(Agent("ann")->skills_override, nullptr);
  Desktop(LogOut{"ann"});
  EXPECT_EQ(Desktop(Ready("ann")).agent->skills, (Skills{{"german", 8}}));
}

TEST_F(OverridesTest, SkillsThatALogInBroughtAreLeftAloneWhenTheOverrideEnds) {
  As("maria", SetAgentSkills{"ann", {{"french", 4}}, false, 60'000});
  LogIn own = Ready("ann");
  own.skills = Skills{{"german", 1}};
  Desktop(own);
  Advance(60'000);
  EXPECT_EQ(Agent("ann")->skills, (Skills{{"german", 1}}));
  EXPECT_EQ(Agent("ann")->skills_override, nullptr);
  Desktop(LogOut{"ann"});
  EXPECT_EQ(Desktop(Ready("ann")).agent->skills, (Skills{{"german", 8}})) << "the policy's";
}

TEST_F(OverridesTest, AnAgentWhoHasNeverLoggedInIsToldToo) {
  As("maria", SetAgentSkills{"ann", {}, false, 60'000});
  EXPECT_EQ(Agent("ann")->skills, Skills());
  ASSERT_NE(Agent("ann")->skills_override, nullptr);
  Advance(60'000);
  EXPECT_EQ(Agent("ann")->skills, (Skills{{"german", 8}}));
  EXPECT_EQ(Agent("ann")->skills_override, nullptr);
}

TEST_F(OverridesTest, ManyThatEndAtOnceEndAThousandABatch) {
  const auto count = [this](bool ended) {
    std::size_t n = 0;
    for (const Event& event : History()) {
      n += event.agent_view != nullptr && (event.agent_view->skills_override == nullptr) == ended;
    }
    return n;
  };
  model::Model model = TestModel();
  for (int i = 0; i < 1'500; ++i) {
    model.agents.push_back({"many-" + std::to_string(i), model.agents[0].profile});
  }
  std::sort(model.agents.begin(), model.agents.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  Begin({.model = std::make_shared<const model::Model>(std::move(model))});
  for (int i = 0; i < 1'500; ++i) {
    As("maria", SetAgentSkills{"many-" + std::to_string(i), {}, false, 60'000});
  }
  ASSERT_EQ(count(false), 1'500U);
  clock_.Advance(60'000);
  std::vector<Envelope> none;
  ASSERT_TRUE(engine().RunBatch(none).ok());
  EXPECT_EQ(count(true), 1'000U);
  EXPECT_EQ(engine().UntilWakeup(), 0) << "the rest are due at once";
  ASSERT_TRUE(engine().RunBatch(none).ok());
  EXPECT_EQ(count(true), 1'500U);
}

TEST_F(OverridesTest, AQueueThatComesBackAfterItWasRemovedHasThePolicysMode) {
  As("maria", SetQueueMode{"sales", model::QueueMode::kClosed, 60'000});
  model::Model without = TestModel();
  without.version = 2;
  for (model::Queue& queue : without.queues) {
    if (queue.name == "sales") queue.name.clear();
  }
  ASSERT_TRUE(Operations(ApplyPolicy{std::make_shared<const model::Model>(without), "", "", {}})
                  .status.ok());
  Advance(60'000);
  model::Model again = without;
  again.version = 3;
  again.queues.push_back(TestModel().queues[0]);
  again.queues.back().name = "sales";
  ASSERT_TRUE(
      Operations(ApplyPolicy{std::make_shared<const model::Model>(again), "", "", {}}).status.ok());
  EXPECT_EQ(Gateway(Call("c1")).contact->status.state, core::ContactState::kQueued);
}

}  // namespace
}  // namespace routerd::engine
