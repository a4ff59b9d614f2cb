// What gateways ask.
#include <utility>

#include "routerd/api/commands.h"
#include "routerd/api/words.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

void CheckPriority(Check& check, bool given, std::int64_t priority) {
  if (given) check.Range("priority", priority, limits::kMinPriority, limits::kMaxPriority);
}

// Part of the protocol, and not of this version.
engine::Command NotYet(Check& check, const char* what) {
  check.Unimplemented(what);
  return engine::Hold{};
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

std::string TargetQueue(Check& check, const v1::TransferTarget& target) {
  switch (target.target_case()) {
    case v1::TransferTarget::kQueue:
      check.Name("target.queue", target.queue());
      break;
    case v1::TransferTarget::kAgentId:
      check.Unimplemented("transfer to an agent");
      break;
    case v1::TransferTarget::kGateway:
      check.Unimplemented("transfer to a gateway");
      break;
    case v1::TransferTarget::TARGET_NOT_SET:
      check.Wrong("target", "queue, agent_id or gateway is required");
  }
  return target.queue();
}

}  // namespace

engine::Command ToCommand(const v1::ArriveRequest& request, Check& check) {
  engine::Arrive arrive;
  check.Id("contact_id", request.contact_id());
  check.Name("channel", request.channel());
  CheckDestination(check, request);
  CheckPriority(check, request.has_priority(), request.priority());
  check.Text("customer_key", request.customer_key(), limits::kMaxCustomerKeyBytes);
  check.OptionalId("related_contact", request.related_contact());
  CheckNotBefore(check, request.not_before_unix_ms());
  check.Range("age_credit_ms", request.age_credit_ms(), -limits::kMaxSpanMs, limits::kMaxSpanMs);
  if (!request.preferred_agents().empty()) check.Unimplemented("preferred agents");
  if (!request.direct_agent().empty()) check.Unimplemented("contacts for one agent");
  arrive.contact = request.contact_id();
  arrive.channel = request.channel();
  arrive.queue = request.queue();
  if (request.has_priority()) arrive.priority = request.priority();
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
  CheckPriority(check, request.has_priority(), request.priority());
  update.contact = request.contact_id();
  if (request.has_priority()) update.priority = request.priority();
  if (request.has_skills()) {
    update.requirements = check.Requirements("skills.skills", request.skills().skills());
  }
  if (request.has_attributes()) {
    update.attributes =
        check.Attributes("attributes.attributes", request.attributes().attributes());
  }
  if (request.has_age_credit_ms()) {
    check.Range("age_credit_ms", request.age_credit_ms(), -limits::kMaxSpanMs, limits::kMaxSpanMs);
    update.credit_ms = request.age_credit_ms();
  }
  return update;
}

engine::Command ToCommand(const v1::TransferContactRequest& request, Check& check) {
  engine::TransferContact transfer;
  check.Id("contact_id", request.contact_id());
  CheckPriority(check, request.has_priority(), request.priority());
  transfer.contact = request.contact_id();
  transfer.queue = TargetQueue(check, request.target());
  if (request.has_priority()) transfer.priority = request.priority();
  if (request.has_skills()) {
    transfer.requirements = check.Requirements("skills.skills", request.skills().skills());
  }
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
  check.Id("contact_id", request.contact_id());
  check.Id("consult_contact_id", request.consult_contact_id());
  return NotYet(check, "consultations");
}

engine::Command ToCommand(const v1::CompleteConsultRequest& request, Check& check) {
  check.Id("consult_contact_id", request.consult_contact_id());
  return NotYet(check, "consultations");
}

engine::Command ToCommand(const v1::CancelConsultRequest& request, Check& check) {
  check.Id("consult_contact_id", request.consult_contact_id());
  return NotYet(check, "consultations");
}

engine::Command ToCommand(const v1::ReportTreatmentDoneRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return NotYet(check, "treatments");
}

engine::Command ToCommand(const v1::ReportCustomerInactiveRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return NotYet(check, "silent customers");
}

engine::Command ToCommand(const v1::ReportCustomerActiveRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return NotYet(check, "silent customers");
}

engine::Command ToCommand(const v1::RequestCallbackRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  return NotYet(check, "callbacks");
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
  for (int i = 0; i < request.kept_size(); ++i) {
    check.Id(Element("kept", i).c_str(), request.kept(i));
  }
  for (int i = 0; i < request.ended_size(); ++i) {
    check.Id(Element("ended", i).c_str(), request.ended(i));
  }
  return engine::Reconcile{{request.kept().begin(), request.kept().end()},
                           {request.ended().begin(), request.ended().end()}};
}

}  // namespace routerd::api
