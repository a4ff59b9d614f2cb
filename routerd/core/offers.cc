// Offers: leases with one holder, one deadline and exactly one outcome.
#include "routerd/core/core.h"

namespace routerd::core {

void Core::Offer(std::uint32_t slot, AgentNo agent) {
  LeaveLane(slot);
  Contact& c = contacts_[slot];
  Agent& a = agents_[agent.index()];
  const model::Channel& channel = model_->channels[c.channel.index()];
  const ContactNo no = NumberOf(slot);
  const TimeMs deadline = stamp_.now + channel.offer_ms;
  SetState(c, ContactState::kOffered);
  timers_.Cancel(c.bars_timer);
  c.agent = agent;
  c.offer = OfferId{stamp_.at, next_offer_index_++};
  c.terms = {.accept_by = channel.accept_by,
             .connect = channel.connect,
             .max_misses = channel.max_misses,
             .connect_timeout_ms = channel.connect_timeout_ms};
  c.timer = timers_.Set(deadline, {TimerKind::kOfferDeadline, no, 0});
  offers_.Open(c.offer, agent, slot);
  a.items.push_back({.contact = no,
                     .channel = c.channel,
                     .queue = c.queue,
                     .state = ItemState::kOffered,
                     .units = channel.units,
                     .counts = true,
                     .since = stamp_.now,
                     .timer = {},
                     .wrap_up = model::WrapUpMode::kNone});
  a.units_used += channel.units;
  ++a.open_offers;
  effects_->push_back(OfferMade{c.offer, no, agent, c.queue, deadline, Waited(c)});
  Touch(agent);
  if (channel.accept_by == model::AcceptBy::kAuto) Accept(slot);
  RefreshPlaces(agent);
  CountForConditions(agent);
}

void Core::Accept(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  Agent& a = agents_[c.agent.index()];
  const ContactNo no = NumberOf(slot);
  timers_.Cancel(c.timer);
  offers_.End(c.offer, OfferOutcome::kAccepted);
  --a.open_offers;
  // What accepts itself is no sign of him; his answer is (Answer).
  if (c.terms.accept_by != model::AcceptBy::kAuto) a.misses = 0;
  effects_->push_back(OfferEnded{c.offer, no, c.agent, c.queue, OfferOutcome::kAccepted});
  if (!c.terms.connect) {
    effects_->push_back(ContactConfirmed{c.offer, no, c.agent, 0});
    Answer(slot);
    return;
  }
  const TimeMs deadline = stamp_.now + c.terms.connect_timeout_ms;
  SetState(c, ContactState::kConnecting);
  c.timer = timers_.Set(deadline, {TimerKind::kConnectTimeout, no, 0});
  Item* item = FindWork(a, no);
  item->state = ItemState::kConnecting;
  item->since = stamp_.now;
  Touch(c.agent);
  effects_->push_back(ContactConfirmed{c.offer, no, c.agent, deadline});
}

// Ends an open offer otherwise than by an accept; the caller says what becomes of the contact.
void Core::EndOffer(std::uint32_t slot, OfferOutcome outcome) {
  Contact& c = contacts_[slot];
  Agent& a = agents_[c.agent.index()];
  timers_.Cancel(c.timer);
  offers_.End(c.offer, outcome);
  --a.open_offers;
  effects_->push_back(OfferEnded{c.offer, NumberOf(slot), c.agent, c.queue, outcome});
  RemoveItem(c.agent, FindWork(a, NumberOf(slot)), false);
  c.agent = AgentNo();
  c.offer = OfferId();
}

void Core::Miss(AgentNo agent, int max_misses) {
  Agent& a = agents_[agent.index()];
  ++a.misses;
  // Of two offers that end together the second finds him not responding already.
  const bool asked = a.presence == Presence::kReady || a.presence == Presence::kNotResponding;
  if (!asked || a.pending) return;
  if (a.misses >= max_misses) {
    a.misses = 0;  // he starts afresh when he comes back
    SetPresence(agent, Presence::kNotReady, model_->rona);
  } else {
    SetPresence(agent, Presence::kNotResponding, ReasonNo());
  }
}

// What the agent decided. Told again, the first answer holds; told late, the outcome is named.
Applied Core::Decide(const OfferId& offer, OfferOutcome outcome) {
  const OfferTable::Entry* entry = offers_.Find(offer);
  Applied applied;
  if (entry == nullptr) return {Refusal::kOfferEnded};
  if (!entry->open) {
    if (entry->outcome == outcome) return applied;
    applied.refusal = Refusal::kOfferEnded;
    applied.outcome = entry->outcome;
    return applied;
  }
  const std::uint32_t slot = entry->contact_slot;
  const AgentNo agent = entry->agent;
  applied.contact = NumberOf(slot);
  if (outcome == OfferOutcome::kAccepted) {
    Accept(slot);
  } else {
    EndOffer(slot, outcome);
    AddBar(slot, agent);
    ReturnToPlace(slot);
  }
  return applied;
}

Applied Core::On(const OfferAccepted& e) { return Decide(e.offer, OfferOutcome::kAccepted); }
Applied Core::On(const OfferRejected& e) { return Decide(e.offer, OfferOutcome::kRejected); }

}  // namespace routerd::core
