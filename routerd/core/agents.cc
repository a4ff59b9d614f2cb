// An agent's presence, items, wrap-up and loss.
#include <algorithm>

#include "routerd/core/core.h"

namespace routerd::core {

void Core::Touch(AgentNo no) {
  Agent& a = agents_[no.index()];
  if (a.touched) return;
  a.touched = true;
  touched_.push_back(no);
}

ShownState CoreState::Shown(const Agent& a) {
  static constexpr ShownState kByItem[] = {ShownState::kOffered,   ShownState::kConnecting,
                                           ShownState::kOnContact, ShownState::kHeld,
                                           ShownState::kWrapUp,    ShownState::kHeld};
  static constexpr int kRank[] = {3, 2, 0, 1, 4, 5};  // by ItemState
  const Item* first = nullptr;
  for (const Item& item : a.items) {
    if (first == nullptr ||
        kRank[static_cast<int>(item.state)] < kRank[static_cast<int>(first->state)]) {
      first = &item;
    }
  }
  if (first != nullptr) return kByItem[static_cast<int>(first->state)];
  return static_cast<ShownState>(a.presence);
}

Item* CoreState::FindWork(Agent& a, ContactNo contact) {
  for (Item& item : a.items) {
    if (item.contact == contact && item.state != ItemState::kWrapUp) return &item;
  }
  return nullptr;
}

Item* CoreState::FindWrapUp(Agent& a, ContactNo contact) {
  for (Item& item : a.items) {
    if (item.contact == contact && item.state == ItemState::kWrapUp) return &item;
  }
  return nullptr;
}

// `was_work`: more than an offer or a failed connection; the idle clock starts anew.
void Core::RemoveItem(AgentNo no, Item* item, bool was_work) {
  Agent& a = agents_[no.index()];
  timers_.Cancel(item->timer);
  a.units_used -= item->units;
  const std::uint64_t serial = item->serial;
  const std::uint64_t lent_to = item->lent_to;
  if (was_work) a.idle_since = a.clocks[item->channel.index()].worked = stamp_.now;
  a.items.erase(a.items.begin() + (item - a.items.data()));
  ResumeAfter(no, serial, lent_to);
  a.over = a.over && !a.items.empty();
  Touch(no);
  if (a.items.empty() && a.pending) {
    SetPresence(no, a.pending_presence, a.pending_reason);
  }
}

// The agent's goes before the queue's, and that before the channel's.
const model::WrapUp& Core::WrapUpOf(const Contact& c) const { return WrapUpOf(c, c.agent); }

const model::WrapUp& Core::WrapUpOf(const Contact& c, AgentNo no) const {
  const auto& his = agents_[no.index()].profile.wrap_up;
  if (his) return *his;
  const auto& own = model_->queues[ServingQueueOf(c).index()].wrap_up;
  return own ? *own : model_->channels[c.channel.index()].wrap_up;
}

// Whoever has the contact has it no longer.
void Core::EndConversation(std::uint32_t slot, const std::optional<model::WrapUp>& own) {
  EndConsultOf(slot);
  while (contacts_[slot].agent.valid()) StartWrapUp(slot, contacts_[slot].agent, own);
}

// His part of it is over. `own`: instead of the policy's.
void Core::StartWrapUp(std::uint32_t slot, AgentNo no, const std::optional<model::WrapUp>& own) {
  Contact& c = contacts_[slot];
  Agent& a = agents_[no.index()];
  // It came back to him after a transfer: one wrap-up is enough, the newer.
  if (Item* earlier = FindWrapUp(a, NumberOf(slot))) {
    SeeHandled(no, earlier->queue, earlier->talked_ms + stamp_.now - earlier->since);
    RemoveItem(no, earlier, true);
    --c.wrap_ups;
    Tell(WrapUpEnded{NumberOf(slot), no});
  }
  Item* item = FindWork(a, NumberOf(slot));
  const SpanMs talked_ms = Talked(*item);
  TakeRoomBack(no, *item);
  a.talk_ms += talked_ms;
  const model::WrapUp wrap_up = own ? *own : WrapUpOf(c, no);
  if (c.agent == no) {
    c.agent = c.second;
    c.offer = OfferId();
  }
  c.second = AgentNo();
  c.second_asks = false;  // whoever is left does
  if (!c.agent.valid()) c.held = false;
  if (!c.agent.valid()) c.silent_since = c.silent_ms = 0;
  // Nobody writes up at a desktop that has gone for good; one in its grace may come back.
  const bool gone = !a.connected && timers_.DeadlineOf(a.grace) == 0;
  if (wrap_up.mode == model::WrapUpMode::kNone || gone) {
    SeeHandled(no, item->queue, talked_ms);
    RemoveItem(no, item, true);
    return;
  }
  item->parked_ms = ParkedFor(*item);
  item->state = ItemState::kWrapUp;
  item->wrap_up = wrap_up.mode;
  item->since = stamp_.now;
  item->talked_ms = talked_ms;
  ++c.wrap_ups;
  // Interrupting work goes on to its end: those who lent it units wait for that.
  if (!wrap_up.holds_room && !HasParked(a, *item)) {
    a.units_used -= item->units;
    item->units = item->lent_units = 0;
    item->counts = false;
  }
  TimeMs deadline = 0;
  if (wrap_up.mode != model::WrapUpMode::kMandatory) {
    deadline = stamp_.now + wrap_up.duration_ms;
    item->extend_ms = wrap_up.extend_ms;
    item->timer = timers_.Set(deadline, {TimerKind::kWrapUpEnd, NumberOf(slot), no.value});
  }
  Touch(no);
  Tell(WrapUpStarted{NumberOf(slot), no, deadline});
}

void Core::ExtendWrapUp(AgentNo no, Item& item, SpanMs by_ms) {
  const SpanMs added = std::min(by_ms, item.extend_ms);
  const TimeMs deadline = timers_.DeadlineOf(item.timer) + added;
  item.extend_ms -= added;
  timers_.Cancel(item.timer);
  item.timer = timers_.Set(deadline, {TimerKind::kWrapUpEnd, item.contact, no.value});
  Touch(no);
  Tell(WrapUpExtended{item.contact, no, deadline});
}

void Core::EndWrapUp(AgentNo no, ContactNo contact) {
  Item* item = FindWrapUp(agents_[no.index()], contact);
  SeeHandled(no, item->queue, item->talked_ms + stamp_.now - item->since);
  RemoveItem(no, item, true);
  Tell(WrapUpEnded{contact, no});
  const auto slot = static_cast<std::uint32_t>(contact.value);
  --contacts_[slot].wrap_ups;
  FinishIfOver(slot);
}

void Core::SetPresence(AgentNo no, Presence presence, ReasonNo reason) {
  Agent& a = agents_[no.index()];
  if (a.presence != presence || a.reason != reason) a.presence_since = stamp_.now;
  if (a.presence != presence && presence == Presence::kReady) a.ready_since = stamp_.now;
  a.presence = presence;
  a.reason = reason;
  a.pending = false;
  a.pending_reason = ReasonNo();
  if (presence == Presence::kLoggedOut) {
    timers_.Cancel(a.grace);
    a.connected = false;
    a.ready = 0;
  }
  Touch(no);
}

// With work in hand, leaving `ready` is pending until the last item has ended: no new offers, but
// nothing is taken away.
void Core::RequestPresence(AgentNo no, Presence presence, ReasonNo reason) {
  Agent& a = agents_[no.index()];
  const bool works = a.presence == Presence::kReady || a.presence == Presence::kNotResponding;
  const bool waits = !a.items.empty() && (presence == Presence::kLoggedOut ||
                                          (presence == Presence::kNotReady && works));
  if (!waits) {
    SetPresence(no, presence, reason);
    return;
  }
  a.pending = true;
  a.pending_presence = presence;
  a.pending_reason = reason;
  Touch(no);
}

void Core::EndOffersOf(AgentNo no, OfferOutcome outcome) {
  Agent& a = agents_[no.index()];
  for (std::size_t i = 0; i < a.items.size();) {
    if (a.items[i].state != ItemState::kOffered) {
      ++i;
      continue;
    }
    const auto slot = static_cast<std::uint32_t>(a.items[i].contact.value);
    EndOffer(a.items[i].lease, outcome);
    GoOn(slot);
  }
}

// The connection did not come back in time. Customers who hold no line return to their place; a
// live contact's gateway decides, for customer and agent may still be talking.
void Core::LoseAgent(AgentNo no) {
  Agent& a = agents_[no.index()];
  a.pending = true;  // he takes nothing new, and leaves with his last item
  a.pending_presence = Presence::kLoggedOut;
  a.pending_reason = ReasonNo();
  EndOffersOf(no, OfferOutcome::kAgentGone);
  for (std::size_t i = 0; i < a.items.size();) {
    const Item item = a.items[i];
    const auto slot = static_cast<std::uint32_t>(item.contact.value);
    if (item.state == ItemState::kWrapUp) {
      EndWrapUp(no, item.contact);
    } else if (!item.contact.valid()) {
      RemoveItem(no, &a.items[i], true);
    } else if (contacts_[slot].second.valid()) {  // the other goes on
      On(HolderLeaves{item.contact, no});
    } else if (item.state == ItemState::kConnecting || !contacts_[slot].live) {
      Contact& c = contacts_[slot];
      EndConsultOf(slot);
      timers_.Cancel(c.timer);
      if (item.answered != 0) a.talk_ms += Talked(item);
      RemoveItem(no, &a.items[i], item.state != ItemState::kConnecting);
      c.agent = AgentNo();
      c.offer = OfferId();
      ReturnToPlace(slot);
    } else {
      Tell(AgentLost{item.contact, no});
      ++i;
    }
  }
  if (a.items.empty()) SetPresence(no, Presence::kLoggedOut, ReasonNo());
  Touch(no);
}

}  // namespace routerd::core
