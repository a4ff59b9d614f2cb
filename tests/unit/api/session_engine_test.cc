// Sessions on a real engine: what one promises the other must keep. No connection and no thread.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "routerd/api/prepare.h"
#include "routerd/api/session.h"
#include "routerd/engine/direct_service.h"
#include "routerd/journal/memory_journal.h"
#include "tests/unit/api/fake_engine.h"
#include "tests/unit/api/kept_link.h"
#include "tests/unit/api/test_time.h"

namespace routerd::api {
namespace {

using Out = v1::OpenGatewaySessionResponse;

class EngineSessionTest : public ::testing::Test {
 protected:
  struct Opened {
    engine::Answer answer;
    std::shared_ptr<KeptLink<Out>> link = std::make_shared<KeptLink<Out>>();
    std::shared_ptr<Session<GatewayKind>> session;
  };

  EngineSessionTest() {
    executor_.Stop();  // the test pumps by itself
    v1::ArriveRequest arrival;
    arrival.set_contact_id("c1");
    arrival.set_channel("chat");
    arrival.set_queue("sales");
    arrival.mutable_header()->set_client("pbx");
    auto [status, envelope] = Prepare(arrival, {engine::Role::kGateway, "default", {}, {}, {}});
    EXPECT_TRUE(status.ok());
    engine_.RunNow(std::move(envelope));
  }

  static std::unique_ptr<engine::Engine> Started(const Clock& clock, journal::Journal& journal) {
    auto engine = engine::Engine::Start(
        {.model = std::make_shared<const model::Model>(SmallPolicy())}, clock, journal);
    EXPECT_TRUE(engine.ok());
    return std::move(engine).value();
  }

  Opened Open() {
    Opened opened;
    const auto outbox = std::make_shared<engine::Outbox>(limits::kSessionOutbox);
    engine::Envelope hello;
    hello.client = "pbx";
    hello.command = engine::OpenSession{engine::SessionKind::kGateway, {}, outbox};
    hello.done = [&opened](const engine::Answer& answer) { opened.answer = answer; };
    engine_.RunNow(std::move(hello));
    opened.session = std::make_shared<Session<GatewayKind>>(runtime_, "pbx", outbox);
    opened.session->Open(opened.link, opened.answer, std::make_shared<Out>(), {});
    opened.session->Written(opened.link);
    return opened;
  }

  // Makes the contact a second older; gives the frame with the result.
  std::shared_ptr<const Out> Credit(const Opened& in, const std::string& request_id) {
    v1::UpdateContactRequest request;
    request.mutable_header()->set_request_id(request_id);
    request.set_contact_id("c1");
    request.set_age_credit_ms(1'000);
    auto [status, envelope] =
        Prepare(request, {engine::Role::kGateway, "default", "pbx", "pbx", in.session->id()});
    EXPECT_TRUE(status.ok());
    EXPECT_TRUE(in.session->Begin());
    envelope.done = [&](const engine::Answer& answer) {
      const auto respond = [](const engine::Answer& a, v1::GatewayCommandResult* to) {
        return Respond(a, to->mutable_update_contact());
      };
      in.session->Answered(request_id, respond, answer);
    };
    engine_.RunNow(std::move(envelope));
    in.link->written.reset();
    in.session->Written(in.link);
    EXPECT_NE(in.link->written, nullptr);
    return in.link->written;
  }
  static std::uint64_t SequenceOf(const std::shared_ptr<const Out>& frame) {
    EXPECT_FALSE(frame->results(0).has_status()) << frame->results(0).status().message();
    return frame->results(0).update_contact().position().sequence();
  }
  void Acknowledge(const Opened& in, std::uint64_t number) {
    EXPECT_TRUE(in.session->Acknowledge(number));
    EXPECT_TRUE(engine_.RunPending().ok());
  }

  ManualClock clock_{5'000, 1'700'000'000'000};
  journal::MemoryEpochStore epochs_;
  journal::MemoryJournal journal_{epochs_};
  engine::DirectService engine_{Started(clock_, journal_), 1};  // its inbox is soon full
  TestTime time_;
  Executor executor_{1};
  Runtime runtime_{engine_, time_, time_, executor_, "1.2.3", 4};
};

TEST_F(EngineSessionTest, AnAcknowledgedAnswerIsForgottenAndOnlyThatOne) {
  const Opened session = Open();
  const auto first = Credit(session, "r1");
  const std::uint64_t second = SequenceOf(Credit(session, "r2"));
  Acknowledge(session, first->number());
  EXPECT_EQ(SequenceOf(Credit(session, "r2")), second);
  EXPECT_NE(SequenceOf(Credit(session, "r1")), SequenceOf(first)) << "done once more";
}

// Were the acknowledgement lost, a client that keeps as many answers as it may could say nothing
// more: its commands are refused, and what is refused leaves nothing to acknowledge.
TEST_F(EngineSessionTest, AnAcknowledgementThatFindsTheInboxFullIsRepeated) {
  const Opened session = Open();
  const auto first = Credit(session, "r1");
  engine::Envelope other;
  other.command = engine::AckAnswers{};
  engine_.Submit(std::move(other));
  EXPECT_TRUE(session.session->Acknowledge(first->number()));
  EXPECT_EQ(engine_.figures().commands_overloaded_total, 1U);
  EXPECT_TRUE(engine_.RunPending().ok());
  Acknowledge(session, 0);  // a sign of life
  EXPECT_NE(SequenceOf(Credit(session, "r1")), SequenceOf(first)) << "forgotten at last";
  EXPECT_EQ(engine_.figures().inbox_depth, 0U);
  Acknowledge(session, 0);
  EXPECT_EQ(engine_.figures().inbox_depth, 0U) << "and then there is nothing to repeat";
}

// The client starts anew, asks again for an answer of its session before, and acknowledges that.
TEST_F(EngineSessionTest, AnAnswerOfTheSessionBeforeAcknowledgesNothingOfThisOne) {
  const Opened before = Open();
  for (const char* id : {"r1", "r2", "r3"}) Credit(before, id);
  const Opened session = Open();
  const auto again = Credit(session, "r3");
  const std::uint64_t unseen = SequenceOf(Credit(session, "n1"));
  Acknowledge(session, again->number());
  EXPECT_EQ(SequenceOf(Credit(session, "n1")), unseen) << "it was not done a second time";
}

}  // namespace
}  // namespace routerd::api
