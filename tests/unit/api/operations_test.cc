// OperationsService over a real connection: reads, pages, status, the policy.
#include <gtest/gtest.h>

#include "routerd/v1/operations.grpc.pb.h"
#include "tests/unit/api/server_fixture.h"

namespace routerd::api {
namespace {

class OperationsTest : public ServerTest {
 protected:
  OperationsTest() : operations_(v1::OperationsService::NewStub(channel_)) {}

  std::unique_ptr<v1::OperationsService::Stub> operations_;
};

QueueRow Row(const std::string& id) {
  QueueRow row;
  row.id = id;
  row.mode = model::QueueMode::kClosed;
  row.mode_override = std::make_shared<const engine::OverrideView>();
  row.target_ms = 20'500;
  row.target_percent = 80;
  row.contacts[static_cast<std::size_t>(core::ContactState::kQueued)] = 3;
  row.contacts[static_cast<std::size_t>(core::ContactState::kOffered)] = 2;
  row.contacts[static_cast<std::size_t>(core::ContactState::kWrapUp)] = 1;
  row.also_waiting = 6;
  row.hours_change = {1'700'000'600'000, model::QueueMode::kClosed};
  row.outcomes[static_cast<std::size_t>(core::VisitOutcome::kAnswered)] = 9;
  row.outcomes[static_cast<std::size_t>(core::VisitOutcome::kTransferred)] = 4;
  row.oldest_unix_ms = 1'700'000'000'250;
  return row;
}

TEST_F(OperationsTest, AQueueIsShownWithItsFigures) {
  reads_.PutQueue(Row("sales"));
  v1::GetQueueRequest request;
  request.set_queue("sales");
  v1::GetQueueResponse response;
  ASSERT_TRUE(operations_->GetQueue(Context().get(), request, &response).ok());
  const v1::Queue& queue = response.queue();
  EXPECT_EQ(response.position().sequence(), 55U);
  EXPECT_EQ(queue.waiting(), 5);
  EXPECT_EQ(queue.offered(), 2);
  EXPECT_EQ(queue.wrap_up(), 1);
  EXPECT_EQ(queue.answered(), 9);
  EXPECT_EQ(queue.transferred(), 4);
  EXPECT_EQ(queue.mode(), v1::QUEUE_MODE_CLOSED);
  EXPECT_TRUE(queue.mode_overridden());
  EXPECT_EQ(queue.oldest_time().seconds(), 1'700'000'000);
  EXPECT_EQ(queue.oldest_time().nanos(), 250'000'000);
  EXPECT_EQ(queue.target().seconds(), 20);
  EXPECT_EQ(queue.target().nanos(), 500'000'000);
  EXPECT_FALSE(queue.has_service_level());
  EXPECT_EQ(queue.also_waiting(), 6);
  EXPECT_EQ(queue.hours_change().change_time().seconds(), 1'700'000'600);
  EXPECT_EQ(queue.hours_change().mode(), v1::QUEUE_MODE_CLOSED);
}

TEST_F(OperationsTest, AQueueWithoutHoursHasNoChangeOfThem) {
  QueueRow row = Row("sales");
  row.hours_change.reset();
  reads_.PutQueue(row);
  v1::GetQueueRequest request;
  request.set_queue("sales");
  v1::GetQueueResponse response;
  ASSERT_TRUE(operations_->GetQueue(Context().get(), request, &response).ok());
  EXPECT_FALSE(response.queue().has_hours_change());
}

TEST_F(OperationsTest, OverridesAreListedWithWhoSetThemAndWhen) {
  engine::OverrideView mode;
  mode.mode = model::QueueMode::kEmergency;
  mode.actor = "maria";
  mode.set_unix_ms = 1'700'000'000'250;
  reads_.PutOverride({"sales", {}, std::make_shared<const engine::OverrideView>(mode)});
  engine::OverrideView skills;
  skills.skills = {{"german", 7}};
  skills.actor = "peter";
  skills.set_unix_ms = 1'700'000'000'000;
  skills.ends_unix_ms = 1'700'000'060'000;
  reads_.PutOverride({{}, "anna", std::make_shared<const engine::OverrideView>(skills)});
  v1::ListOverridesRequest request;
  request.set_page_size(1);
  v1::ListOverridesResponse first;
  ASSERT_TRUE(operations_->ListOverrides(Context().get(), request, &first).ok());
  ASSERT_EQ(first.overrides_size(), 1);
  EXPECT_EQ(first.overrides(0).agent_id(), "anna");
  EXPECT_EQ(first.overrides(0).skills(0).level(), 7);
  EXPECT_EQ(first.overrides(0).actor(), "peter");
  EXPECT_EQ(first.overrides(0).end_time().seconds(), 1'700'000'060);
  request.set_page_token(first.next_page_token());
  v1::ListOverridesResponse second;
  ASSERT_TRUE(operations_->ListOverrides(Context().get(), request, &second).ok());
  ASSERT_EQ(second.overrides_size(), 1);
  EXPECT_EQ(second.overrides(0).queue(), "sales");
  EXPECT_EQ(second.overrides(0).mode(), v1::QUEUE_MODE_EMERGENCY);
  EXPECT_EQ(second.overrides(0).set_time().nanos(), 250'000'000);
  EXPECT_FALSE(second.overrides(0).has_end_time());
  EXPECT_EQ(second.next_page_token(), "");
  request.set_page_token("after:nonsense");
  EXPECT_EQ(operations_->ListOverrides(Context().get(), request, &second).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(OperationsTest, WhatIsNotThereIsNotFound) {
  auto context = Context();
  v1::GetQueueRequest queue;
  queue.set_queue("none");
  v1::GetQueueResponse response;
  EXPECT_EQ(operations_->GetQueue(context.get(), queue, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailOf(*context).reason(), "unknown_queue");
  context = Context();
  v1::GetAgentRequest agent;
  agent.set_agent_id("none");
  v1::GetAgentResponse agent_response;
  EXPECT_EQ(operations_->GetAgent(context.get(), agent, &agent_response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailOf(*context).reason(), "unknown_agent");
  context = Context();
  v1::GetContactRequest contact;
  contact.set_contact_id("none");
  v1::GetContactResponse contact_response;
  EXPECT_EQ(operations_->GetContact(context.get(), contact, &contact_response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailOf(*context).reason(), "unknown_contact");
}

TEST_F(OperationsTest, ListsComeInPages) {
  for (int i = 0; i < 7; ++i) reads_.PutQueue(Row("q" + std::to_string(i)));
  v1::ListQueuesRequest request;
  request.set_page_size(3);
  std::vector<std::string> ids;
  int pages = 0;
  do {
    v1::ListQueuesResponse response;
    ASSERT_TRUE(operations_->ListQueues(Context().get(), request, &response).ok());
    for (const v1::Queue& queue : response.queues()) ids.push_back(queue.id());
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(ids, (std::vector<std::string>{"q0", "q1", "q2", "q3", "q4", "q5", "q6"}));
}

TEST_F(OperationsTest, AWrongPageIsRefused) {
  auto context = Context();
  v1::ListQueuesRequest request;
  request.set_page_size(1001);
  request.set_page_token("no token");
  v1::ListQueuesResponse response;
  EXPECT_EQ(operations_->ListQueues(context.get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf(*context).field_violations_size(), 2);
  context = Context();
  v1::ListContactsRequest contacts;
  contacts.set_page_token("after:nonsense");
  v1::ListContactsResponse contacts_response;
  EXPECT_EQ(operations_->ListContacts(context.get(), contacts, &contacts_response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf(*context).field_violations(0).field(), "page_token");
}

TEST_F(OperationsTest, FiltersReachTheReadModel) {
  engine::AgentView ann;
  ann.id = "ann";
  ann.groups = {"sales"};
  ann.shown = core::ShownState::kWrapUp;
  ann.units_used = 25;
  reads_.PutAgent(ann);
  v1::ListAgentsRequest agents;
  agents.set_group("sales");
  agents.add_shown_states(v1::AGENT_SHOWN_STATE_WRAP_UP);
  v1::ListAgentsResponse agents_response;
  ASSERT_TRUE(operations_->ListAgents(Context().get(), agents, &agents_response).ok());
  EXPECT_EQ(agents_response.agents(0).units_used(), 25);
  EXPECT_EQ(reads_.last_agent_query().group, "sales");
  EXPECT_EQ(reads_.last_agent_query().shown_states.at(0), core::ShownState::kWrapUp);
  reads_.PutContact(ContactOf("call-1", core::ContactState::kQueued));
  v1::ListContactsRequest contacts;
  contacts.set_queue("sales");
  contacts.set_agent_id("ann");
  contacts.add_states(v1::CONTACT_STATE_QUEUED);
  v1::ListContactsResponse contacts_response;
  ASSERT_TRUE(operations_->ListContacts(Context().get(), contacts, &contacts_response).ok());
  EXPECT_EQ(contacts_response.contacts(0).id(), "call-1");
  EXPECT_EQ(contacts_response.contacts(0).client(), "pbx");
  EXPECT_FALSE(contacts_response.contacts(0).has_answer_time());
  EXPECT_EQ(reads_.last_contact_query().agent, "ann");
  contacts.add_states(v1::CONTACT_STATE_UNSPECIFIED);
  EXPECT_EQ(operations_->ListContacts(Context().get(), contacts, &contacts_response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(OperationsTest, StatusPutsItAllTogether) {
  v1::GetStatusResponse response;
  ASSERT_TRUE(operations_->GetStatus(Context().get(), {}, &response).ok());
  EXPECT_EQ(response.version(), "1.2.3");
  EXPECT_EQ(response.rules_version(), 4U);
  EXPECT_EQ(response.domain(), "default");
  EXPECT_EQ(response.start_time().seconds(), 1'700'000'000);
  EXPECT_EQ(response.uptime().seconds(), 1000);
  EXPECT_EQ(response.journal_backend(), "memory");
  EXPECT_EQ(response.redis().state(), v1::REDIS_STATE_UP);
  EXPECT_EQ(response.redis().lag().nanos(), 40'000'000);
  EXPECT_EQ(response.policy().version(), 3U);
  EXPECT_EQ(response.state().contacts(0).state(), v1::CONTACT_STATE_QUEUED);
  EXPECT_EQ(response.state().contacts(0).count(), 4);
  EXPECT_EQ(response.state().agents(0).state(), v1::AGENT_SHOWN_STATE_READY);
  EXPECT_EQ(response.state().offers(0).outcome(), v1::OFFER_OUTCOME_TIMED_OUT);
}

TEST_F(OperationsTest, AnotherDomainIsNotFound) {
  v1::GetStatusRequest request;
  request.mutable_header()->set_domain("elsewhere");
  v1::GetStatusResponse response;
  EXPECT_EQ(operations_->GetStatus(Context().get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(OperationsTest, ABadPolicyIsAnAnswerWithFindings) {
  v1::CheckPolicyRequest request;
  auto* file = request.add_files();
  file->set_path("p.yaml");
  file->set_text("bad");
  v1::CheckPolicyResponse response;
  ASSERT_TRUE(operations_->CheckPolicy(Context().get(), request, &response).ok());
  EXPECT_FALSE(response.valid());
  ASSERT_EQ(response.findings_size(), 2);
  EXPECT_EQ(response.findings(0).severity(), v1::FINDING_SEVERITY_ERROR);
  EXPECT_EQ(response.findings(0).file(), "p.yaml");
  EXPECT_EQ(response.findings(0).line(), 3);
  EXPECT_EQ(response.findings(0).hint(), "queues");
  EXPECT_EQ(response.findings(0).code(), "unknown_key");
  file->set_text("good");
  ASSERT_TRUE(operations_->CheckPolicy(Context().get(), request, &response).ok());
  EXPECT_TRUE(response.valid());
}

TEST_F(OperationsTest, ABadPolicyIsNotApplied) {
  const auto context = Context();
  v1::ApplyPolicyRequest request;
  request.mutable_header()->set_client("ctl");
  auto* file = request.add_files();
  file->set_path("p.yaml");
  file->set_text("bad");
  v1::ApplyPolicyResponse response;
  EXPECT_EQ(operations_->ApplyPolicy(context.get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf(*context).field_violations(0).field(), "p.yaml:3:7");
  EXPECT_EQ(DetailOf(*context).field_violations(0).description(), "no key `quues` (queues)");
  EXPECT_EQ(engine_.submitted(), 0U);
}

v1::ApplyPolicyRequest GoodPolicy() {
  v1::ApplyPolicyRequest request;
  request.mutable_header()->set_client("ctl");
  request.mutable_header()->set_actor("ops");
  request.set_comment("more chat");
  request.add_files()->set_text("good");
  return request;
}

TEST_F(OperationsTest, AGoodPolicyIsCompiledAndSubmitted) {
  engine_.SetHandler([](const engine::Envelope&) {
    engine::Answer answer;
    answer.at = {7, 600};
    answer.policy_version = 4;
    return answer;
  });
  v1::ApplyPolicyResponse response;
  ASSERT_TRUE(operations_->ApplyPolicy(Context().get(), GoodPolicy(), &response).ok());
  EXPECT_EQ(response.policy().version(), 4U);
  EXPECT_EQ(response.policy().actor(), "ops");
  EXPECT_EQ(response.policy().comment(), "more chat");
  EXPECT_EQ(response.findings(0).severity(), v1::FINDING_SEVERITY_WARNING);
  const auto apply = std::get<engine::ApplyPolicy>(engine_.Await<engine::ApplyPolicy>().command);
  EXPECT_EQ(apply.model->version, 4U);
  EXPECT_EQ(apply.source, "good");
  EXPECT_FALSE(apply.expected_version);
}

TEST_F(OperationsTest, APolicyThatIsOvertakenIsCompiledAgain) {
  int tries = 0;
  int overtaken = 1;
  engine_.SetHandler([&](const engine::Envelope&) {
    engine::Answer answer;
    if (++tries <= overtaken) {
      answer.status = Status(Code::kUnavailable, "overtaken").WithReason("policy_overtaken");
    }
    return answer;
  });
  v1::ApplyPolicyResponse response;
  EXPECT_TRUE(operations_->ApplyPolicy(Context().get(), GoodPolicy(), &response).ok());
  EXPECT_EQ(tries, 2);
  tries = 0;
  overtaken = 100;
  const auto context = Context();
  EXPECT_EQ(operations_->ApplyPolicy(context.get(), GoodPolicy(), &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(DetailOf(*context).reason(), "policy_overtaken");
  EXPECT_EQ(tries, 3) << "in the end the client decides";
}

TEST_F(OperationsTest, AnotherVersionThanExpectedIsTheClientsToLookAt) {
  int tries = 0;
  engine_.SetHandler([&](const engine::Envelope&) {
    ++tries;
    engine::Answer answer;
    answer.status = Status(Code::kFailedPrecondition, "another").WithReason("policy_version");
    return answer;
  });
  v1::ApplyPolicyResponse response;
  v1::ApplyPolicyRequest expecting = GoodPolicy();
  expecting.set_expected_version(2);
  const auto context = Context();
  EXPECT_EQ(operations_->ApplyPolicy(context.get(), expecting, &response).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(DetailOf(*context).reason(), "policy_version");
  EXPECT_EQ(tries, 1);
}

TEST_F(OperationsTest, ExactlyOneFileIsTaken) {
  v1::ApplyPolicyRequest request = GoodPolicy();
  request.add_files();
  v1::ApplyPolicyResponse response;
  EXPECT_EQ(operations_->ApplyPolicy(Context().get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(OperationsTest, APolicyMayBeLargerThanOtherMessages) {
  v1::CheckPolicyRequest request;
  request.add_files()->set_text(std::string(8 * 1024 * 1024, '#'));
  v1::CheckPolicyResponse response;
  EXPECT_TRUE(operations_->CheckPolicy(Context().get(), request, &response).ok());
}

TEST_F(OperationsTest, ThePolicyInForceIsToldWithItsText) {
  v1::GetPolicyResponse response;
  ASSERT_TRUE(operations_->GetPolicy(Context().get(), {}, &response).ok());
  EXPECT_EQ(response.policy().version(), 3U);
  EXPECT_EQ(response.policy().hash().size(), 16U);
  EXPECT_EQ(response.files(0).text(), "queues: {}");
}

}  // namespace
}  // namespace routerd::api
