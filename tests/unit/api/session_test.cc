// Sessions over a real connection: Hello, commands, events, frames that are wrong.
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "routerd/base/limits.h"
#include "tests/unit/api/session_client.h"

namespace routerd::api {
namespace {

TEST_F(SessionTest, HelloIsAnsweredWithTheTerms) {
  const auto gateway = Gateway();
  const v1::Welcome welcome = gateway->Hello("pbx");
  EXPECT_EQ(welcome.session_id(), "s-1");
  EXPECT_FALSE(welcome.resumed());
  EXPECT_FALSE(welcome.resync());
  EXPECT_EQ(welcome.heartbeat_ms(), limits::kHeartbeatMs);
  EXPECT_EQ(welcome.dead_after_ms(), limits::kDeadAfterMs);
  EXPECT_EQ(welcome.grace_ms(), 60'000);
  EXPECT_EQ(welcome.limits().max_frame_bytes(), limits::kMaxMessageBytes);
  EXPECT_EQ(welcome.router_version(), "1.2.3");
  const engine::Envelope opened = engine_.Await<engine::OpenSession>();
  EXPECT_EQ(opened.client, "pbx");
  EXPECT_EQ(opened.role, engine::Role::kGateway);
}

TEST_F(SessionTest, CommandsGetResultsInTheirOrder) {
  engine_.SetHandler([](const engine::Envelope& envelope) {
    engine::Answer answer;
    answer.at = {7, 500};
    if (envelope.request_id == "r2") {
      answer.status = Status(Code::kNotFound, "no contact c").WithReason("unknown_contact");
    } else {
      answer.contact = ContactOf("c", core::ContactState::kAssigned);
    }
    return answer;
  });
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  gateway->Send(Reports(1, {"r1", "r2", "r3"}));
  std::vector<v1::GatewayCommandResult> results;
  std::uint64_t number = 0;
  while (results.size() < 3) {
    const auto frame = gateway->Read();
    EXPECT_EQ(frame.number(), ++number);
    EXPECT_EQ(frame.acked(), 1U);
    EXPECT_EQ(frame.epoch(), 7U);
    results.insert(results.end(), frame.results().begin(), frame.results().end());
  }
  EXPECT_EQ(results[0].request_id(), "r1");
  EXPECT_FALSE(results[0].has_status());
  EXPECT_EQ(results[0].report_held().state(), v1::CONTACT_STATE_ASSIGNED);
  EXPECT_EQ(results[1].status().code(), 5);
  EXPECT_EQ(results[1].status().detail().reason(), "unknown_contact");
  EXPECT_EQ(results[1].response_case(), v1::GatewayCommandResult::RESPONSE_NOT_SET);
  EXPECT_EQ(results[2].request_id(), "r3");
  const engine::Envelope envelope = engine_.Await<engine::Hold>();
  EXPECT_EQ(envelope.session, "s-1");
  EXPECT_EQ(envelope.client, "pbx");
}

TEST_F(SessionTest, OneWrongCommandDoesNotStopTheNext) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  v1::OpenGatewaySessionRequest frame = Reports(1, {"", "r2"});
  frame.add_commands();  // none that is known
  frame.add_commands()->mutable_start_consult()->mutable_header()->set_request_id("r4");
  gateway->Send(frame);
  std::map<std::string, v1::GatewayCommandResult> results;
  int unnamed = 0;
  for (int seen = 0; seen < 4;) {
    const auto read = gateway->Read();
    for (const auto& result : read.results()) {
      ++seen;
      if (result.request_id().empty()) ++unnamed;
      results[result.request_id()] = result;
    }
  }
  EXPECT_EQ(unnamed, 2);
  EXPECT_EQ(results[""].status().code(), 3);
  EXPECT_FALSE(results["r2"].has_status());
  EXPECT_EQ(results["r4"].status().code(), 3);  // fields are missing
}

TEST_F(SessionTest, CommandsMayComeWithHello) {
  const auto gateway = Gateway();
  v1::OpenGatewaySessionRequest frame = Reports(41, {"r1"});
  frame.mutable_hello()->set_client("pbx");
  gateway->Send(frame);
  EXPECT_TRUE(gateway->Read().has_welcome());
  EXPECT_EQ(gateway->Read().results(0).request_id(), "r1");
  gateway->Send(Reports(42, {"r2"}));
  EXPECT_EQ(gateway->Read().results(0).request_id(), "r2");
}

TEST_F(SessionTest, EventsComeInFrames) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  engine_.Tell("pbx", Queued("call-1"));
  const auto frame = gateway->Read();
  EXPECT_EQ(frame.number(), 1U);
  ASSERT_EQ(frame.events_size(), 1);
  EXPECT_EQ(frame.events(0).queued().contact_id(), "call-1");
  EXPECT_EQ(frame.sequence(), frame.events(0).sequence());
}

TEST_F(SessionTest, AResultComesBeforeTheEventsOfItsCommand) {
  engine_.SetHandler([](const engine::Envelope&) {
    engine::Answer answer;
    answer.at = {7, 500};
    return answer;
  });
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  for (int i = 0; i < 200; ++i) {
    const std::string id = std::to_string(i);
    gateway->Send(Reports(static_cast<std::uint64_t>(i) + 1, {id}));
    engine_.AwaitIf([&](const engine::Envelope& e) { return e.request_id == id; });
    engine_.Tell("pbx", Queued(id));
    std::vector<std::string> order;
    while (order.size() < 2) {
      const auto frame = gateway->Read();
      for (const auto& result : frame.results()) order.push_back("result " + result.request_id());
      for (const auto& event : frame.events()) {
        order.push_back("event " + event.queued().contact_id());
      }
    }
    ASSERT_EQ(order, (std::vector<std::string>{"result " + id, "event " + id}));
  }
}

TEST_F(SessionTest, HelloIsRequiredFirstAndOnce) {
  const auto first = Gateway();
  first->Send(Reports(1, {"r"}));
  EXPECT_EQ(first->End().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf(first->context()).field_violations(0).field(), "hello");
  const auto second = Gateway();
  second->Hello("pbx");
  v1::OpenGatewaySessionRequest again;
  again.mutable_hello()->set_client("pbx");
  second->Send(again);
  EXPECT_EQ(second->End().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SessionTest, AWrongHelloSaysWhatIsWrong) {
  const auto nameless = Gateway();
  v1::OpenGatewaySessionRequest frame;
  frame.mutable_hello();
  nameless->Send(frame);
  EXPECT_EQ(nameless->End().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf(nameless->context()).field_violations(0).field(), "hello.client");
  const auto stranger = Gateway();
  frame.mutable_hello()->set_client("pbx");
  frame.mutable_hello()->set_domain("elsewhere");
  stranger->Send(frame);
  EXPECT_EQ(stranger->End().error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailOf(stranger->context()).reason(), "unknown_domain");
}

TEST_F(SessionTest, WhatTheEngineRefusesEndsTheStream) {
  engine_.SetOpenHandler([](const engine::OpenSession&, engine::Answer& answer) {
    answer.status = Status(Code::kResourceExhausted, "full").WithReason("session_limit");
    answer.status.WithRetryAfter(200);
  });
  const auto gateway = Gateway();
  v1::OpenGatewaySessionRequest hello;
  hello.mutable_hello()->set_client("pbx");
  gateway->Send(hello);
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(DetailOf(gateway->context()).retry_after_ms(), 200);
}

TEST_F(SessionTest, AGapInTheClientsNumbersEndsTheStream) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  gateway->Send(Reports(5, {"r5"}));  // any number to begin with
  gateway->Send(Reports(6, {"r6"}));
  gateway->Send(Reports(8, {"r8"}));
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "frame_gap");
}

TEST_F(SessionTest, FramesWithCommandsAreNumbered) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  gateway->Send(Reports(0, {"r"}));
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SessionTest, AFrameThatIsTooLargeEndsTheStream) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  v1::OpenGatewaySessionRequest frame = Reports(1, {"r"});
  frame.mutable_commands(0)->mutable_report_held()->set_contact_id(
      std::string(limits::kMaxMessageBytes, 'c'));
  gateway->Send(frame);
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "too_large");
}

TEST_F(SessionTest, CommandsBeyondAFramesLimitAreRefusedOneByOne) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  std::vector<std::string> ids;
  for (int i = 0; i <= limits::kMaxCommandsPerFrame; ++i) ids.push_back(std::to_string(i));
  gateway->Send(Reports(1, ids));
  int ok = 0;
  int refused = 0;
  while (ok + refused <= limits::kMaxCommandsPerFrame) {
    const auto frame = gateway->Read();
    for (const auto& result : frame.results()) ++(result.has_status() ? refused : ok);
  }
  EXPECT_EQ(ok, limits::kMaxCommandsPerFrame);
  EXPECT_EQ(refused, 1);
}

TEST_F(SessionTest, TheClientCannotAcknowledgeWhatWasNeverSent) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  gateway->Acknowledge(3);
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SessionTest, AcknowledgedAnswersAreForgottenByTheEngine) {
  engine_.SetHandler([](const engine::Envelope& envelope) {
    engine::Answer answer;
    answer.number = envelope.request_id == "r1" ? 11 : 12;
    return answer;
  });
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  gateway->Send(Reports(1, {"r1"}));
  EXPECT_EQ(gateway->Read().number(), 1U);
  gateway->Send(Reports(2, {"r2"}));
  EXPECT_EQ(gateway->Read().number(), 2U);
  gateway->Acknowledge(1);
  auto ack = std::get<engine::AckAnswers>(engine_.Await<engine::AckAnswers>().command);
  EXPECT_EQ(ack.session, "s-1");
  EXPECT_EQ(ack.upto, 11U);
  gateway->Acknowledge(2);
  ack = std::get<engine::AckAnswers>(engine_.Await<engine::AckAnswers>().command);
  EXPECT_EQ(ack.upto, 12U);
}

TEST_F(SessionTest, ADesktopHearsOfItsAgents) {
  engine_.SetHandler([](const engine::Envelope&) {
    engine::Answer answer;
    auto view = std::make_shared<engine::AgentView>();
    view->id = "ann";
    view->presence = core::Presence::kReady;
    answer.agent = view;
    return answer;
  });
  const auto desktop = Desktop();
  EXPECT_EQ(desktop->Hello("desk").grace_ms(), 30'000);
  v1::OpenDesktopSessionRequest frame;
  frame.set_number(1);
  auto* log_in = frame.add_commands()->mutable_log_in();
  log_in->mutable_header()->set_request_id("r1");
  log_in->set_agent_id("ann");
  log_in->add_channels()->set_channel("voice");
  desktop->Send(frame);
  EXPECT_EQ(desktop->Read().results(0).log_in().status().presence(), v1::AGENT_PRESENCE_READY);
  engine::Event offer = Queued("call-1");
  offer.kind = engine::EventKind::kOfferMade;
  offer.agent = "ann";
  offer.offer = {{7, 9}, 0};
  engine_.Tell("desk", offer);
  EXPECT_EQ(desktop->Read().events(0).offer().offer_id(), "7-9-0");
  EXPECT_EQ(engine_.Await<engine::LogIn>().role, engine::Role::kDesktop);
}

TEST_F(SessionTest, AClientThatLeavesDropsItsConnection) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  gateway->Close();
  EXPECT_TRUE(gateway->End().ok());
  const auto drop = std::get<engine::DropSession>(engine_.Await<engine::DropSession>().command);
  EXPECT_EQ(drop.session, "s-1");
  EXPECT_NE(drop.outbox, nullptr);
}

TEST_F(SessionTest, TheEngineCanShutASessionOut) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  engine_.Shut("pbx", "superseded");
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "superseded");
}

TEST_F(SessionTest, StopEndsSessionsAsDraining) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  std::thread stopper([this] { server_->Stop(5000); });
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(DetailOf(gateway->context()).reason(), "draining");
  stopper.join();
}

// More than a connection holds, so that it must be waited for.
TEST_F(SessionTest, AStopTellsSessionsWhatIsLeft) {
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  constexpr int kEvents = 2'000;
  const engine::Event event = Queued(std::string(limits::kMaxIdBytes, 'c'));
  for (int i = 0; i < kEvents; ++i) engine_.Tell("pbx", event);
  std::thread stopper([this] { server_->Stop(60'000); });
  int told = 0;
  v1::OpenGatewaySessionResponse frame;
  while (gateway->Next(&frame)) told += frame.events_size();
  EXPECT_EQ(told, kEvents);
  EXPECT_EQ(gateway->End().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopper.join();
}

}  // namespace
}  // namespace routerd::api
