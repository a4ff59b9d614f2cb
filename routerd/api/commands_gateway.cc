// What gateways ask.
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "routerd/api/commands.h"
#include "routerd/api/words.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

// What becomes of a consultation.
template <typename Request>
engine::Command ConsultEnds(const Request& request, Check& check, engine::ConsultEnd how) {
  check.Id("consult_contact_id", request.consult_contact_id());
  return engine::EndConsult{request.consult_contact_id(), how};
}

// The parts that requests about a contact share; absent where they are not given.
template <typename Request>
std::optional<int> PriorityOf(const Request& request, Check& check) {
  if (!request.has_priority()) return std::nullopt;
  check.Range("priority", request.priority(), limits::kMinPriority, limits::kMaxPriority);
  return request.priority();
}

template <typename Request>
std::optional<std::vector<engine::SkillNeed>> SkillsOf(const Request& request, Check& check) {
  if (!request.has_skills()) return std::nullopt;
  return check.Requirements("skills.skills", request.skills().skills());
}

void CheckAgeCredit(std::int64_t age_credit_ms, Check& check) {
  check.Range("age_credit_ms", age_credit_ms, -limits::kMaxSpanMs, limits::kMaxSpanMs);
}

void CheckNotBefore(Check& check, std::int64_t not_before_unix_ms) {
  if (not_before_unix_ms < 0) check.Wrong("not_before_unix_ms", "must not be negative");
}

void CheckDestination(Check& check, const v1::ArriveRequest& request) {
  switch (request.destination_case()) {
    case v1::ArriveRequest::kQueue:
      return check.Name("queue", request.queue());
    case v1::ArriveRequest::kEntryPoint:
      check.Name("entry_point", request.entry_point());
      return check.Unimplemented("entry points: name a queue instead");
    case v1::ArriveRequest::DESTINATION_NOT_SET:
      return check.Wrong("destination", "queue or entry_point is required");
  }
}

void CheckTarget(Check& check, const v1::TransferTarget& target) {
  switch (target.target_case()) {
    case v1::TransferTarget::kQueue:
      check.Name("target.queue", target.queue());
      break;
    case v1::TransferTarget::kAgentId:
      check.Id("target.agent_id", target.agent_id());
      if (target.fallback_queue().empty()) return;
      return check.Name("target.fallback_queue", target.fallback_queue());
    case v1::TransferTarget::kGateway:
      check.Id("target.gateway", target.gateway());
      break;
    case v1::TransferTarget::TARGET_NOT_SET:
      check.Wrong("target", "queue, agent_id or gateway is required");
  }
  if (!target.fallback_queue().empty()) {
    check.Wrong("target.fallback_queue", "only with agent_id");
  }
}

void WaitAlsoIn(const v1::ArriveRequest& request, Check& check, engine::Arrive& arrive) {
  if (request.also_queues_size() > static_cast<int>(limits::kMaxAlsoQueues)) {
    check.Wrong("also_queues", "name at most " + std::to_string(limits::kMaxAlsoQueues));
    return;
  }
  std::set<std::string> seen{request.queue()};
  for (int i = 0; i < request.also_queues_size(); ++i) {
    const std::string& queue = request.also_queues(i);
    const std::string field = "also_queues[" + std::to_string(i) + "]";
    check.Name(field.c_str(), queue);
    if (!seen.insert(queue).second) check.Wrong(field, "is named twice, or is `queue` itself");
    arrive.also.push_back(queue);
  }
}

std::optional<SpanMs> WaitOf(const char* field, bool given, std::int64_t wait_ms, Check& check) {
  if (!given) return std::nullopt;
  check.Range(field, wait_ms, 0, limits::kMaxSpanMs);
  return wait_ms;
}

void AskForAgents(const v1::ArriveRequest& request, Check& check, engine::Arrive& arrive) {
  check.OptionalId("direct_agent", request.direct_agent());
  arrive.direct_agent = request.direct_agent();
  if (request.preferred_agents_size() > static_cast<int>(limits::kMaxPreferredAgents)) {
    check.Wrong("preferred_agents", "name at most " + std::to_string(limits::kMaxPreferredAgents));
    return;
  }
  std::set<std::string> seen;
  for (int i = 0; i < request.preferred_agents_size(); ++i) {
    const v1::PreferredAgent& agent = request.preferred_agents(i);
    const std::string field = "preferred_agents[" + std::to_string(i) + "]";
    check.Id((field + ".agent_id").c_str(), agent.agent_id());
    check.Range((field + ".score").c_str(), agent.score(), 0, 100);
    if (!seen.insert(agent.agent_id()).second) check.Wrong(field, "is named twice");
    arrive.preferred_agents.emplace_back(agent.agent_id(), agent.score());
  }
  arrive.preferred_wait_ms = WaitOf("preferred_wait_ms", request.has_preferred_wait_ms(),
                                    request.preferred_wait_ms(), check);
  arrive.direct_wait_ms =
      WaitOf("direct_wait_ms", request.has_direct_wait_ms(), request.direct_wait_ms(), check);
}

}  // namespace

engine::Command ToCommand(const v1::ArriveRequest& request, Check& check) {
  engine::Arrive arrive;
  check.Id("contact_id", request.contact_id());
  check.Name("channel", request.channel());
  CheckDestination(check, request);
  arrive.contact = request.contact_id();
  arrive.channel = request.channel();
  arrive.queue = request.queue();
  arrive.priority = PriorityOf(request, check);
  check.Text("customer_key", request.customer_key(), limits::kMaxCustomerKeyBytes);
  check.OptionalId("related_contact", request.related_contact());
  CheckNotBefore(check, request.not_before_unix_ms());
  CheckAgeCredit(request.age_credit_ms(), check);
  AskForAgents(request, check, arrive);
  WaitAlsoIn(request, check, arrive);
  arrive.requirements = check.Requirements("skills", request.skills());
  arrive.attributes = check.Attributes("attributes", request.attributes());
  arrive.customer_key = request.customer_key();
  arrive.related_contact = request.related_contact();
  if (request.has_live()) arrive.live = request.live();
  arrive.not_before_unix_ms = request.not_before_unix_ms();
  arrive.credit_ms = request.age_credit_ms();
  return arrive;
}

engine::Command ToCommand(const v1::UpdateContactRequest& request, Check& check) {
  engine::UpdateContact update;
  check.Id("contact_id", request.contact_id());
  update.contact = request.contact_id();
  update.priority = PriorityOf(request, check);
  update.requirements = SkillsOf(request, check);
  if (request.has_attributes()) {
    update.attributes =
        check.Attributes("attributes.attributes", request.attributes().attributes());
  }
  if (request.has_age_credit_ms()) {
    CheckAgeCredit(request.age_credit_ms(), check);
    update.credit_ms = request.age_credit_ms();
  }
  return update;
}

engine::Command ToCommand(const v1::TransferContactRequest& request, Check& check) {
  engine::TransferContact transfer;
  check.Id("contact_id", request.contact_id());
  transfer.contact = request.contact_id();
  transfer.priority = PriorityOf(request, check);
  const v1::TransferTarget& target = request.target();
  CheckTarget(check, target);
  transfer.queue = target.has_agent_id() ? target.fallback_queue() : target.queue();
  transfer.agent = target.agent_id();
  transfer.gateway = target.gateway();
  transfer.requirements = SkillsOf(request, check);
  transfer.direct_wait_ms =
      WaitOf("direct_wait_ms", request.has_direct_wait_ms(), request.direct_wait_ms(), check);
  return transfer;
}

engine::Command ToCommand(const v1::WithdrawContactRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  engine::WithdrawContact withdraw{request.contact_id()};
  if (request.reason() == v1::END_REASON_CUSTOMER_LEFT) {
    withdraw.as = core::ContactState::kAbandoned;
    withdraw.reason = core::EndReason::kCustomerLeft;
  } else if (request.reason() != v1::END_REASON_GATEWAY_WITHDREW) {
    check.Wrong("reason", "CUSTOMER_LEFT or GATEWAY_WITHDREW");
  }
  return withdraw;
}

engine::Command ToCommand(const v1::ReportAgentAnsweredRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return engine::AgentAnswered{check.Offer("offer_id", request.offer_id()), request.contact_id()};
}

engine::Command ToCommand(const v1::ReportConnectedRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return engine::Connected{request.contact_id(), check.Offer("offer_id", request.offer_id())};
}

engine::Command ToCommand(const v1::ReportConnectFailedRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  const OfferId offer = check.Offer("offer_id", request.offer_id());
  const std::optional<core::ConnectFailure> cause = FromProto(request.cause());
  if (!cause) {
    check.Wrong("cause", "is required");
  } else if (*cause == core::ConnectFailure::kTimeout) {
    check.Wrong("cause", "TIMEOUT is the router's own");
  }
  return engine::ConnectFailed{request.contact_id(), cause.value_or(core::ConnectFailure::kOther),
                               offer};
}

engine::Command ToCommand(const v1::ReportHeldRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return engine::Hold{request.contact_id(), true};
}

engine::Command ToCommand(const v1::ReportResumedRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return engine::Hold{request.contact_id(), false};
}

engine::Command ToCommand(const v1::StartConsultRequest& request, Check& check) {
  engine::StartConsult start;
  check.Id("contact_id", request.contact_id());
  check.Id("consult_contact_id", request.consult_contact_id());
  const v1::TransferTarget& target = request.target();
  CheckTarget(check, target);
  if (target.has_gateway()) check.Wrong("target.gateway", "name a queue or an agent to ask");
  start.contact = request.contact_id();
  start.consult_contact = request.consult_contact_id();
  start.queue = target.has_agent_id() ? target.fallback_queue() : target.queue();
  start.agent = target.agent_id();
  check.OptionalId("asking_agent_id", request.asking_agent_id());
  start.asking = request.asking_agent_id();
  start.direct_wait_ms =
      WaitOf("direct_wait_ms", request.has_direct_wait_ms(), request.direct_wait_ms(), check);
  start.priority = PriorityOf(request, check);
  start.requirements = SkillsOf(request, check).value_or(std::vector<engine::SkillNeed>());
  return start;
}

engine::Command ToCommand(const v1::CompleteConsultRequest& request, Check& check) {
  return ConsultEnds(request, check, engine::ConsultEnd::kComplete);
}

engine::Command ToCommand(const v1::JoinConsultRequest& request, Check& check) {
  return ConsultEnds(request, check, engine::ConsultEnd::kJoin);
}

engine::Command ToCommand(const v1::CancelConsultRequest& request, Check& check) {
  return ConsultEnds(request, check, engine::ConsultEnd::kCancel);
}

engine::Command ToCommand(const v1::LeaveConferenceRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  check.Id("agent_id", request.agent_id());
  return engine::LeaveConference{request.contact_id(), request.agent_id()};
}

engine::Command ToCommand(const v1::ReportTreatmentDoneRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return engine::EndTreatment{request.contact_id(),
                              check.Offer("treatment_id", request.treatment_id())};
}

engine::Command ToCommand(const v1::ReportCustomerInactiveRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return engine::SetInactive{request.contact_id(), true};
}

engine::Command ToCommand(const v1::ReportCustomerActiveRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return engine::SetInactive{request.contact_id(), false};
}

engine::Command ToCommand(const v1::RequestCallbackRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  CheckNotBefore(check, request.not_before_unix_ms());
  return engine::RequestCallback{request.contact_id(), request.not_before_unix_ms()};
}

engine::Command ToCommand(const v1::EndContactRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  engine::EndContact end{request.contact_id()};
  if (request.reason() == v1::END_REASON_COMPLETED) {
    end.unanswered = core::ContactState::kWithdrawn;
    end.reason = core::EndReason::kCompleted;
  } else if (request.reason() != v1::END_REASON_CUSTOMER_LEFT) {
    check.Wrong("reason", "CUSTOMER_LEFT or COMPLETED");
  }
  return end;
}

engine::Command ToCommand(const v1::ReconcileRequest& request, Check& check) {
  const auto ids = [&check](const char* field, const auto& given) {
    for (int i = 0; i < given.size(); ++i) check.Id(Element(field, i).c_str(), given[i]);
    return std::vector<std::string>(given.begin(), given.end());
  };
  return engine::Reconcile{ids("kept", request.kept()), ids("ended", request.ended())};
}

}  // namespace routerd::api
