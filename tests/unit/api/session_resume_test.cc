// Connections that drop, sessions that go on: resume, resync, superseded, slow, silent.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "routerd/base/limits.h"
#include "tests/unit/api/session_client.h"

namespace routerd::api {
namespace {

// Frames 1..3 with an event each, none acknowledged.
void TellThree(FakeEngine& engine, GatewayClient& gateway,
               engine::Event (*queued)(const std::string&)) {
  for (int i = 1; i <= 3; ++i) {
    engine.Tell("pbx", queued("call-" + std::to_string(i)));
    EXPECT_EQ(gateway.Read().number(), static_cast<std::uint64_t>(i));
  }
}

class ResumeTest : public SessionTest {
 protected:
  std::unique_ptr<GatewayClient> Dropped() {
    auto gateway = Gateway();
    gateway->Hello("pbx");
    TellThree(engine_, *gateway, &Queued);
    gateway->Close();
    EXPECT_TRUE(gateway->End().ok());
    engine_.Await<engine::DropSession>();
    return gateway;
  }
};

TEST_F(ResumeTest, WhatWasNotSeenIsSentAgainWithItsNumbers) {
  Dropped();
  engine_.Tell("pbx", Queued("call-4"));  // while the connection is away
  const auto gateway = Gateway();
  const v1::Welcome welcome = gateway->Hello("pbx", "s-1", 1);
  EXPECT_TRUE(welcome.resumed());
  EXPECT_FALSE(welcome.resync());
  EXPECT_EQ(welcome.session_id(), "s-1");
  for (std::uint64_t number = 2; number <= 4; ++number) {
    const auto frame = gateway->Read();
    EXPECT_EQ(frame.number(), number);
    EXPECT_EQ(frame.events(0).queued().contact_id(), "call-" + std::to_string(number));
  }
  engine_.Tell("pbx", Queued("call-5"));
  EXPECT_EQ(gateway->Read().number(), 5U);
}

TEST_F(ResumeTest, AnAnswerThatCameWhileAwayIsNotLost) {
  auto gateway = Gateway();
  gateway->Hello("pbx");
  std::promise<void> leave;
  std::promise<void> left;
  engine_.SetHandler([&](const engine::Envelope&) {
    leave.set_value();
    left.get_future().wait();  // the answer comes when the connection is gone
    return engine::Answer();
  });
  gateway->Send(Reports(1, {"r1"}));
  leave.get_future().wait();
  gateway->Close();
  EXPECT_TRUE(gateway->End().ok());
  left.set_value();
  engine_.Await<engine::DropSession>();
  gateway = Gateway();
  EXPECT_TRUE(gateway->Hello("pbx", "s-1", 0).resumed());
  const auto frame = gateway->Read();
  EXPECT_EQ(frame.number(), 1U);
  EXPECT_EQ(frame.results(0).request_id(), "r1");
}

TEST_F(ResumeTest, WhoMissedTooMuchIsResynced) {
  auto gateway = Gateway();
  gateway->Hello("pbx");
  TellThree(engine_, *gateway, &Queued);
  gateway->Acknowledge(3);
  gateway->Close();
  EXPECT_TRUE(gateway->End().ok());
  engine_.Await<engine::DropSession>();
  engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer& answer) {
    EXPECT_EQ(open.resume, "");  // nothing to be gained by asking
    answer.held_contacts = {{ContactOf("call-2", core::ContactState::kQueued), {}, {}}};
  });
  gateway = Gateway();
  const v1::Welcome welcome = gateway->Hello("pbx", "s-1", 1);
  EXPECT_FALSE(welcome.resumed());
  EXPECT_TRUE(welcome.resync());
  EXPECT_EQ(welcome.session_id(), "s-2");
  EXPECT_EQ(welcome.held(), 1U);
  const auto frame = gateway->Read();
  EXPECT_EQ(frame.number(), 1U);
  EXPECT_EQ(frame.events(0).resync().contacts(0).contact_id(), "call-2");
  EXPECT_TRUE(frame.events(0).resync().last());
}

TEST_F(ResumeTest, AnUnknownSessionIsResyncedWhateverWasAcknowledged) {
  const auto gateway = Gateway();
  v1::OpenGatewaySessionRequest hello;
  hello.mutable_hello()->set_client("pbx");
  hello.mutable_hello()->set_session_id("s-99");
  hello.mutable_hello()->set_last_seen(500);
  hello.set_acked(500);
  gateway->Send(hello);
  EXPECT_TRUE(gateway->Read().welcome().resync());
  EXPECT_TRUE(gateway->Read().events(0).has_resync());
}

TEST_F(ResumeTest, AnotherClientCannotTakeASessionUp) {
  Dropped();
  const auto thief = Gateway();
  const v1::Welcome welcome = thief->Hello("mail", "s-1", 3);
  EXPECT_FALSE(welcome.resumed());
  EXPECT_EQ(welcome.session_id(), "s-2");
}

TEST_F(ResumeTest, AStartedGatewayIsAskedToReconcile) {
  engine_.SetOpenHandler([](const engine::OpenSession&, engine::Answer& answer) {
    answer.held_contacts = {{ContactOf("call-9", core::ContactState::kAssigned), {}, {}}};
  });
  const auto gateway = Gateway();
  const v1::Welcome welcome = gateway->Hello("pbx");
  EXPECT_FALSE(welcome.resync());
  EXPECT_EQ(welcome.held(), 1U);
  EXPECT_EQ(gateway->Read().events(0).reconcile().contacts(0).contact_id(), "call-9");
}

TEST_F(ResumeTest, TheEngineMayRefuseToResume) {
  Dropped();
  engine_.SetOpenHandler([](const engine::OpenSession& open, engine::Answer& answer) {
    EXPECT_EQ(open.resume, "s-1");
    answer.resumed = false;
    answer.session = "s-7";
  });
  const auto gateway = Gateway();
  const v1::Welcome welcome = gateway->Hello("pbx", "s-1", 3);
  EXPECT_TRUE(welcome.resync());
  EXPECT_EQ(welcome.session_id(), "s-7");
}

TEST_F(ResumeTest, ANewerStreamTakesOverAndTheOlderIsToldSo) {
  const auto older = Gateway();
  older->Hello("pbx");
  TellThree(engine_, *older, &Queued);
  const auto newer = Gateway();
  EXPECT_TRUE(newer->Hello("pbx", "s-1", 3).resumed());
  EXPECT_EQ(older->End().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailOf(older->context()).reason(), "superseded");
  engine_.Tell("pbx", Queued("call-4"));
  EXPECT_EQ(newer->Read().number(), 4U);
}

TEST_F(ResumeTest, ANewSessionOfTheClientEndsTheOldStream) {
  const auto older = Gateway();
  older->Hello("pbx");
  const auto newer = Gateway();
  EXPECT_EQ(newer->Hello("pbx").session_id(), "s-2");
  EXPECT_EQ(older->End().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailOf(older->context()).reason(), "superseded");
}

TEST_F(ResumeTest, WhenTheGraceIsOverTheSessionIsForgotten) {
  Dropped();
  time_.Advance(59'000);
  auto gateway = Gateway();
  EXPECT_TRUE(gateway->Hello("pbx", "s-1", 3).resumed());
  gateway->Close();
  EXPECT_TRUE(gateway->End().ok());
  engine_.Await<engine::DropSession>();
  time_.Advance(59'999);  // the first grace would be over by now
  gateway = Gateway();
  EXPECT_TRUE(gateway->Hello("pbx", "s-1", 3).resumed());
  gateway->Close();
  EXPECT_TRUE(gateway->End().ok());
  engine_.Await<engine::DropSession>();
  time_.Advance(60'000);
  engine_.SetOpenHandler(
      [](const engine::OpenSession& open, engine::Answer&) { EXPECT_EQ(open.resume, ""); });
  EXPECT_TRUE(Gateway()->Hello("pbx", "s-1", 3).resync());
}

TEST_F(ResumeTest, WhoFallsTooFarBehindIsCutOffAndResynced) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  engine_.OnWriter([] {});
  // More than the outbox holds, in one go on the writer's thread.
  std::shared_ptr<engine::Outbox> outbox =
      std::get<engine::OpenSession>(engine_.Await<engine::OpenSession>().command).outbox;
  const auto event = std::make_shared<const engine::Event>(Queued("call"));
  outbox->SetWaker({});
  for (std::size_t i = 0; i <= limits::kSessionOutbox; ++i) outbox->Push({event, {}});
  gateway->Send(Reports(1, {"r"}));  // wakes the session
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "too_slow");
  const auto again = Gateway();
  EXPECT_TRUE(again->Hello("pbx", "s-1", 0).resync());
}

TEST_F(ResumeTest, WhoNeverAcknowledgesIsCutOffInTheEnd) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  std::size_t read = 0;
  const auto event = Queued("call");
  while (read < limits::kSessionOutbox) {
    for (int i = 0; i < 64; ++i) engine_.Tell("pbx", event);
    for (std::size_t until = read + 64; read < until && read < limits::kSessionOutbox;) {
      read += static_cast<std::size_t>(gateway->Read().events_size());
    }
  }
  engine_.Tell("pbx", event);
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "too_slow");
}

TEST_F(ResumeTest, AnswersNotAcknowledgedStopTheCommands) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  std::uint64_t number = 0;
  std::size_t answered = 0;
  bool refused = false;
  std::vector<std::string> ids(256);
  while (!refused) {
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = std::to_string(number * 1000 + i);
    gateway->Send(Reports(++number, ids));
    for (std::size_t seen = 0; seen < ids.size();) {
      const auto frame = gateway->Read();
      for (const auto& result : frame.results()) {
        ++seen;
        if (!result.has_status()) {
          ++answered;
          continue;
        }
        EXPECT_EQ(result.status().detail().reason(), "too_many_unacked");
        refused = true;
      }
    }
  }
  EXPECT_EQ(answered, limits::kAnswersPerIdentity);
}

TEST_F(ResumeTest, TheRouterSendsASignOfLife) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  time_.Advance(limits::kHeartbeatMs - 1);
  gateway->Acknowledge(0);
  time_.Advance(1);
  const auto frame = gateway->Read();
  EXPECT_EQ(frame.number(), 0U);
  EXPECT_EQ(frame.results_size() + frame.events_size(), 0);
  EXPECT_EQ(frame.sent_unix_ms(), time_.WallMs());
}

TEST_F(ResumeTest, ASilentClientIsTakenForDead) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  time_.Advance(limits::kDeadAfterMs);
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "dead");
  engine_.Await<engine::DropSession>();
  EXPECT_TRUE(Gateway()->Hello("pbx", "s-1", 0).resumed());
}

// It goes on sending, so that its silence is not the reason.
TEST_F(ResumeTest, AClientThatDoesNotReadIsTakenForDead) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  // Far more than the connection holds, so that a write is stuck, and less than the session keeps.
  const engine::Event event = Queued(std::string(limits::kMaxIdBytes, 'c'));
  for (std::size_t i = 0; i < limits::kSessionOutbox / 2; ++i) engine_.Tell("pbx", event);
  const auto wanted = [](const engine::Envelope& e) {
    return std::holds_alternative<engine::Hold>(e.command) ||
           std::holds_alternative<engine::DropSession>(e.command);
  };
  for (std::uint64_t number = 1;; ++number) {
    gateway->Send(Reports(number, {std::to_string(number)}));
    const engine::Envelope seen = engine_.AwaitIf(wanted);
    if (std::holds_alternative<engine::DropSession>(seen.command)) break;
    ASSERT_LT(number, 100U) << "it is still taken for alive";
    time_.Advance(1'000);
  }
  const grpc::Status end = gateway->End();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(end.error_message(), "the client does not read");
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "dead");
}

TEST_F(ResumeTest, AStreamThatNeverSaysHelloIsTakenForDead) {
  const auto gateway = Gateway();
  std::atomic<bool> ended{false};
  std::thread reader([&] {
    EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::ABORTED);
    ended = true;
  });
  // The stream's time begins when it reaches the server, whenever that is.
  while (!ended) {
    time_.Advance(limits::kHeartbeatMs);
    std::this_thread::yield();
  }
  reader.join();
}

TEST_F(ResumeTest, AHeartbeatKeepsTheConnectionAlive) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  for (int i = 0; i < 6; ++i) {
    time_.Advance(limits::kHeartbeatMs);
    EXPECT_EQ(gateway->Read().number(), 0U);
    // A command, since its result shows that the frame has been read.
    gateway->Send(Reports(static_cast<std::uint64_t>(i) + 1, {std::to_string(i)}));
    EXPECT_EQ(gateway->Read().results_size(), 1);
  }
}

TEST_F(ResumeTest, AClientThatIsTooFastIsNotReadOn) {
  std::promise<void> go_on;
  std::shared_future<void> gate = go_on.get_future().share();
  engine_.SetHandler([gate](const engine::Envelope&) {
    gate.wait();
    return engine::Answer();
  });
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  constexpr std::uint64_t kFrames = 16;
  constexpr std::size_t kPerFrame = 250;
  std::thread sender([&] {
    std::vector<std::string> ids(kPerFrame);
    for (std::uint64_t number = 1; number <= kFrames; ++number) {
      for (std::size_t i = 0; i < kPerFrame; ++i) ids[i] = std::to_string(number * 1000 + i);
      gateway->Send(Reports(number, ids));
    }
    go_on.set_value();
  });
  std::size_t answered = 0;
  while (answered < kFrames * kPerFrame) {
    const auto frame = gateway->Read();
    for (const auto& result : frame.results()) answered += result.has_status() ? 0 : 1;
  }
  sender.join();
  EXPECT_LE(engine_.most_waiting(), limits::kAnswersPerIdentity / 2 + kPerFrame);
}

}  // namespace
}  // namespace routerd::api
