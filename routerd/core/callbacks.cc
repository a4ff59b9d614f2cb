// Callbacks: the customer hangs up and is dialled when an agent has accepted his contact. Dialling
// is the connecting; a customer who is not reached is dialled again later, until his queue's
// attempts are used up.
#include "routerd/core/core.h"

namespace routerd::core {

bool CoreState::IsCallback(const Contact& c) const {
  return c.channel.valid() && c.channel == model_->callback;
}

// Its needs as a callback at the beginning of a visit.
Needs Core::NeedsAsCallback(const Contact& c) const {
  Needs needs = NeedsOf(c);
  needs.channel = model_->callback;
  needs.step = 0;
  needs.opened = 0;
  needs.delay_ms = 0;
  return needs;
}

Applied Core::On(const CallbackRequested& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (c->state != ContactState::kQueued && c->state != ContactState::kOffered &&
      c->state != ContactState::kTreated) {
    return WrongState(*c);
  }
  if (c->parent != kNil) return {Refusal::kInConsult};
  if (!model_->callback.valid()) return {Refusal::kNoCallback};
  if (!LaneAvailable(NeedsAsCallback(*c))) return {Refusal::kLaneLimit};
  BecomeCallback(static_cast<std::uint32_t>(e.contact.value), e.delay_ms);
  Applied applied;
  applied.contact = e.contact;
  return applied;
}

// The visit ends `to_callback`, and the next begins at once or after `delay_ms`, during which the
// contact does not grow older: it keeps the place that it has waited for. There is a lane for it.
void Core::BecomeCallback(std::uint32_t slot, SpanMs delay_ms) {
  Contact& c = contacts_[slot];
  const ContactNo no = NumberOf(slot);
  const Needs needs = NeedsAsCallback(c);
  const SpanMs waited = Waited(c);
  LeaveVisit(slot);
  DropStandIns(slot);
  timers_.Cancel(c.max_wait_timer);
  timers_.Cancel(c.delay_timer);
  Tell(ContactToCallback{no, c.queue, waited, c.attempts});
  MoveToLane(slot, FindOrMakeLane(needs));
  EndWish(c);
  DropBars(c);
  SetState(c, ContactState::kScheduled);
  c.waited_before_ms += waited;
  c.channel = needs.channel;
  c.live = false;
  if (delay_ms <= 0) return EnterQueue(slot);
  const TimeMs due = stamp_.now + delay_ms;
  c.age_since += delay_ms;
  c.timer = timers_.Set(due, {TimerKind::kContactDue, no, 0});
  Tell(ContactScheduled{no, c.queue, due});
}

// The customer was not reached. False: that is no matter of callbacks.
bool Core::DialAgain(std::uint32_t slot, ConnectFailure cause) {
  Contact& c = contacts_[slot];
  // Who is asked about a callback is no customer; and one who is on the line need not be dialled.
  if (!IsCallback(c) || c.parent != kNil || c.live || !IsCustomers(cause)) return false;
  const model::CallbackRule& rule = model_->queues[c.queue.index()].callback;
  if (c.attempts + 1 < rule.attempts && !LaneAvailable(NeedsAsCallback(c))) return false;
  ++c.attempts;
  if (c.attempts < rule.attempts) {
    BecomeCallback(slot, rule.retry_ms);
  } else {
    EndContact(slot, ContactState::kExpiredCallback, EndReason::kCallbackAttempts);
  }
  return true;
}

}  // namespace routerd::core
