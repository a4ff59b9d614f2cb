#include "load-tests/agent_audit.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

class AgentAuditTest : public testing::Test {
 protected:
  void Offer(const std::string& contact, const std::string& offer,
             const std::string& channel = "voice", const std::string& queue = "sales") {
    v1::AgentOfferEvent event;
    event.set_contact_id(contact);
    event.set_offer_id(offer);
    event.set_channel(channel);
    event.set_queue(queue);
    audit_.Offer("ann", ++sequence_, event);
  }

  void Confirmed(const std::string& contact, const std::string& offer) {
    v1::AgentConfirmedEvent event;
    event.set_contact_id(contact);
    event.set_offer_id(offer);
    audit_.Confirmed("ann", sequence_, event);
  }

  // Offered and accepted, each in a record of its own.
  void Take(const std::string& contact, const std::string& channel,
            const std::string& queue = "sales") {
    Offer(contact, "offer of " + contact, channel, queue);
    audit_.RecordDone();
    Confirmed(contact, "offer of " + contact);
    audit_.RecordDone();
  }

  void Cancelled(const std::string& contact, const std::string& offer) {
    v1::AgentOfferCancelledEvent event;
    event.set_contact_id(contact);
    event.set_offer_id(offer);
    event.set_outcome(v1::OFFER_OUTCOME_TIMED_OUT);
    audit_.Cancelled("ann", ++sequence_, event);
  }

  // In the record that began last.
  void Ended(const std::string& contact, v1::ContactState state) {
    v1::AgentContactEndedEvent ended;
    ended.set_contact_id(contact);
    ended.set_state(state);
    audit_.Ended("ann", sequence_, ended);
  }

  void WrapUp(const std::string& contact) {
    ++sequence_;
    Ended(contact, v1::CONTACT_STATE_WRAP_UP);
    v1::AgentWrapUpStartedEvent started;
    started.set_contact_id(contact);
    audit_.WrapUp("ann", sequence_, started);
    audit_.RecordDone();
  }

  // The wrap-up is over, and with it the contact.
  void Complete(const std::string& contact) {
    ++sequence_;
    Ended(contact, v1::CONTACT_STATE_COMPLETED);
    ShowsNothing();
    audit_.RecordDone();
  }

  void Finish() {
    audit_.Finish([](const std::string& contact) { return contact != "another program's"; });
  }

  void ShowsNothing() { audit_.State("ann", v1::AgentStatus()); }

  void ExpectOnly(Violation violation) {
    EXPECT_EQ(violations_.Count(), 1u) << testing::PrintToString(violations_.First());
    EXPECT_EQ(violations_.Count(violation), 1u) << testing::PrintToString(violations_.First());
  }

  void ExpectNone() {
    EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
  }

  Limits limits_ = {.channels = {{"voice", {100, 1}}, {"chat", {25, 4}}, {"email", {20, 5}}},
                    .own = {},
                    .queue_wrap_up_holds = {},
                    .several = {},
                    .open_offers = 1,
                    .work_conserving = true};
  Violations violations_;
  HoldAudit holds_{&violations_};
  AgentAudit audit_{&limits_, &violations_, &holds_};
  std::uint64_t sequence_ = 0;
};

TEST_F(AgentAuditTest, IsContentWithAWholeLife) {
  Take("c", "voice");
  WrapUp("c");
  Complete("c");
  Offer("d", "2");
  audit_.RecordDone();
  Cancelled("d", "2");
  Finish();
  ExpectNone();
}

TEST_F(AgentAuditTest, SeesTwoCallsAtOnce) {
  Take("c", "voice");
  Offer("d", "2");
  audit_.RecordDone();
  EXPECT_GE(violations_.Count(Violation::kOverCapacity), 1u);
}

TEST_F(AgentAuditTest, LetsFourChatsBeAndSeesTheFifth) {
  for (const char* contact : {"a", "b", "c", "d"}) Take(contact, "chat");
  ExpectNone();
  Offer("e", "5", "chat");
  audit_.RecordDone();
  EXPECT_GE(violations_.Count(Violation::kOverCapacity), 1u);
}

TEST_F(AgentAuditTest, SeesMoreUnitsThanAnAgentHas) {
  for (const char* contact : {"a", "b", "c"}) Take(contact, "chat");
  Take("m", "email");  // 95 of 100
  ExpectNone();
  Take("n", "email");
  EXPECT_GE(violations_.Count(Violation::kOverCapacity), 1u);
}

TEST_F(AgentAuditTest, CountsWrapUpAsRoomTaken) {
  Take("c", "voice");
  WrapUp("c");
  Offer("d", "2");
  audit_.RecordDone();
  EXPECT_GE(violations_.Count(Violation::kOverCapacity), 1u);
}

TEST_F(AgentAuditTest, DoesNotCountWrapUpWhereItTakesNoRoom) {
  limits_.channels["voice"].wrap_up_holds = false;
  Take("c", "voice");
  WrapUp("c");
  Offer("d", "2");
  audit_.RecordDone();
  ExpectNone();
}

TEST_F(AgentAuditTest, JudgesWrapUpByTheQueueThatTheContactCameFrom) {
  limits_.queue_wrap_up_holds = {{"free", false}, {"held", true}};
  Take("c", "voice", "free");
  WrapUp("c");
  Take("d", "voice", "sales");
  ExpectNone();
  WrapUp("d");
  Offer("e", "3");
  audit_.RecordDone();
  EXPECT_GE(violations_.Count(Violation::kOverCapacity), 1u);
}

TEST_F(AgentAuditTest, LetsTheCommandLineGoBeforeTheQueuesForWrapUp) {
  limits_.queue_wrap_up_holds = {{"held", true}};
  limits_.channels["voice"].wrap_up_holds = false;
  limits_.channels["voice"].in_every_queue = true;
  Take("c", "voice", "held");
  WrapUp("c");
  Offer("d", "2");
  audit_.RecordDone();
  ExpectNone();
}

TEST_F(AgentAuditTest, LetsRoomBeFilledInTheRecordThatFreesIt) {
  Take("c", "voice");
  WrapUp("c");
  Offer("d", "2");  // told before the state that shows the wrap-up gone
  v1::AgentStatus status;
  status.add_items()->set_contact_id("d");
  audit_.State("ann", status);
  audit_.RecordDone();
  ExpectNone();
}

TEST_F(AgentAuditTest, HoldsAContactOnlyFromTheAcceptOnWhereSeveralAreAsked) {
  limits_.several = {"sales"};
  holds_.Begin("c", "bob", 1);  // by another desktop: he won, and lost it to ann later
  holds_.End("c", "bob", 5);
  sequence_ = 2;
  Offer("c", "1");
  audit_.RecordDone();
  sequence_ = 6;
  Confirmed("c", "1");
  audit_.RecordDone();
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
}

TEST_F(AgentAuditTest, SeesTwoOpenOffers) {
  Offer("a", "1", "chat");
  audit_.RecordDone();
  Offer("b", "2", "chat");
  audit_.RecordDone();
  ExpectOnly(Violation::kOverCapacity);
}

TEST_F(AgentAuditTest, SeesAnOfferThatEndsTwice) {
  Offer("c", "1");
  Cancelled("c", "1");
  Cancelled("c", "1");
  ExpectOnly(Violation::kOfferEnd);
}

TEST_F(AgentAuditTest, SeesAnOfferThatNeverEnds) {
  Offer("c", "1");
  Finish();
  ExpectOnly(Violation::kOfferEnd);
}

TEST_F(AgentAuditTest, SeesAnOfferThatWasOpenWhenTheContactLeft) {
  Offer("c", "1");
  Ended("c", v1::CONTACT_STATE_ABANDONED);
  audit_.RecordDone();
  ExpectOnly(Violation::kOfferEnd);
}

// An agent's phone was busy: that the connection failed is told before the end of the offer.
TEST_F(AgentAuditTest, LetsAnOfferEndInTheRecordThatEndsItsWork) {
  Offer("c", "1");
  audit_.RecordDone();
  Ended("c", v1::CONTACT_STATE_QUEUED);
  Cancelled("c", "1");
  audit_.RecordDone();
  Finish();
  ExpectNone();
}

TEST_F(AgentAuditTest, SeesAnAcceptThatIsConfirmedTwice) {
  Offer("c", "1");
  Confirmed("c", "1");
  Confirmed("c", "1");
  ExpectOnly(Violation::kConfirmedTwice);
}

TEST_F(AgentAuditTest, SeesTheConfirmationOfAnOfferThatWasOver) {
  Offer("c", "1");
  Cancelled("c", "1");
  Confirmed("c", "1");
  ExpectOnly(Violation::kOfferEnd);
}

TEST_F(AgentAuditTest, SeesAContactAssignedToSomebodyWhoDidNotAccept) {
  Offer("c", "1");
  v1::AgentAssignedEvent assigned;
  assigned.set_contact_id("c");
  audit_.Assigned("ann", assigned);
  ExpectOnly(Violation::kUnknown);
}

TEST_F(AgentAuditTest, SeesAnAgentShownWithWorkThatHeWasNeverTold) {
  v1::AgentStatus status;
  status.add_items()->set_contact_id("c");
  audit_.State("ann", status);
  ExpectOnly(Violation::kUnknown);
}

TEST_F(AgentAuditTest, SeesAnAgentLeftWithWorkThatIsOver) {
  Take("c", "voice");
  Finish();
  ExpectOnly(Violation::kStuck);
}

TEST_F(AgentAuditTest, SeesAnAgentLeftInWrapUp) {
  Take("c", "voice");
  WrapUp("c");
  Finish();
  ExpectOnly(Violation::kStuck);
}

TEST_F(AgentAuditTest, LeavesAgentsTheWorkThatOthersBrought) {
  Take("another program's", "voice");
  Finish();
  ExpectNone();
}

TEST_F(AgentAuditTest, SeesTheEndOfWorkThatAnAgentNeverHad) {
  Ended("c", v1::CONTACT_STATE_COMPLETED);
  ExpectOnly(Violation::kUnknown);
}

TEST_F(AgentAuditTest, SeesWorkLeaveAnAgentWhoHasItNot) {
  Take("c", "chat");
  Ended("c", v1::CONTACT_STATE_QUEUED);
  audit_.RecordDone();
  ExpectNone();
  Ended("c", v1::CONTACT_STATE_QUEUED);
  ExpectOnly(Violation::kUnknown);
}

TEST_F(AgentAuditTest, SeesAWrapUpOfWorkThatAnAgentNeverHad) {
  v1::AgentWrapUpStartedEvent started;
  started.set_contact_id("c");
  audit_.WrapUp("ann", ++sequence_, started);
  ExpectOnly(Violation::kUnknown);
}

// Whoever had the contact last is told of its end, however long ago that was.
TEST_F(AgentAuditTest, LetsTheEndBeToldAfterTheWrapUp) {
  Take("c", "voice");
  WrapUp("c");
  ShowsNothing();
  audit_.RecordDone();
  Ended("c", v1::CONTACT_STATE_COMPLETED);
  audit_.RecordDone();
  Finish();
  ExpectNone();
}

TEST_F(AgentAuditTest, SeesAnEndThatIsToldTwiceInOneRecord) {
  Take("c", "email");
  ++sequence_;
  Ended("c", v1::CONTACT_STATE_COMPLETED);
  Ended("c", v1::CONTACT_STATE_COMPLETED);
  ExpectOnly(Violation::kEndedTwice);
}

TEST_F(AgentAuditTest, SeesAnEndThatIsToldTwice) {
  Take("c", "voice");
  WrapUp("c");
  Complete("c");
  Ended("c", v1::CONTACT_STATE_COMPLETED);
  ExpectOnly(Violation::kEndedTwice);
}

TEST_F(AgentAuditTest, DoesNotMindWorkElsewhere) {
  v1::AgentStatus status;
  status.add_items()->set_channel("voice");
  audit_.State("ann", status);
  ExpectNone();
}

TEST_F(AgentAuditTest, LetsATransferredContactComeBackDuringItsWrapUp) {
  Take("c", "chat");
  v1::AgentWrapUpStartedEvent started;
  started.set_contact_id("c");
  audit_.WrapUp("ann", ++sequence_, started);
  Ended("c", v1::CONTACT_STATE_QUEUED);
  audit_.RecordDone();
  Offer("c", "2", "chat");
  audit_.RecordDone();
  Confirmed("c", "2");
  ExpectNone();
}

TEST_F(AgentAuditTest, GoesOnFromWhatTheRouterHolds) {
  Offer("c", "1");
  audit_.Missed();
  v1::AgentStatus status;
  status.set_agent_id("ann");
  v1::AgentItem* item = status.add_items();
  item->set_contact_id("d");
  item->set_channel("voice");
  item->set_state(v1::ITEM_STATE_ON_CONTACT);
  audit_.Held(status, ++sequence_);
  ExpectNone();
  Offer("e", "3");
  audit_.RecordDone();
  EXPECT_GE(violations_.Count(Violation::kOverCapacity), 1u);
}

// How he came to it, and what has become of it, was missed.
TEST_F(AgentAuditTest, DoesNotJudgeTheEndOfWhatIsKnownFromAListOnly) {
  audit_.Missed();
  v1::AgentStatus status;
  status.set_agent_id("ann");
  v1::AgentItem* item = status.add_items();
  item->set_contact_id("d");
  item->set_channel("voice");
  item->set_state(v1::ITEM_STATE_WRAP_UP);
  audit_.Held(status, ++sequence_);
  Ended("e", v1::CONTACT_STATE_COMPLETED);
  Finish();
  ExpectNone();
}

}  // namespace
}  // namespace routerd::load
