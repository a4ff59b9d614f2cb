// Limits of queues, and where they send the contacts that they stop: to another queue, whose limits
// come next, or to their end.
#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

Refusal Core::LimitReached(QueueNo no) const {
  const model::Queue& policy = model_->queues[no.index()];
  const Queue& queue = queues_[no.index()];
  if ((queue.mode_set ? queue.mode : policy.mode) != model::QueueMode::kOpen) {
    return Refusal::kQueueClosed;
  }
  const bool full = policy.max_waiting && queue.waiting >= *policy.max_waiting;
  return full ? Refusal::kQueueFull : Refusal::kNone;
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
    const model::Queue& policy = model_->queues[way.last().index()];
    const model::AtLimit& at = limit == Refusal::kQueueFull ? policy.when_full : policy.when_closed;
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

// It has waited as long as its queue lets it. What was in is refused nowhere: if no queue of the
// way takes one more, the first takes it all the same.
void Core::Overdue(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  const QueueNo from = c.queue;
  const QueueNo to = model_->queues[from.index()].when_waited.overflow;
  if (!to.valid()) {
    EndContact(slot, ContactState::kExpired, EndReason::kMaxWait);
    return;
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
    EndContact(slot, ContactState::kExpired, EndReason::kMaxWait);
    return;
  }
  const SpanMs waited = Waited(c);
  LeaveVisit(slot);
  effects_->push_back(
      ContactMoved{NumberOf(slot), from, way.queues[0], waited, VisitOutcome::kOverflowed});
  MoveToLane(slot, FindOrMakeLane(needs));
  EndWish(c);
  DropBars(c);
  SetState(c, ContactState::kScheduled);  // in no queue's counters while it changes queues
  c.waited_before_ms += waited;
  c.own_priority = true;
  EnterBy(slot, way);
}

}  // namespace routerd::core
