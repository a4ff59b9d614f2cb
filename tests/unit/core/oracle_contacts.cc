#include "tests/unit/core/oracle.h"

#include <algorithm>
#include <utility>

namespace routerd::core {
// ---- Contacts ----------------------------------------------------------------------------------

void Oracle::On(const ContactArrives& e) {
  OracleContact c;
  const auto asked = contacts_.find(made_.value);  // a consultation is made before it arrives
  if (asked != contacts_.end()) c.about = asked->second.about;
  c.queue = e.queue.value;
  c.channel = e.channel.value;
  c.gateway = e.gateway.value;
  c.live = e.live;
  c.priority = e.priority ? *e.priority : model_->queues[c.queue].priority;
  c.own_priority = e.priority.has_value();
  c.own = e.requirements;
  c.arrival = next_arrival_++;
  c.age_since = now_ + e.delay_ms - e.credit_ms;
  c.visit_since = now_;
  TakeWish(e, c);
  gateways_.emplace(c.gateway, true);
  const bool calls_back = model_->callback.valid() && e.channel == model_->callback;
  const Way way = WayIn(c.queue, e.delay_ms <= 0 && c.about == kExternal && !calls_back);
  if (way.queues.size() > 1) c.own_priority = true;  // the first queue's goes with it
  if (way.queues.size() == 1) c.own_also = e.also;
  if (e.delay_ms > 0) c.queue = way.queues.back();
  contacts_[made_.value] = c;
  if (e.delay_ms <= 0) Overflow(made_.value, way.queues);
  if (e.delay_ms > 0) {
    Set(now_ + e.delay_ms, Why::kDue, made_.value, 0);
  } else if (way.treated) {
    Treat(made_.value, *way.treated);
  } else {
    Enter(made_.value);
  }
}

void Oracle::Enter(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  c.visit_since = now_;
  c.answered = 0;
  c.served_ms = 0;
  c.overdue = false;
  c.agent.reset();
  c.via.reset();
  ComesToWait(no);
  Cancel(Why::kMaxWait, no, 0);
  if (const auto& max = model_->queues[c.queue].max_wait_ms) {
    Set(Spared(now_ + *max), Why::kMaxWait, no, 0);
  }
  c.delay_ms = 0;
  ArmDelay(no);
  if (EstimatesRate(c.queue)) {
    const auto target = static_cast<Arrivals::Level>(model_->queues[c.queue].service_level_ms);
    arrivals_[c.queue].Add(now_, Arrivals::kOne);
    all_arrivals_.Add(now_, Arrivals::kOne * target);
  }
  c.made_servable = true;
  Fact("queued " + N(no) + " in " + N(c.queue));
  if (EndIfStranded(no)) return;
  if (StartPersonal(no)) return;
  StartSteps(no);
  StartAlso(no);
}

const model::AtLimit& Oracle::At(std::uint32_t queue, LimitKind limit) const {
  const model::Queue& q = model_->queues[queue];
  if (limit == LimitKind::kFull) return q.when_full;
  if (limit == LimitKind::kClosed) return q.when_closed;
  if (limit == LimitKind::kWaited) return q.when_waited;
  return limit == LimitKind::kLeft ? q.when_left : q.when_not_joined;
}

// The queues one more contact goes through.
Oracle::Way Oracle::WayIn(std::uint32_t queue, bool treats) const {
  Way way{{queue}};
  std::optional<LimitKind> first;
  for (;;) {
    const std::uint32_t last = way.queues.back();
    const model::Queue& q = model_->queues[last];
    std::uint32_t waiting = 0;
    for (const auto& [no, c] : contacts_) {
      waiting += c.queue == last && c.state == ContactState::kQueued;
    }
    LimitKind limit = LimitKind::kFull;
    if (Mode(last) != model::QueueMode::kOpen) {
      limit = LimitKind::kClosed;
    } else if (q.max_waiting && waiting >= *q.max_waiting) {
      limit = LimitKind::kFull;
    } else if (q.join_if && fresh_.count(last) == 0 && !q.join_if->Holds(Seen(last))) {
      limit = LimitKind::kNotJoined;
    } else {
      return way;
    }
    const model::AtLimit& at = At(last, limit);
    if (treats && at.treat.valid()) {
      way.treated = limit;
      return way;
    }
    if (!first) first = limit;
    if (!at.overflow.valid()) return {.queues = {}, .refused = first};
    way.queues.push_back(at.overflow.value);
  }
}

// It is in the way's first queue, and goes to the last.
void Oracle::Overflow(std::uint64_t no, const std::vector<std::uint32_t>& way) {
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    Fact("queued " + N(no) + " in " + N(way[i]));
    Fact("moved " + N(no) + " from " + N(way[i]) + " to " + N(way[i + 1]) + " overflowed");
  }
  contacts_[no].queue = way.back();
}

// It has waited as long as its queue lets it.
void Oracle::Overdue(std::uint64_t no) { SendOn(no, LimitKind::kWaited); }

void Oracle::SendOn(std::uint64_t no, LimitKind limit) {
  const OracleContact& c = contacts_[no];
  const bool hears = c.about == kExternal && (c.channel != model_->callback.value || c.live);
  if (hears && At(c.queue, limit).treat.valid()) return Treat(no, limit);
  GoOnAfter(no, limit);
}

// Out of its queue; it has not entered the other.
void Oracle::MoveTo(std::uint64_t no, std::uint32_t queue, const char* outcome) {
  OracleContact& c = contacts_[no];
  c.waited_before_ms += Waited(c);
  Leave(no);
  EndAlso(no);
  c.own_also.clear();
  if (c.state != ContactState::kTreated) EndWish(no);
  Fact("moved " + N(no) + " from " + N(c.queue) + " to " + N(queue) + " " + outcome);
  LeavesTheWaiting(c);
  c.step = 0;
  c.opened.clear();
  c.stuck = false;
  c.own_priority = true;
  c.bars.clear();
}

// The least delay of a profile for its queue that is longer; 0: none.
SpanMs Oracle::NextDelay(const OracleContact& c, SpanMs after) const {
  SpanMs next = 0;
  for (const auto& profile : model_->profiles) {
    for (const auto& entry : profile.queues) {
      if (entry.queue.value != c.queue || entry.delay_ms <= after) continue;
      if (next == 0 || entry.delay_ms < next) next = entry.delay_ms;
    }
  }
  return next;
}

void Oracle::RestoreDelay(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  if (c.state != ContactState::kQueued && c.state != ContactState::kOffered &&
      c.state != ContactState::kConnecting) {
    return;
  }
  c.delay_ms = 0;
  for (SpanMs next = NextDelay(c, 0); next != 0 && next <= Waited(c); next = NextDelay(c, next)) {
    c.delay_ms = next;
  }
}

void Oracle::ArmDelay(std::uint64_t no) {
  const OracleContact& c = contacts_[no];
  Cancel(Why::kDelay, no, PlaceId(c));
  const SpanMs next = NextDelay(c, c.delay_ms);
  if (next != 0) Set(c.visit_since + c.served_ms + next, Why::kDelay, no, PlaceId(c));
}

SpanMs Oracle::Waited(const OracleContact& c) const {
  return (c.answered != 0 ? c.answered : now_) - c.visit_since - c.served_ms;
}

// A live contact that comes to wait when its gateway has been given up.
bool Oracle::EndIfStranded(std::uint64_t no) {
  const OracleContact& c = contacts_[no];
  const bool in_grace = std::any_of(timers_.begin(), timers_.end(), [&](const OracleTimer& t) {
    return t.why == Why::kGatewayGrace && t.other == c.gateway;
  });
  if (!c.live || gateways_.at(c.gateway) || in_grace) return false;
  Finish(no, ContactState::kAbandoned);
  return true;
}

void Oracle::Return(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  c.agent.reset();
  c.via.reset();
  c.held = c.silent = false;
  c.silent_ms = 0;
  const bool answered = c.answered != 0;
  if (answered) {
    c.served_ms += now_ - c.answered;
    c.step_since += now_ - c.answered;
  }
  c.answered = 0;
  ComesToWait(no);
  const auto& max = model_->queues[c.queue].max_wait_ms;
  const TimeMs over = Spared(c.visit_since + c.served_ms + max.value_or(0));
  if (max && now_ >= over) {
    Overdue(no);
    return;
  }
  const bool armed = std::any_of(timers_.begin(), timers_.end(), [&](const OracleTimer& t) {
    return t.why == Why::kMaxWait && t.contact == no;
  });
  if (max && !armed) Set(over, Why::kMaxWait, no, 0);
  if (answered) {
    RestoreDelay(no);
    ArmDelay(no);
  }
  c.made_servable = true;
  Fact("returned " + N(no));
  if (EndIfStranded(no)) return;
  if (contacts_[no].personal && !HasTimer(Why::kPersonalEnd, no)) EndPersonal(no);
  Advance(no);
  if (answered) StartAlso(no);
  AdvanceAlso(no);
}

void Oracle::Leave(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  if (c.state == ContactState::kOffered) {
    while (!c.offers.empty()) EndOffer(no, c.offers.front().agent, OfferOutcome::kContactGone);
  } else if (c.state == ContactState::kConnecting) {
    RemoveItem(*c.agent, no, false, false);
    c.agent.reset();
  }
  Cancel(Why::kConnect, no, 0);
  Cancel(Why::kDue, no, 0);
  Cancel(Why::kRaceStep, no, 0);
  Cancel(Why::kBars, no, 0);
  Cancel(Why::kStep, no, 0);
  Cancel(Why::kTreatment, no, 0);
}

// After an offer has ended: the others ring on, or it is back in its place.
void Oracle::GoOn(std::uint64_t no) {
  if (!contacts_[no].offers.empty()) {
    MakeServable(contacts_[no]);
    AdvanceRinging(no);
    return;
  }
  Cancel(Why::kRaceStep, no, 0);
  Return(no);
}

void Oracle::ArmRace(std::uint64_t no) {
  const OracleContact& c = contacts_[no];
  const model::OfferRule& rule = model_->queues[ServedIn(c)].offer;
  const bool armed = std::any_of(timers_.begin(), timers_.end(), [&](const OracleTimer& t) {
    return t.why == Why::kRaceStep && t.contact == no;
  });
  if (rule.mode != model::OfferMode::kProgressive || c.steps >= 64) {
    Cancel(Why::kRaceStep, no, 0);
  } else if (!armed) {
    Set(now_ + rule.every_ms, Why::kRaceStep, no, 0);
  }
}

void Oracle::EndOffer(std::uint64_t no, std::uint32_t agent, OfferOutcome outcome) {
  OracleContact& c = contacts_[no];
  Cancel(Why::kOffer, no, agent);
  Fact("offer of " + N(no) + " to " + N(agent) + " " + std::string(Name(outcome)));
  std::erase_if(c.offers, [&](const OracleOffer& offer) {
    if (offer.agent != agent) return false;
    leases_[offer.id].outcome = outcome;
    return true;
  });
  RemoveItem(agent, no, false, false);
}

void Oracle::Finish(std::uint64_t no, ContactState state) {
  LeavesTheWaiting(contacts_[no]);
  Leave(no);
  EndAlso(no);
  EndWish(no);
  OracleContact& c = contacts_[no];
  Cancel(Why::kMaxWait, no, 0);
  Cancel(Why::kDelay, no, 0);
  c.bars.clear();
  c.stuck = false;
  c.about = kExternal;
  c.state = state;
  c.agent.reset();
  Fact("end " + N(no) + " " + std::string(Name(state)));
  if (c.wrap_ups == 0) contacts_.erase(no);
}

void Oracle::On(const ContactUpdated& e) {
  OracleContact& c = contacts_[e.contact.value];
  if (e.priority) c.priority = *e.priority;
  c.own_priority = c.own_priority || e.priority.has_value();
  if (e.requirements) c.own = *e.requirements;
  if (e.credit_ms) c.age_since -= *e.credit_ms;
  MakeServable(c);
}

void Oracle::On(const ContactTransferred& e) {
  const std::uint64_t no = e.contact.value;
  OracleContact& c = contacts_[no];
  c.waited_before_ms += Waited(c);
  if (c.state == ContactState::kAssigned) {
    WrapUp(no);
  } else {
    Leave(no);
  }
  EndAlso(no);
  c.own_also.clear();
  Fact("moved " + N(no) + " from " + N(c.queue) + " to " + N(e.queue.value) + " transferred");
  LeavesTheWaiting(c);
  c.step = 0;
  c.opened.clear();
  c.stuck = false;
  c.queue = e.queue.value;
  c.own_priority = true;  // what it had is carried along
  if (e.priority) c.priority = *e.priority;
  if (e.requirements) c.own = *e.requirements;
  c.bars.clear();
  EndWish(no);
  if (e.direct.valid()) {
    c.wish = Wish::kDirect;
    c.wanted = {{e.direct, 0}};
    c.wish_wait_ms = e.agents_wait_ms;
  }
  Cancel(Why::kBars, no, 0);
  Enter(no);
}

void Oracle::On(const ContactEnds& e) {
  const std::uint64_t no = e.contact.value;
  OracleContact& c = contacts_[no];
  if (c.state == ContactState::kWrapUp) return;
  if (c.state != ContactState::kAssigned) {
    Finish(no, e.unanswered);
    return;
  }
  WrapUp(no, e.wrap_up);
  c.about = kExternal;
  c.state = ContactState::kWrapUp;
  if (c.wrap_ups == 0) Finish(no, ContactState::kCompleted);
}

void Oracle::AcceptNow(std::uint64_t no, std::uint32_t agent) {
  OracleContact& c = contacts_[no];
  for (const OracleOffer& offer : c.offers) {
    if (offer.agent != agent) continue;
    c.terms = offer.terms;
    c.accepted = offer.id;
    leases_[offer.id].outcome = OfferOutcome::kAccepted;
    CountShare(ServedIn(c), offer.share);
  }
  const model::Channel channel = c.terms;
  std::erase_if(c.offers, [&](const OracleOffer& offer) { return offer.agent == agent; });
  while (!c.offers.empty()) EndOffer(no, c.offers.front().agent, OfferOutcome::kRescinded);
  c.agent = agent;
  c.treatment = {};
  Cancel(Why::kOffer, no, agent);
  Cancel(Why::kRaceStep, no, 0);
  Cancel(Why::kBars, no, 0);
  if (channel.accept_by != model::AcceptBy::kAuto) agents_[*c.agent].misses = 0;
  Fact("offer of " + N(no) + " to " + N(*c.agent) + " accepted");
  if (!channel.connect) {
    Answer(no);
    return;
  }
  c.state = ContactState::kConnecting;
  for (OracleItem& item : agents_[*c.agent].items) {
    if (item.contact == no && item.state == ItemState::kOffered)
      item.state = ItemState::kConnecting;
  }
  const SpanMs announced_ms = channel.accept_by == model::AcceptBy::kAuto ? channel.announce_ms : 0;
  Set(now_ + announced_ms + channel.connect_timeout_ms, Why::kConnect, no, 0);
}

void Oracle::Answer(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  Cancel(Why::kConnect, no, 0);
  Cancel(Why::kMaxWait, no, 0);
  Cancel(Why::kBars, no, 0);
  Cancel(Why::kStep, no, 0);
  EndWish(no);
  EndAlso(no);
  Cancel(Why::kDelay, no, 0);
  agents_[*c.agent].misses = 0;
  c.state = ContactState::kAssigned;
  c.answered = now_;
  if (c.channel == model_->callback.value) c.live = true;
  for (OracleItem& item : agents_[*c.agent].items) {
    if (item.contact != no || item.state == ItemState::kWrapUp) continue;
    item.state = ItemState::kOnContact;
    item.answered = now_;
  }
  const bool in_all = model_->queues[c.queue].sl_clock == model::SlClock::kContact;
  const SpanMs sl_waited = Waited(c) + (in_all ? c.waited_before_ms : 0);
  Fact("answered " + N(no) + " by " + N(*c.agent) + " after " +
       N(static_cast<std::uint64_t>(Waited(c))) + " for the service level " +
       N(static_cast<std::uint64_t>(sl_waited)) + (c.via ? " through " + N(*c.via) : ""));
}

void Oracle::On(const ContactConnected& e) {
  if (contacts_[e.contact.value].state == ContactState::kConnecting) Answer(e.contact.value);
}

void Oracle::Fail(std::uint64_t no, std::uint32_t agent, int max_misses, ConnectFailure cause) {
  OracleContact& c = contacts_[no];
  const bool customers = cause == ConnectFailure::kCustomerGone ||
                         cause == ConnectFailure::kCustomerNoAnswer ||
                         cause == ConnectFailure::kCustomerBusy;
  if (c.state == ContactState::kConnecting && c.channel == model_->callback.value &&
      c.about == kExternal && !c.live && customers) {
    const model::CallbackRule& rule = model_->queues[c.queue].callback;
    if (++c.attempts < rule.attempts) return CallBack(no, rule.retry_ms);
    return Finish(no, ContactState::kExpiredCallback);
  }
  if (contacts_[no].state == ContactState::kOffered) {
    EndOffer(no, agent, OfferOutcome::kFailed);
  } else {
    Leave(no);
  }
  Bar(no, agent);
  const bool miss = cause == ConnectFailure::kNoAnswer || cause == ConnectFailure::kBusy ||
                    cause == ConnectFailure::kUnreachable;
  if (miss) Miss(agent, max_misses);
  GoOn(no);
}

void Oracle::On(const ContactConnectFailed& e) {
  const std::uint64_t no = e.contact.value;
  const OracleContact& c = contacts_[no];
  if (c.state == ContactState::kConnecting) {
    return Fail(no, *c.agent, c.terms.max_misses, e.cause);
  }
  for (const OracleOffer& offer : c.offers) {
    if (e.offer.valid() && offer.id != e.offer) continue;
    return Fail(no, offer.agent, offer.terms.max_misses, e.cause);
  }
}

void Oracle::On(const ContactHeld& e) { Hold(e.contact.value, e.held); }

void Oracle::On(const OfferAccepted& e) {
  const OracleLease lease = leases_[e.offer];
  if (!lease.outcome) AcceptNow(lease.contact, lease.agent);  // else it is told again
}

void Oracle::On(const OfferRejected& e) {
  const OracleLease lease = leases_[e.offer];
  if (lease.outcome) return;
  EndOffer(lease.contact, lease.agent, OfferOutcome::kRejected);
  Bar(lease.contact, lease.agent);
  GoOn(lease.contact);
}

// ---- Bars --------------------------------------------------------------------------------------

void Oracle::Bar(std::uint64_t no, std::uint32_t agent) {
  auto& bars = contacts_[no].bars;
  std::erase_if(bars, [&](const OracleBar& b) { return b.agent == agent; });
  if (bars.size() == 32) bars.erase(bars.begin());
  bars.push_back({agent, now_});
}

}  // namespace routerd::core
