#include <algorithm>
#include <utility>

#include "routerd/api/frames.h"
#include "routerd/api/views.h"
#include "routerd/api/words.h"
#include "routerd/base/limits.h"

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
}

void Moved(const engine::Event& from, v1::ContactMovedEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_from_queue(from.from_queue);
  to->set_to_queue(from.queue);
  to->set_outcome(v1::VISIT_OUTCOME_TRANSFERRED);
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
    case EventKind::kAgentLost:
      to->mutable_agent_lost()->set_contact_id(IdOf(from.contact));
      to->mutable_agent_lost()->set_agent_id(from.agent);
      return true;
    default:
      return false;
  }
}

// One list, cut into events of at most kHeldPerEvent; `list` gives the list of an event.
template <typename List>
void AppendList(const engine::Answer& opened, std::vector<v1::GatewayEvent>* events, List list) {
  const auto& contacts = opened.held_contacts;
  std::size_t next = 0;
  do {
    v1::GatewayEvent& event = events->emplace_back();
    event.set_sequence(opened.at.sequence);
    event.set_at_unix_ms(opened.unix_ms);
    auto* part = list(&event);
    for (int n = 0; n < limits::kHeldPerEvent && next < contacts.size(); ++n) {
      Fill(contacts[next++], part->add_contacts());
    }
    part->set_last(next == contacts.size());
  } while (next < contacts.size());
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

void AppendHeld(const engine::Answer& opened, bool lost, const model::Model& policy,
                std::vector<v1::GatewayEvent>* events) {
  if (lost) {
    AppendList(opened, events, [](v1::GatewayEvent* event) { return event->mutable_resync(); });
  } else if (!opened.held_contacts.empty()) {
    AppendList(opened, events, [](v1::GatewayEvent* event) { return event->mutable_reconcile(); });
  }
  for (std::size_t i = 0; i < opened.held_contacts.size(); ++i) {
    engine::OutboxItem item{OpenOffer(opened, opened.held_contacts[i], policy), {}};
    if (i < opened.held_endpoints.size()) item.endpoint = opened.held_endpoints[i];
    if (item.event) AppendEvents(item, {}, events);
  }
}

std::shared_ptr<const engine::Event> OpenOffer(const engine::Answer& opened,
                                               const engine::ContactView& contact,
                                               const model::Model& policy) {
  const engine::ContactStatus& status = contact.status;
  if (status.state != core::ContactState::kOffered || !status.offer.valid()) return nullptr;
  auto event = std::make_shared<engine::Event>();
  event->at = opened.at;
  event->unix_ms = opened.unix_ms;
  event->kind = EventKind::kOfferMade;
  event->contact = contact;
  event->queue = status.queue;
  event->agent = status.agent;
  event->offer = status.offer;
  event->deadline_unix_ms = status.deadline_unix_ms;
  event->ttl_ms = std::max<SpanMs>(0, status.deadline_unix_ms - opened.unix_ms);
  event->waited_ms = std::max<SpanMs>(0, opened.unix_ms - status.visit_since_unix_ms);
  if (contact.identity) {
    const ChannelNo channel = policy.FindChannel(contact.identity->channel);
    if (channel.valid()) event->accept_by = policy.channels[channel.index()].accept_by;
  }
  return event;
}

}  // namespace routerd::api
