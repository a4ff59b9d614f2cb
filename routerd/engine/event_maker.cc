#include "routerd/engine/event_maker.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "routerd/base/limits.h"
#include "routerd/engine/views.h"

namespace routerd::engine {

void EventMaker::Begin(EventBatch& batch, Position at, const std::string& actor) {
  batch_ = &batch;
  at_ = at;
  unix_ms_ = world_.clock.ToUnix(world_.clock.now());
  actor_ = actor;
  index_ = 0;
  positions_told_ = 0;
}

void EventMaker::Make(const core::Effects& effects) {
  effects_ = &effects;
  for (const core::Effect& effect : effects) {
    std::visit([this](const auto& e) { On(e); }, effect);
  }
  effects_ = nullptr;
}

Event& EventMaker::New(EventKind kind) {
  if (!telling_) return untold_;
  Event& event = batch_->events.emplace_back();
  event.at = at_;
  event.index = index_++;
  event.unix_ms = unix_ms_;
  event.kind = kind;
  event.actor = actor_;
  return event;
}

ContactDirectory::Contact& EventMaker::Get(ContactNo no) {
  ContactDirectory::Contact* contact = world_.contacts.Find(no);
  assert(contact != nullptr && "an effect about a contact without names");
  return *contact;
}

// The event tells how the contact stands now. A contact that ended within this record is not in the
// core any more; how it ended stands among the record's effects.
Event& EventMaker::About(EventKind kind, ContactDirectory::Contact& contact) {
  if (!Refresh(world_, contact)) {
    for (const core::Effect& effect : *effects_) {
      const auto* ended = std::get_if<core::ContactEnded>(&effect);
      if (ended == nullptr || ended->contact != contact.no) continue;
      contact.last.state = ended->state;
      contact.last.queue = ended->queue;
      contact.last.through = QueueNo();
      contact.last.also.clear();
      contact.last.agent = contact.last.second = AgentNo();
      contact.last.offer = contact.last.treatment = OfferId();
      contact.last.treating = TreatmentNo();
      contact.last.stuck = false;
      contact.last.more_offers = nullptr;
      contact.last.held = contact.last.inactive = false;
      contact.last.parked = contact.last.second_parked = false;
      contact.last.deadline = 0;
    }
  }
  Event& event = New(kind);
  if (!telling_) return event;
  event.contact = ViewOf(world_, contact);
  event.queue = event.contact.status.queue;
  return event;
}

Event& EventMaker::OfContact(EventKind kind, ContactDirectory::Contact& contact, AgentNo agent) {
  Event& event = About(kind, contact);
  if (!telling_) return event;
  if (agent.valid()) event.agent = world_.agents.at(agent).id;
  const bool reach = kind == EventKind::kOfferMade || kind == EventKind::kContactConfirmed;
  fan_out_.RouteContact(batch_->events.size() - 1, *contact.identity, agent,
                        reach ? EndpointOf(world_, agent, contact.channel) : std::string());
  return event;
}

void EventMaker::SetDeadline(Event& event, TimeMs deadline) const {
  if (deadline == 0 || !telling_) return;
  event.deadline_unix_ms = world_.clock.ToUnix(deadline);
  event.ttl_ms = deadline - world_.clock.now();
}

void EventMaker::SetQueue(Event& event, QueueNo queue) const {
  if (!telling_) return;
  event.queue = world_.model().queues[queue.index()].name;
}

void EventMaker::On(const core::ContactQueued& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  AgentNo had;
  if (e.returned) had = contact.left.valid() ? contact.left : contact.holder;
  Event& event =
      OfContact(e.returned ? EventKind::kContactReturned : EventKind::kContactQueued, contact, had);
  contact.holder = contact.second = contact.left = AgentNo();
  SetQueue(event, e.queue);
  // Of the queue that it overflows from it has none, and counting is not done for many at once.
  if (telling_ && !e.returned && contact.last.queue == e.queue &&
      positions_told_++ < limits::kMaxPositionsTold) {
    event.position = world_.core.Position(e.contact);
  }
}

void EventMaker::On(const core::ContactScheduled& e) {
  Event& event = OfContact(EventKind::kContactScheduled, Get(e.contact), AgentNo());
  SetQueue(event, e.queue);
  SetDeadline(event, e.not_before);
}

void EventMaker::On(const core::OfferMade& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  world_.offers.Made(e.offer, e.contact, e.agent);
  Event& event = OfContact(EventKind::kOfferMade, contact, e.agent);
  SetQueue(event, e.queue);
  event.offer = e.offer;
  event.waited_ms = e.waited_ms;
  event.accept_by = e.accept_by;
  if (e.via.valid()) event.through = world_.model().queues[e.via.index()].name;
  SetDeadline(event, e.deadline);
}

void EventMaker::On(const core::OfferEnded& e) {
  world_.offers.Ended(e.offer);
  ContactDirectory::Contact& contact = Get(e.contact);
  contact.left = e.outcome == core::OfferOutcome::kAccepted ? AgentNo() : e.agent;
  Event& event = OfContact(EventKind::kOfferEnded, contact, e.agent);
  SetQueue(event, e.queue);
  event.offer = e.offer;
  event.outcome = e.outcome;
}

void EventMaker::On(const core::ContactConfirmed& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  contact.holder = e.agent;
  Event& event = OfContact(EventKind::kContactConfirmed, contact, e.agent);
  event.offer = e.offer;
  event.announce_ms = e.announce_ms;
  SetDeadline(event, e.connect_deadline);
}

void EventMaker::On(const core::ContactAnswered& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  // A callback: its customer is on the line from here on.
  const core::Contact* held = world_.core.FindContact(e.contact);
  if (held != nullptr && held->live && !contact.identity->live) {
    auto identity = std::make_shared<ContactIdentity>(*contact.identity);
    identity->live = true;
    contact.identity = std::move(identity);
  }
  world_.last_agents.Served(contact.identity->customer_key, e.agent);
  Event& event = OfContact(EventKind::kContactAnswered, contact, e.agent);
  SetQueue(event, e.queue);
  event.waited_ms = e.waited_ms;
  event.sl_waited_ms = e.sl_waited_ms;
  if (e.via.valid()) event.through = world_.model().queues[e.via.index()].name;
}

void EventMaker::On(const core::ContactConnectFailedEffect& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  contact.left = e.agent;
  OfContact(EventKind::kContactConnectFailed, contact, e.agent).cause = e.cause;
}

void EventMaker::On(const core::ContactHoldChanged& e) {
  OfContact(e.held ? EventKind::kContactHeld : EventKind::kContactResumed, Get(e.contact), e.agent);
}

void EventMaker::On(const core::ContactChanged& e) {
  OfContact(EventKind::kContactChanged, Get(e.contact), AgentNo());
}

void EventMaker::On(const core::ContactMoved& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  Event& event = OfContact(EventKind::kContactMoved, contact, contact.holder);
  SetQueue(event, e.to);
  event.from_queue = world_.model().queues[e.from.index()].name;
  event.visit_outcome = e.outcome;
  event.waited_ms = e.waited_ms;
  TellSecond(contact.second);
}

void EventMaker::On(const core::WrapUpStarted& e) {
  SetDeadline(OfContact(EventKind::kWrapUpStarted, Get(e.contact), e.agent), e.deadline);
}

void EventMaker::On(const core::ContactParkChanged& e) {
  const EventKind kind = e.parked ? EventKind::kContactParked : EventKind::kContactUnparked;
  OfContact(kind, Get(e.contact), e.agent).parked_ms = e.parked_ms;
}

void EventMaker::On(const core::ContactInactiveChanged& e) {
  const EventKind kind = e.inactive ? EventKind::kContactInactive : EventKind::kContactActive;
  OfContact(kind, Get(e.contact), e.agent).inactive_ms = e.inactive_ms;
}

void EventMaker::On(const core::ContactTreated& e) {
  Event& event = OfContact(EventKind::kContactTreated, Get(e.contact), AgentNo());
  SetQueue(event, e.queue);
  event.treatment = world_.model().treatments[e.treatment.index()].name;
  event.offer = e.id;
  SetDeadline(event, e.deadline);
}

void EventMaker::On(const core::WrapUpExtended& e) {
  SetDeadline(OfContact(EventKind::kWrapUpExtended, Get(e.contact), e.agent), e.deadline);
}

void EventMaker::On(const core::WrapUpEnded& e) {
  OfContact(EventKind::kWrapUpEnded, Get(e.contact), e.agent);
}

void EventMaker::On(const core::ContactEnded& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  Event& event = OfContact(EventKind::kContactEnded, contact, contact.holder);
  SetQueue(event, e.queue);
  event.contact.status.state = contact.last.state = e.state;
  event.reason = e.reason;
  event.waited_ms = e.waited_ms;
  event.sl_waited_ms = e.sl_waited_ms;
  event.answered = e.answered;
  TellSecond(contact.second);
  world_.contacts.End(contact, world_.gateways.Find(contact.identity->gateway), world_.clock.now());
}

void EventMaker::On(const core::ContactForgotten& e) { world_.contacts.Forget(e.contact); }

void EventMaker::On(const core::ContactReleased& e) {
  OfContact(EventKind::kContactReleased, Get(e.contact), e.agent);
  TellSecond(e.second);
}

void EventMaker::On(const core::HolderJoined& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  (contact.holder.valid() ? contact.second : contact.holder) = e.agent;
  world_.last_agents.Served(contact.identity->customer_key, e.agent);
  const ContactDirectory::Contact& by = Get(e.by);
  const std::string id = by.identity->id;
  OfContact(EventKind::kContactJoined, contact, e.agent).by_contact = id;
}

void EventMaker::On(const core::HolderLeft& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  if (contact.holder == e.agent) contact.holder = contact.second;
  contact.second = AgentNo();
  OfContact(EventKind::kContactLeft, contact, e.agent);
}

void EventMaker::TellSecond(AgentNo second) {
  if (!second.valid() || !telling_) return;
  Event event = batch_->events.back();
  event.agent = world_.agents.at(second).id;
  fan_out_.TellDesktop(batch_->events.size() - 1, world_.agents.at(second).client,
                       std::move(event));
}

void EventMaker::On(const core::AgentChanged& e) { AgentChanged(e.agent); }

void EventMaker::AgentChanged(AgentNo agent) {
  Event& event = New(EventKind::kAgentChanged);
  if (telling_) {
    event.agent = world_.agents.at(agent).id;
    fan_out_.RouteAgent(batch_->events.size() - 1, agent);
  }
  // Logged out he is nobody's; whoever logs him in next has him.
  const core::Agent* known = world_.core.FindAgent(agent);
  if (known == nullptr || known->presence == core::Presence::kLoggedOut)
    world_.agents.SetClient(agent, {});
  if (telling_) event.agent_view = ViewOf(world_, agent);
}

void EventMaker::On(const core::QueueModeChanged& e) {
  Event& event = New(EventKind::kQueueModeChanged);
  SetQueue(event, e.queue);
  if (telling_) event.queue_view = std::make_shared<const QueueView>(ViewOf(world_, e.queue));
}

void EventMaker::On(const core::PolicyChanged& e) {
  New(EventKind::kPolicyChanged).policy_version = e.version;
}

void EventMaker::On(const core::QueueMoveChanged& e) {
  Event& event = New(EventKind::kQueueMoveChanged);
  SetQueue(event, e.queue);
  event.move = QueueMoveView{world_.model().queues[e.to.index()].name, e.moved, e.left};
}

void EventMaker::On(const core::AgentLost& e) {
  OfContact(EventKind::kAgentLost, Get(e.contact), e.agent);
}

void EventMaker::On(const core::ContactStepOpened& e) {
  Event& event = About(EventKind::kContactStepOpened, Get(e.contact));
  SetQueue(event, e.queue);
  event.step = e.step;
}

void EventMaker::On(const core::ContactStuck& e) {
  const EventKind kind = e.stuck ? EventKind::kContactStuck : EventKind::kContactUnstuck;
  SetQueue(About(kind, Get(e.contact)), e.queue);
}

void EventMaker::On(const core::ContactToCallback& e) {
  ContactDirectory::Contact& contact = Get(e.contact);
  const ChannelNo channel = world_.model().callback;
  if (contact.channel != channel || contact.identity->live) {
    auto identity = std::make_shared<ContactIdentity>(*contact.identity);
    identity->channel = world_.model().channels[channel.index()].name;
    identity->live = false;
    contact.identity = std::move(identity);
    contact.channel = channel;
  }
  contact.holder = contact.left = AgentNo();
  Event& event = OfContact(EventKind::kContactToCallback, contact, AgentNo());
  SetQueue(event, e.queue);
  event.waited_ms = e.waited_ms;
  event.attempts = e.attempts;
  event.visit_outcome = core::VisitOutcome::kToCallback;
}

void EventMaker::ContactChanged(ContactDirectory::Contact& contact) {
  OfContact(EventKind::kContactChanged, contact, AgentNo());
}

void EventMaker::TellOpenOffers(AgentNo agent, bool to_desktop,
                                const std::vector<std::string>& endpoints_before) {
  if (!telling_) return;
  std::uint32_t index = index_;
  const std::size_t after = batch_->events.size() - 1;
  for (const core::Item& item : world_.core.FindAgent(agent)->items) {
    if (item.state != core::ItemState::kOffered) continue;
    const ContactDirectory::Contact& contact = Get(item.contact);
    const core::Lease& lease = world_.core.lease(item.lease);
    std::optional<Event> offer = OpenOffer(ViewOfOffer(world_, contact, lease), at_, unix_ms_);
    if (!offer) continue;
    offer->index = index++;
    const std::string& endpoint = EndpointOf(world_, agent, item.channel);
    const std::size_t channel = item.channel.index();
    if (channel >= endpoints_before.size() || endpoints_before[channel] != endpoint) {
      fan_out_.TellGateway(after, contact.identity->gateway, endpoint, *offer);
    }
    if (to_desktop) {
      fan_out_.TellDesktop(after, world_.agents.at(agent).client, *std::move(offer));
    }
  }
}

void EventMaker::ContactRefused(ContactView view, core::EndReason reason) {
  if (!telling_) return;
  Event& event = New(EventKind::kContactRefused);
  event.contact = std::move(view);
  event.queue = event.contact.status.queue;
  event.reason = reason;
  fan_out_.RouteContact(batch_->events.size() - 1, *event.contact.identity, AgentNo(), {});
}

void EventMaker::ContactHandedOver(ContactView view, const std::string& to) {
  if (!telling_) return;
  Event& event = New(EventKind::kContactHandedOver);
  event.contact = std::move(view);
  event.queue = event.contact.status.queue;
  event.gateway = to;
  fan_out_.RouteGateway(batch_->events.size() - 1, to);
}

void EventMaker::GatewayChanged(const std::string& gateway, bool connected) {
  if (!telling_) return;
  New(connected ? EventKind::kGatewayConnected : EventKind::kGatewayDisconnected).gateway = gateway;
}

}  // namespace routerd::engine
