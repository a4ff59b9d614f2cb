// The audit as a run feeds it: commands and whole frames.
#include "load-tests/auditor.h"

#include <grpcpp/support/status_code_enum.h>
#include <gtest/gtest.h>

namespace routerd::load {
namespace {

class AuditorTest : public testing::Test {
 protected:
  AuditorTest() {
    v1::DesktopCommand command;
    command.mutable_log_in()->set_agent_id("ann");
    auditor_.Sent("d", command);
  }

  void Arrive(const std::string& contact) {
    v1::GatewayCommand command;
    command.mutable_arrive()->set_contact_id(contact);
    command.mutable_arrive()->mutable_header()->set_request_id("r-" + contact);
    auditor_.Sent("g", command);
  }

  v1::GatewayCommandResult* Answer(const std::string& contact) {
    v1::GatewayCommandResult* result = gateway_.add_results();
    result->set_request_id("r-" + contact);
    return result;
  }

  v1::GatewayEvent* Event() {
    v1::GatewayEvent* event = gateway_.add_events();
    event->set_sequence(sequence_);
    return event;
  }

  v1::DesktopEvent* DeskEvent() {
    v1::DesktopEvent* event = desktop_.add_events();
    event->set_sequence(sequence_);
    event->set_agent_id("ann");
    return event;
  }

  void Deliver() {
    gateway_.set_number(++gateway_number_);
    auditor_.Received("g", gateway_);
    gateway_.Clear();
  }

  void DeliverDesk() {
    desktop_.set_number(++desktop_number_);
    auditor_.Received("d", desktop_);
    desktop_.Clear();
  }

  // Taken, offered to and confirmed to ann.
  void Connect(const std::string& contact) {
    Arrive(contact);
    Answer(contact)->mutable_arrive()->set_state(v1::CONTACT_STATE_QUEUED);
    ++sequence_;
    Event()->mutable_offer()->set_contact_id(contact);
    gateway_.mutable_events(0)->mutable_offer()->set_offer_id("o-" + contact);
    gateway_.mutable_events(0)->mutable_offer()->set_agent_id("ann");
    DeskEvent()->mutable_offer()->set_contact_id(contact);
    desktop_.mutable_events(0)->mutable_offer()->set_offer_id("o-" + contact);
    Deliver();
    DeliverDesk();
    ++sequence_;
    Event()->mutable_confirmed()->set_contact_id(contact);
    gateway_.mutable_events(0)->mutable_confirmed()->set_offer_id("o-" + contact);
    gateway_.mutable_events(0)->mutable_confirmed()->set_agent_id("ann");
    DeskEvent()->mutable_confirmed()->set_contact_id(contact);
    desktop_.mutable_events(0)->mutable_confirmed()->set_offer_id("o-" + contact);
    Deliver();
    DeliverDesk();
  }

  void End(const std::string& contact) {
    ++sequence_;
    Event()->mutable_ended()->set_contact_id(contact);
    gateway_.mutable_events(0)->mutable_ended()->set_state(v1::CONTACT_STATE_COMPLETED);
    DeskEvent()->mutable_ended()->set_contact_id(contact);
    desktop_.mutable_events(0)->mutable_ended()->set_state(v1::CONTACT_STATE_COMPLETED);
    Deliver();
    DeliverDesk();
  }

  void ExpectNone() {
    EXPECT_EQ(auditor_.violations().Count(), 0u)
        << testing::PrintToString(auditor_.violations().First());
  }

  Auditor auditor_{{.channels = {{"voice", {100, 1}}},
                    .own = {},
                    .queue_wrap_up_holds = {},
                    .several = {},
                    .open_offers = 1,
                    .work_conserving = true}};
  v1::OpenGatewaySessionResponse gateway_;
  v1::OpenDesktopSessionResponse desktop_;
  std::uint64_t sequence_ = 0;
  std::uint64_t gateway_number_ = 0;
  std::uint64_t desktop_number_ = 0;
};

TEST_F(AuditorTest, IsContentWithAWholeLife) {
  Connect("c");
  End("c");
  auditor_.Finish({});
  ExpectNone();
  EXPECT_EQ(auditor_.TakenCount(), 1u);
  EXPECT_EQ(auditor_.EndedCount(), 1u);
}

TEST_F(AuditorTest, DoesNotTakeAWishToBeAskedLaterForAnAnswer) {
  Arrive("c");
  Answer("c")->mutable_status()->set_code(grpc::RESOURCE_EXHAUSTED);
  Deliver();
  Answer("c")->mutable_arrive()->set_state(v1::CONTACT_STATE_QUEUED);
  Deliver();
  auditor_.Finish({});
  EXPECT_EQ(auditor_.violations().Count(Violation::kLost), 1u);
}

TEST_F(AuditorTest, LetsADrainingRouterTurnContactsAway) {
  Arrive("c");
  v1::CommandStatus* status = Answer("c")->mutable_status();
  status->set_code(grpc::UNAVAILABLE);
  status->mutable_detail()->set_reason("draining");
  Deliver();
  auditor_.Finish({});
  ExpectNone();
  EXPECT_EQ(auditor_.TakenCount(), 0u);
}

TEST_F(AuditorTest, AsksTheRoutersListOnlyForTheClientsOwnContacts) {
  Connect("c");
  End("c");
  auditor_.Finish({{"another client", {{"c", v1::CONTACT_STATE_QUEUED}}}});
  ExpectNone();
}

TEST_F(AuditorTest, ComparesWhatGatewaysAndDesktopsAreTold) {
  Connect("c");
  ++sequence_;
  Event()->mutable_queued()->set_contact_id("c");
  DeskEvent()->mutable_ended()->set_contact_id("c");
  desktop_.mutable_events(0)->mutable_ended()->set_state(v1::CONTACT_STATE_QUEUED);
  Deliver();
  DeliverDesk();
  ++sequence_;
  Event()->mutable_offer()->set_contact_id("c");
  gateway_.mutable_events(0)->mutable_offer()->set_offer_id("2");
  gateway_.mutable_events(0)->mutable_offer()->set_agent_id("ann");
  Deliver();
  ++sequence_;
  Event()->mutable_offer_ended()->set_contact_id("c");
  gateway_.mutable_events(0)->mutable_offer_ended()->set_offer_id("2");
  gateway_.mutable_events(0)->mutable_offer_ended()->set_agent_id("ann");
  gateway_.mutable_events(0)->mutable_offer_ended()->set_outcome(v1::OFFER_OUTCOME_TIMED_OUT);
  Deliver();
  auditor_.Finish({});
  EXPECT_EQ(auditor_.violations().Count(Violation::kOfferApart), 1u);
}

TEST_F(AuditorTest, ComparesNothingAboutAgentsAndContactsOfOthers) {
  Connect("c");
  ++sequence_;
  Event()->mutable_queued()->set_contact_id("c");
  DeskEvent()->mutable_ended()->set_contact_id("c");
  desktop_.mutable_events(0)->mutable_ended()->set_state(v1::CONTACT_STATE_QUEUED);
  Deliver();
  DeliverDesk();
  ++sequence_;
  Event()->mutable_offer()->set_contact_id("c");
  gateway_.mutable_events(0)->mutable_offer()->set_offer_id("2");
  gateway_.mutable_events(0)->mutable_offer()->set_agent_id("somebody at another desktop");
  DeskEvent()->mutable_offer()->set_contact_id("another gateway's");
  desktop_.mutable_events(0)->mutable_offer()->set_offer_id("3");
  Deliver();
  DeliverDesk();
  ++sequence_;
  Event()->mutable_offer_ended()->set_contact_id("c");
  gateway_.mutable_events(0)->mutable_offer_ended()->set_offer_id("2");
  gateway_.mutable_events(0)->mutable_offer_ended()->set_agent_id("somebody at another desktop");
  Deliver();
  ++sequence_;
  Event()->mutable_ended()->set_contact_id("c");
  gateway_.mutable_events(0)->mutable_ended()->set_state(v1::CONTACT_STATE_ABANDONED);
  Deliver();
  auditor_.Finish({});
  ExpectNone();
}

// Reconcile ends them, and the router tells so.
TEST_F(AuditorTest, DoesNotJudgeContactsThatAnEarlierRunHasLeft) {
  Event()->mutable_reconcile()->add_contacts()->set_contact_id("left over");
  Deliver();
  ++sequence_;
  Event()->mutable_ended()->set_contact_id("left over");
  gateway_.mutable_events(0)->mutable_ended()->set_state(v1::CONTACT_STATE_ABANDONED);
  Deliver();
  auditor_.Finish({});
  ExpectNone();
}

TEST_F(AuditorTest, KeepsTheFirstTwentyAsTextAndCountsAll) {
  for (int i = 0; i < 30; ++i) {
    Event()->mutable_queued()->set_contact_id("unknown-" + std::to_string(i));
  }
  Deliver();
  EXPECT_EQ(auditor_.violations().Count(Violation::kUnknown), 30u);
  EXPECT_EQ(auditor_.violations().First().size(), 20u);
}

TEST_F(AuditorTest, ForgetsWhatWasKnownWhenASessionStartsAnew) {
  const auto welcome = [this] {
    gateway_.mutable_welcome()->set_session_id("s");
    auditor_.Received("g", gateway_);
    gateway_.Clear();
  };
  welcome();
  Connect("c");
  welcome();
  gateway_number_ = 0;
  v1::GatewayCommand command;
  command.mutable_end_contact()->set_contact_id("c");
  command.mutable_end_contact()->mutable_header()->set_request_id("r-c");
  auditor_.Sent("g", command);
  v1::CommandStatus* status = Answer("c")->mutable_status();
  status->set_code(grpc::FAILED_PRECONDITION);
  status->mutable_detail()->set_contact_state(v1::CONTACT_STATE_ABANDONED);
  Deliver();
  ++sequence_;
  DeskEvent()->mutable_ended()->set_contact_id("c");
  desktop_.mutable_events(0)->mutable_ended()->set_state(v1::CONTACT_STATE_ABANDONED);
  DeliverDesk();
  auditor_.Finish({});
  ExpectNone();
}

}  // namespace
}  // namespace routerd::load
