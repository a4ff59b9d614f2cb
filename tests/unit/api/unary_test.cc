// Unary calls over a real connection, and that a session does the same.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "routerd/base/limits.h"
#include "routerd/v1/operations.grpc.pb.h"
#include "tests/unit/api/session_client.h"

namespace routerd::api {
namespace {

class UnaryTest : public SessionTest {
 protected:
  static v1::ArriveRequest Arrival() {
    v1::ArriveRequest request;
    request.mutable_header()->set_client("pbx");
    request.mutable_header()->set_request_id("r1");
    request.set_contact_id("call-1");
    request.set_channel("voice");
    request.set_queue("sales");
    return request;
  }
};

TEST_F(UnaryTest, AnAnswerComesBack) {
  engine_.SetHandler([](const engine::Envelope&) {
    engine::Answer answer;
    answer.at = {7, 500};
    answer.contact = ContactOf("call-1", core::ContactState::kOffered);
    return answer;
  });
  const auto context = Context();
  v1::ArriveResponse response;
  const grpc::Status status = gateways_->Arrive(context.get(), Arrival(), &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.state(), v1::CONTACT_STATE_OFFERED);
  EXPECT_EQ(response.position().sequence(), 500U);
  const engine::Envelope envelope = engine_.Await<engine::Arrive>();
  EXPECT_EQ(envelope.client, "pbx");
  EXPECT_EQ(envelope.session, "");
  EXPECT_EQ(envelope.request_id, "r1");
}

TEST_F(UnaryTest, AnErrorSaysWhyInItsMetadata) {
  engine_.SetHandler([](const engine::Envelope&) {
    engine::Answer answer;
    answer.status = Status(Code::kAlreadyExists, "taken").WithReason("contact_exists");
    answer.owner = "mail";
    return answer;
  });
  const auto context = Context();
  v1::ArriveResponse response;
  const grpc::Status status = gateways_->Arrive(context.get(), Arrival(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(status.error_message(), "taken");
  EXPECT_EQ(DetailOf(*context).reason(), "contact_exists");
  EXPECT_EQ(DetailOf(*context).owner(), "mail");
}

TEST_F(UnaryTest, WhatIsWrongNeverReachesTheEngine) {
  const auto context = Context();
  v1::ArriveResponse response;
  v1::ArriveRequest request = Arrival();
  request.clear_queue();
  request.set_priority(5000);
  const grpc::Status status = gateways_->Arrive(context.get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf(*context).field_violations_size(), 2);
  EXPECT_EQ(engine_.submitted(), 0U);
}

TEST_F(UnaryTest, ARequestThatIsTooLargeIsRefused) {
  const auto context = Context();
  v1::ArriveResponse response;
  v1::ArriveRequest request = Arrival();
  request.set_contact_id(std::string(limits::kMaxMessageBytes, 'c'));
  const grpc::Status status = gateways_->Arrive(context.get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(UnaryTest, WhatIsNotDoneYetIsUnimplemented) {
  const auto context = Context();
  v1::ArriveRequest request = Arrival();
  request.set_entry_point("hotline");
  v1::ArriveResponse response;
  const grpc::Status status = gateways_->Arrive(context.get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(DetailOf(*context).reason(), "not_implemented");
}

TEST_F(UnaryTest, ASessionGivesTheSameCommandAndTheSameAnswer) {
  engine_.SetHandler([](const engine::Envelope&) {
    engine::Answer answer;
    answer.at = {7, 500};
    answer.contact = ContactOf("call-1", core::ContactState::kQueued);
    answer.position = 4;
    return answer;
  });
  const auto context = Context();
  v1::ArriveResponse unary;
  ASSERT_TRUE(gateways_->Arrive(context.get(), Arrival(), &unary).ok());
  const engine::Envelope first = engine_.Await<engine::Arrive>();
  const auto gateway = Gateway();
  gateway->Hello("pbx");
  v1::OpenGatewaySessionRequest frame;
  frame.set_number(1);
  *frame.add_commands()->mutable_arrive() = Arrival();
  gateway->Send(frame);
  const auto result = gateway->Read().results(0);
  const engine::Envelope second = engine_.Await<engine::Arrive>();
  EXPECT_EQ(result.arrive().SerializeAsString(), unary.SerializeAsString());
  EXPECT_EQ(second.body_hash, first.body_hash);
  EXPECT_EQ(second.client, first.client);
  EXPECT_EQ(second.actor, first.actor);
  EXPECT_EQ(std::get<engine::Arrive>(second.command).contact, "call-1");
}

TEST_F(UnaryTest, ACallThatTheClientGivesUpHarmsNobody) {
  std::promise<void> asked;
  std::promise<void> go_on;
  engine_.SetHandler([&](const engine::Envelope&) {
    asked.set_value();
    go_on.get_future().wait();
    return engine::Answer();
  });
  const auto context = Context();
  std::thread caller([&] {
    v1::ArriveResponse response;
    EXPECT_EQ(gateways_->Arrive(context.get(), Arrival(), &response).error_code(),
              grpc::StatusCode::CANCELLED);
  });
  asked.get_future().wait();
  context->TryCancel();
  caller.join();
  go_on.set_value();
  engine_.Await<engine::Arrive>();
  server_->Stop(5000);  // waits for the call: were it forgotten, this would not end
}

TEST_F(UnaryTest, DesktopsAndSupervisorsHaveTheirRoles) {
  v1::LogOutRequest log_out;
  log_out.mutable_header()->set_client("desk");
  log_out.set_agent_id("ann");
  v1::LogOutResponse logged_out;
  ASSERT_TRUE(desktops_->LogOut(Context().get(), log_out, &logged_out).ok());
  EXPECT_EQ(engine_.Await<engine::LogOut>().role, engine::Role::kDesktop);
  const auto operations = v1::OperationsService::NewStub(channel_);
  v1::SetQueueModeRequest mode;
  mode.mutable_header()->set_client("wallboard");
  mode.mutable_header()->set_actor("boss");
  mode.set_queue("sales");
  mode.set_mode(v1::QUEUE_MODE_CLOSED);
  v1::SetQueueModeResponse response;
  ASSERT_TRUE(operations->SetQueueMode(Context().get(), mode, &response).ok());
  const engine::Envelope envelope = engine_.Await<engine::SetQueueMode>();
  EXPECT_EQ(envelope.role, engine::Role::kOperations);
  EXPECT_EQ(envelope.actor, "boss");
}

}  // namespace
}  // namespace routerd::api
