// How a session cuts its frames, without a connection.
#include <gtest/gtest.h>

#include <algorithm>

#include "routerd/api/session.h"
#include "tests/unit/api/fake_engine.h"
#include "tests/unit/api/kept_link.h"
#include "tests/unit/api/test_time.h"

namespace routerd::api {
namespace {

using Out = v1::OpenGatewaySessionResponse;

class FramesTest : public ::testing::Test {
 protected:
  FramesTest() {
    executor_.Stop();  // the test pumps by itself
    engine::Answer opened;
    opened.session = "s-1";
    opened.at = {7, 1};
    session_->Open(link_, opened, std::make_shared<Out>(), {});
  }

  // The command's answer at a place in history, then the event it made happen.
  void AnswerAndTell(std::uint64_t sequence) {
    engine::Answer answer;
    answer.at = {7, sequence};
    ASSERT_TRUE(session_->Begin());
    session_->Answered(std::to_string(sequence) + std::string(50, 'r'), nullptr, answer);
    auto event = std::make_shared<engine::Event>();
    event->kind = engine::EventKind::kContactQueued;
    event->at = {7, sequence};
    event->queue = std::string(100, 'q');
    outbox_->Push({std::move(event), {}});
  }
  std::shared_ptr<const Out> NextFrame() {
    link_->written.reset();
    session_->Written(link_);
    return link_->written;
  }

  FakeEngine engine_;
  TestTime time_;
  Executor executor_{1};
  Runtime runtime_{engine_, time_, time_, executor_, "1.2.3", 4};
  std::shared_ptr<engine::Outbox> outbox_ =
      std::make_shared<engine::Outbox>(limits::kSessionOutbox);
  std::shared_ptr<KeptLink<Out>> link_ = std::make_shared<KeptLink<Out>>();
  std::shared_ptr<Session<GatewayKind>> session_ =
      std::make_shared<Session<GatewayKind>>(runtime_, "pbx", outbox_);
};

TEST_F(FramesTest, UnderLoadFramesAreFullAndFair) {
  for (std::uint64_t sequence = 2; sequence < 2002; ++sequence) AnswerAndTell(sequence);
  std::uint64_t answered = 1;
  std::uint64_t told = 1;
  std::uint64_t number = 0;
  while (const auto frame = NextFrame()) {
    EXPECT_EQ(frame->number(), ++number);
    EXPECT_LT(frame->ByteSizeLong(), 2 * limits::kFrameBytes);
    for (const auto& result : frame->results()) {
      EXPECT_EQ(std::stoull(result.request_id()), ++answered);
    }
    for (const auto& event : frame->events()) {
      EXPECT_EQ(event.sequence(), ++told);
      EXPECT_LE(told, answered) << "an event before the result of its own command";
    }
    // Results do not starve the events: both go on in every frame until one is through.
    if (answered < 2001) {
      EXPECT_GT(frame->events_size(), 0);
    }
  }
  EXPECT_EQ(answered, 2001U);
  EXPECT_EQ(told, 2001U);
}

TEST_F(FramesTest, NothingToSayMeansNoFrame) {
  EXPECT_EQ(NextFrame(), nullptr);
  EXPECT_EQ(session_->writing_since(), 0);
}

TEST_F(FramesTest, ASignOfLifeHasNoNumber) {
  NextFrame();
  time_.Advance(limits::kHeartbeatMs);
  link_->written.reset();
  session_->Heartbeat(link_, time_.BootMs());
  ASSERT_NE(link_->written, nullptr);
  EXPECT_EQ(link_->written->number(), 0U);
}

// A gateway may hold more open offers than a session may leave unacknowledged. It must come to hear
// of them all the same.
TEST_F(FramesTest, WhatTheRouterHeldDoesNotCountAgainstTheClient) {
  std::vector<v1::GatewayEvent> lists(limits::kSessionOutbox + 1);
  for (v1::GatewayEvent& event : lists) event.set_sequence(1);
  const auto session = std::make_shared<Session<GatewayKind>>(runtime_, "mail", outbox_);
  engine::Answer opened;
  opened.session = "s-2";
  session->Open(link_, opened, std::make_shared<Out>(), std::move(lists));
  std::size_t told = 0;
  const auto read = [&] {
    do {
      link_->written.reset();
      session->Written(link_);
      if (link_->written) told += static_cast<std::size_t>(link_->written->events_size());
    } while (link_->written);
  };
  read();
  EXPECT_EQ(told, limits::kSessionOutbox + 1);
  EXPECT_EQ(link_->ended, "");
  const auto event = std::make_shared<engine::Event>();
  event->kind = engine::EventKind::kContactQueued;
  for (std::size_t i = 0; i < limits::kSessionOutbox; ++i) outbox_->Push({event, {}});
  read();
  EXPECT_EQ(link_->ended, "") << "what comes later counts, and this is as many as may be";
  outbox_->Push({event, {}});
  session->Pump();
  EXPECT_EQ(link_->ended, "too_slow");
}

// The lists are not all that the router holds before the last of them; what came before cannot be
// gone on from.
TEST_F(FramesTest, ThereIsNoCursorBeforeTheListsAreThrough) {
  std::vector<v1::GatewayEvent> lists(3);
  for (v1::GatewayEvent& event : lists) {
    event.set_sequence(5);
    event.mutable_resync()->add_contacts()->set_queue(std::string(limits::kFrameBytes, 'q'));
  }
  const auto session = std::make_shared<Session<GatewayKind>>(runtime_, "mail", outbox_);
  engine::Answer opened;
  opened.session = "s-2";
  opened.at = {7, 5};
  session->Open(link_, opened, std::make_shared<Out>(), std::move(lists));
  EXPECT_EQ(link_->written->cursor(), "");
  std::vector<std::string> cursors;
  for (int i = 0; i < 3; ++i) {
    session->Written(link_);
    cursors.push_back(link_->written->cursor());
  }
  EXPECT_EQ(cursors, (std::vector<std::string>{"", "", "7-5-4294967295"}));
  session->Written(link_);
  runtime_.released = 9;
  time_.Advance(limits::kHeartbeatMs);
  session->Heartbeat(link_, time_.BootMs());
  EXPECT_EQ(link_->written->cursor(), "7-9-4294967295")
      << "who hears nothing keeps up all the same";
  ASSERT_TRUE(session->Resume(link_, 0, outbox_, std::make_shared<Out>()));
  session->Written(link_);
  EXPECT_EQ(link_->written->number(), 1U);
  EXPECT_EQ(link_->written->cursor(), "") << "sent again as it was";
}

// Both parties of a conference may be at one desktop: the engine tells it one event twice.
TEST_F(FramesTest, WhatTheEngineCountsAsOneIsToldWithItsLastPart) {
  for (int i = 0; i < 2; ++i) {
    auto event = std::make_shared<engine::Event>();
    event->kind = engine::EventKind::kContactQueued;
    event->at = {7, 3};
    event->index = 4;
    event->queue = std::string(limits::kFrameBytes, 'q');
    outbox_->Push({std::move(event), {}});
  }
  EXPECT_EQ(NextFrame()->cursor(), "7-1-4294967295");
  EXPECT_EQ(NextFrame()->cursor(), "7-3-4");
}

TEST_F(FramesTest, AStreamThatIsToEndTellsEverythingFirst) {
  NextFrame();
  ASSERT_TRUE(session_->Begin());
  for (int i = 0; i < 3; ++i) outbox_->Push({std::make_shared<engine::Event>(), {}});
  session_->EndWhenTold(link_, Failed(Code::kUnavailable, "draining", "the router stops"));
  EXPECT_EQ(link_->ended, "") << "an answer is still to come";
  session_->Answered("r1", nullptr, {});
  const auto last = NextFrame();
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->results_size(), 1);
  EXPECT_EQ(link_->ended, "");
  EXPECT_EQ(NextFrame(), nullptr);
  EXPECT_EQ(link_->ended, "draining");
}

TEST_F(FramesTest, AStreamThatIsToEndSaysLastHowFarThatIs) {
  NextFrame();
  runtime_.released = 9;
  link_->written.reset();
  session_->EndWhenTold(link_, Failed(Code::kUnavailable, "draining", "the router stops"));
  ASSERT_NE(link_->written, nullptr);
  EXPECT_EQ(link_->written->number(), 0U);
  EXPECT_EQ(link_->written->cursor(), "7-9-4294967295");
  EXPECT_EQ(link_->ended, "");
  EXPECT_EQ(NextFrame(), nullptr);
  EXPECT_EQ(link_->ended, "draining");
}

TEST_F(FramesTest, AStreamThatHasNothingToTellEndsAtOnce) {
  NextFrame();
  const auto other = std::make_shared<KeptLink<Out>>();
  const engine::Answer why = Failed(Code::kUnavailable, "draining", "the router stops");
  session_->EndWhenTold(other, why);
  EXPECT_EQ(other->ended, "draining") << "the session is another stream's";
  EXPECT_EQ(link_->ended, "");
  session_->EndWhenTold(link_, why);
  EXPECT_EQ(link_->ended, "draining");
}

// A stream that ends tells the engine which connection was lost, and starts a grace. Another stream
// may take the session up at any moment in between: neither may hit it.
TEST_F(FramesTest, WhatAStreamLeavesBehindIsNotTheNextOnes) {
  const auto left = session_->Detach(link_);
  ASSERT_TRUE(left.has_value());
  const auto next = std::make_shared<KeptLink<Out>>();
  const auto next_outbox = std::make_shared<engine::Outbox>(limits::kSessionOutbox);
  ASSERT_TRUE(session_->Resume(next, 0, next_outbox, std::make_shared<Out>()));
  EXPECT_EQ(left->outbox, outbox_);
  EXPECT_NE(left->generation, session_->generation());
  EXPECT_FALSE(session_->Detach(link_).has_value()) << "the session is another stream's";
  EXPECT_EQ(session_->outbox(), next_outbox);
}

TEST_F(FramesTest, TheCountOfUnacknowledgedThingsHasAnEnd) {
  NextFrame();
  for (std::size_t i = 0; i <= limits::kSessionOutbox; ++i) {
    auto event = std::make_shared<engine::Event>();
    event->kind = engine::EventKind::kContactQueued;
    event->at = {7, i + 2};
    outbox_->Push({std::move(event), {}});
    if (i % 100 == 0) session_->Pump();
    if (link_->written) NextFrame();
  }
  while (link_->ended.empty() && NextFrame()) {
  }
  session_->Pump();
  EXPECT_EQ(link_->ended, "too_slow");
  EXPECT_FALSE(session_->CanResume(0));
}

}  // namespace
}  // namespace routerd::api
