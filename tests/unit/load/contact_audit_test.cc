#include "load-tests/contact_audit.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

class ContactAuditTest : public testing::Test {
 protected:
  void Take(const std::string& contact) {
    audit_.Sent(contact);
    audit_.Taken(contact, v1::CONTACT_STATE_QUEUED);
    audit_.Queued(contact);
    audit_.RecordDone();
  }

  void Offer(const std::string& contact, const std::string& offer, const std::string& agent) {
    v1::ContactOfferEvent event;
    event.set_contact_id(contact);
    event.set_offer_id(offer);
    event.set_agent_id(agent);
    event.set_queue("sales");
    audit_.Offer(event);
  }

  void OfferEnded(const std::string& contact, const std::string& offer, v1::OfferOutcome outcome) {
    v1::ContactOfferEndedEvent event;
    event.set_contact_id(contact);
    event.set_offer_id(offer);
    event.set_outcome(outcome);
    audit_.OfferEnded(event);
  }

  void Confirmed(const std::string& contact, const std::string& offer, const std::string& agent) {
    v1::ContactConfirmedEvent event;
    event.set_contact_id(contact);
    event.set_offer_id(offer);
    event.set_agent_id(agent);
    audit_.Confirmed(event);
  }

  void End(const std::string& contact) {
    audit_.Ended(contact, v1::CONTACT_STATE_COMPLETED);
    audit_.RecordDone();
  }

  void ExpectOnly(Violation violation) {
    EXPECT_EQ(violations_.Count(), 1u) << testing::PrintToString(violations_.First());
    EXPECT_EQ(violations_.Count(violation), 1u) << testing::PrintToString(violations_.First());
  }

  Violations violations_;
  Limits limits_;
  ContactAudit audit_{&limits_, &violations_};
};

TEST_F(ContactAuditTest, IsContentWithAWholeLife) {
  Take("c");
  Offer("c", "1", "ann");
  OfferEnded("c", "1", v1::OFFER_OUTCOME_REJECTED);
  audit_.Queued("c");
  audit_.RecordDone();
  Offer("c", "2", "bob");
  audit_.RecordDone();
  Confirmed("c", "2", "bob");
  audit_.RecordDone();
  audit_.Ended("c", v1::CONTACT_STATE_WRAP_UP);
  audit_.RecordDone();
  End("c");
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
  EXPECT_EQ(audit_.TakenCount(), 1u);
  EXPECT_EQ(audit_.EndedCount(), 1u);
}

TEST_F(ContactAuditTest, IsContentWithATransfer) {
  Take("c");
  Offer("c", "1", "ann");
  Confirmed("c", "1", "ann");
  audit_.RecordDone();
  audit_.Queued("c");
  Offer("c", "2", "bob");
  audit_.RecordDone();
  Confirmed("c", "2", "bob");
  audit_.Ended("c", v1::CONTACT_STATE_WRAP_UP);
  End("c");
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
}

TEST_F(ContactAuditTest, SeesAContactThatWasSaidToBeOfferedAndIsNot) {
  audit_.Sent("c");
  audit_.Taken("c", v1::CONTACT_STATE_OFFERED);
  audit_.Queued("c");
  audit_.RecordDone();
  End("c");
  ExpectOnly(Violation::kNeverOffered);
}

TEST_F(ContactAuditTest, IsContentWithTheOfferThatTheAnswerPromised) {
  audit_.Sent("c");
  audit_.Taken("c", v1::CONTACT_STATE_OFFERED);
  Offer("c", "1", "ann");
  audit_.RecordDone();
  OfferEnded("c", "1", v1::OFFER_OUTCOME_CONTACT_GONE);
  End("c");
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
}

TEST_F(ContactAuditTest, DoesNotAskForAnOfferThatMayHaveBeenMissed) {
  audit_.Sent("c");
  audit_.Taken("c", v1::CONTACT_STATE_OFFERED);
  audit_.Missed();
  End("c");
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
}

// A router that was started again gives the first answer again, after the offer was missed.
TEST_F(ContactAuditTest, DoesNotAskForAnOfferThatWasMissedBeforeTheAnswerCame) {
  audit_.Sent("c");
  audit_.Missed();
  audit_.Taken("c", v1::CONTACT_STATE_OFFERED);
  End("c");
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
}

TEST_F(ContactAuditTest, SeesAContactThatIsLost) {
  Take("c");
  audit_.Finish({});
  ExpectOnly(Violation::kLost);
}

TEST_F(ContactAuditTest, SeesAnArriveThatWasNeverAnswered) {
  audit_.Sent("c");
  audit_.Finish({});
  ExpectOnly(Violation::kLost);
}

TEST_F(ContactAuditTest, DoesNotMissWhatWasTurnedAwayOrRefused) {
  audit_.Sent("a");
  audit_.TurnedAway("a");
  audit_.Sent("b");
  audit_.Taken("b", v1::CONTACT_STATE_REFUSED);
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u);
}

TEST_F(ContactAuditTest, ARefusalIsToldInTheAnswerAndOnceMoreAsAnEvent) {
  audit_.Sent("c");
  audit_.Taken("c", v1::CONTACT_STATE_REFUSED);
  audit_.Refused("c");
  audit_.RecordDone();
  EXPECT_EQ(violations_.Count(), 0u);
  audit_.Refused("c");
  audit_.RecordDone();
  ExpectOnly(Violation::kEndedTwice);
}

TEST_F(ContactAuditTest, SeesAContactThatTheRouterStillHolds) {
  Take("c");
  audit_.Finish({{"c", v1::CONTACT_STATE_QUEUED}});
  ExpectOnly(Violation::kStuck);
}

TEST_F(ContactAuditTest, SeesAnEndedContactThatTheRouterStillLists) {
  Take("c");
  End("c");
  audit_.Finish({{"c", v1::CONTACT_STATE_ASSIGNED}});
  ExpectOnly(Violation::kStuck);
}

TEST_F(ContactAuditTest, SeesAContactThatEndsTwice) {
  Take("c");
  End("c");
  End("c");
  ExpectOnly(Violation::kEndedTwice);
}

TEST_F(ContactAuditTest, SeesAContactThatEndsTwiceInOneRecord) {
  Take("c");
  audit_.Ended("c", v1::CONTACT_STATE_COMPLETED);
  audit_.Ended("c", v1::CONTACT_STATE_ABANDONED);
  audit_.RecordDone();
  ExpectOnly(Violation::kEndedTwice);
}

TEST_F(ContactAuditTest, SeesWrapUpThatStartsTwice) {
  Take("c");
  audit_.Ended("c", v1::CONTACT_STATE_WRAP_UP);
  audit_.Ended("c", v1::CONTACT_STATE_WRAP_UP);
  ExpectOnly(Violation::kEndedTwice);
}

TEST_F(ContactAuditTest, SeesLifeAfterTheEnd) {
  Take("c");
  End("c");
  Offer("c", "1", "ann");
  ExpectOnly(Violation::kEndedTwice);
}

TEST_F(ContactAuditTest, SeesTwoOpenOffers) {
  Take("c");
  Offer("c", "1", "ann");
  audit_.RecordDone();
  Offer("c", "2", "bob");
  audit_.RecordDone();
  ExpectOnly(Violation::kTwoAgents);
}

TEST_F(ContactAuditTest, IsContentWithTwoOffersWhereTheQueueAsksSeveral) {
  limits_.several = {"sales"};
  Take("c");
  Offer("c", "1", "ann");
  Offer("c", "2", "bob");
  audit_.RecordDone();
  OfferEnded("c", "1", v1::OFFER_OUTCOME_RESCINDED);
  Confirmed("c", "2", "bob");
  audit_.RecordDone();
  End("c");
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
}

TEST_F(ContactAuditTest, SeesTwoOffersToOneAgent) {
  limits_.several = {"sales"};
  Take("c");
  Offer("c", "1", "ann");
  Offer("c", "2", "ann");
  audit_.RecordDone();
  ExpectOnly(Violation::kTwoAgents);
}

TEST_F(ContactAuditTest, SeesAnOfferThatALostRaceLeftOpen) {
  limits_.several = {"sales"};
  Take("c");
  Offer("c", "1", "ann");
  Offer("c", "2", "bob");
  Confirmed("c", "2", "bob");
  audit_.RecordDone();
  ExpectOnly(Violation::kTwoAgents);
}

TEST_F(ContactAuditTest, SeesAnOfferOfAContactThatSomebodyHas) {
  Take("c");
  Offer("c", "1", "ann");
  Confirmed("c", "1", "ann");
  audit_.RecordDone();
  Offer("c", "2", "bob");
  EXPECT_GE(violations_.Count(Violation::kTwoAgents), 1u);
}

TEST_F(ContactAuditTest, SeesAnOfferThatEndsTwice) {
  Take("c");
  Offer("c", "1", "ann");
  OfferEnded("c", "1", v1::OFFER_OUTCOME_TIMED_OUT);
  OfferEnded("c", "1", v1::OFFER_OUTCOME_REJECTED);
  ExpectOnly(Violation::kOfferEnd);
}

TEST_F(ContactAuditTest, SeesAnOfferThatOutlivesItsContact) {
  Take("c");
  Offer("c", "1", "ann");
  audit_.RecordDone();
  End("c");
  ExpectOnly(Violation::kOfferEnd);
}

TEST_F(ContactAuditTest, LetsAnOfferEndInTheRecordThatEndsItsContact) {
  Take("c");
  Offer("c", "1", "ann");
  audit_.RecordDone();
  audit_.Ended("c", v1::CONTACT_STATE_ABANDONED);
  OfferEnded("c", "1", v1::OFFER_OUTCOME_CONTACT_GONE);
  audit_.RecordDone();
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
}

TEST_F(ContactAuditTest, SeesAnAcceptThatIsConfirmedTwice) {
  Take("c");
  Offer("c", "1", "ann");
  Confirmed("c", "1", "ann");
  Confirmed("c", "1", "ann");
  ExpectOnly(Violation::kConfirmedTwice);
}

TEST_F(ContactAuditTest, SeesTheConfirmationOfAnOfferThatWasOver) {
  Take("c");
  Offer("c", "1", "ann");
  OfferEnded("c", "1", v1::OFFER_OUTCOME_TIMED_OUT);
  Confirmed("c", "1", "ann");
  ExpectOnly(Violation::kOfferEnd);
}

TEST_F(ContactAuditTest, SeesAContactThatNeverArrived) {
  audit_.Queued("c");
  ExpectOnly(Violation::kUnknown);
}

TEST_F(ContactAuditTest, AcceptsTheStateToldForAContactWhoseEndWasMissed) {
  Take("c");
  audit_.Missed();
  audit_.Told("c", v1::CONTACT_STATE_ABANDONED);
  audit_.Finish({});
  EXPECT_EQ(violations_.Count(), 0u);
  EXPECT_EQ(audit_.EndedCount(), 1u);
}

TEST_F(ContactAuditTest, GoesOnFromWhatTheRouterHolds) {
  Take("c");
  Offer("c", "1", "ann");
  audit_.Missed();
  v1::HeldContact held;
  held.set_contact_id("c");
  held.set_state(v1::CONTACT_STATE_ASSIGNED);
  held.set_agent_id("bob");
  audit_.Held(held);
  Offer("c", "9", "eve");
  EXPECT_EQ(violations_.Count(Violation::kTwoAgents), 1u);
}

}  // namespace
}  // namespace routerd::load
