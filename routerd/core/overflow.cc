// Limits of queues, and where they send the contacts that they stop: to another queue, whose limits
// come next, or to their end.
#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

Refusal Core::LimitReached(QueueNo no) const {
  const model::Queue& policy = model_->queues[no.index()];
  const Queue& queue = queues_[no.index()];
  if (ModeOf(no) != model::QueueMode::kOpen) return Refusal::kQueueClosed;
  if (policy.max_waiting && queue.waiting >= *policy.max_waiting) return Refusal::kQueueFull;
  // Of a new policy there is nothing to go by until its first decisions have been taken.
  const bool joins = !policy.join_if || queue.fresh || policy.join_if->Holds(queue.seen);
  return joins ? Refusal::kNone : Refusal::kNotJoined;
}

const model::AtLimit& Core::AtLimitOf(QueueNo no, Refusal limit) const {
  const model::Queue& policy = model_->queues[no.index()];
  if (limit == Refusal::kQueueFull) return policy.when_full;
  return limit == Refusal::kNotJoined ? policy.when_not_joined : policy.when_closed;
}

// The queues that one contact more passes through, the last of which takes it. Empty: none does,
// and it is the first one's limit that refuses it.
WayIn Core::FindWayIn(QueueNo queue, Refusal* refused) const {
  WayIn way;
  way.Add(queue);
  for (;;) {
    const Refusal limit = LimitReached(way.last());
    if (limit == Refusal::kNone) return way;
    if (way.size == 1) *refused = limit;
    const model::AtLimit& at = AtLimitOf(way.last(), limit);
    if (!at.overflow.valid() || way.size == way.queues.size()) return {};
    way.Add(at.overflow);
  }
}

// Each queue on the way has had a visit, which ended as it began.
void Core::EnterBy(std::uint32_t slot, const WayIn& way) {
  Contact& c = contacts_[slot];
  for (std::size_t i = 0; i + 1 < way.size; ++i) {
    effects_->push_back(ContactQueued{NumberOf(slot), way.queues[i], false});
    effects_->push_back(ContactMoved{NumberOf(slot), way.queues[i], way.queues[i + 1], 0,
                                     VisitOutcome::kOverflowed});
  }
  c.queue = way.last();
  EnterQueue(slot);
}

// It has waited as long as its queue lets it. False: it stays, and tries again.
bool Core::Overdue(std::uint32_t slot) {
  const model::AtLimit& at = model_->queues[contacts_[slot].queue.index()].when_waited;
  if (SendOn(slot, at, EndReason::kMaxWait)) return true;
  contacts_[slot].max_wait_timer =
      timers_.Set(stamp_.now + limits::kNoLaneRetryMs, {TimerKind::kMaxWait, NumberOf(slot), 0});
  return false;
}

// Out of the queue that it waits in, to where the limit says, or to its end. What was in is refused
// nowhere: if no queue of the way takes one more, the first takes it all the same. False: it is to
// go to another queue, and there is no lane for it.
bool Core::SendOn(std::uint32_t slot, const model::AtLimit& at, EndReason reason) {
  Contact& c = contacts_[slot];
  const QueueNo to = at.overflow;
  if (!to.valid()) {
    EndContact(slot, ContactState::kExpired, reason);
    return true;
  }
  Refusal ignored = Refusal::kNone;
  WayIn way = FindWayIn(to, &ignored);
  if (way.size == 0) way.Add(to);
  Needs needs = NeedsOf(c);
  needs.queue = way.last();
  needs.delay_ms = 0;
  needs.step = 0;
  needs.opened = 0;
  if (!LaneAvailable(needs)) {
    return false;
  }
  LeaveFor(slot, needs, way.queues[0], VisitOutcome::kOverflowed);
  EnterBy(slot, way);
  return true;
}

// The visit ends; the next one, of these needs, begins once it has entered.
void Core::LeaveFor(std::uint32_t slot, const Needs& needs, QueueNo next, VisitOutcome outcome) {
  Contact& c = contacts_[slot];
  const SpanMs waited = Waited(c);
  LeaveVisit(slot);
  DropStandIns(slot);
  c.own_also.clear();
  effects_->push_back(ContactMoved{NumberOf(slot), c.queue, next, waited, outcome});
  MoveToLane(slot, FindOrMakeLane(needs));
  EndWish(c);
  DropBars(c);
  SetState(c, ContactState::kScheduled);  // in no queue's counters while it changes queues
  c.waited_before_ms += waited;
  c.own_priority = true;
}

}  // namespace routerd::core
