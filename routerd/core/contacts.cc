// A contact's life: queued, returned, answered, ended.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/ahead.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

// A queue's figures that count its contacts by state.
std::uint32_t* CounterOf(Queue& queue, ContactState state) {
  if (state == ContactState::kQueued) return &queue.waiting;
  if (state == ContactState::kAssigned) return &queue.assigned;
  const bool offered = state == ContactState::kOffered || state == ContactState::kConnecting;
  return offered ? &queue.offered : nullptr;
}

}  // namespace

Contact* Core::Held(ContactNo no) {
  const Contact* c = FindContact(no);
  return c == nullptr || IsTerminal(c->state) ? nullptr : const_cast<Contact*>(c);
}

void Core::SetState(Contact& c, ContactState state) {
  Queue& queue = queues_[c.queue.index()];
  const bool waited = c.state == ContactState::kQueued;
  const bool waits = state == ContactState::kQueued;
  if (std::uint32_t* old = CounterOf(queue, c.state)) --*old;
  if (std::uint32_t* now = CounterOf(queue, state)) ++*now;
  if (waited != waits) CountWaiting(c, waits);
  c.state = state;
  c.state_since = stamp_.now;
}

// It begins to wait, or does so no longer.
void Core::CountWaiting(Contact& c, bool waits) {
  waits ? ++waiting_count_ : --waiting_count_;
  for (std::uint32_t i = c.also; i != kNil; i = contacts_[i].also) {
    std::uint32_t& also_waiting = queues_[contacts_[i].queue.index()].also_waiting;
    waits ? ++also_waiting : --also_waiting;
  }
  if (!queues_[c.queue.index()].has_conditions) return;
  const auto slot = static_cast<std::uint32_t>(&c - contacts_.data());
  NoteFigures(c.queue);
  waits ? AddToOldest(slot) : RemoveFromOldest(slot);
}

std::uint32_t CoreState::TakeSlot() {
  if (free_contacts_.empty()) {
    ReserveAll(contacts_, limits::kMaxContacts);
    contacts_.emplace_back();
    return static_cast<std::uint32_t>(contacts_.size() - 1);
  }
  const std::uint32_t slot = free_contacts_.back();
  free_contacts_.pop_back();
  return slot;
}

std::uint32_t Core::NewContact(const ContactArrives& e, int priority, LaneNo lane) {
  const std::uint32_t slot = TakeSlot();
  Contact& c = contacts_[slot];
  c.used = true;
  c.state = ContactState::kScheduled;  // in no queue's counters yet
  c.live = e.live;
  c.channel = e.channel;
  c.queue = e.queue;
  c.gateway = e.gateway;
  c.lane = lane;
  c.priority = priority;
  c.own_priority = e.priority.has_value();
  c.arrival = next_arrival_;
  next_arrival_ += kArrivalStep;
  c.arrived = stamp_.now;
  c.age_since = stamp_.now + std::max<SpanMs>(e.delay_ms, 0) - e.credit_ms;
  c.visit_since = c.arrived;
  c.state_since = c.arrived;
  TakeWish(e, c);
  RefLane(lane);
  ++contact_count_;
  LinkToGateway(slot);
  return slot;
}

SpanMs Core::Waited(const Contact& c) const {
  return (c.answered != 0 ? c.answered : stamp_.now) - c.visit_since - c.served_ms;
}

// As the queue that it is in counts.
SpanMs Core::SlWaited(const Contact& c) const {
  const bool all = model_->queues[c.queue.index()].sl_clock == model::SlClock::kContact;
  return Waited(c) + (all ? c.waited_before_ms : 0);
}

bool CoreState::IsStranded(const Contact& c) const {
  const Gateway& gateway = gateways_[c.gateway.index()];
  return c.live && !gateway.connected && timers_.DeadlineOf(gateway.grace) == 0;
}

void Core::EnterQueue(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  timers_.Cancel(c.timer);
  c.visit_since = stamp_.now;
  c.answered = 0;
  c.served_ms = 0;
  c.via = QueueNo();
  SetState(c, ContactState::kQueued);
  CountArrival(c.queue);
  ArmMaxWait(slot);
  ArmDelay(slot);
  Tell(ContactQueued{NumberOf(slot), c.queue, false});
  if (IsStranded(c)) {
    EndContact(slot, ContactState::kAbandoned, EndReason::kGatewayLost);
    return;
  }
  if (!StartPersonal(slot)) return StartWaiting(slot);
  JoinLane(slot);
  servable_.push_back(slot);
}

void Core::StartWaiting(std::uint32_t slot) {
  StartSteps(slot);
  JoinLane(slot);
  servable_.push_back(slot);
  if (!contacts_[slot].bars.empty()) barred_.push_back(slot);
  MakeStandIns(slot);
  JoinAlso(slot);
}

void Core::ArmMaxWait(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  timers_.Cancel(c.max_wait_timer);
  c.overdue = false;
  const auto& max_wait = model_->queues[c.queue.index()].max_wait_ms;
  if (!max_wait) return;
  const TimeMs over = ExpiryOf(c.visit_since + c.served_ms + *max_wait);
  c.overdue = c.state == ContactState::kOffered && over <= stamp_.now;
  c.max_wait_timer = timers_.Set(over, {TimerKind::kMaxWait, NumberOf(slot), 0});
}

void Core::ReturnToPlace(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  c.via = QueueNo();
  if (c.answered != 0) {  // the time with an agent who was lost is no waiting
    c.served_ms += stamp_.now - c.answered;
    c.step_since += stamp_.now - c.answered;
  }
  SetState(c, ContactState::kQueued);
  const bool answered = c.answered != 0;
  c.answered = 0;
  c.held = false;
  c.silent_since = c.silent_ms = 0;
  const auto& max_wait = model_->queues[c.queue.index()].max_wait_ms;
  const bool over = max_wait && stamp_.now >= ExpiryOf(c.visit_since + c.served_ms + *max_wait);
  if (over && Overdue(slot)) return;
  if (timers_.DeadlineOf(c.max_wait_timer) == 0) ArmMaxWait(slot);
  if (answered) {
    RestoreDelay(slot);
    ArmDelay(slot);
  }
  Tell(ContactQueued{NumberOf(slot), c.queue, true});
  if (IsStranded(c)) {
    EndContact(slot, ContactState::kAbandoned, EndReason::kGatewayLost);
    return;
  }
  if (c.personal && timers_.DeadlineOf(c.personal_timer) == 0) EndPersonal(slot);
  AdvanceSteps(slot);
  JoinLane(slot);
  servable_.push_back(slot);
  if (!contacts_[slot].bars.empty()) barred_.push_back(slot);
  if (answered) MakeStandIns(slot);
  JoinAlso(slot);
}

// Takes the contact out of whatever it is in before an answer: its lane, an offer, a connection.
void Core::LeaveVisit(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  switch (c.state) {
    case ContactState::kQueued:
      LeaveLanes(slot);
      break;
    case ContactState::kOffered:
      LeaveLanes(slot);
      EndOffersFor(slot, OfferOutcome::kContactGone);
      break;
    case ContactState::kConnecting: {
      Agent& a = agents_[c.agent.index()];
      RemoveItem(c.agent, FindWork(a, NumberOf(slot)), false);
      c.agent = AgentNo();
      c.offer = OfferId();
      break;
    }
    default:
      break;
  }
  timers_.Cancel(c.timer);
  timers_.Cancel(c.bars_timer);
  timers_.Cancel(c.step_timer);
}

void Core::EndWish(Contact& c) {
  timers_.Cancel(c.personal_timer);
  c.personal = false;
  c.wish = Wish::kNone;
  c.wanted.clear();
}

void Core::Answer(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  timers_.Cancel(c.timer);
  timers_.Cancel(c.max_wait_timer);
  timers_.Cancel(c.step_timer);
  EndWish(c);
  timers_.Cancel(c.delay_timer);
  DropStandIns(slot);
  agents_[c.agent.index()].misses = 0;
  SetState(c, ContactState::kAssigned);
  c.answered = stamp_.now;
  c.held = false;
  if (IsCallback(c)) c.live = true;  // now the customer is on the line
  Item* item = FindWork(agents_[c.agent.index()], NumberOf(slot));
  item->state = ItemState::kOnContact;
  item->since = item->answered = stamp_.now;
  // What is in hand can be parked: answered as it was offered, it has made him free for that.
  freed_more_ = freed_more_ || !model_->channels[c.channel.index()].interruptible_by.empty();
  Touch(c.agent);
  Tell(ContactAnswered{NumberOf(slot), c.agent, c.queue, Waited(c), SlWaited(c), c.via});
}

void Core::EndContact(std::uint32_t slot, ContactState state, EndReason reason) {
  Contact& c = contacts_[slot];
  const bool scheduled = c.state == ContactState::kScheduled;
  const bool answered = c.answered != 0;
  const SpanMs waited = scheduled ? 0 : Waited(c);
  const SpanMs sl_waited = scheduled ? 0 : SlWaited(c);
  LeaveVisit(slot);
  DropStandIns(slot);
  Unlink(slot);
  EndWish(c);
  DropBars(c);
  timers_.Cancel(c.max_wait_timer);
  timers_.Cancel(c.delay_timer);
  SetState(c, state);
  UnlinkFromGateway(slot);
  UnrefLane(c.lane);
  c.lane = LaneNo();
  c.agent = AgentNo();
  --contact_count_;
  Tell(ContactEnded{NumberOf(slot), state, reason, c.queue, waited, answered, sl_waited});
  if (c.wrap_ups == 0) DropContact(slot);
}

void Core::FinishIfOver(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.wrap_ups != 0) return;
  if (IsTerminal(c.state)) {
    DropContact(slot);
  } else if (c.state == ContactState::kWrapUp) {
    EndContact(slot, ContactState::kCompleted, EndReason::kCompleted);
  }
}

void Core::DropContact(std::uint32_t slot) {
  Tell(ContactForgotten{NumberOf(slot)});
  FreeSlot(slot);
}

void CoreState::FreeSlot(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  std::vector<Bar> bars = std::move(c.bars);
  bars.clear();
  std::vector<WantedAgent> wanted = std::move(c.wanted);
  wanted.clear();
  std::vector<QueueNo> own_also = std::move(c.own_also);
  own_also.clear();
  const std::uint32_t generation = c.generation + 1;
  c = Contact{};
  c.generation = generation;
  c.bars = std::move(bars);
  c.wanted = std::move(wanted);
  c.own_also = std::move(own_also);
  free_contacts_.push_back(slot);
}

void Core::LinkToGateway(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.gateway.index() >= gateways_.size()) gateways_.resize(c.gateway.index() + 1);
  Gateway& gateway = gateways_[c.gateway.index()];
  if (!gateway.known) gateway.known = gateway.connected = true;
  c.gateway_prev = gateway.last;
  (gateway.last == kNil ? gateway.first : contacts_[gateway.last].gateway_next) = slot;
  gateway.last = slot;
}

void Core::UnlinkFromGateway(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  Gateway& gateway = gateways_[c.gateway.index()];
  (c.gateway_prev == kNil ? gateway.first : contacts_[c.gateway_prev].gateway_next) =
      c.gateway_next;
  (c.gateway_next == kNil ? gateway.last : contacts_[c.gateway_next].gateway_prev) = c.gateway_prev;
  c.gateway_prev = c.gateway_next = kNil;
}

}  // namespace routerd::core
