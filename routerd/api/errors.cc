#include "routerd/api/errors.h"

#include <utility>

#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {

void FillDetail(const engine::Answer& answer, v1::ErrorDetail* detail) {
  const Status& status = answer.status;
  detail->set_reason(status.reason());
  for (const FieldViolation& from : status.violations()) {
    v1::FieldViolation* violation = detail->add_field_violations();
    violation->set_field(from.field);
    violation->set_description(from.description);
  }
  if (status.retry_after_ms() != 0) detail->set_retry_after_ms(status.retry_after_ms());
  detail->set_owner(answer.owner);
  if (answer.offer_outcome) detail->set_offer_outcome(ToProto(*answer.offer_outcome));
  if (answer.policy_version != 0) detail->set_policy_version(answer.policy_version);
  if (status.code() == Code::kOutOfRange) SetPosition(answer.at, detail->mutable_first_kept());
  if (status.code() != Code::kFailedPrecondition) return;
  if (answer.contact) detail->set_contact_state(ToProto(answer.contact->status.state));
  if (answer.agent) {
    detail->set_agent_presence(ToProto(answer.agent->presence));
  } else if (status.reason() == "agent_logged_out") {
    detail->set_agent_presence(v1::AGENT_PRESENCE_LOGGED_OUT);
  }
}

void FillStatus(const engine::Answer& answer, v1::CommandStatus* status) {
  status->set_code(static_cast<int>(answer.status.code()));
  if (answer.status.ok()) return;
  status->set_message(answer.status.message());
  FillDetail(answer, status->mutable_detail());
}

engine::Answer Failed(Status status) {
  engine::Answer answer;
  answer.status = std::move(status);
  return answer;
}

engine::Answer Failed(Code code, const char* reason, std::string message) {
  return Failed(Status(code, std::move(message)).WithReason(reason));
}

}  // namespace routerd::api
