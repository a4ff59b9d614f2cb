// The engine's answers as responses and as errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "routerd/api/commands.h"
#include "routerd/api/errors.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

using ::testing::ElementsAre;

engine::Answer Answered(core::ContactState state) {
  engine::Answer answer;
  answer.at = {7, 12};
  auto identity = std::make_shared<engine::ContactIdentity>();
  identity->id = "c";
  answer.contact.emplace();
  answer.contact->identity = std::move(identity);
  answer.contact->status.state = state;
  answer.contact->status.queue = "sales";
  return answer;
}

TEST(Answers, AnArrivalIsToldItsQueueAndPlace) {
  engine::Answer answer = Answered(core::ContactState::kQueued);
  answer.position = 3;
  v1::ArriveResponse response;
  ASSERT_TRUE(Respond(answer, &response));
  EXPECT_EQ(response.position().epoch(), 7U);
  EXPECT_EQ(response.position().sequence(), 12U);
  EXPECT_EQ(response.state(), v1::CONTACT_STATE_QUEUED);
  EXPECT_EQ(response.queue(), "sales");
  EXPECT_EQ(response.queue_position(), 3);
  EXPECT_FALSE(response.has_wait_estimate_ms());
}

TEST(Answers, AnArrivalTurnedAwayIsAnAnswerAndNoError) {
  engine::Answer answer = Answered(core::ContactState::kRefused);
  answer.refused_by = core::EndReason::kQueueFull;
  v1::ArriveResponse response;
  ASSERT_TRUE(Respond(answer, &response));
  EXPECT_EQ(response.state(), v1::CONTACT_STATE_REFUSED);
  EXPECT_EQ(response.refused_by(), v1::END_REASON_QUEUE_FULL);
  EXPECT_EQ(response.queue(), "sales");
}

TEST(Answers, AGatewayIsToldWhatWasNotKept) {
  engine::Answer answer = Answered(core::ContactState::kQueued);
  answer.attributes_not_kept = {"iban", "phone"};
  v1::ArriveResponse arrived;
  ASSERT_TRUE(Respond(answer, &arrived));
  EXPECT_THAT(arrived.attributes_not_kept(), ElementsAre("iban", "phone"));
  v1::UpdateContactResponse updated;
  ASSERT_TRUE(Respond(answer, &updated));
  EXPECT_THAT(updated.attributes_not_kept(), ElementsAre("iban", "phone"));
  EXPECT_EQ(updated.state(), v1::CONTACT_STATE_QUEUED);
}

TEST(Answers, AnAcceptNamesTheContact) {
  v1::AcceptOfferResponse response;
  ASSERT_TRUE(Respond(Answered(core::ContactState::kConnecting), &response));
  EXPECT_EQ(response.contact_id(), "c");
  EXPECT_EQ(response.state(), v1::CONTACT_STATE_CONNECTING);
}

TEST(Answers, AReconcileTellsWhatIsNotHeld) {
  engine::Answer answer;
  answer.unknown = {"x", "y"};
  v1::ReconcileResponse response;
  ASSERT_TRUE(Respond(answer, &response));
  EXPECT_EQ(response.unknown_size(), 2);
}

TEST(Answers, AnAgentIsShownWhole) {
  engine::AgentView view;
  view.id = "ann";
  view.presence = core::Presence::kReady;
  view.shown = core::ShownState::kOnContact;
  view.pending = true;
  view.pending_presence = core::Presence::kLoggedOut;
  view.channels = {"chat", "voice"};
  view.ready_channels = {"chat"};
  view.items.resize(1);
  view.items[0].contact = "c";
  view.items[0].state = core::ItemState::kWrapUp;
  view.items[0].offer = {{7, 5}, 1};
  view.items[0].deadline_unix_ms = 9000;
  engine::Answer answer;
  answer.agent = std::make_shared<const engine::AgentView>(view);
  v1::LogInResponse response;
  ASSERT_TRUE(Respond(answer, &response));
  EXPECT_EQ(response.status().agent_id(), "ann");
  EXPECT_EQ(response.status().presence(), v1::AGENT_PRESENCE_READY);
  EXPECT_EQ(response.status().shown_state(), v1::AGENT_SHOWN_STATE_ON_CONTACT);
  EXPECT_EQ(response.status().pending_presence(), v1::AGENT_PRESENCE_LOGGED_OUT);
  EXPECT_EQ(response.status().channels_size(), 2);
  EXPECT_EQ(response.status().ready_channels(0), "chat");
  EXPECT_EQ(response.status().items(0).state(), v1::ITEM_STATE_WRAP_UP);
  EXPECT_EQ(response.status().items(0).offer_id(), "7-5-1");
  EXPECT_EQ(response.status().items(0).deadline_unix_ms(), 9000);
  v1::SetAgentStateResponse state;
  ASSERT_TRUE(Respond(answer, &state));
  EXPECT_EQ(state.pending_presence(), v1::AGENT_PRESENCE_LOGGED_OUT);
}

TEST(Errors, TheDetailSaysWhatForbidsIt) {
  engine::Answer answer = Answered(core::ContactState::kCompleted);
  answer.status = Status(Code::kFailedPrecondition, "too late").WithReason("offer_ended");
  answer.offer_outcome = core::OfferOutcome::kTimedOut;
  v1::CommandStatus status;
  FillStatus(answer, &status);
  EXPECT_EQ(status.code(), 9);
  EXPECT_EQ(status.message(), "too late");
  EXPECT_EQ(status.detail().reason(), "offer_ended");
  EXPECT_EQ(status.detail().contact_state(), v1::CONTACT_STATE_COMPLETED);
  EXPECT_EQ(status.detail().offer_outcome(), v1::OFFER_OUTCOME_TIMED_OUT);
  EXPECT_FALSE(status.detail().has_retry_after_ms());
  v1::AcceptOfferResponse response;
  EXPECT_FALSE(Respond(answer, &response));
}

TEST(Errors, OwnerDelayFieldsAndFirstKeptAreCarried) {
  engine::Answer answer;
  answer.status = Status(Code::kAlreadyExists, "taken").WithReason("contact_exists");
  answer.owner = "mail";
  v1::ErrorDetail detail;
  FillDetail(answer, &detail);
  EXPECT_EQ(detail.owner(), "mail");
  detail.Clear();
  answer.status = Status(Code::kResourceExhausted, "slow").WithRetryAfter(200);
  FillDetail(answer, &detail);
  EXPECT_EQ(detail.retry_after_ms(), 200);
  detail.Clear();
  answer.status = Status(Code::kOutOfRange, "gone");
  answer.at = {7, 90};
  FillDetail(answer, &detail);
  EXPECT_EQ(detail.first_kept().sequence(), 90U);
  detail.Clear();
  FillDetail(Failed(Status::InvalidField("skills[2].level", "1..10")), &detail);
  EXPECT_EQ(detail.field_violations(0).field(), "skills[2].level");
}

TEST(Words, EveryWordOfTheCoreHasOneOfTheWire) {
  for (int i = 0; i <= static_cast<int>(core::ContactState::kTreated); ++i) {
    const auto word = static_cast<core::ContactState>(i);
    ASSERT_NE(ToProto(word), v1::CONTACT_STATE_UNSPECIFIED) << i;
    EXPECT_EQ(FromProto(ToProto(word)), word);
  }
  for (int i = 0; i <= static_cast<int>(core::ShownState::kWrapUp); ++i) {
    const auto word = static_cast<core::ShownState>(i);
    ASSERT_NE(ToProto(word), v1::AGENT_SHOWN_STATE_UNSPECIFIED) << i;
    EXPECT_EQ(FromProto(ToProto(word)), word);
  }
  for (int i = 0; i <= static_cast<int>(core::OfferOutcome::kRouterDown); ++i) {
    EXPECT_NE(ToProto(static_cast<core::OfferOutcome>(i)), v1::OFFER_OUTCOME_UNSPECIFIED) << i;
  }
  for (int i = 1; i <= static_cast<int>(core::EndReason::kLeft); ++i) {
    EXPECT_NE(ToProto(static_cast<core::EndReason>(i)), v1::END_REASON_UNSPECIFIED) << i;
  }
  for (int i = 0; i <= static_cast<int>(core::ItemState::kWrapUp); ++i) {
    EXPECT_NE(ToProto(static_cast<core::ItemState>(i)), v1::ITEM_STATE_UNSPECIFIED) << i;
  }
}

// `contact_state_wrap_up` ends in what the core calls it.
TEST(Words, TheWireUsesTheCoresWordsInCapitals) {
  for (int i = 0; i <= static_cast<int>(core::ContactState::kTreated); ++i) {
    const auto word = static_cast<core::ContactState>(i);
    std::string wire = v1::ContactState_Name(ToProto(word)).substr(14);
    for (char& c : wire) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(wire, core::Name(word));
  }
}

}  // namespace
}  // namespace routerd::api
