#include "routerd/publish/board.h"

#include <gtest/gtest.h>

#include "tests/unit/publish/centre.h"

namespace routerd::publish {
namespace {

using core::ContactState;
using core::OfferOutcome;
using core::Presence;
using core::ShownState;
using core::VisitOutcome;
using engine::Event;
using engine::EventKind;

class BoardTest : public ::testing::Test {
 protected:
  BoardTest() : board_([this] { return std::shared_ptr<const model::Model>(model_); }) {
    board_.Reset(engine::Snapshot{});
    (void)board_.TakeChanges();
  }
  void Apply(std::vector<Event> events) {
    engine::EventBatch batch = *stamper_.Batch(std::move(events));
    batch.wall_offset_ms = wall_offset_ms_;
    board_.Apply(batch);
  }
  void Queued(const std::string& id, const std::string& queue = "sales", TimeMs since = kStart) {
    Apply({MakeEvent(EventKind::kContactQueued,
                     MakeContact(id, queue, ContactState::kQueued, since))});
  }
  void Answered(const std::string& id, SpanMs waited_ms) {
    auto contact = MakeContact(id, "sales", ContactState::kAssigned);
    contact.status.answered_unix_ms = kStart + waited_ms;
    Apply({MakeEvent(EventKind::kContactAnswered, contact, waited_ms)});
  }
  void Ended(const std::string& id, ContactState state, SpanMs waited_ms,
             const std::string& queue = "sales") {
    Apply({MakeEvent(EventKind::kContactEnded, MakeContact(id, queue, state), waited_ms)});
  }
  QueueFigures Figures(const std::string& id) const {
    return board_.Figures(board_.queues().find(id)->second);
  }

  std::shared_ptr<model::Model> model_ = MakeModel();
  SpanMs wall_offset_ms_ = 0;
  Stamper stamper_;
  Board board_;
};

TEST_F(BoardTest, ServiceLevelOfAnEmptyQueueIsUndefined) {
  EXPECT_FALSE(Figures("sales").service_level.has_value());
}

TEST_F(BoardTest, ServiceLevelIgnoresThoseWhoGaveUpWithinTheTarget) {
  for (const char* id : {"a", "b", "c", "d", "e"}) Queued(id);
  Answered("a", 20'000);  // exactly at the target is within
  Answered("b", 20'001);
  Ended("c", ContactState::kAbandoned, 5'000);
  Ended("d", ContactState::kAbandoned, 60'000);
  const QueueFigures sales = Figures("sales");
  EXPECT_EQ(sales.visits.entered, 5U);
  EXPECT_EQ(sales.visits.of(VisitOutcome::kAnswered), 2U);
  EXPECT_EQ(sales.visits.answered_in_target, 1U);
  EXPECT_EQ(sales.visits.of(VisitOutcome::kAbandoned), 2U);
  EXPECT_EQ(sales.visits.abandoned_in_target, 1U);
  ASSERT_TRUE(sales.service_level.has_value());
  EXPECT_DOUBLE_EQ(*sales.service_level, 1.0 / 3.0);  // A_T 1 / (A 2 + B 2 - B_T 1)
  EXPECT_EQ(sales.waiting(), 1U);
}

TEST_F(BoardTest, ServiceLevelStaysUndefinedWhileAllGaveUpWithinTheTarget) {
  Queued("a");
  Ended("a", ContactState::kAbandoned, 1'000);
  EXPECT_FALSE(Figures("sales").service_level.has_value());
}

TEST_F(BoardTest, OldestWaitsOnWhileHeIsOffered) {
  Queued("young", "sales", kStart + 5'000);
  Queued("old", "sales", kStart);
  EXPECT_EQ(Figures("sales").oldest_unix_ms, kStart);
  Apply({MakeEvent(EventKind::kOfferMade, MakeContact("old", "sales", ContactState::kOffered))});
  EXPECT_EQ(Figures("sales").oldest_unix_ms, kStart);
  EXPECT_EQ(Figures("sales").waiting(), 2U);
  Apply({MakeEvent(EventKind::kContactConfirmed,
                   MakeContact("old", "sales", ContactState::kConnecting))});
  EXPECT_EQ(Figures("sales").oldest_unix_ms, kStart + 5'000);
  Apply(
      {MakeEvent(EventKind::kContactReturned, MakeContact("old", "sales", ContactState::kQueued))});
  EXPECT_EQ(Figures("sales").oldest_unix_ms, kStart);
  EXPECT_EQ(board_.Domain().oldest_unix_ms, kStart);
}

TEST_F(BoardTest, WhoAlsoWaitsInAQueueCountsBesideThoseWhoWaitThere) {
  auto contact = MakeContact("a", "sales", ContactState::kQueued);
  contact.status.also = {"support"};
  Apply({MakeEvent(EventKind::kContactQueued, contact)});
  EXPECT_EQ(Figures("sales").waiting(), 1U);
  EXPECT_EQ(Figures("support").waiting(), 0U);
  EXPECT_EQ(Figures("support").also_waiting, 1U);
  EXPECT_EQ(Figures("sales").also_waiting, 0U);
  Apply({MakeEvent(EventKind::kOfferMade, MakeContact("a", "sales", ContactState::kOffered))});
  EXPECT_EQ(Figures("support").also_waiting, 0U);
  Apply({MakeEvent(EventKind::kContactReturned, contact)});
  EXPECT_EQ(Figures("support").also_waiting, 1U);
  Ended("a", ContactState::kAbandoned, 1'000);
  EXPECT_EQ(Figures("support").also_waiting, 0U);
  EXPECT_EQ(Figures("support").visits.entered, 0U);
}

TEST_F(BoardTest, EveryVisitHasExactlyOneOutcome) {
  Queued("a");
  // Moved unanswered, answered in the other queue, returned by a lost agent, answered again, ended.
  auto moved = MakeEvent(EventKind::kContactMoved,
                         MakeContact("a", "support", ContactState::kQueued, kStart + 9'000), 9'000);
  moved.from_queue = "sales";
  Apply({moved, MakeEvent(EventKind::kContactQueued,
                          MakeContact("a", "support", ContactState::kQueued, kStart + 9'000))});
  const auto answer = MakeEvent(EventKind::kContactAnswered,
                                MakeContact("a", "support", ContactState::kAssigned), 4'000);
  Apply({answer});
  Apply(
      {MakeEvent(EventKind::kContactReturned, MakeContact("a", "support", ContactState::kQueued))});
  Apply({answer});
  Ended("a", ContactState::kCompleted, 4'000, "support");
  Ended("a", ContactState::kCompleted, 4'000, "support");  // both sides told the end

  const VisitCounters sales = Figures("sales").visits;
  const VisitCounters support = Figures("support").visits;
  EXPECT_EQ(sales.entered, 1U);
  EXPECT_EQ(sales.of(VisitOutcome::kTransferred), 1U);
  EXPECT_EQ(support.entered, 1U);
  EXPECT_EQ(support.of(VisitOutcome::kAnswered), 1U);
  const DomainFigures domain = board_.Domain();
  EXPECT_EQ(domain.arrived, 1U);
  EXPECT_EQ(domain.answered, 1U);
  EXPECT_EQ(domain.ended[Slot(ContactState::kCompleted)], 1U);
  for (const auto count : domain.contacts) EXPECT_EQ(count, 0U);
}

// Events tell how the contact stands after its record; the visit that it overflowed from is counted
// where it was.
TEST_F(BoardTest, AnOverflowedArrivalIsAVisitOfEachQueueOnItsWay) {
  const auto view = MakeContact("a", "late", ContactState::kQueued);
  const auto queued = [&](const std::string& queue) {
    auto event = MakeEvent(EventKind::kContactQueued, view);
    event.queue = queue;
    return event;
  };
  const auto overflowed = [&](const std::string& from, const std::string& to) {
    auto event = MakeEvent(EventKind::kContactMoved, view);
    event.from_queue = from;
    event.queue = to;
    event.visit_outcome = VisitOutcome::kOverflowed;
    return event;
  };
  Apply({queued("sales"), overflowed("sales", "support"), queued("support"),
         overflowed("support", "late"), queued("late")});
  for (const char* queue : {"sales", "support"}) {
    EXPECT_EQ(Figures(queue).visits.entered, 1U) << queue;
    EXPECT_EQ(Figures(queue).visits.of(VisitOutcome::kOverflowed), 1U) << queue;
    EXPECT_EQ(Figures(queue).visits.of(VisitOutcome::kTransferred), 0U) << queue;
  }
  EXPECT_EQ(Figures("late").visits.entered, 1U);
  EXPECT_EQ(Figures("late").contacts[Slot(ContactState::kQueued)], 1U);
  EXPECT_EQ(board_.Domain().arrived, 1U);
}

TEST_F(BoardTest, ATransferAfterTheAnswerIsNoTransferredVisit) {
  Queued("a");
  Answered("a", 1'000);
  auto moved = MakeEvent(EventKind::kContactMoved,
                         MakeContact("a", "support", ContactState::kQueued), 1'000);
  moved.from_queue = "sales";
  Apply({moved});
  Ended("a", ContactState::kAbandoned, 2'000, "support");
  EXPECT_EQ(Figures("sales").visits.of(VisitOutcome::kTransferred), 0U);
  EXPECT_EQ(Figures("support").visits.entered, 1U);
  EXPECT_EQ(Figures("support").visits.of(VisitOutcome::kAbandoned), 1U);
  EXPECT_EQ(board_.Domain().ended[Slot(ContactState::kAbandoned)], 1U);
}

TEST_F(BoardTest, ARefusedArrivalIsAVisitThatEndedAtOnce) {
  Apply({MakeEvent(EventKind::kContactRefused, MakeContact("a", "sales", ContactState::kRefused))});
  const VisitCounters sales = Figures("sales").visits;
  EXPECT_EQ(sales.entered, 1U);
  EXPECT_EQ(sales.of(VisitOutcome::kRefused), 1U);
  EXPECT_EQ(board_.Domain().arrived, 1U);
  EXPECT_EQ(board_.Domain().ended[Slot(ContactState::kRefused)], 1U);
  EXPECT_EQ(board_.contacts().size(), 0U);
}

TEST_F(BoardTest, AScheduledContactEntersWhenItsTimeComes) {
  Apply({MakeEvent(EventKind::kContactScheduled,
                   MakeContact("a", "sales", ContactState::kScheduled))});
  EXPECT_EQ(Figures("sales").visits.entered, 0U);
  EXPECT_EQ(Figures("sales").in(ContactState::kScheduled), 1U);
  Queued("a");
  EXPECT_EQ(Figures("sales").visits.entered, 1U);
  EXPECT_EQ(board_.Domain().arrived, 1U);
}

TEST_F(BoardTest, WithdrawnAndExpiredAreToldApart) {
  Queued("a");
  Queued("b");
  Ended("a", ContactState::kWithdrawn, 1'000);
  Ended("b", ContactState::kExpired, 1'000);
  const VisitCounters sales = Figures("sales").visits;
  EXPECT_EQ(sales.of(VisitOutcome::kWithdrawn), 1U);
  EXPECT_EQ(sales.of(VisitOutcome::kExpired), 1U);
  EXPECT_FALSE(Figures("sales").service_level.has_value());
}

TEST_F(BoardTest, OffersCountByOutcomeAlsoAfterTheContactHasGone) {
  Queued("a");
  Apply(
      {MakeEvent(EventKind::kOfferMade, MakeContact("a", "sales", ContactState::kOffered), 3'000)});
  EXPECT_EQ(board_.TakeFirstOfferWaits(), std::vector<SpanMs>{3'000});
  auto ended =
      MakeEvent(EventKind::kOfferEnded, MakeContact("a", "sales", ContactState::kAbandoned));
  ended.outcome = OfferOutcome::kContactGone;
  Apply({MakeEvent(EventKind::kContactEnded, MakeContact("a", "sales", ContactState::kAbandoned),
                   4'000),
         ended});
  EXPECT_EQ(Figures("sales").offers_made, 1U);
  EXPECT_EQ(Figures("sales").offers[Slot(OfferOutcome::kContactGone)], 1U);
  EXPECT_EQ(board_.contacts().size(), 0U);
}

TEST_F(BoardTest, OnlyTheFirstOfferOfAVisitCountsForArrivalToOffer) {
  Queued("a");
  const auto offer =
      MakeEvent(EventKind::kOfferMade, MakeContact("a", "sales", ContactState::kOffered), 10);
  Apply({offer});
  Apply({MakeEvent(EventKind::kContactReturned, MakeContact("a", "sales", ContactState::kQueued))});
  Apply({offer});
  EXPECT_EQ(board_.TakeFirstOfferWaits().size(), 1U);
}

TEST_F(BoardTest, AgentsCountByTheStateShown) {
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kReady)});
  Apply({AgentEvent("bob", Presence::kReady, ShownState::kOnContact)});
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kOnContact)});
  EXPECT_EQ(board_.Domain().agents[Slot(ShownState::kOnContact)], 2U);
  EXPECT_EQ(board_.Domain().agents[Slot(ShownState::kReady)], 0U);
}

TEST_F(BoardTest, StaffedAgentsBelongToTheQueueAndHaveItsSkills) {
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kReady, {{"linux", 5}}),
         AgentEvent("bob", Presence::kNotReady, ShownState::kNotReady, {{"linux", 2}})});
  EXPECT_EQ(Figures("sales").agents_staffed, 2U);
  EXPECT_EQ(Figures("sales").agents_ready, 1U);
  EXPECT_EQ(Figures("support").agents_staffed, 1U);
  EXPECT_EQ(Figures("support").agents_ready, 1U);
  Apply({AgentEvent("ann", Presence::kLoggedOut, ShownState::kLoggedOut, {{"linux", 5}}),
         AgentEvent("bob", Presence::kReady, ShownState::kReady, {{"linux", 3}})});
  EXPECT_EQ(Figures("sales").agents_staffed, 1U);
  EXPECT_EQ(Figures("support").agents_staffed, 1U);
  EXPECT_EQ(Figures("support").agents_ready, 1U);
}

TEST_F(BoardTest, APolicyAddsAndRemovesQueuesAndKeepsOverriddenModes) {
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kReady)});
  Event mode;
  mode.kind = EventKind::kQueueModeChanged;
  auto view = std::make_shared<engine::QueueView>();
  view->id = "sales";
  view->mode = model::QueueMode::kClosed;
  view->mode_override = std::make_shared<const engine::OverrideView>();
  mode.queue_view = view;
  Apply({mode});
  model_ = MakeModel();
  model_->version = 2;
  model_->queues[0].service_level_ms = 5'000;
  model_->queues[1].name.clear();  // support is gone
  model_->queues.emplace_back().name = "billing";
  Event changed;
  changed.kind = EventKind::kPolicyChanged;
  changed.policy_version = 2;
  (void)board_.TakeChanges();
  Apply({changed});

  EXPECT_EQ(board_.queues().count("support"), 0U);
  EXPECT_EQ(Figures("sales").mode, model::QueueMode::kClosed);
  EXPECT_EQ(Figures("sales").target_ms, 5'000);
  EXPECT_EQ(Figures("sales").agents_staffed, 1U);
  EXPECT_EQ(Figures("billing").agents_staffed, 1U);
  EXPECT_EQ(board_.Domain().policy_version, 2U);
  const Changes changes = board_.TakeChanges();
  EXPECT_EQ(std::set<std::string>(changes.queues.begin(), changes.queues.end()),
            (std::set<std::string>{"billing", "sales", "support"}));
}

TEST_F(BoardTest, HoursAreWhatTheLastBatchOrSnapshotSaysOfThem) {
  const engine::HoursChangeView opens{kStart + 1'000, model::QueueMode::kOpen};
  const auto tell = [this](std::vector<Event> events, std::vector<engine::QueueHours> hours) {
    engine::EventBatch batch = *stamper_.Batch(std::move(events));
    batch.hours = std::move(hours);
    (void)board_.TakeChanges();
    board_.Apply(batch);
    return board_.TakeChanges().queues;
  };
  EXPECT_EQ(tell({}, {{"sales", opens}, {"gone", opens}}), std::vector<std::string>{"sales"});
  EXPECT_EQ(Figures("sales").hours_change, opens);
  EXPECT_EQ(board_.queues().count("gone"), 0U) << "no longer in the policy";
  EXPECT_TRUE(tell({}, {{"sales", opens}}).empty()) << "nothing is new";
  Queued("c1");
  EXPECT_EQ(Figures("sales").hours_change, opens) << "other batches say nothing of hours";

  Event changed;
  changed.kind = EventKind::kPolicyChanged;
  tell({changed}, {{"support", opens}});
  EXPECT_EQ(Figures("sales").hours_change, std::nullopt) << "the new policy gives it none";
  EXPECT_EQ(Figures("support").hours_change, opens);

  engine::Snapshot snapshot;
  snapshot.queues.resize(1);
  snapshot.queues[0].id = "sales";
  snapshot.queues[0].hours_change = opens;
  board_.Reset(snapshot);
  EXPECT_EQ(Figures("sales").hours_change, opens);
  EXPECT_EQ(Figures("support").hours_change, std::nullopt);
}

class AbsentAgents : public BoardTest {
 protected:
  // A policy that names these agents, with `linux` at that level.
  void NameAgents(const std::vector<std::pair<std::string, int>>& agents) {
    const std::uint64_t version = model_->version + 1;
    model_ = MakeModel();
    model_->version = version;
    model_->groups.push_back({"north"});
    for (const auto& [id, level] : agents) {
      model_->agents.push_back(
          {id, {{{SkillNo(0), static_cast<std::uint8_t>(level)}}, {GroupNo(0)}, {}}});
    }
    Event changed;
    changed.kind = EventKind::kPolicyChanged;
    changed.policy_version = version;
    Apply({changed});
  }
  const engine::AgentView* Agent(const std::string& id) const {
    const auto found = board_.agents().find(id);
    return found == board_.agents().end() ? nullptr : found->second.view.get();
  }
  std::uint64_t LoggedOut() const { return board_.Domain().agents[Slot(ShownState::kLoggedOut)]; }
};

TEST_F(AbsentAgents, ThePolicysAgentsAreThereBeforeTheyLogIn) {
  NameAgents({{"ann", 4}, {"bob", 2}});
  ASSERT_NE(Agent("ann"), nullptr);
  EXPECT_EQ(Agent("ann")->shown, ShownState::kLoggedOut);
  EXPECT_EQ(Agent("ann")->skills, (std::vector<engine::SkillNeed>{{"linux", 4}}));
  EXPECT_EQ(Agent("ann")->groups, std::vector<std::string>{"north"});
  EXPECT_EQ(LoggedOut(), 2U);
  EXPECT_EQ(Figures("support").agents_staffed, 0U);
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kReady, {{"linux", 4}})});
  EXPECT_EQ(LoggedOut(), 1U);
  EXPECT_EQ(Figures("support").agents_staffed, 1U);
}

TEST_F(AbsentAgents, FollowThePolicyWhileThoseWhoLoggedInOnceStay) {
  NameAgents({{"ann", 4}, {"bob", 2}, {"cat", 3}});
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kReady)});
  (void)board_.TakeChanges();
  NameAgents({{"bob", 7}, {"cat", 3}});
  EXPECT_NE(Agent("ann"), nullptr);
  EXPECT_EQ(Agent("bob")->skills, (std::vector<engine::SkillNeed>{{"linux", 7}}));
  EXPECT_EQ(board_.TakeChanges().agents, std::vector<std::string>{"bob"}) << "cat is as she was";
  NameAgents({});
  EXPECT_EQ(Agent("bob"), nullptr);
  EXPECT_EQ(LoggedOut(), 0U);
  const Changes changes = board_.TakeChanges();
  EXPECT_EQ(changes.agents, (std::vector<std::string>{"bob", "cat"}));
}

TEST_F(AbsentAgents, KeepSkillsThatOperationsGaveThem) {
  NameAgents({{"ann", 4}});
  Event given = AgentEvent("ann", Presence::kLoggedOut, ShownState::kLoggedOut);
  auto view = std::make_shared<engine::AgentView>();
  view->id = "ann";
  view->skills = {{"linux", 9}};
  view->own_skills = true;
  given.agent_view = view;
  Apply({given});
  NameAgents({{"ann", 5}});
  EXPECT_EQ(Agent("ann")->skills, (std::vector<engine::SkillNeed>{{"linux", 9}}));
}

TEST_F(AbsentAgents, ASnapshotLeavesOutWhomNobodyNamesAnyMore) {
  NameAgents({{"ann", 4}});
  engine::Snapshot snapshot;
  auto never = std::make_shared<engine::AgentView>();
  never->id = "zoe";  // was given skills once, never came, and the policy has forgotten her
  snapshot.agents = {never, AgentEvent("bob", Presence::kReady, ShownState::kReady).agent_view};
  board_.Reset(snapshot);
  EXPECT_NE(Agent("ann"), nullptr);
  EXPECT_NE(Agent("bob"), nullptr);
  EXPECT_EQ(Agent("zoe"), nullptr);
}

TEST_F(BoardTest, ASnapshotReplacesTheStateAndKeepsTheCounters) {
  Queued("lost");
  Queued("a");
  Answered("a", 1'000);
  engine::Snapshot snapshot;
  snapshot.at = {1, 99};
  snapshot.contacts = {MakeContact("b", "sales", ContactState::kQueued)};
  board_.Reset(snapshot);
  EXPECT_TRUE(board_.TakeChanges().all);
  EXPECT_EQ(board_.at(), (Position{1, 99}));
  EXPECT_EQ(Figures("sales").waiting(), 1U);
  EXPECT_EQ(Figures("sales").in(ContactState::kAssigned), 0U);
  EXPECT_EQ(Figures("sales").visits.of(VisitOutcome::kAnswered), 1U);
  EXPECT_EQ(board_.contacts().Find("lost"), nullptr);
  // A visit of the snapshot counts its outcome, not its entry.
  Answered("b", 2'000);
  EXPECT_EQ(Figures("sales").visits.entered, 2U);
  EXPECT_EQ(Figures("sales").visits.of(VisitOutcome::kAnswered), 2U);
}

constexpr SpanMs kHour = 3'600'000;

TEST_F(BoardTest, ShownTimesFollowAWallClockThatIsPutBack) {
  auto old = MakeContact("old", "sales", ContactState::kOffered);
  old.status.deadline_unix_ms = kStart + 20'000;
  Apply({MakeEvent(EventKind::kContactQueued, old),
         AgentEvent("ann", Presence::kReady, ShownState::kOffered)});
  (void)board_.TakeChanges();
  wall_offset_ms_ = -kHour;
  Apply({});
  EXPECT_TRUE(board_.TakeChanges().all);
  EXPECT_EQ(Figures("sales").oldest_unix_ms, kStart - kHour);
  EXPECT_EQ(board_.Domain().oldest_unix_ms, kStart - kHour);
  const engine::ContactStatus& status = board_.contacts().Find("old")->view.status;
  EXPECT_EQ(status.arrived_unix_ms, kStart - kHour);
  EXPECT_EQ(status.deadline_unix_ms, kStart + 20'000 - kHour);
  EXPECT_EQ(status.answered_unix_ms, 0) << "there is none";
  EXPECT_EQ(board_.agents().find("ann")->second.view->shown_since_unix_ms, kStart - kHour);
  EXPECT_EQ(board_.agents().find("ann")->second.view->idle_since_unix_ms, 0);
  Apply({});
  EXPECT_FALSE(board_.TakeChanges().all) << "once";
}

TEST_F(BoardTest, TheOldestStaysTheOldestWhenTheWallClockIsPutBack) {
  Queued("old", "sales", kStart);
  wall_offset_ms_ = -kHour;
  Queued("young", "sales", kStart - kHour + 5'000);
  EXPECT_EQ(Figures("sales").oldest_unix_ms, kStart - kHour);
  std::vector<std::string> order;
  board_.contacts().Walk(std::nullopt, [&](const ContactEntry& contact) {
    order.push_back(contact.view.identity->id);
    return true;
  });
  EXPECT_EQ(order, (std::vector<std::string>{"old", "young"}));
  Ended("old", ContactState::kAbandoned, 10'000);
  EXPECT_EQ(Figures("sales").oldest_unix_ms, kStart - kHour + 5'000);
  Ended("young", ContactState::kAbandoned, 5'000);
  EXPECT_EQ(Figures("sales").oldest_unix_ms, std::nullopt);
}

TEST_F(BoardTest, ChangesNameEachIdOnce) {
  Queued("a");
  Queued("b");
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kReady)});
  Apply({AgentEvent("ann", Presence::kReady, ShownState::kOffered)});
  const Changes changes = board_.TakeChanges();
  EXPECT_EQ(changes.agents, std::vector<std::string>{"ann"});
  EXPECT_EQ(std::set<std::string>(changes.queues.begin(), changes.queues.end()).size(),
            changes.queues.size());
  EXPECT_TRUE(board_.TakeChanges().queues.empty());
}

}  // namespace
}  // namespace routerd::publish
