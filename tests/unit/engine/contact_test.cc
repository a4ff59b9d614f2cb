// Contacts through the engine: arrivals said twice, owners, limits, the whole way of one.
#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

using core::ContactState;

class ContactTest : public EngineTest {};

TEST_F(ContactTest, ACallGoesAllTheWay) {
  ASSERT_TRUE(Desktop(Ready("ann")).status.ok());
  const Answer arrived = Gateway(Call("c1"));
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_EQ(arrived.contact->status.state, ContactState::kOffered);
  EXPECT_EQ(arrived.contact->status.agent, "ann");
  const OfferId offer = arrived.contact->status.offer;
  ASSERT_TRUE(offer.valid());
  EXPECT_EQ(offer.at, arrived.at) << "an offer is named after the record that made it";

  const Answer accepted = Desktop(AcceptOffer{offer, "ann"});
  ASSERT_TRUE(accepted.status.ok()) << accepted.status.message();
  EXPECT_EQ(accepted.contact->status.state, ContactState::kConnecting);
  EXPECT_EQ(accepted.contact->identity->id, "c1");
  EXPECT_EQ(History().back().agent_view->shown, core::ShownState::kConnecting);

  EXPECT_EQ(Gateway(Connected{"c1", offer}).contact->status.state, ContactState::kAssigned);
  EXPECT_TRUE(Gateway(Hold{"c1", true}).contact->status.held);
  EXPECT_FALSE(Gateway(Hold{"c1", false}).contact->status.held);
  EXPECT_EQ(Gateway(EndContact{"c1"}).contact->status.state, ContactState::kWrapUp);
  const Answer wrapped = Desktop(EndWrapUp{"ann", "c1"});
  ASSERT_TRUE(wrapped.status.ok()) << wrapped.status.message();
  EXPECT_EQ(wrapped.contact->status.state, ContactState::kCompleted);
  EXPECT_EQ(wrapped.agent->shown, core::ShownState::kReady);
  EXPECT_EQ(engine().core().contact_count(), 0U);
  EXPECT_EQ(engine().core().CheckInvariants(engine().now()), "");
}

TEST_F(ContactTest, TheSameArrivalAgainGetsTheFirstAnswerAgain) {
  const Answer first = Gateway(Call("c1"));
  Desktop(Ready("ann"));  // it is offered now
  clock_.Advance(5'000);
  const Answer again = Gateway(Call("c1"));
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(again.unix_ms, first.unix_ms);
  EXPECT_EQ(again.contact->status.state, ContactState::kQueued);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(engine().core().contact_count(), 1U);
}

TEST_F(ContactTest, AttributesInAnotherOrderAreTheSameContent) {
  Arrive first = Call("c1");
  first.attributes = {{"b", "2"}, {"a", "1"}};
  Arrive again = Call("c1");
  again.attributes = {{"a", "1"}, {"b", "2"}};
  ASSERT_TRUE(Gateway(first).status.ok());
  EXPECT_TRUE(Gateway(again).status.ok());
}

TEST_F(ContactTest, OtherContentOrAnotherGatewayIsRefused) {
  ASSERT_TRUE(Gateway(Call("c1")).status.ok());
  const Answer other = Gateway(Call("c1", "support"));
  EXPECT_EQ(other.status.code(), Code::kAlreadyExists);
  EXPECT_EQ(other.status.reason(), "contact_exists");
  const Answer elsewhere = Gateway(Call("c1"), "pbx-2");
  EXPECT_EQ(elsewhere.status.code(), Code::kAlreadyExists);
  EXPECT_EQ(elsewhere.owner, "pbx");
}

TEST_F(ContactTest, EndedIdsAreRememberedFifteenMinutes) {
  const Answer first = Gateway(Call("c1"));
  ASSERT_TRUE(Gateway(EndContact{"c1"}).status.ok());
  const Answer again = Gateway(Call("c1"));
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(engine().core().contact_count(), 0U) << "it is not brought back to life";
  EXPECT_EQ(Gateway(Call("c1", "support")).status.reason(), "contact_exists");
  EXPECT_EQ(Gateway(Call("c1"), "pbx-2").owner, "pbx");
  const Answer held = Gateway(Hold{"c1", true});
  EXPECT_EQ(held.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(held.status.reason(), "wrong_state");
  EXPECT_EQ(held.contact->status.state, ContactState::kAbandoned);
  Advance(limits::kEndedContactMs);
  EXPECT_EQ(Gateway(Hold{"c1", true}).status.code(), Code::kNotFound);
  const Answer anew = Gateway(Call("c1"));
  EXPECT_GT(anew.at, first.at);
  EXPECT_EQ(engine().core().contact_count(), 1U);
}

TEST_F(ContactTest, ALimitRefusesAndTheRefusalIsTheAnswerForGood) {
  ASSERT_TRUE(Gateway(Call("c1", "small")).status.ok());
  const Answer refused = Gateway(Call("c2", "small"));
  EXPECT_TRUE(refused.status.ok()) << "the contact has been, and has ended";
  EXPECT_EQ(refused.refused_by, core::EndReason::kQueueFull);
  EXPECT_EQ(refused.contact->status.state, ContactState::kRefused);
  const std::vector<Event> events = History();
  EXPECT_EQ(events.back().kind, EventKind::kContactRefused);
  EXPECT_EQ(events.back().reason, core::EndReason::kQueueFull);
  EXPECT_EQ(events.back().queue, "small");
  EXPECT_EQ(events.back().at, refused.at) << "a refusal is a record of its own";
  Gateway(EndContact{"c1"});
  const Answer again = Gateway(Call("c2", "small"));
  EXPECT_EQ(again.refused_by, core::EndReason::kQueueFull);
  EXPECT_EQ(again.contact->status.state, ContactState::kRefused);
  EXPECT_EQ(again.at, refused.at);
}

TEST_F(ContactTest, WrongNamesAreToldWithTheNearestRightOne) {
  const Answer queue = Gateway(Call("c1", "suport"));
  EXPECT_EQ(queue.status.code(), Code::kNotFound);
  EXPECT_EQ(queue.status.reason(), "unknown_queue");
  EXPECT_NE(queue.status.message().find("did you mean `support`?"), std::string::npos);
  Arrive skill = Call("c1");
  skill.requirements = {{"german", 1}, {"frensh", 1}};
  const Answer wrong = Gateway(skill);
  EXPECT_EQ(wrong.status.code(), Code::kInvalidArgument);
  ASSERT_EQ(wrong.status.violations().size(), 1U);
  EXPECT_EQ(wrong.status.violations()[0].field, "skills[1].skill");
  EXPECT_NE(wrong.status.message().find("french"), std::string::npos);
  Arrive priority = Call("c1");
  priority.priority = 1'001;
  EXPECT_EQ(Gateway(priority).status.violations()[0].field, "priority");
  EXPECT_EQ(service_->figures().head.sequence, 1U) << "nothing of it is a record";
}

TEST_F(ContactTest, OnlyItsGatewayAndOperationsActOnAContact) {
  ASSERT_TRUE(Gateway(Call("c1")).status.ok());
  const Answer stranger = Gateway(EndContact{"c1"}, "pbx-2");
  EXPECT_EQ(stranger.status.code(), Code::kPermissionDenied);
  EXPECT_EQ(stranger.status.reason(), "not_owner");
  EXPECT_EQ(stranger.owner, "pbx");
  const Answer withdrawn = Operations(
      WithdrawContact{"c1", ContactState::kWithdrawn, core::EndReason::kSupervisorWithdrew});
  ASSERT_TRUE(withdrawn.status.ok()) << withdrawn.status.message();
  EXPECT_EQ(withdrawn.contact->status.state, ContactState::kWithdrawn);
  EXPECT_EQ(Gateway(Hold{"never", true}).status.reason(), "unknown_contact");
}

TEST_F(ContactTest, UpdatesChangeWhatIsKnownOfAContact) {
  Arrive call = Call("c1");
  call.attributes = {{"tier", "gold"}};
  Gateway(call);
  UpdateContact update;
  update.contact = "c1";
  update.priority = 7;
  update.requirements = {{"french", 3}};
  update.attributes = Attributes{{std::string("tier"), "iron"}};
  const Answer updated = Gateway(update);
  ASSERT_TRUE(updated.status.ok());
  EXPECT_EQ(updated.contact->status.priority, 7);
  EXPECT_EQ(updated.contact->identity->attributes[0].second, "iron");
  EXPECT_EQ(updated.contact->identity->requirements[0].skill, "french");
  EXPECT_EQ(History().back().kind, EventKind::kContactChanged);
  Desktop(Ready("cid"));
  EXPECT_EQ(Gateway(Hold{"c1", true}).contact->status.state, ContactState::kQueued)
      << "cid speaks no french";
}

TEST_F(ContactTest, ATransferStartsAVisitElsewhere) {
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Call("c1")).contact->status.offer;
  Desktop(AcceptOffer{offer, {}});
  Gateway(Connected{"c1", offer});
  const Answer late = Operations(TransferContact{"c1", "support", {}, {}, true});
  EXPECT_EQ(late.status.reason(), "wrong_state") << "it waits no longer";
  const Answer moved = Gateway(TransferContact{"c1", "support", {}, {}});
  ASSERT_TRUE(moved.status.ok()) << moved.status.message();
  EXPECT_EQ(moved.contact->status.queue, "support");
  EXPECT_EQ(moved.position, 1U);
  bool told = false;
  for (const Event& event : History()) {
    if (event.kind != EventKind::kContactMoved) continue;
    told = true;
    EXPECT_EQ(event.from_queue, "sales");
    EXPECT_EQ(event.queue, "support");
    EXPECT_EQ(event.agent, "ann") << "who had it";
  }
  EXPECT_TRUE(told);
  // The customer leaves; ann still writes up about the contact that has ended.
  ASSERT_TRUE(Gateway(EndContact{"c1"}).status.ok());
  EXPECT_TRUE(Desktop(EndWrapUp{"ann", "c1"}).status.ok());
}

TEST_F(ContactTest, ATransferMayChangeTheSkillsAskedFor) {
  Arrive call = Call("c1");
  call.requirements = {{"german", 1}};
  Gateway(call);
  const Answer moved =
      Gateway(TransferContact{"c1", "support", {}, std::vector<SkillNeed>{{"french", 3}}});
  ASSERT_TRUE(moved.status.ok()) << moved.status.message();
  EXPECT_EQ(moved.contact->identity->requirements, (std::vector<SkillNeed>{{"french", 3}}));
  Arrive later = Call("c2");
  later.not_before_unix_ms = kWall + 60'000;
  Gateway(later);
  const Answer refused =
      Gateway(TransferContact{"c2", "support", {}, std::vector<SkillNeed>{{"french", 3}}});
  EXPECT_EQ(refused.status.reason(), "wrong_state");
  EXPECT_TRUE(Gateway(UpdateContact{"c2", 1, {}, {}, {}}).contact->identity->requirements.empty())
      << "nothing has changed";
}

// Supervisors move, rank and take out what waits. Once an agent has it, that is his and the
// gateway's business.
TEST_F(ContactTest, WhatIsForWaitingContactsEndsWithTheAccept) {
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Call("c1")).contact->status.offer;
  UpdateContact priority{"c1", 5, {}, {}, {}};
  priority.only_waiting = true;
  WithdrawContact remove{"c1"};
  remove.only_waiting = true;
  EXPECT_TRUE(Operations(priority).status.ok()) << "offered, it waits";
  Desktop(AcceptOffer{offer, {}});
  for (const ContactState state : {ContactState::kConnecting, ContactState::kAssigned}) {
    if (state == ContactState::kAssigned) Gateway(Connected{"c1", offer});
    for (const Answer& refused : {Operations(priority), Operations(remove)}) {
      EXPECT_EQ(refused.status.code(), Code::kFailedPrecondition);
      EXPECT_EQ(refused.status.reason(), "wrong_state");
      EXPECT_EQ(refused.contact->status.state, state);
    }
  }
  Gateway(Chat("c2"));
  remove.contact = "c2";
  EXPECT_EQ(Operations(remove).contact->status.state, ContactState::kWithdrawn);
}

TEST_F(ContactTest, AGatewayChangesAContactUntilItsConversationIsOver) {
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Call("c1")).contact->status.offer;
  Desktop(AcceptOffer{offer, {}});
  UpdateContact update{"c1", {}, {}, Attributes{{std::string("tier"), "gold"}}, {}};
  EXPECT_TRUE(Gateway(update).status.ok()) << "connecting";
  Gateway(Connected{"c1", offer});
  EXPECT_EQ(Gateway(update).contact->identity->attributes.size(), 1U);
  Gateway(EndContact{"c1"});
  const Answer late = Gateway(update);
  EXPECT_EQ(late.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(late.contact->status.state, ContactState::kWrapUp);
  const Answer again = Gateway(EndContact{"c1"});
  EXPECT_TRUE(again.status.ok()) << "both sides may tell the end";
  EXPECT_EQ(again.contact->status.state, ContactState::kWrapUp);
}

TEST_F(ContactTest, WithdrawIsRefusedOnceSomebodyHasAnswered) {
  Desktop(Ready("ann"));
  const Answer chat = Gateway(Chat("c1"));
  Desktop(AcceptOffer{chat.contact->status.offer, {}});
  const Answer refused = Gateway(WithdrawContact{"c1"});
  EXPECT_EQ(refused.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(refused.contact->status.state, ContactState::kAssigned);
}

TEST_F(ContactTest, AReportAboutAnEarlierOfferDoesNotHitTheNext) {
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Call("c1")).contact->status.offer;
  Desktop(AcceptOffer{offer, {}});
  const Answer wrong = Gateway(Connected{"c1", OfferId{offer.at, 7}});
  EXPECT_EQ(wrong.status.reason(), "wrong_state");
  EXPECT_TRUE(Gateway(Connected{"c1", offer}).status.ok());
}

TEST_F(ContactTest, ScheduledContactsWaitForTheirTime) {
  Arrive call = Chat("c1");
  call.not_before_unix_ms = kWall + 60'000;
  const Answer scheduled = Gateway(call);
  EXPECT_EQ(scheduled.contact->status.state, ContactState::kScheduled);
  EXPECT_EQ(scheduled.contact->status.deadline_unix_ms, kWall + 60'000);
  EXPECT_EQ(engine().UntilWakeup().has_value(), true);
  Desktop(Ready("ann"));
  Advance(59'999);
  EXPECT_EQ(Kinds(std::make_shared<Outbox>(1)).size(), 0U);
  EXPECT_EQ(engine().core().queue(QueueNo(0)).offered, 0U);
  Advance(1);
  EXPECT_EQ(engine().core().queue(QueueNo(0)).offered, 1U);
}

TEST_F(ContactTest, ReconcileEndsWhatIsOverAndSaysWhatIsUnknown) {
  Gateway(Call("a"));
  Gateway(Call("b"));
  Gateway(Call("c"));
  Gateway(Call("other"), "pbx-2");
  const Answer done = Gateway(Reconcile{{"a", "never", "other"}, {"b", "gone", "other"}});
  ASSERT_TRUE(done.status.ok());
  EXPECT_EQ(done.unknown, (std::vector<std::string>{"never", "other"}));
  EXPECT_TRUE(Gateway(UpdateContact{"a", 1, {}, {}, {}}).status.ok());
  EXPECT_EQ(Gateway(UpdateContact{"b", 1, {}, {}, {}}).contact->status.state,
            ContactState::kAbandoned);
  EXPECT_TRUE(Gateway(UpdateContact{"c", 1, {}, {}, {}}).status.ok()) << "named in neither list";
  EXPECT_TRUE(Gateway(UpdateContact{"other", 1, {}, {}, {}}, "pbx-2").status.ok());
}

}  // namespace
}  // namespace routerd::engine
