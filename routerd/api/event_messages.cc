#include "routerd/api/event_messages.h"

#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

using engine::EventKind;

template <typename Message>
void FillWho(const engine::Event& from, Message* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_agent_id(from.agent);
}

// Of an arrival, whatever became of it.
template <typename Message>
void FillArrival(const engine::Event& from, Message* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_queue(from.queue);
  if (!from.contact.identity) return;
  to->set_channel(from.contact.identity->channel);
  to->set_client(from.contact.identity->gateway);
}

void Queued(const engine::Event& from, v1::ContactQueued* to) {
  FillArrival(from, to);
  to->set_priority(from.contact.status.priority);
  if (!from.contact.identity) return;
  for (const engine::SkillNeed& need : from.contact.identity->requirements) {
    Fill(need, to->add_skills());
  }
  to->set_live(from.contact.identity->live);
  to->set_related_contact(from.contact.identity->related_contact);
  to->set_consult_of(from.contact.identity->consult_of);
}

void Updated(const engine::Event& from, v1::ContactUpdated* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_priority(from.contact.status.priority);
  if (!from.contact.identity) return;
  for (const engine::SkillNeed& need : from.contact.identity->requirements) {
    Fill(need, to->add_skills());
  }
}

void Moved(const engine::Event& from, v1::ContactMoved* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_from_queue(from.from_queue);
  to->set_to_queue(from.queue);
  to->set_waited_ms(from.waited_ms);
  to->set_outcome(ToProto(from.visit_outcome));
}

void Offered(const engine::Event& from, v1::OfferMade* to) {
  FillWho(from, to);
  to->set_offer_id(OfferText(from.offer));
  to->set_queue(from.queue);
  to->set_deadline_unix_ms(from.deadline_unix_ms);
  to->set_waited_ms(from.waited_ms);
  to->set_through_queue(from.through);
}

void OfferOver(const engine::Event& from, v1::OfferEnded* to) {
  FillWho(from, to);
  to->set_offer_id(OfferText(from.offer));
  to->set_queue(from.queue);
  to->set_outcome(ToProto(from.outcome));
  to->set_reject_reason(from.why);
}

void Answered(const engine::Event& from, v1::ContactAnswered* to) {
  FillWho(from, to);
  to->set_queue(from.queue);
  to->set_waited_ms(from.waited_ms);
  to->set_through_queue(from.through);
}

void Held(const engine::Event& from, v1::ContactHoldChanged* to) {
  FillWho(from, to);
  to->set_held(from.kind == EventKind::kContactHeld);
}

void Ended(const engine::Event& from, v1::ContactEnded* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_state(ToProto(from.contact.status.state));
  to->set_reason(ToProto(from.reason));
  to->set_queue(from.queue);
  to->set_waited_ms(from.waited_ms);
  to->set_answered(from.answered);
}

void Changed(const engine::AgentView& from, v1::AgentChanged* to) {
  to->set_agent_id(from.id);
  to->set_presence(ToProto(from.presence));
  to->set_reason(from.reason);
  to->set_shown_state(ToProto(from.shown));
  if (from.pending) {
    to->set_pending_presence(ToProto(from.pending_presence));
    to->set_pending_reason(from.pending_reason);
  }
  to->mutable_ready_channels()->Add(from.ready_channels.begin(), from.ready_channels.end());
  for (const engine::SkillNeed& skill : from.skills) Fill(skill, to->add_skills());
  to->set_units_used(from.units_used);
  to->set_client(from.client);
  to->set_connected(from.connected);
}

// Of contacts in agents' hands.
void FillHoldingKind(const engine::Event& from, v1::Event* to) {
  switch (from.kind) {
    case EventKind::kContactParked:
    case EventKind::kContactUnparked:
      to->mutable_contact_park_changed()->set_parked(from.kind == EventKind::kContactParked);
      to->mutable_contact_park_changed()->set_parked_ms(from.parked_ms);
      return FillWho(from, to->mutable_contact_park_changed());
    case EventKind::kContactInactive:
    case EventKind::kContactActive:
      to->mutable_contact_inactive_changed()->set_inactive(from.kind ==
                                                           EventKind::kContactInactive);
      to->mutable_contact_inactive_changed()->set_inactive_ms(from.inactive_ms);
      return FillWho(from, to->mutable_contact_inactive_changed());
    case EventKind::kAgentLost:
      return FillWho(from, to->mutable_contact_agent_lost());
    case EventKind::kContactJoined:
      to->mutable_contact_agent_joined()->set_consult_contact_id(from.by_contact);
      return FillWho(from, to->mutable_contact_agent_joined());
    case EventKind::kContactLeft:
      return FillWho(from, to->mutable_contact_agent_left());
    default:
      return;
  }
}

void FillContactKind(const engine::Event& from, v1::Event* to) {
  switch (from.kind) {
    case EventKind::kContactScheduled:
      return FillArrival(from, to->mutable_contact_scheduled());
    case EventKind::kContactQueued:
      return Queued(from, to->mutable_contact_queued());
    case EventKind::kContactRefused:
      to->mutable_contact_refused()->set_reason(ToProto(from.reason));
      return FillArrival(from, to->mutable_contact_refused());
    case EventKind::kContactChanged:
      return Updated(from, to->mutable_contact_updated());
    case EventKind::kContactMoved:
      return Moved(from, to->mutable_contact_moved());
    case EventKind::kContactConfirmed:
      to->mutable_contact_confirmed()->set_offer_id(OfferText(from.offer));
      return FillWho(from, to->mutable_contact_confirmed());
    case EventKind::kContactConnectFailed:
      to->mutable_contact_connect_failed()->set_cause(ToProto(from.cause));
      return FillWho(from, to->mutable_contact_connect_failed());
    case EventKind::kContactReturned:
      to->mutable_contact_returned()->set_contact_id(IdOf(from.contact));
      return to->mutable_contact_returned()->set_queue(from.queue);
    case EventKind::kContactAnswered:
      return Answered(from, to->mutable_contact_answered());
    case EventKind::kContactHeld:
    case EventKind::kContactResumed:
      return Held(from, to->mutable_contact_hold_changed());
    case EventKind::kContactEnded:
      return Ended(from, to->mutable_contact_ended());
    case EventKind::kContactTreated:
      to->mutable_contact_treated()->set_treatment(from.treatment);
      to->mutable_contact_treated()->set_treatment_id(OfferText(from.offer));
      to->mutable_contact_treated()->set_deadline_unix_ms(from.deadline_unix_ms);
      return FillArrival(from, to->mutable_contact_treated());
    case EventKind::kContactStepOpened:
      to->mutable_contact_step_opened()->set_contact_id(IdOf(from.contact));
      to->mutable_contact_step_opened()->set_queue(from.queue);
      return to->mutable_contact_step_opened()->set_step(static_cast<std::int32_t>(from.step));
    case EventKind::kContactStuck:
    case EventKind::kContactUnstuck:
      to->mutable_contact_stuck()->set_stuck(from.kind == EventKind::kContactStuck);
      to->mutable_contact_stuck()->set_contact_id(IdOf(from.contact));
      return to->mutable_contact_stuck()->set_queue(from.queue);
    case EventKind::kContactToCallback:
      to->mutable_contact_to_callback()->set_contact_id(IdOf(from.contact));
      to->mutable_contact_to_callback()->set_queue(from.queue);
      to->mutable_contact_to_callback()->set_waited_ms(from.waited_ms);
      return to->mutable_contact_to_callback()->set_attempts(
          static_cast<std::int32_t>(from.attempts));
    case EventKind::kContactHandedOver:
      to->mutable_contact_handed_over()->set_contact_id(IdOf(from.contact));
      return to->mutable_contact_handed_over()->set_to_client(from.gateway);
    default:
      return FillHoldingKind(from, to);
  }
}

}  // namespace

void Fill(const engine::Event& from, v1::Event* to) {
  SetPosition(from.at, to->mutable_position());
  to->set_index(from.index);
  to->set_at_unix_ms(from.unix_ms);
  to->set_actor(from.actor);
  switch (from.kind) {
    case EventKind::kOfferMade:
      return Offered(from, to->mutable_offer_made());
    case EventKind::kOfferEnded:
      return OfferOver(from, to->mutable_offer_ended());
    case EventKind::kWrapUpStarted:
      if (from.deadline_unix_ms != 0) {
        to->mutable_wrap_up_started()->set_deadline_unix_ms(from.deadline_unix_ms);
      }
      return FillWho(from, to->mutable_wrap_up_started());
    case EventKind::kWrapUpExtended:
      to->mutable_wrap_up_extended()->set_deadline_unix_ms(from.deadline_unix_ms);
      return FillWho(from, to->mutable_wrap_up_extended());
    case EventKind::kWrapUpEnded:
      return FillWho(from, to->mutable_wrap_up_ended());
    case EventKind::kAgentChanged:
      if (from.agent_view) Changed(*from.agent_view, to->mutable_agent_changed());
      return to->mutable_agent_changed()->set_log_out_reason(from.why);
    case EventKind::kQueueModeChanged:
      to->mutable_queue_mode_changed()->set_queue(from.queue);
      if (from.queue_view) {
        to->mutable_queue_mode_changed()->set_queue(from.queue_view->id);
        to->mutable_queue_mode_changed()->set_mode(ToProto(from.queue_view->mode));
        to->mutable_queue_mode_changed()->set_overridden(from.queue_view->mode_override != nullptr);
      }
      return;
    case EventKind::kQueueMoveChanged:
      to->mutable_queue_move_changed()->set_queue(from.queue);
      if (from.move) Fill(*from.move, to->mutable_queue_move_changed()->mutable_move());
      return;
    case EventKind::kPolicyChanged:
      return to->mutable_policy_applied()->set_version(from.policy_version);
    case EventKind::kGatewayConnected:
    case EventKind::kGatewayDisconnected:
      to->mutable_gateway_connection_changed()->set_client(from.gateway);
      return to->mutable_gateway_connection_changed()->set_connected(from.kind ==
                                                                     EventKind::kGatewayConnected);
    default:
      return FillContactKind(from, to);
  }
}

}  // namespace routerd::api
