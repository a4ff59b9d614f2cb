// What supervisors ask. The policy's own calls are in policy_calls.cc.
#include <algorithm>

#include "routerd/api/commands.h"
#include "routerd/api/words.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

// How long an override holds; 0: until it is cleared.
template <typename Request>
SpanMs LastsOf(const Request& request, Check& check) {
  if (!request.has_duration()) return 0;
  if (request.from_policy()) check.Wrong("duration", "must be left out with `from_policy`");
  constexpr std::int64_t kMaxS = limits::kMaxSpanMs / 1000;
  const std::int64_t seconds = std::clamp<std::int64_t>(request.duration().seconds(), 0, kMaxS + 1);
  const SpanMs lasts_ms = seconds * 1000 + request.duration().nanos() / 1'000'000;
  if (lasts_ms < limits::kMinOverrideMs || lasts_ms > limits::kMaxSpanMs) {
    check.Wrong("duration", "must be from 1 second to 400 days");
  }
  return lasts_ms;
}

}  // namespace

engine::Command ToCommand(const v1::SetAgentStateRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  check.Text("reason", request.reason(), limits::kMaxIdBytes);
  if (request.presence() != v1::AGENT_PRESENCE_NOT_READY && !request.reason().empty()) {
    check.Wrong("reason", "belongs to NOT_READY only");
  }
  switch (request.presence()) {
    case v1::AGENT_PRESENCE_LOGGED_OUT:
      return engine::LogOut{request.agent_id(), {}};
    case v1::AGENT_PRESENCE_READY:
    case v1::AGENT_PRESENCE_NOT_READY: {
      engine::SetPresence presence;
      presence.agent = request.agent_id();
      presence.ready = request.presence() == v1::AGENT_PRESENCE_READY;
      presence.reason = request.reason();
      return presence;
    }
    default:
      check.Wrong("presence", "READY, NOT_READY or LOGGED_OUT");
  }
  return engine::LogOut{};
}

engine::Command ToCommand(const v1::SetAgentSkillsRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  engine::SetAgentSkills set;
  set.agent = request.agent_id();
  set.skills = check.Skills("skills", request.skills());
  set.from_policy = request.from_policy();
  if (set.from_policy && !set.skills.empty()) {
    check.Wrong("skills", "must be empty with `from_policy`");
  }
  set.lasts_ms = LastsOf(request, check);
  return set;
}

engine::Command ToCommand(const v1::SetContactPriorityRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  check.Range("priority", request.priority(), limits::kMinPriority, limits::kMaxPriority);
  engine::UpdateContact update;
  update.contact = request.contact_id();
  update.priority = request.priority();
  update.only_waiting = true;
  return update;
}

engine::Command ToCommand(const v1::MoveContactRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  check.Name("queue", request.queue());
  engine::TransferContact transfer;
  transfer.contact = request.contact_id();
  transfer.queue = request.queue();
  transfer.only_waiting = true;
  return transfer;
}

engine::Command ToCommand(const v1::RemoveContactRequest& request, Check& check) {
  check.Id("contact_id", request.contact_id());
  engine::WithdrawContact withdraw;
  withdraw.contact = request.contact_id();
  withdraw.reason = core::EndReason::kSupervisorWithdrew;
  withdraw.only_waiting = true;
  return withdraw;
}

engine::Command ToCommand(const v1::MoveQueueRequest& request, Check& check) {
  check.Name("queue", request.queue());
  if (!request.stop()) check.Name("to_queue", request.to_queue());
  if (request.stop() && !request.to_queue().empty()) {
    check.Wrong("to_queue", "must be left out with `stop`");
  }
  return engine::MoveQueue{request.queue(), request.to_queue()};
}

engine::Command ToCommand(const v1::SetQueueModeRequest& request, Check& check) {
  check.Name("queue", request.queue());
  const bool named = request.mode() != v1::QUEUE_MODE_UNSPECIFIED;
  const std::optional<model::QueueMode> mode = FromProto(request.mode());
  if (request.from_policy() && named) check.Wrong("mode", "must be left out with `from_policy`");
  if (!request.from_policy() && !mode) check.Wrong("mode", "OPEN, CLOSED or EMERGENCY");
  return engine::SetQueueMode{request.queue(), request.from_policy() ? std::nullopt : mode,
                              LastsOf(request, check)};
}

}  // namespace routerd::api
