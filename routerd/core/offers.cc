// Offers: leases with one holder, one deadline and exactly one outcome.
#include "routerd/core/core.h"

namespace routerd::core {

// As the channel says, unless the agent's own accept differs.
OfferTerms Core::TermsOf(const Agent& a, ChannelNo no) const {
  const model::Channel& channel = model_->channels[no.index()];
  OfferTerms terms{.accept_by = channel.accept_by,
                   .connect = channel.connect,
                   .max_misses = channel.max_misses,
                   .connect_timeout_ms = channel.connect_timeout_ms,
                   .announce_ms = 0};
  for (const model::ChannelAccept& own : a.profile.accepts) {
    if (own.channel != no) continue;
    const bool is_auto = channel.accept_by == model::AcceptBy::kAuto;
    if (own.automatic) terms.accept_by = model::AcceptBy::kAuto;
    if (!own.automatic && is_auto) terms.accept_by = channel.by_hand;
  }
  const bool announced = terms.accept_by == model::AcceptBy::kAuto && terms.connect;
  if (announced) terms.announce_ms = channel.announce_ms;
  return terms;
}

std::uint32_t Core::NewLease(std::uint32_t slot, AgentNo agent) {
  std::uint32_t no = 0;
  if (free_leases_.empty()) {
    no = static_cast<std::uint32_t>(leases_.size());
    leases_.emplace_back();
  } else {
    no = free_leases_.back();
    free_leases_.pop_back();
  }
  Contact& c = contacts_[slot];
  Lease& lease = leases_[no];
  lease.id = OfferId{stamp_.at, next_offer_index_++};
  lease.contact = slot;
  lease.agent = agent;
  lease.prev = c.last_lease;
  (c.last_lease == kNil ? c.first_lease : leases_[c.last_lease].next) = no;
  c.last_lease = no;
  ++c.lease_count;
  lease.share = ShareOf(ServingQueueOf(c), agents_[agent.index()].cls);
  CountOpen(lease, 1);
  return no;
}

void Core::FreeLease(std::uint32_t no) {
  Lease& lease = leases_[no];
  Contact& c = contacts_[lease.contact];
  (lease.prev == kNil ? c.first_lease : leases_[lease.prev].next) = lease.next;
  (lease.next == kNil ? c.last_lease : leases_[lease.next].prev) = lease.prev;
  --c.lease_count;
  CountOpen(lease, -1);
  lease = Lease{};
  free_leases_.push_back(no);
}

// `place`: the contact, or a stand-in of it.
void Core::Offer(std::uint32_t place, AgentNo agent) {
  const std::uint32_t slot = RealOf(place);
  LeaveLanes(slot);
  Contact& c = contacts_[slot];
  c.via = place == slot ? QueueNo() : contacts_[place].queue;
  Agent& a = agents_[agent.index()];
  const model::Channel& channel = model_->channels[c.channel.index()];
  const ContactNo no = NumberOf(slot);
  const TimeMs deadline = stamp_.now + channel.offer_ms;
  const bool first = c.state != ContactState::kOffered;
  if (first) SetState(c, ContactState::kOffered);
  const std::uint32_t lease_no = NewLease(slot, agent);
  Lease& lease = leases_[lease_no];
  lease.terms = TermsOf(a, c.channel);
  const model::AcceptBy accept_by = lease.terms.accept_by;
  lease.deadline = timers_.Set(deadline, {TimerKind::kOfferDeadline, no, lease_no});
  offers_.Open(lease.id, lease_no);
  Item item;
  item.contact = no;
  item.since = stamp_.now;
  item.serial = ++offers_made_;
  item.queue = ServingQueueOf(c);
  item.lease = lease_no;
  item.units = static_cast<std::int16_t>(UnitsOf(a, c.channel));
  item.channel = c.channel;
  a.items.push_back(item);
  ParkFor(agent, a.items.back());
  a.units_used += a.items.back().units;
  ++a.open_offers;
  a.offered = offers_made_;
  a.offered_since = a.clocks[c.channel.index()].offered = stamp_.now;
  Tell(OfferMade{lease.id, no, agent, c.queue, deadline, Waited(c), accept_by, c.via});
  Touch(agent);
  if (accept_by == model::AcceptBy::kAuto) {
    Accept(lease_no);
  } else {
    if (first) StartRace(slot);
    StandForMore(slot);
  }
  RefreshPlaces(agent);
  CountForConditions(agent);
}

// The first accept wins: the other offers are taken back, and their agents are free, in this event.
void Core::Accept(std::uint32_t lease_no) {
  const Lease won = leases_[lease_no];
  const std::uint32_t slot = won.contact;
  Contact& c = contacts_[slot];
  Agent& a = agents_[won.agent.index()];
  const ContactNo no = NumberOf(slot);
  LeaveLanes(slot);
  timers_.Cancel(c.timer);
  timers_.Cancel(c.bars_timer);
  timers_.Cancel(leases_[lease_no].deadline);
  FreeLease(lease_no);
  CountAccepted(ServingQueueOf(c), won.share);
  freed_more_ = freed_more_ || c.lease_count != 0;
  EndOffersFor(slot, OfferOutcome::kRescinded);
  c.agent = won.agent;
  c.offer = won.id;
  c.terms = won.terms;
  offers_.End(c.offer, OfferOutcome::kAccepted);
  --a.open_offers;
  FindWork(a, no)->lease = kNil;
  // What accepts itself is no sign of him; his answer is (Answer).
  if (c.terms.accept_by != model::AcceptBy::kAuto) a.misses = 0;
  Tell(OfferEnded{c.offer, no, c.agent, c.queue, OfferOutcome::kAccepted});
  if (!c.terms.connect) {
    Tell(ContactConfirmed{c.offer, no, c.agent, 0});
    Answer(slot);
    return;
  }
  const TimeMs deadline = stamp_.now + c.terms.announce_ms + c.terms.connect_timeout_ms;
  SetState(c, ContactState::kConnecting);
  c.timer = timers_.Set(deadline, {TimerKind::kConnectTimeout, no, 0});
  Item* item = FindWork(a, no);
  item->state = ItemState::kConnecting;
  item->since = stamp_.now;
  Touch(c.agent);
  Tell(ContactConfirmed{c.offer, no, c.agent, deadline, c.terms.announce_ms});
}

// Ends an open offer otherwise than by an accept; the caller says what becomes of the contact.
void Core::EndOffer(std::uint32_t lease_no, OfferOutcome outcome) {
  Lease& lease = leases_[lease_no];
  const AgentNo agent = lease.agent;
  Agent& a = agents_[agent.index()];
  const ContactNo no = NumberOf(lease.contact);
  timers_.Cancel(lease.deadline);
  offers_.End(lease.id, outcome);
  --a.open_offers;
  Tell(OfferEnded{lease.id, no, agent, contacts_[lease.contact].queue, outcome});
  FreeLease(lease_no);
  RemoveItem(agent, FindWork(a, no), false);
}

void Core::EndOffersFor(std::uint32_t slot, OfferOutcome outcome) {
  while (contacts_[slot].first_lease != kNil) EndOffer(contacts_[slot].first_lease, outcome);
}

// Nobody has answered. Whose desktop is away has missed nothing, nor has he whom nobody heard.
void Core::PassDeadline(std::uint32_t lease, TimeMs deadline) {
  const std::uint32_t slot = leases_[lease].contact;
  const AgentNo agent = leases_[lease].agent;
  const int max_misses = leases_[lease].terms.max_misses;
  const bool heard = deadline > down_until_;
  const bool there = agents_[agent.index()].connected;
  const OfferOutcome unheard = heard ? OfferOutcome::kAgentGone : OfferOutcome::kRouterDown;
  EndOffer(lease, heard && there ? OfferOutcome::kTimedOut : unheard);
  if (heard && there) {
    AddBar(slot, agent);
    Miss(agent, max_misses);
  }
  GoOn(slot);
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
  const std::uint32_t lease = entry->lease;
  if (DeadlineOf(leases_[lease]) <= down_until_) {  // its end is still to be told
    applied.refusal = Refusal::kOfferEnded;
    applied.outcome = OfferOutcome::kRouterDown;
    return applied;
  }
  const std::uint32_t slot = leases_[lease].contact;
  const AgentNo agent = leases_[lease].agent;
  applied.contact = NumberOf(slot);
  if (outcome == OfferOutcome::kAccepted) {
    Accept(lease);
  } else {
    EndOffer(lease, outcome);
    AddBar(slot, agent);
    GoOn(slot);
  }
  return applied;
}

Applied Core::On(const OfferAccepted& e) { return Decide(e.offer, OfferOutcome::kAccepted); }
Applied Core::On(const OfferRejected& e) { return Decide(e.offer, OfferOutcome::kRejected); }

}  // namespace routerd::core
