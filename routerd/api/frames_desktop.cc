#include "routerd/api/frames.h"
#include "routerd/api/held_list.h"
#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

using engine::EventKind;

void Offer(const engine::Event& from, v1::AgentOfferEvent* to) {
  to->set_offer_id(OfferText(from.offer));
  to->set_contact_id(IdOf(from.contact));
  if (from.contact.identity) {
    to->set_channel(from.contact.identity->channel);
    to->set_consult_of(from.contact.identity->consult_of);
    for (const auto& [key, value] : from.contact.identity->attributes) {
      (*to->mutable_attributes())[key] = value;
    }
  }
  to->set_queue(from.queue);
  to->set_deadline_unix_ms(from.deadline_unix_ms);
  to->set_ttl_ms(from.ttl_ms);
  to->set_accept_by(ToProto(from.accept_by));
  to->set_waited_ms(from.waited_ms);
  to->set_priority(from.contact.status.priority);
  to->set_through_queue(from.through);
}

void Cancelled(const engine::Event& from, v1::AgentOfferCancelledEvent* to) {
  to->set_offer_id(OfferText(from.offer));
  to->set_contact_id(IdOf(from.contact));
  to->set_outcome(ToProto(from.outcome));
}

void Gone(const engine::Event& from, v1::AgentContactEndedEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  to->set_state(ToProto(from.contact.status.state));
  to->set_reason(ToProto(from.reason));
}

void WrapUp(const engine::Event& from, v1::AgentWrapUpStartedEvent* to) {
  to->set_contact_id(IdOf(from.contact));
  if (from.deadline_unix_ms != 0) to->set_deadline_unix_ms(from.deadline_unix_ms);
}

// The agent as he is now; or, if another client's session has him, that this one has lost him.
void Changed(const engine::Event& from, const std::string& client, v1::DesktopEvent* to) {
  if (!from.agent_view) return;
  const std::string& owner = from.agent_view->client;
  if (!owner.empty() && owner != client) {
    to->mutable_superseded();
  } else {
    Fill(*from.agent_view, to->mutable_state_changed()->mutable_status());
  }
}

// False: not for desktops.
bool FillEvent(const engine::Event& from, const std::string& client, v1::DesktopEvent* to) {
  switch (from.kind) {
    case EventKind::kOfferMade:
      return Offer(from, to->mutable_offer()), true;
    case EventKind::kOfferEnded:
      if (from.outcome == core::OfferOutcome::kAccepted) return false;  // `confirmed` tells it
      return Cancelled(from, to->mutable_offer_cancelled()), true;
    case EventKind::kContactConfirmed:
      to->mutable_confirmed()->set_offer_id(OfferText(from.offer));
      to->mutable_confirmed()->set_contact_id(IdOf(from.contact));
      to->mutable_confirmed()->set_announce_ms(from.announce_ms);
      return true;
    case EventKind::kContactAnswered:
      to->mutable_assigned()->set_contact_id(IdOf(from.contact));
      return true;
    case EventKind::kContactJoined:
      to->mutable_assigned()->set_contact_id(IdOf(from.contact));
      to->mutable_assigned()->set_consult_contact_id(from.by_contact);
      return true;
    case EventKind::kWrapUpStarted:
      return WrapUp(from, to->mutable_wrap_up_started()), true;
    case EventKind::kContactParked:
      to->mutable_park()->set_contact_id(IdOf(from.contact));
      return true;
    case EventKind::kContactUnparked:
      to->mutable_resume()->set_contact_id(IdOf(from.contact));
      return true;
    case EventKind::kContactInactive:
      to->mutable_customer_inactive()->set_contact_id(IdOf(from.contact));
      return true;
    case EventKind::kContactActive:
      to->mutable_customer_active()->set_contact_id(IdOf(from.contact));
      return true;
    case EventKind::kWrapUpExtended:
      to->mutable_wrap_up_extended()->set_contact_id(IdOf(from.contact));
      to->mutable_wrap_up_extended()->set_deadline_unix_ms(from.deadline_unix_ms);
      return true;
    case EventKind::kContactReleased:
      // Over with the conversation: its end comes next, and says why.
      if (core::IsTerminal(from.contact.status.state)) return false;
      return Gone(from, to->mutable_ended()), true;
    case EventKind::kContactConnectFailed:
    case EventKind::kAgentLost:
    case EventKind::kContactMoved:
    case EventKind::kContactLeft:
    case EventKind::kContactEnded:
      return Gone(from, to->mutable_ended()), true;
    case EventKind::kAgentChanged:
      return Changed(from, client, to), true;
    default:
      return false;
  }
}

}  // namespace

void AppendEvents(const engine::OutboxItem& item, const std::string& client,
                  std::vector<v1::DesktopEvent>* events) {
  v1::DesktopEvent event;
  if (!FillEvent(*item.event, client, &event)) return;
  event.set_sequence(item.event->at.sequence);
  event.set_at_unix_ms(item.event->unix_ms);
  event.set_agent_id(item.event->agent_view ? item.event->agent_view->id : item.event->agent);
  events->push_back(std::move(event));
}

void AppendHeld(const engine::Answer& opened, bool lost, std::vector<v1::DesktopEvent>* events) {
  if (!lost && opened.held_agents.empty()) return;
  AppendList(
      opened, opened.held_agents, events,
      [](v1::DesktopEvent* event) { return event->mutable_resync(); },
      [](v1::DesktopResyncEvent* part, const std::shared_ptr<const engine::AgentView>& agent) {
        v1::AgentStatus* to = part->add_agents();
        Fill(*agent, to);
        return to->ByteSizeLong();
      });
  for (const engine::HeldContact& held : opened.held_contacts) {
    const engine::OutboxItem item = OpenOffer(opened, held);
    if (item.event) AppendEvents(item, {}, events);
  }
}

}  // namespace routerd::api
