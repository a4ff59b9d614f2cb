// Each command's way from the request to the engine, without a server.
#include <gtest/gtest.h>

#include "routerd/api/prepare.h"

namespace routerd::api {
namespace {

const Scope kGateway{engine::Role::kGateway, "default", {}, {}, {}};
const Scope kDesktop{engine::Role::kDesktop, "default", {}, {}, {}};
const Scope kOperations{engine::Role::kOperations, "default", {}, {}, {}};

// The command that a right request becomes.
template <typename Command, typename Request>
Command Get(Request request, const Scope& scope = kGateway) {
  request.mutable_header()->set_client("pbx");
  const auto [status, envelope] = Prepare(request, scope);
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(envelope.client, "pbx");
  EXPECT_EQ(envelope.role, scope.role);
  const auto* command = std::get_if<Command>(&envelope.command);
  EXPECT_NE(command, nullptr);
  return command ? *command : Command{};
}

TEST(GatewayCommands, ArriveCarriesAllThatTheGatewaySaid) {
  v1::ArriveRequest request;
  request.set_contact_id("call-1");
  request.set_channel("voice");
  request.set_queue("sales");
  request.set_priority(-7);
  request.add_skills()->set_skill("english");
  auto* german = request.add_skills();
  german->set_skill("german");
  german->set_min_level(5);
  (*request.mutable_attributes())["b"] = "2";
  (*request.mutable_attributes())["a"] = "1";
  request.set_customer_key("k");
  request.set_live(false);
  request.set_not_before_unix_ms(1'800'000'000'000);
  request.set_related_contact("call-0");
  request.set_age_credit_ms(-5000);
  const auto arrive = Get<engine::Arrive>(request);
  EXPECT_EQ(arrive.contact, "call-1");
  EXPECT_EQ(arrive.channel, "voice");
  EXPECT_EQ(arrive.queue, "sales");
  EXPECT_EQ(arrive.priority, -7);
  EXPECT_EQ(arrive.requirements, (std::vector<engine::SkillNeed>{{"english", 1}, {"german", 5}}));
  EXPECT_EQ(arrive.attributes, (engine::Attributes{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(arrive.customer_key, "k");
  EXPECT_EQ(arrive.live, false);
  EXPECT_EQ(arrive.not_before_unix_ms, 1'800'000'000'000);
  EXPECT_EQ(arrive.related_contact, "call-0");
  EXPECT_EQ(arrive.credit_ms, -5000);
}

TEST(GatewayCommands, WhatArriveDoesNotSayIsLeftToThePolicy) {
  v1::ArriveRequest request;
  request.set_contact_id("call-1");
  request.set_channel("voice");
  request.set_queue("sales");
  const auto arrive = Get<engine::Arrive>(request);
  EXPECT_FALSE(arrive.priority);
  EXPECT_FALSE(arrive.live);
  EXPECT_EQ(arrive.not_before_unix_ms, 0);
}

TEST(GatewayCommands, AnUpdateSetsOnlyWhatItNames) {
  v1::UpdateContactRequest request;
  request.set_contact_id("c");
  EXPECT_FALSE(Get<engine::UpdateContact>(request).requirements);
  EXPECT_FALSE(Get<engine::UpdateContact>(request).attributes);
  request.set_priority(3);
  request.mutable_skills();
  request.mutable_attributes();
  request.set_age_credit_ms(60'000);
  const auto update = Get<engine::UpdateContact>(request);
  EXPECT_EQ(update.priority, 3);
  EXPECT_TRUE(update.requirements->empty());
  EXPECT_TRUE(update.attributes->empty());
  EXPECT_EQ(update.credit_ms, 60'000);
}

TEST(GatewayCommands, TransferGoesToAQueueWithOtherSkills) {
  v1::TransferContactRequest request;
  request.set_contact_id("c");
  request.mutable_target()->set_queue("billing");
  request.set_priority(9);
  request.mutable_skills()->add_skills()->set_skill("english");
  const auto transfer = Get<engine::TransferContact>(request);
  EXPECT_EQ(transfer.queue, "billing");
  EXPECT_EQ(transfer.priority, 9);
  EXPECT_EQ(transfer.requirements->size(), 1U);
  EXPECT_FALSE(transfer.only_waiting);
}

TEST(GatewayCommands, TheReasonSaysHowAnUnansweredContactEnds) {
  v1::WithdrawContactRequest withdraw;
  withdraw.set_contact_id("c");
  withdraw.set_reason(v1::END_REASON_CUSTOMER_LEFT);
  EXPECT_EQ(Get<engine::WithdrawContact>(withdraw).as, core::ContactState::kAbandoned);
  withdraw.set_reason(v1::END_REASON_GATEWAY_WITHDREW);
  EXPECT_EQ(Get<engine::WithdrawContact>(withdraw).as, core::ContactState::kWithdrawn);
  EXPECT_EQ(Get<engine::WithdrawContact>(withdraw).reason, core::EndReason::kGatewayWithdrew);
  v1::EndContactRequest end;
  end.set_contact_id("c");
  end.set_reason(v1::END_REASON_CUSTOMER_LEFT);
  EXPECT_EQ(Get<engine::EndContact>(end).unanswered, core::ContactState::kAbandoned);
  end.set_reason(v1::END_REASON_COMPLETED);
  EXPECT_EQ(Get<engine::EndContact>(end).unanswered, core::ContactState::kWithdrawn);
  EXPECT_EQ(Get<engine::EndContact>(end).reason, core::EndReason::kCompleted);
}

TEST(GatewayCommands, ReportsNameTheContactAndItsOffer) {
  const OfferId offer{{7, 12}, 2};
  v1::ReportAgentAnsweredRequest answered;
  answered.set_contact_id("c");
  answered.set_offer_id("7-12-2");
  EXPECT_EQ(Get<engine::AgentAnswered>(answered).offer, offer);
  EXPECT_EQ(Get<engine::AgentAnswered>(answered).contact, "c");
  v1::ReportConnectedRequest connected;
  connected.set_contact_id("c");
  connected.set_offer_id("7-12-2");
  EXPECT_EQ(Get<engine::Connected>(connected).offer, offer);
  v1::ReportConnectFailedRequest failed;
  failed.set_contact_id("c");
  failed.set_offer_id("7-12-2");
  failed.set_cause(v1::CONNECT_FAILED_CAUSE_BUSY);
  EXPECT_EQ(Get<engine::ConnectFailed>(failed).cause, core::ConnectFailure::kBusy);
  v1::ReportHeldRequest held;
  held.set_contact_id("c");
  EXPECT_TRUE(Get<engine::Hold>(held).held);
  v1::ReportResumedRequest resumed;
  resumed.set_contact_id("c");
  EXPECT_FALSE(Get<engine::Hold>(resumed).held);
  v1::ReportCustomerInactiveRequest silent;
  silent.set_contact_id("c");
  EXPECT_TRUE(Get<engine::SetInactive>(silent).inactive);
  v1::ReportCustomerActiveRequest back;
  back.set_contact_id("c");
  EXPECT_EQ(Get<engine::SetInactive>(back).contact, "c");
  EXPECT_FALSE(Get<engine::SetInactive>(back).inactive);
  v1::ReportTreatmentDoneRequest treated;
  treated.set_contact_id("c");
  treated.set_treatment_id("7-12-2");
  EXPECT_EQ(Get<engine::EndTreatment>(treated).contact, "c");
  EXPECT_EQ(Get<engine::EndTreatment>(treated).treatment, offer);
}

TEST(GatewayCommands, ReconcileTellsWhatIsKeptAndWhatHasEnded) {
  v1::ReconcileRequest request;
  request.add_kept("a");
  request.add_kept("b");
  request.add_ended("c");
  const auto reconcile = Get<engine::Reconcile>(request);
  EXPECT_EQ(reconcile.kept, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(reconcile.ended, (std::vector<std::string>{"c"}));
}

TEST(DesktopCommands, LogInCarriesChannelsSkillsAndPresence) {
  v1::LogInRequest request;
  request.set_agent_id("ann");
  auto* voice = request.add_channels();
  voice->set_channel("voice");
  voice->set_endpoint("sip:100@pbx");
  auto* skill = request.mutable_skills()->add_skills();
  skill->set_skill("english");
  skill->set_level(8);
  request.set_presence(v1::AGENT_PRESENCE_READY);
  const auto log_in = Get<engine::LogIn>(request, kDesktop);
  EXPECT_EQ(log_in.agent, "ann");
  EXPECT_EQ(log_in.endpoints.at(0).second, "sip:100@pbx");
  EXPECT_EQ(log_in.skills->at(0), (engine::SkillNeed{"english", 8}));
  EXPECT_TRUE(log_in.ready);
  request.clear_skills();
  request.clear_presence();
  EXPECT_FALSE(Get<engine::LogIn>(request, kDesktop).skills);
  EXPECT_FALSE(Get<engine::LogIn>(request, kDesktop).ready);
}

TEST(DesktopCommands, PresenceFlagsCountOnlyWithReady) {
  v1::SetPresenceRequest request;
  request.set_agent_id("ann");
  request.set_presence(v1::AGENT_PRESENCE_READY);
  EXPECT_FALSE(Get<engine::SetPresence>(request, kDesktop).channels);
  request.mutable_channels()->add_channels("chat");
  EXPECT_EQ(Get<engine::SetPresence>(request, kDesktop).channels->at(0), "chat");
  request.set_presence(v1::AGENT_PRESENCE_NOT_READY);
  request.set_reason("lunch");
  const auto not_ready = Get<engine::SetPresence>(request, kDesktop);
  EXPECT_FALSE(not_ready.ready);
  EXPECT_FALSE(not_ready.channels);
  EXPECT_EQ(not_ready.reason, "lunch");
}

TEST(DesktopCommands, TheRestNamesAgentOfferAndContact) {
  v1::SetBusyElsewhereRequest busy;
  busy.set_agent_id("ann");
  busy.set_channel("voice");
  busy.set_busy(true);
  EXPECT_TRUE(Get<engine::BusyElsewhere>(busy, kDesktop).on);
  v1::AcceptOfferRequest accept;
  accept.set_agent_id("ann");
  accept.set_offer_id("7-12-0");
  EXPECT_EQ(Get<engine::AcceptOffer>(accept, kDesktop).agent, "ann");
  v1::RejectOfferRequest reject;
  reject.set_agent_id("ann");
  reject.set_offer_id("7-12-1");
  EXPECT_EQ(Get<engine::RejectOffer>(reject, kDesktop).offer, (OfferId{{7, 12}, 1}));
  v1::EndWrapUpRequest wrap_up;
  wrap_up.set_agent_id("ann");
  wrap_up.set_contact_id("c");
  EXPECT_EQ(Get<engine::EndWrapUp>(wrap_up, kDesktop).contact, "c");
  v1::ExtendWrapUpRequest extend;
  extend.set_agent_id("ann");
  extend.set_contact_id("c");
  extend.set_extend_ms(90'000);
  EXPECT_EQ(Get<engine::ExtendWrapUp>(extend, kDesktop).by_ms, 90'000);
  v1::LogOutRequest log_out;
  log_out.set_agent_id("ann");
  log_out.set_reason("home");
  EXPECT_EQ(Get<engine::LogOut>(log_out, kDesktop).agent, "ann");
  EXPECT_EQ(Get<engine::LogOut>(log_out, kDesktop).why, "home");
}

TEST(OperationsCommands, SupervisorsActByTheSameCommands) {
  v1::SetAgentStateRequest state;
  state.set_agent_id("ann");
  state.set_presence(v1::AGENT_PRESENCE_LOGGED_OUT);
  EXPECT_EQ(Get<engine::LogOut>(state, kOperations).agent, "ann");
  state.set_presence(v1::AGENT_PRESENCE_NOT_READY);
  state.set_reason("training");
  EXPECT_EQ(Get<engine::SetPresence>(state, kOperations).reason, "training");
  v1::SetAgentSkillsRequest skills;
  skills.set_agent_id("ann");
  auto* english = skills.add_skills();
  english->set_skill("english");
  english->set_level(2);
  EXPECT_EQ(Get<engine::SetAgentSkills>(skills, kOperations).skills.size(), 1U);
  v1::SetContactPriorityRequest priority;
  priority.set_contact_id("c");
  priority.set_priority(100);
  EXPECT_EQ(Get<engine::UpdateContact>(priority, kOperations).priority, 100);
  EXPECT_TRUE(Get<engine::UpdateContact>(priority, kOperations).only_waiting);
  v1::MoveContactRequest move;
  move.set_contact_id("c");
  move.set_queue("billing");
  EXPECT_TRUE(Get<engine::TransferContact>(move, kOperations).only_waiting);
  v1::RemoveContactRequest remove;
  remove.set_contact_id("c");
  EXPECT_EQ(Get<engine::WithdrawContact>(remove, kOperations).reason,
            core::EndReason::kSupervisorWithdrew);
  EXPECT_EQ(Get<engine::WithdrawContact>(remove, kOperations).as, core::ContactState::kWithdrawn);
  EXPECT_TRUE(Get<engine::WithdrawContact>(remove, kOperations).only_waiting);
  v1::SetQueueModeRequest mode;
  mode.set_queue("sales");
  mode.set_mode(v1::QUEUE_MODE_EMERGENCY);
  mode.mutable_duration()->set_seconds(90);
  mode.mutable_duration()->set_nanos(500'000'000);
  EXPECT_EQ(Get<engine::SetQueueMode>(mode, kOperations).mode, model::QueueMode::kEmergency);
  EXPECT_EQ(Get<engine::SetQueueMode>(mode, kOperations).lasts_ms, 90'500);
}

TEST(OperationsCommands, AnOverrideIsClearedByTheSameCall) {
  v1::SetAgentSkillsRequest skills;
  skills.set_agent_id("ann");
  skills.set_from_policy(true);
  EXPECT_TRUE(Get<engine::SetAgentSkills>(skills, kOperations).from_policy);
  v1::SetQueueModeRequest mode;
  mode.set_queue("sales");
  mode.set_from_policy(true);
  EXPECT_EQ(Get<engine::SetQueueMode>(mode, kOperations).mode, std::nullopt);
}

TEST(Envelope, TheActorIsTheHeadersElseTheSessionsElseTheClient) {
  v1::ReportHeldRequest request;
  request.set_contact_id("c");
  request.mutable_header()->set_client("pbx");
  EXPECT_EQ(Prepare(request, kGateway).second.actor, "pbx");
  const Scope session{engine::Role::kGateway, "default", "pbx", "night shift", "s-1"};
  request.mutable_header()->set_request_id("r");
  EXPECT_EQ(Prepare(request, session).second.actor, "night shift");
  EXPECT_EQ(Prepare(request, session).second.session, "s-1");
  request.mutable_header()->set_actor("joe");
  EXPECT_EQ(Prepare(request, session).second.actor, "joe");
}

TEST(Envelope, TheBodysHashIsTheSameUnaryAndInASession) {
  v1::ArriveRequest request;
  request.set_contact_id("c");
  request.set_channel("voice");
  request.set_queue("sales");
  (*request.mutable_attributes())["a"] = "1";
  (*request.mutable_attributes())["b"] = "2";
  request.mutable_header()->set_client("pbx");
  request.mutable_header()->set_request_id("r-1");
  const auto unary = Prepare(request, kGateway).second.body_hash;
  EXPECT_NE(unary, 0U);
  const Scope session{engine::Role::kGateway, "default", "pbx", "night shift", "s-1"};
  v1::ArriveRequest again;
  again.set_contact_id("c");
  again.set_channel("voice");
  again.set_queue("sales");
  (*again.mutable_attributes())["b"] = "2";
  (*again.mutable_attributes())["a"] = "1";
  again.mutable_header()->set_request_id("r-2");
  EXPECT_EQ(Prepare(again, session).second.body_hash, unary);
  again.mutable_header()->set_actor("joe");
  EXPECT_EQ(Prepare(again, session).second.body_hash, unary);
  again.set_queue("billing");
  EXPECT_NE(Prepare(again, session).second.body_hash, unary);
}

TEST(Envelope, EqualBodiesOfOtherCommandsHashOtherwise) {
  v1::ReportHeldRequest held;
  held.set_contact_id("c");
  held.mutable_header()->set_client("pbx");
  held.mutable_header()->set_request_id("r");
  v1::ReportResumedRequest resumed;
  resumed.set_contact_id("c");
  *resumed.mutable_header() = held.header();
  EXPECT_NE(Prepare(held, kGateway).second.body_hash, Prepare(resumed, kGateway).second.body_hash);
}

}  // namespace
}  // namespace routerd::api
