// EventsService over a real connection, and the reader behind it.
#include <gtest/gtest.h>

#include "routerd/api/event_messages.h"
#include "routerd/api/event_reader.h"
#include "routerd/base/limits.h"
#include "routerd/v1/events.grpc.pb.h"
#include "tests/unit/api/server_fixture.h"

namespace routerd::api {
namespace {

using engine::EventKind;

engine::Event Of(EventKind kind, const std::string& contact = "c", std::uint32_t index = 0) {
  engine::Event event;
  event.kind = kind;
  event.index = index;
  event.unix_ms = 1000;
  event.queue = "sales";
  event.agent = "ann";
  event.contact = ContactOf(contact, core::ContactState::kQueued);
  return event;
}

class EventsTest : public ServerTest {
 public:
  ~EventsTest() override { context_->TryCancel(); }

 protected:
  EventsTest() : events_(v1::EventsService::NewStub(channel_)), context_(Context()) {}

  void Stream(std::optional<Position> after) {
    v1::StreamEventsRequest request;
    if (after) {
      request.mutable_after()->set_epoch(after->epoch);
      request.mutable_after()->set_sequence(after->sequence);
    }
    reader_ = events_->StreamEvents(context_.get(), request);
  }
  v1::StreamEventsResponse Read() {
    v1::StreamEventsResponse response;
    EXPECT_TRUE(reader_->Read(&response));
    return response;
  }
  void Release(const std::string& contact) {
    engine_.Release({Of(EventKind::kContactQueued, contact)});
  }

  std::unique_ptr<v1::EventsService::Stub> events_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReader<v1::StreamEventsResponse>> reader_;
};

TEST_F(EventsTest, FromTheFirstKeptOn) {
  Release("a");
  Release("b");
  Stream(Position{});
  std::vector<std::string> ids;
  while (ids.size() < 2) {
    const auto response = Read();
    for (const v1::Event& event : response.events()) {
      ids.push_back(event.contact_queued().contact_id());
    }
    EXPECT_EQ(response.position().sequence(), response.events().rbegin()->position().sequence());
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"a", "b"}));
  Release("c");
  EXPECT_EQ(Read().events(0).contact_queued().contact_id(), "c");
}

TEST_F(EventsTest, StepsAndWhoIsStuckAreTold) {
  Stream(Position{});
  engine::Event opened = Of(EventKind::kContactStepOpened, "a");
  opened.step = 2;
  engine_.Release({opened, Of(EventKind::kContactStuck, "a"), Of(EventKind::kContactUnstuck, "a")});
  std::vector<v1::Event> events;
  while (events.size() < 3) {
    const auto response = Read();
    events.insert(events.end(), response.events().begin(), response.events().end());
  }
  EXPECT_EQ(events[0].contact_step_opened().contact_id(), "a");
  EXPECT_EQ(events[0].contact_step_opened().queue(), "sales");
  EXPECT_EQ(events[0].contact_step_opened().step(), 2);
  EXPECT_TRUE(events[1].contact_stuck().stuck());
  EXPECT_EQ(events[2].kind_case(), v1::Event::kContactStuck);
  EXPECT_FALSE(events[2].contact_stuck().stuck());
}

TEST_F(EventsTest, FromAStoredPositionOnNothingIsMissedOrTwice) {
  for (const char* id : {"a", "b", "c", "d"}) Release(id);
  const Position after{7, engine_.figures().head.sequence - 2};
  Stream(after);
  EXPECT_EQ(Read().events(0).contact_queued().contact_id(), "c");
}

TEST_F(EventsTest, WithoutAPositionFromNowOn) {
  Release("a");
  FakeEngine& engine = engine_;
  EventReader reader(engine);
  ASSERT_TRUE(reader.Begin(std::nullopt).status.ok());
  EXPECT_EQ(reader.Next(), nullptr);
  Release("b");
  EXPECT_EQ(reader.Next()->events(0).contact_queued().contact_id(), "b");
}

TEST_F(EventsTest, ASignOfLifeTellsThePosition) {
  Release("a");
  Stream(Position{});
  EXPECT_EQ(Read().events_size(), 1);
  time_.Advance(limits::kHeartbeatMs);
  const auto response = Read();
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_EQ(response.position().sequence(), engine_.figures().head.sequence);
}

TEST_F(EventsTest, WhatHistoryNoLongerHoldsIsOutOfRange) {
  for (const char* id : {"a", "b", "c"}) Release(id);
  const std::uint64_t head = engine_.figures().head.sequence;
  engine_.TrimHistory(1);
  Stream(Position{7, head - 2});
  EXPECT_EQ(reader_->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(DetailOf(*context_).reason(), "history_trimmed");
  EXPECT_EQ(DetailOf(*context_).first_kept().sequence(), head);
}

TEST_F(EventsTest, APositionOfTheFutureIsOutOfRange) {
  Release("a");
  Stream(Position{7, engine_.figures().head.sequence + 5});
  EXPECT_EQ(reader_->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(EventsTest, StopEndsTheStream) {
  Release("a");
  Stream(Position{});
  EXPECT_EQ(Read().events_size(), 1);
  server_->Stop(5000);
  v1::StreamEventsResponse response;
  EXPECT_FALSE(reader_->Read(&response));
  EXPECT_EQ(reader_->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(EventReaderTest, AReaderThatFallsOutOfHistoryIsToldOfTheGap) {
  FakeEngine engine;
  engine.Release({Of(EventKind::kContactQueued, "a")});
  EventReader reader(engine);
  ASSERT_TRUE(reader.Begin(Position{}).status.ok());
  ASSERT_EQ(reader.Next()->events_size(), 1);
  const Position told = reader.position();
  for (const char* id : {"b", "c", "d"}) engine.Release({Of(EventKind::kContactQueued, id)});
  engine.TrimHistory(1);
  const auto response = reader.Next();
  ASSERT_EQ(response->events_size(), 2);
  EXPECT_EQ(response->events(0).gap().after().sequence(), told.sequence);
  EXPECT_EQ(response->events(0).gap().first_kept().sequence(), told.sequence + 3);
  EXPECT_EQ(response->events(1).contact_queued().contact_id(), "d");
  EXPECT_EQ(reader.Next(), nullptr);
}

TEST(EventReaderTest, TheEventsOfARecordStayTogether) {
  FakeEngine engine;
  std::vector<engine::Event> events;
  for (int record = 0; record < 40; ++record) {
    for (std::uint32_t index = 0; index < 3; ++index) {
      events.push_back(Of(EventKind::kContactQueued, std::string(120, 'c'), index));
      auto identity = std::make_shared<engine::ContactIdentity>(*events.back().contact.identity);
      for (int i = 0; i < 40; ++i) identity->requirements.push_back({std::string(120, 's'), 1});
      events.back().contact.identity = identity;
    }
  }
  engine.Release(std::move(events));
  EventReader reader(engine);
  ASSERT_TRUE(reader.Begin(Position{}).status.ok());
  int messages = 0;
  int seen = 0;
  std::uint64_t last = 0;
  while (const auto response = reader.Next()) {
    ++messages;
    EXPECT_LT(response->ByteSizeLong(), 300U * 1024);
    EXPECT_EQ(response->events_size() % 3, 0);
    EXPECT_GT(response->events(0).position().sequence(), last);
    last = response->position().sequence();
    seen += response->events_size();
  }
  EXPECT_EQ(seen, 120);
  EXPECT_GT(messages, 1);
}

TEST(EventReaderTest, APositionInTheMiddleOfABatchGoesOnThere) {
  FakeEngine engine;
  engine.Release({Of(EventKind::kContactQueued, "a"), Of(EventKind::kContactQueued, "b")});
  const Position head = engine.figures().head;
  EventReader reader(engine);
  ASSERT_TRUE(reader.Begin(Position{7, head.sequence - 1}).status.ok());
  const auto response = reader.Next();
  ASSERT_EQ(response->events_size(), 1);
  EXPECT_EQ(response->events(0).contact_queued().contact_id(), "b");
}

TEST(EventMessages, EveryKindOfTheEngineHasItsMessage) {
  for (int i = 0; i <= static_cast<int>(EventKind::kGatewayDisconnected); ++i) {
    const auto kind = static_cast<EventKind>(i);
    if (kind == EventKind::kContactReleased) continue;  // of the gateway's session only
    engine::Event event = Of(kind);
    event.agent_view = std::make_shared<const engine::AgentView>();
    v1::Event message;
    Fill(event, &message);
    EXPECT_NE(message.kind_case(), v1::Event::KIND_NOT_SET) << i;
  }
}

TEST(EventMessages, CarryWhatReportsNeed) {
  engine::Event event = Of(EventKind::kOfferEnded, "c", 2);
  event.at = {7, 40};
  event.actor = "ann";
  event.offer = {{7, 39}, 0};
  event.outcome = core::OfferOutcome::kRejected;
  event.why = "wrong language";
  v1::Event message;
  Fill(event, &message);
  EXPECT_EQ(message.position().sequence(), 40U);
  EXPECT_EQ(message.index(), 2U);
  EXPECT_EQ(message.actor(), "ann");
  EXPECT_EQ(message.offer_ended().offer_id(), "7-39-0");
  EXPECT_EQ(message.offer_ended().outcome(), v1::OFFER_OUTCOME_REJECTED);
  EXPECT_EQ(message.offer_ended().queue(), "sales");
  EXPECT_EQ(message.offer_ended().reject_reason(), "wrong language");
  event = Of(EventKind::kAgentChanged, "", 3);
  event.agent_view = std::make_shared<const engine::AgentView>();
  event.why = "end of shift";
  Fill(event, &message);
  EXPECT_EQ(message.agent_changed().log_out_reason(), "end of shift");
}

}  // namespace
}  // namespace routerd::api
