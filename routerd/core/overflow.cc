// Limits of queues, and where they send the contacts that they stop: to another queue, whose limits
// come next, or to their end.
#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

EndReason ReasonOf(LimitKind limit) {
  switch (limit) {
    case LimitKind::kFull:
      return EndReason::kQueueFull;
    case LimitKind::kClosed:
      return EndReason::kQueueClosed;
    case LimitKind::kWaited:
      return EndReason::kMaxWait;
    case LimitKind::kNotJoined:
      return EndReason::kNotJoined;
    case LimitKind::kLeft:
      return EndReason::kLeft;
  }
  return EndReason::kUnspecified;
}

}  // namespace

std::optional<LimitKind> Core::LimitReached(QueueNo no) const {
  const model::Queue& policy = model_->queues[no.index()];
  const Queue& queue = queues_[no.index()];
  if (ModeOf(no) != model::QueueMode::kOpen) return LimitKind::kClosed;
  if (policy.max_waiting && queue.waiting >= *policy.max_waiting) return LimitKind::kFull;
  // Of a new policy there is nothing to go by until its first decisions have been taken.
  const bool joins = !policy.join_if || queue.fresh || policy.join_if->Holds(queue.seen);
  return joins ? std::nullopt : std::optional(LimitKind::kNotJoined);
}

const model::AtLimit& Core::AtLimitOf(QueueNo no, LimitKind limit) const {
  return *model::LimitsOf(model_->queues[no.index()])[static_cast<std::size_t>(limit)];
}

// The queues that one contact more passes through, the last of which takes it, or, if `treats`, has
// something played to it first. Empty: none does, and it is the first one's limit that stopped it.
WayIn Core::FindWayIn(QueueNo queue, bool treats, LimitKind* stopped) const {
  WayIn way;
  way.Add(queue);
  for (;;) {
    const std::optional<LimitKind> limit = LimitReached(way.last());
    if (!limit) return way;
    if (way.size == 1) *stopped = *limit;
    const model::AtLimit& at = AtLimitOf(way.last(), *limit);
    if (treats && at.treat.valid()) {
      way.treated = limit;
      return way;
    }
    if (!at.overflow.valid() || way.size == way.queues.size()) return {};
    way.Add(at.overflow);
  }
}

// Each queue on the way has had a visit, which ended as it began.
void Core::EnterBy(std::uint32_t slot, const WayIn& way) {
  Contact& c = contacts_[slot];
  for (std::size_t i = 0; i + 1 < way.size; ++i) {
    Tell(ContactQueued{NumberOf(slot), way.queues[i], false});
    Tell(ContactMoved{NumberOf(slot), way.queues[i], way.queues[i + 1], 0,
                      VisitOutcome::kOverflowed});
  }
  c.queue = way.last();
  if (way.treated) return Treat(slot, *way.treated);
  EnterQueue(slot);
}

// One that rings goes when nobody has taken it; nobody more is asked.
void Core::PassMaxWait(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.state == ContactState::kQueued) {
    Overdue(slot);
  } else if (c.state == ContactState::kOffered) {
    c.overdue = true;
    ReviewRace(slot);
  }
}

// It has waited as long as its queue lets it. False: it stays, and tries again.
bool Core::Overdue(std::uint32_t slot) {
  if (SendOn(slot, LimitKind::kWaited)) return true;
  timers_.Cancel(contacts_[slot].max_wait_timer);  // due, where it has just come back
  contacts_[slot].max_wait_timer =
      timers_.Set(stamp_.now + limits::kNoLaneRetryMs, {TimerKind::kMaxWait, NumberOf(slot), 0});
  return false;
}

bool Core::SendOn(std::uint32_t slot, LimitKind limit) {
  const Contact& c = contacts_[slot];
  // A colleague, and a customer who has hung up, hear nothing.
  const bool hears = c.parent == kNil && (!IsCallback(c) || c.live);
  if (!hears || !AtLimitOf(c.queue, limit).treat.valid()) return GoOnAfter(slot, limit);
  Treat(slot, limit);
  return true;
}

// Out of its queue, to where the limit says, or to its end. What was in is refused nowhere: if no
// queue of the way takes one more, the first takes it all the same. False: it is to go to another
// queue, and there is no lane for it.
bool Core::GoOnAfter(std::uint32_t slot, LimitKind limit) {
  Contact& c = contacts_[slot];
  const QueueNo to = AtLimitOf(c.queue, limit).overflow;
  WayIn way;
  LimitKind ignored = limit;
  if (to.valid()) way = FindWayIn(to, false, &ignored);
  if (to.valid() && way.size == 0 && !IsOfArrivals(limit)) way.Add(to);
  if (way.size == 0) {
    const bool refused = IsOfArrivals(limit);
    EndContact(slot, refused ? ContactState::kRefused : ContactState::kExpired, ReasonOf(limit));
    return true;
  }
  Needs needs = NeedsOf(c);
  needs.queue = way.last();
  needs.delay_ms = 0;
  needs.step = 0;
  needs.opened = 0;
  if (!LaneAvailable(needs)) return false;
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
  Tell(ContactMoved{NumberOf(slot), c.queue, next, waited, outcome});
  MoveToLane(slot, FindOrMakeLane(needs));
  // One that came and was treated has not been asked for yet.
  if (c.state != ContactState::kTreated) EndWish(c);
  DropBars(c);
  SetState(c, ContactState::kScheduled);  // in no queue's counters while it changes queues
  c.waited_before_ms += waited;
  c.own_priority = true;
}

}  // namespace routerd::core
