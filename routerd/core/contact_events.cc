// Events that gateways (and operations) send about contacts.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

Refusal RefusalOf(LimitKind limit) {
  if (limit == LimitKind::kFull) return Refusal::kQueueFull;
  return limit == LimitKind::kClosed ? Refusal::kQueueClosed : Refusal::kNotJoined;
}

}  // namespace

Applied CoreState::WrongState(const Contact& c) {
  Applied applied(Refusal::kWrongState);
  applied.state = c.state;
  return applied;
}

// Further queues that the policy has, each once, and not the queue itself.
bool CoreState::IsLawfulAlso(const ContactArrives& e) const {
  const auto lawful = [&](QueueNo queue) {
    return queue != e.queue && queue.index() < model_->queues.size() &&
           !model_->queues[queue.index()].name.empty() &&
           std::count(e.also.begin(), e.also.end(), queue) == 1;
  };
  return e.also.size() <= limits::kMaxAlsoQueues &&
         std::all_of(e.also.begin(), e.also.end(), lawful);
}

Applied Core::On(const ContactArrives& e) { return Arrive(e, kNil); }

Applied Core::Arrive(const ContactArrives& e, std::uint32_t parent) {
  const auto refuse = [](Refusal why) { return Applied{why}; };
  if (!e.queue.valid() || e.queue.index() >= queues_.size()) return refuse(Refusal::kUnknownQueue);
  const model::Queue& policy = model_->queues[e.queue.index()];
  if (policy.name.empty()) return refuse(Refusal::kUnknownQueue);
  // Whoever is not there to hear it is not treated: a colleague, who comes later, or is called
  // back.
  const bool treats = parent == kNil && e.delay_ms <= 0 && e.channel != model_->callback;
  LimitKind limit = LimitKind::kFull;
  const WayIn way = FindWayIn(e.queue, treats, &limit);
  if (way.size == 0) return refuse(RefusalOf(limit));
  const bool own_also = !e.also.empty() && way.size == 1;  // where it is sent on to has its own
  const std::size_t further =
      own_also ? e.also.size() : model_->queues[way.last().index()].also.size();
  if (contact_count_ + stand_ins_ + further >= limits::kMaxContacts) {
    return refuse(Refusal::kContactLimit);
  }
  if (e.gateway.index() >= limits::kMaxGateways) return refuse(Refusal::kGatewayLimit);
  if (e.preferred.size() > limits::kMaxPreferredAgents) return refuse(Refusal::kAgentLimit);
  if (!IsLawfulAlso(e)) return refuse(Refusal::kUnknownQueue);
  const int priority = e.priority.value_or(policy.priority);
  Needs& needs = asked_;
  needs.queue = way.last();
  needs.channel = e.channel;
  needs.priority = priority;
  needs.delay_ms = 0;
  needs.own = e.requirements;
  needs.step = 0;
  needs.opened = 0;
  needs.also = false;
  if (!LaneAvailable(needs, further)) return refuse(Refusal::kLaneLimit);
  const LaneNo lane = FindOrMakeLane(needs);
  const std::uint32_t slot = NewContact(e, priority, lane);
  contacts_[slot].own_priority |= way.size > 1;
  if (own_also) contacts_[slot].own_also = e.also;
  Applied applied;
  applied.contact = NumberOf(slot);
  if (parent != kNil) {
    contacts_[slot].parent = parent;
    contacts_[parent].child = slot;
    SetHeld(parent, true);
  }
  if (e.delay_ms > 0) {
    Contact& c = contacts_[slot];
    const TimeMs due = stamp_.now + e.delay_ms;
    c.state = ContactState::kScheduled;
    c.queue = way.last();
    c.timer = timers_.Set(due, {TimerKind::kContactDue, applied.contact, 0});
    Tell(ContactScheduled{applied.contact, c.queue, due});
  } else {
    EnterBy(slot, way);
  }
  return applied;
}

Applied Core::On(const ContactUpdated& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (c->state == ContactState::kWrapUp) return WrongState(*c);
  const auto slot = static_cast<std::uint32_t>(e.contact.value);
  Needs needs = NeedsOf(*c);
  needs.priority = e.priority.value_or(c->priority);
  if (e.requirements) needs.own = *e.requirements;
  std::size_t further = 0;
  for (std::uint32_t i = c->also; i != kNil; i = contacts_[i].also) ++further;
  if (!LaneAvailable(needs, further)) return {Refusal::kLaneLimit};
  const bool waits = c->standing != Standing::kOut;
  if (waits) LeaveLane(slot);
  MoveToLane(slot, FindOrMakeLane(needs));
  c->priority = needs.priority;
  c->own_priority = c->own_priority || e.priority.has_value();
  c->age_since -= e.credit_ms.value_or(0);
  if (waits) {
    JoinLane(slot);
  }
  for (std::uint32_t i = c->also; i != kNil; i = contacts_[i].also) Follow(i, contacts_[i].arrival);
  MakeServable(slot);
  if (Stands(slot)) barred_.push_back(slot);  // others may now be left, or no longer
  Tell(ContactChanged{e.contact});
  Applied applied;
  applied.contact = e.contact;
  return applied;
}

Applied Core::On(const ContactTransferred& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (c->state == ContactState::kScheduled || c->state == ContactState::kWrapUp) {
    return WrongState(*c);
  }
  if (!e.queue.valid() || e.queue.index() >= queues_.size() ||
      model_->queues[e.queue.index()].name.empty()) {
    return {Refusal::kUnknownQueue};
  }
  const auto slot = static_cast<std::uint32_t>(e.contact.value);
  Needs needs = NeedsOf(*c);
  needs.queue = e.queue;
  needs.step = 0;
  needs.opened = 0;
  needs.delay_ms = 0;
  needs.priority = e.priority.value_or(c->priority);
  if (e.requirements) needs.own = *e.requirements;
  if (!LaneAvailable(needs)) return {Refusal::kLaneLimit};
  const QueueNo from = c->queue;
  const SpanMs waited = Waited(*c);
  if (c->state == ContactState::kAssigned) {
    EndConversation(slot);
  } else {
    LeaveVisit(slot);
  }
  DropStandIns(slot);
  c->own_also.clear();
  Tell(ContactMoved{e.contact, from, e.queue, waited});
  MoveToLane(slot, FindOrMakeLane(needs));
  EndWish(*c);
  TakeWish(e, *c);
  DropBars(*c);
  SetState(*c, ContactState::kScheduled);  // in no queue's counters while it changes queues
  c->waited_before_ms += waited;
  c->queue = e.queue;
  c->priority = needs.priority;
  c->own_priority = true;
  EnterQueue(slot);
  Applied applied;
  applied.contact = e.contact;
  return applied;
}

Applied Core::On(const ContactEnds& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  const auto slot = static_cast<std::uint32_t>(e.contact.value);
  Applied applied;
  applied.contact = e.contact;
  if (c->state == ContactState::kWrapUp) return applied;  // both sides told; the first counted
  if (c->state != ContactState::kAssigned) {
    applied.state = e.unanswered;
    EndContact(slot, e.unanswered, e.reason);
    return applied;
  }
  const AgentNo agent = c->agent;
  const AgentNo second = c->second;
  applied.state = ContactState::kCompleted;
  EndConversation(slot, e.wrap_up);
  Unlink(slot);
  SetState(*c, ContactState::kWrapUp);
  Tell(ContactReleased{e.contact, agent, second});
  FinishIfOver(slot);
  return applied;
}

Applied Core::On(const ContactConnected& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (e.offer.valid() && c->offer != e.offer) return WrongState(*c);
  if (c->state != ContactState::kAssigned) {  // told twice: the first counted
    if (c->state != ContactState::kConnecting) return WrongState(*c);
    Answer(static_cast<std::uint32_t>(e.contact.value));
  }
  Applied applied;
  applied.contact = e.contact;
  return applied;
}

// The open offer that a telephone is ringing for; kNil: there is none, or it is not said which.
std::uint32_t CoreState::PhoneOffer(const Contact& c, const OfferId& offer) const {
  const std::uint32_t first = c.first_lease;
  std::uint32_t lease = offer.valid() ? kNil : (c.lease_count == 1 ? first : kNil);
  for (std::uint32_t i = first; offer.valid() && i != kNil; i = leases_[i].next) {
    if (leases_[i].id == offer) lease = i;
  }
  const bool by_phone = lease != kNil && leases_[lease].terms.accept_by == model::AcceptBy::kPhone;
  return by_phone ? lease : kNil;
}

Applied Core::On(const ContactConnectFailed& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  const auto slot = static_cast<std::uint32_t>(e.contact.value);
  std::uint32_t ringing = kNil;
  if (c->state == ContactState::kOffered) {
    ringing = PhoneOffer(*c, e.offer);
    if (ringing == kNil) return WrongState(*c);
  } else if (c->state != ContactState::kConnecting || (e.offer.valid() && c->offer != e.offer)) {
    return WrongState(*c);
  }
  const AgentNo agent = ringing != kNil ? leases_[ringing].agent : c->agent;
  const int max_misses = ringing != kNil ? leases_[ringing].terms.max_misses : c->terms.max_misses;
  Tell(ContactConnectFailedEffect{e.contact, agent, e.cause});
  Applied applied;
  applied.contact = e.contact;
  if (ringing == kNil && DialAgain(slot, e.cause)) {
    applied.state = c->state;
    return applied;
  }
  if (ringing != kNil) {
    EndOffer(ringing, OfferOutcome::kFailed);
  } else {
    LeaveVisit(slot);
  }
  // Whoever is to blame, the pair is barred: else a broken trunk, or a number that is always busy,
  // would ring the same agent for ever. Only his own failure is a miss.
  AddBar(slot, agent);
  if (IsMiss(e.cause)) Miss(agent, max_misses);
  GoOn(slot);
  return applied;
}

Applied Core::On(const ContactHeld& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (c->state != ContactState::kAssigned) return WrongState(*c);
  SetHeld(static_cast<std::uint32_t>(e.contact.value), e.held);
  Applied applied;
  applied.contact = e.contact;
  return applied;
}

}  // namespace routerd::core
