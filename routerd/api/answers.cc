// The engine's answers as responses.
#include "routerd/api/commands.h"
#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

// Where in history it stands, and the contact's state: what most responses say.
template <typename Response>
bool RespondState(const engine::Answer& answer, Response* response) {
  if (!answer.status.ok()) return false;
  SetPosition(answer.at, response->mutable_position());
  if (answer.contact) response->set_state(ToProto(answer.contact->status.state));
  return true;
}

template <typename Response>
bool RespondPosition(const engine::Answer& answer, Response* response) {
  if (!answer.status.ok()) return false;
  SetPosition(answer.at, response->mutable_position());
  return true;
}

template <typename Response>
bool RespondAgent(const engine::Answer& answer, Response* response) {
  if (!answer.status.ok()) return false;
  SetPosition(answer.at, response->mutable_position());
  if (answer.agent) Fill(*answer.agent, response->mutable_status());
  return true;
}

template <typename Response>
void SetNotKept(const engine::Answer& answer, Response* response) {
  response->mutable_attributes_not_kept()->Add(answer.attributes_not_kept.begin(),
                                               answer.attributes_not_kept.end());
}

template <typename Response>
void SetQueue(const engine::Answer& answer, Response* response) {
  if (answer.contact) response->set_queue(answer.contact->status.queue);
  if (answer.position) response->set_queue_position(*answer.position);
}

}  // namespace

// A refusal by a limit is an answer and not an error: the contact's end is told and counted.
bool Respond(const engine::Answer& answer, v1::ArriveResponse* response) {
  if (!RespondState(answer, response)) return false;
  response->set_refused_by(ToProto(answer.refused_by));
  SetQueue(answer, response);
  SetNotKept(answer, response);
  return true;
}

bool Respond(const engine::Answer& answer, v1::UpdateContactResponse* response) {
  if (!RespondState(answer, response)) return false;
  SetNotKept(answer, response);
  return true;
}

bool Respond(const engine::Answer& answer, v1::TransferContactResponse* response) {
  if (!RespondState(answer, response)) return false;
  SetQueue(answer, response);
  return true;
}

bool Respond(const engine::Answer& answer, v1::AcceptOfferResponse* response) {
  if (!RespondState(answer, response)) return false;
  if (answer.contact) response->set_contact_id(IdOf(*answer.contact));
  return true;
}

bool Respond(const engine::Answer& answer, v1::SetAgentStateResponse* response) {
  if (!RespondPosition(answer, response)) return false;
  if (!answer.agent) return true;
  response->set_presence(ToProto(answer.agent->presence));
  if (answer.agent->pending) {
    response->set_pending_presence(ToProto(answer.agent->pending_presence));
  }
  return true;
}

bool Respond(const engine::Answer& answer, v1::SetAgentSkillsResponse* response) {
  if (!RespondPosition(answer, response)) return false;
  if (!answer.agent) return true;
  for (const engine::SkillNeed& skill : answer.agent->skills) Fill(skill, response->add_skills());
  return true;
}

bool Respond(const engine::Answer& answer, v1::ExtendWrapUpResponse* response) {
  if (!RespondPosition(answer, response)) return false;
  if (!answer.agent || !answer.contact) return true;
  for (const engine::ItemView& item : answer.agent->items) {
    if (item.state != core::ItemState::kWrapUp || item.contact != IdOf(*answer.contact)) continue;
    response->set_deadline_unix_ms(item.deadline_unix_ms);
  }
  return true;
}

bool Respond(const engine::Answer& answer, v1::SetQueueModeResponse* response) {
  if (!RespondPosition(answer, response)) return false;
  response->set_mode(ToProto(answer.queue_mode));
  return true;
}

bool Respond(const engine::Answer& answer, v1::MoveQueueResponse* response) {
  if (!RespondPosition(answer, response)) return false;
  if (answer.queue_move) Fill(*answer.queue_move, response->mutable_move());
  return true;
}

bool Respond(const engine::Answer& answer, v1::ReconcileResponse* response) {
  if (!RespondPosition(answer, response)) return false;
  response->mutable_unknown()->Add(answer.unknown.begin(), answer.unknown.end());
  return true;
}

#define ROUTERD_RESPOND(Method, How)                                           \
  bool Respond(const engine::Answer& answer, v1::Method##Response* response) { \
    return How(answer, response);                                              \
  }
ROUTERD_RESPOND(WithdrawContact, RespondState)
ROUTERD_RESPOND(ReportAgentAnswered, RespondState)
ROUTERD_RESPOND(ReportConnected, RespondState)
ROUTERD_RESPOND(ReportConnectFailed, RespondState)
ROUTERD_RESPOND(ReportHeld, RespondState)
ROUTERD_RESPOND(ReportResumed, RespondState)
ROUTERD_RESPOND(StartConsult, RespondState)
ROUTERD_RESPOND(CompleteConsult, RespondState)
ROUTERD_RESPOND(CancelConsult, RespondState)
ROUTERD_RESPOND(JoinConsult, RespondState)
ROUTERD_RESPOND(LeaveConference, RespondState)
ROUTERD_RESPOND(ReportTreatmentDone, RespondState)
ROUTERD_RESPOND(ReportCustomerInactive, RespondState)
ROUTERD_RESPOND(ReportCustomerActive, RespondState)
ROUTERD_RESPOND(RequestCallback, RespondState)
ROUTERD_RESPOND(EndContact, RespondState)
ROUTERD_RESPOND(LogIn, RespondAgent)
ROUTERD_RESPOND(SetPresence, RespondAgent)
ROUTERD_RESPOND(SetBusyElsewhere, RespondAgent)
ROUTERD_RESPOND(RejectOffer, RespondPosition)
ROUTERD_RESPOND(EndWrapUp, RespondPosition)
ROUTERD_RESPOND(LogOut, RespondAgent)
ROUTERD_RESPOND(SetContactPriority, RespondState)
ROUTERD_RESPOND(MoveContact, RespondState)
ROUTERD_RESPOND(RemoveContact, RespondState)
#undef ROUTERD_RESPOND

}  // namespace routerd::api
