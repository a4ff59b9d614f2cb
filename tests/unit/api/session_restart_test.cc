// The router was down: a session goes on where its client was, or the client is told so.
#include <gtest/gtest.h>

#include "routerd/base/limits.h"
#include "tests/unit/api/session_client.h"

namespace routerd::api {
namespace {

constexpr const char* kId = "g-5-1";  // of a session that the router before this one opened
constexpr const char* kCursor = "5-90-2";

class SessionRestartTest : public SessionTest {
 protected:
  // The engine takes such a session up, and has something for it.
  void KnowTheSession() {
    engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer& answer) {
      EXPECT_EQ(open.resume, kId);
      ASSERT_TRUE(open.told);
      EXPECT_EQ(open.told->at, (Position{5, 90}));
      EXPECT_EQ(open.told->index, 2U);
      answer.resumed = true;
      answer.session = kId;
      engine::Event missed = Queued("call-1");
      missed.at = {5, 91};
      missed.index = 1;
      open.outbox->Push({std::make_shared<const engine::Event>(std::move(missed)), {}});
    });
  }
};

TEST_F(SessionRestartTest, ItGoesOnAfterTheLastFrameThatTheClientSaw) {
  KnowTheSession();
  const auto gateway = Gateway();
  const auto welcome = gateway->HelloFrame("pbx", kId, 12, kCursor);
  EXPECT_TRUE(welcome.welcome().resumed());
  EXPECT_TRUE(welcome.welcome().resend());
  EXPECT_FALSE(welcome.welcome().resync());
  EXPECT_EQ(welcome.welcome().session_id(), kId);
  EXPECT_EQ(welcome.welcome().held(), 0U);
  EXPECT_EQ(welcome.cursor(), kCursor) << "what follows is not told yet";
  EXPECT_EQ(welcome.sequence(), 90U);
  const auto missed = gateway->Read();
  EXPECT_EQ(missed.number(), 13U);
  EXPECT_EQ(missed.events(0).queued().contact_id(), "call-1");
  EXPECT_EQ(missed.cursor(), "5-91-1");
  gateway->Send(Reports(1, {"r1"}));
  const auto answered = gateway->Read();
  EXPECT_EQ(answered.number(), 14U);
  EXPECT_EQ(answered.results(0).request_id(), "r1");
  EXPECT_EQ(answered.cursor(), "5-91-1");
}

TEST_F(SessionRestartTest, ThenItIsASessionLikeAnyOther) {
  KnowTheSession();
  auto gateway = Gateway();
  gateway->HelloFrame("pbx", kId, 12, kCursor);
  EXPECT_EQ(gateway->Read().number(), 13U);
  gateway->Close();
  EXPECT_TRUE(gateway->End().ok());
  EXPECT_EQ(std::get<engine::DropSession>(engine_.Await<engine::DropSession>().command).session,
            kId);
  engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer& answer) {
    EXPECT_EQ(open.resume, kId);
    EXPECT_FALSE(open.told) << "this router knows what it told";
    answer.resumed = true;
    answer.session = kId;
  });
  gateway = Gateway();
  const auto welcome = gateway->HelloFrame("pbx", kId, 12, kCursor);
  EXPECT_TRUE(welcome.welcome().resumed());
  EXPECT_FALSE(welcome.welcome().resend());
  EXPECT_EQ(welcome.cursor(), kCursor);
  const auto again = gateway->Read();
  EXPECT_EQ(again.number(), 13U);
  EXPECT_EQ(again.cursor(), "5-91-1");
  engine_.Tell("pbx", Queued("call-2"));
  EXPECT_EQ(gateway->Read().number(), 14U);
}

TEST_F(SessionRestartTest, ItsGraceEndsHereToo) {
  KnowTheSession();
  auto gateway = Gateway();
  gateway->HelloFrame("pbx", kId, 12, kCursor);
  gateway->Close();
  EXPECT_TRUE(gateway->End().ok());
  engine_.Await<engine::DropSession>();
  time_.Advance(60'000);
  // What the engine would say: it is not one that was kept over the restart any more.
  engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer& answer) {
    EXPECT_TRUE(open.told);
    answer.resumed = false;
    answer.session = "s-9";
  });
  const v1::Welcome welcome = Gateway()->HelloFrame("pbx", kId, 13, "5-91-1").welcome();
  EXPECT_TRUE(welcome.resync());
  EXPECT_TRUE(welcome.resend());
  EXPECT_EQ(welcome.session_id(), "s-9");
}

TEST_F(SessionRestartTest, AnUnknownSessionIsResyncedAndCommandsAreSentAgain) {
  const auto gateway = Gateway();
  const auto welcome = gateway->HelloFrame("pbx", kId, 12, kCursor);
  EXPECT_TRUE(welcome.welcome().resync());
  EXPECT_TRUE(welcome.welcome().resend());
  EXPECT_FALSE(welcome.welcome().resumed());
  EXPECT_EQ(welcome.cursor(), "") << "a list is to come";
  const auto list = gateway->Read();
  EXPECT_EQ(list.number(), 1U);
  EXPECT_TRUE(list.events(0).resync().last());
  EXPECT_EQ(list.cursor(), "7-" + std::to_string(welcome.sequence()) + "-4294967295");
}

TEST_F(SessionRestartTest, WithoutACursorThereIsNothingToGoOnFrom) {
  engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer&) {
    EXPECT_EQ(open.resume, "");
    EXPECT_FALSE(open.told);
  });
  EXPECT_TRUE(Gateway()->HelloFrame("pbx", kId, 12, "").welcome().resync());
}

TEST_F(SessionRestartTest, ACursorWithoutASessionMeansNothing) {
  engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer&) {
    EXPECT_EQ(open.resume, "");
    EXPECT_FALSE(open.told);
  });
  const v1::Welcome welcome = Gateway()->HelloFrame("pbx", "", 0, kCursor).welcome();
  EXPECT_FALSE(welcome.resync());
  EXPECT_FALSE(welcome.resend());
}

TEST_F(SessionRestartTest, WhatNobodyWasGivenIsRefused) {
  const auto refused = [this](std::uint64_t last_seen, const std::string& cursor) {
    const auto gateway = Gateway();
    v1::OpenGatewaySessionRequest frame;
    frame.mutable_hello()->set_client("pbx");
    frame.mutable_hello()->set_session_id(kId);
    frame.mutable_hello()->set_last_seen(last_seen);
    frame.mutable_hello()->set_cursor(cursor);
    gateway->Send(frame);
    EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::INVALID_ARGUMENT) << cursor;
    return DetailOf(gateway->context()).field_violations(0).field();
  };
  for (const char* cursor : {"x", "5-90", "5-90-2-", "5-90-2-1", "0-90-2", "-5-90-2", " 5-90-2"}) {
    EXPECT_EQ(refused(12, cursor), "hello.cursor");
  }
  EXPECT_EQ(refused(~std::uint64_t{0}, kCursor), "hello.last_seen");
  EXPECT_EQ(engine_.submitted(), 0U);
}

TEST_F(SessionRestartTest, EveryFrameSaysHowFarItTells) {
  const auto gateway = Gateway();
  const auto welcome = gateway->HelloFrame("pbx", "", 0, "");
  EXPECT_EQ(welcome.cursor(), "7-" + std::to_string(welcome.sequence()) + "-4294967295");
  engine::Event event = Queued("call-1");
  event.index = 3;
  engine_.Tell("pbx", event);
  const auto told = gateway->Read();
  EXPECT_EQ(told.cursor(), "7-" + std::to_string(told.sequence()) + "-3");
  gateway->Send(Reports(1, {"r1"}));
  EXPECT_EQ(gateway->Read().cursor(), told.cursor());
}

// Others are told much meanwhile. Once too much has happened since, a session cannot be taken up.
TEST_F(SessionRestartTest, WhoHearsNothingIsToldHowFarThatIs) {
  const auto gateway = Gateway();
  gateway->HelloFrame("pbx", "", 0, "");
  engine_.Release({Queued("call-1"), Queued("call-2")});
  time_.Advance(limits::kHeartbeatMs);
  const auto beat = gateway->Read();
  EXPECT_EQ(beat.number(), 0U);
  EXPECT_EQ(beat.cursor(), "7-" + std::to_string(engine_.figures().head.sequence) + "-4294967295");
}

TEST_F(SessionRestartTest, ADesktopGoesOnAsWell) {
  engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer& answer) {
    EXPECT_EQ(open.resume, "d-5-2");
    EXPECT_TRUE(open.told);
    answer.resumed = true;
    answer.session = "d-5-2";
  });
  const auto desktop = Desktop();
  EXPECT_TRUE(desktop->HelloFrame("desk", "d-5-2", 3, kCursor).welcome().resumed());
  engine::Event event;
  event.kind = engine::EventKind::kContactAnswered;
  event.contact = ContactOf("call-1", core::ContactState::kAssigned);
  engine_.Tell("desk", event);
  EXPECT_EQ(desktop->Read().number(), 4U);
}

}  // namespace
}  // namespace routerd::api
