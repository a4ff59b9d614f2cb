#include <optional>
#include <utility>

#include "routerd/api/frames.h"
#include "routerd/api/held_list.h"
#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

using engine::EventKind;

void Queued(const engine::Event& from, v1::ContactQueuedEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_queue(from.queue);
  if (from.position) to->set_queue_position(*from.position);
  to->set_returned(from.kind == EventKind::kContactReturned);
}

void Offer(const engine::OutboxItem& item, v1::ContactOfferEvent* to) {
  const engine::Event& from = *item.event;
  to->set_offer_id(OfferText(from.offer));
  to->set_contact_id(IdOf(from.contact));
  to->set_agent_id(from.agent);
  to->set_endpoint(item.endpoint);
  to->set_queue(from.queue);
  to->set_accept_by(ToProto(from.accept_by));
  to->set_deadline_unix_ms(from.deadline_unix_ms);
  to->set_ttl_ms(from.ttl_ms);
  to->set_through_queue(from.through);
}

void OfferEnded(const engine::Event& from, v1::ContactOfferEndedEvent* to) {
  to->set_offer_id(OfferText(from.offer));
  to->set_contact_id(IdOf(from.contact));
  to->set_agent_id(from.agent);
  to->set_outcome(ToProto(from.outcome));
}

void Confirmed(const engine::Event& from, v1::ContactConfirmedEvent* to) {
  to->set_offer_id(OfferText(from.offer));
  to->set_contact_id(IdOf(from.contact));
  to->set_agent_id(from.agent);
  to->set_state(from.deadline_unix_ms != 0 ? v1::CONTACT_STATE_CONNECTING
                                           : v1::CONTACT_STATE_ASSIGNED);
  if (from.deadline_unix_ms != 0) to->set_connect_deadline_unix_ms(from.deadline_unix_ms);
  to->set_announce_ms(from.announce_ms);
}

void Moved(const engine::Event& from, v1::ContactMovedEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_from_queue(from.from_queue);
  to->set_to_queue(from.queue);
  to->set_outcome(ToProto(from.visit_outcome));
}

void Ended(const engine::Event& from, v1::ContactEndedEvent* to) {
  const bool released = from.kind == EventKind::kContactReleased;
  to->set_contact_id(IdOf(from.contact));
  to->set_state(released ? v1::CONTACT_STATE_WRAP_UP : ToProto(from.contact.status.state));
  to->set_reason(ToProto(from.reason));
  to->set_agent_id(from.agent);
}

void Refused(const engine::Event& from, v1::ContactRefusedEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_queue(from.queue);
  to->set_reason(ToProto(from.reason));
}

void Treat(const engine::Event& from, v1::ContactTreatEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_treatment(from.treatment);
  to->set_treatment_id(OfferText(from.offer));
  to->set_queue(from.queue);
  to->set_deadline_unix_ms(from.deadline_unix_ms);
  to->set_ttl_ms(from.ttl_ms);
}

void HandedOver(const engine::Event& from, v1::ContactHandedOverEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_queue(from.queue);
  to->set_priority(from.contact.status.priority);
  to->set_age_ms(from.unix_ms - from.contact.status.age_since_unix_ms);
  if (!from.contact.identity) return;
  const engine::ContactIdentity& identity = *from.contact.identity;
  to->set_from_client(identity.gateway);
  to->set_channel(identity.channel);
  to->set_customer_key(identity.customer_key);
  for (const engine::SkillNeed& need : identity.requirements) Fill(need, to->add_skills());
  for (const auto& [key, value] : identity.attributes) (*to->mutable_attributes())[key] = value;
}

// False: not for gateways.
bool FillEvent(const engine::OutboxItem& item, v1::GatewayEvent* to) {
  const engine::Event& from = *item.event;
  switch (from.kind) {
    case EventKind::kContactQueued:
    case EventKind::kContactReturned:
      return Queued(from, to->mutable_queued()), true;
    case EventKind::kOfferMade:
      return Offer(item, to->mutable_offer()), true;
    case EventKind::kOfferEnded:
      if (from.outcome == core::OfferOutcome::kAccepted) return false;  // `confirmed` tells it
      return OfferEnded(from, to->mutable_offer_ended()), true;
    case EventKind::kContactConfirmed:
      return Confirmed(from, to->mutable_confirmed()), true;
    case EventKind::kContactMoved:
      return Moved(from, to->mutable_moved()), true;
    case EventKind::kContactReleased:
    case EventKind::kContactEnded:
      return Ended(from, to->mutable_ended()), true;
    case EventKind::kContactRefused:
      return Refused(from, to->mutable_refused()), true;
    case EventKind::kContactParked:
      to->mutable_park()->set_contact_id(IdOf(from.contact));
      to->mutable_park()->set_agent_id(from.agent);
      return true;
    case EventKind::kContactUnparked:
      to->mutable_resume()->set_contact_id(IdOf(from.contact));
      to->mutable_resume()->set_agent_id(from.agent);
      return true;
    case EventKind::kContactTreated:
      return Treat(from, to->mutable_treat()), true;
    case EventKind::kContactInactive:
      to->mutable_customer_inactive()->set_contact_id(IdOf(from.contact));
      to->mutable_customer_inactive()->set_agent_id(from.agent);
      return true;
    case EventKind::kContactActive:
      to->mutable_customer_active()->set_contact_id(IdOf(from.contact));
      to->mutable_customer_active()->set_agent_id(from.agent);
      return true;
    case EventKind::kAgentLost:
      to->mutable_agent_lost()->set_contact_id(IdOf(from.contact));
      to->mutable_agent_lost()->set_agent_id(from.agent);
      return true;
    case EventKind::kContactJoined:
      to->mutable_agent_joined()->set_contact_id(IdOf(from.contact));
      to->mutable_agent_joined()->set_agent_id(from.agent);
      to->mutable_agent_joined()->set_consult_contact_id(from.by_contact);
      return true;
    case EventKind::kContactLeft:
      to->mutable_agent_left()->set_contact_id(IdOf(from.contact));
      to->mutable_agent_left()->set_agent_id(from.agent);
      return true;
    case EventKind::kContactHandedOver:
      return HandedOver(from, to->mutable_handed_over()), true;
    default:
      return false;
  }
}

}  // namespace

void AppendEvents(const engine::OutboxItem& item, const std::string&,
                  std::vector<v1::GatewayEvent>* events) {
  v1::GatewayEvent event;
  if (!FillEvent(item, &event)) return;
  event.set_sequence(item.event->at.sequence);
  event.set_at_unix_ms(item.event->unix_ms);
  events->push_back(std::move(event));
}

void AppendHeld(const engine::Answer& opened, bool lost, std::vector<v1::GatewayEvent>* events) {
  const auto append = [&](auto part_of) {
    AppendList(opened, opened.held_contacts, events, part_of,
               [](auto* part, const engine::HeldContact& held) {
                 v1::HeldContact* to = part->add_contacts();
                 Fill(held, to);
                 return to->ByteSizeLong();
               });
  };
  if (lost) {
    append([](v1::GatewayEvent* event) { return event->mutable_resync(); });
  } else if (!opened.held_contacts.empty()) {
    append([](v1::GatewayEvent* event) { return event->mutable_reconcile(); });
  }
  for (const engine::HeldContact& held : opened.held_contacts) {
    const engine::OutboxItem item = OpenOffer(opened, held);
    if (item.event) AppendEvents(item, {}, events);
  }
  for (const engine::HeldContact& offer : opened.more_offers) {
    AppendEvents(OpenOffer(opened, offer), {}, events);
  }
}

engine::OutboxItem OpenOffer(const engine::Answer& opened, const engine::HeldContact& held) {
  std::optional<engine::Event> offer = engine::OpenOffer(held, opened.at, opened.unix_ms);
  if (!offer) return {};
  return {std::make_shared<const engine::Event>(*std::move(offer)), held.endpoint};
}

}  // namespace routerd::api
