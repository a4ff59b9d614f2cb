// Who leaves a queue because of how it stands (leave_if): nobody stays waiting while it holds; and
// who is moved because somebody asked for it. Many leave in one way: the first in the order of
// service first, so many in a step.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/served_later.h"

namespace routerd::core {

// Contacts of a lane stand in two rows, and some stand beside their lane: the first of each row
// goes into a heap, and the next of its row when it is taken. Who rings stands there too, and does
// not wait.
void Core::FindFirstWaiting(QueueNo no) {
  first_of_lanes_.clear();
  const Queue& queue = queues_[no.index()];
  for (const LaneNo lane_no : queue.lanes) {
    const Lane& lane = lanes_[lane_no.index()];
    if (lane.waiting == 0 || lane.needs.also) continue;
    if (lane.head != kNil) first_of_lanes_.push_back(lane.head);
    AddNextWaiting(lane, FirstInSide(lane));
  }
  for (std::uint32_t slot = queue.first_personal; slot != kNil; slot = contacts_[slot].next) {
    if (contacts_[slot].state == ContactState::kQueued) first_of_lanes_.push_back(slot);
  }
  std::make_heap(first_of_lanes_.begin(), first_of_lanes_.end(), ServedLater{*this});
}

void Core::AddNextWaiting(const Lane& lane, std::uint32_t side) {
  while (side != kNil && contacts_[side].state != ContactState::kQueued) {
    side = NextInSide(lane, side);
  }
  if (side != kNil) first_of_lanes_.push_back(side);
}

std::uint32_t Core::TakeFirstWaiting() {
  std::vector<std::uint32_t>& first = first_of_lanes_;
  std::pop_heap(first.begin(), first.end(), ServedLater{*this});
  const std::uint32_t slot = first.back();
  first.pop_back();
  const Contact& c = contacts_[slot];
  const Lane& lane = lanes_[c.lane.index()];
  const std::size_t before = first.size();
  if (c.standing == Standing::kFifo && c.next != kNil) first.push_back(c.next);
  if (c.standing == Standing::kSide) AddNextWaiting(lane, NextInSide(lane, slot));
  if (first.size() != before) std::push_heap(first.begin(), first.end(), ServedLater{*this});
  return slot;
}

// One queue at a time: where it sends its contacts is decided before anybody leaves from there.
void Core::SendAway() {
  if (InRestartGrace()) return;  // asked again when that is over
  bool sent = false;
  for (const QueueNo no : looking_) {
    const model::Queue& policy = model_->queues[no.index()];
    if (!policy.leave_if || !policy.leave_if->Holds(queues_[no.index()].seen)) continue;
    FindFirstWaiting(no);
    if (first_of_lanes_.empty()) continue;
    if (may_leave_ == 0) {
      LookAgain(no, limits::kMoveEveryMs);
    } else if (sent) {
      NoteFigures(no);
    } else {
      sent = true;
      while (may_leave_ != 0 && !first_of_lanes_.empty()) {
        --may_leave_;
        if (SendOn(TakeFirstWaiting(), LimitKind::kLeft)) continue;
        LookAgain(no, limits::kNoLaneRetryMs);
        break;
      }
    }
  }
}

// ---- Moving all who wait ------------------------------------------------------------------------

Applied Core::On(const QueueMoved& e) {
  const auto known = [this](QueueNo no) {
    return no.valid() && no.index() < model_->queues.size() &&
           !model_->queues[no.index()].name.empty();
  };
  if (!known(e.queue) || (e.to.valid() && !known(e.to))) return {Refusal::kUnknownQueue};
  QueueMove& move = queues_[e.queue.index()].move;
  if (!e.to.valid()) {
    if (move.to.valid()) EndMove(e.queue);
    return {};
  }
  // A ring of moves would never end.
  const bool moves_here = std::any_of(queues_.begin(), queues_.end(), [&e](const Queue& other) {
    return other.move.to == e.queue && other.move.left != 0;
  });
  if (e.to == e.queue || queues_[e.to.index()].move.to.valid() || moves_here) {
    return {Refusal::kQueueMoves};
  }
  if (move.to.valid() && move.to != e.to) EndMove(e.queue);
  timers_.Cancel(move.timer);
  move.to = e.to;
  move.moved = 0;
  move.left = queues_[e.queue.index()].waiting;
  MoveOn(e.queue);
  return {};
}

// Half moved is a lawful state: each contact is in one queue or in the other.
void Core::MoveOn(QueueNo no) {
  FindFirstWaiting(no);
  std::size_t may_move = limits::kMaxMovedAtOnce;
  bool lanes = true;
  for (; may_move != 0 && !first_of_lanes_.empty(); --may_move) {
    const QueueMove& move = queues_[no.index()].move;
    if (move.left == 0) break;
    const std::uint32_t slot = TakeFirstWaiting();
    Needs needs = NeedsOf(contacts_[slot]);
    needs.queue = move.to;
    needs.delay_ms = 0;
    needs.step = 0;
    needs.opened = 0;
    lanes = LaneAvailable(needs);
    if (!lanes) break;
    LeaveFor(slot, needs, move.to, VisitOutcome::kTransferred);
    contacts_[slot].queue = move.to;
    EnterQueue(slot);
    QueueMove& counted = queues_[no.index()].move;
    ++counted.moved;
    --counted.left;
  }
  QueueMove& move = queues_[no.index()].move;
  // Who is left may be live, with a gateway that is away, or ring: they stay.
  if (move.left == 0 || (lanes && first_of_lanes_.empty())) return EndMove(no);
  move.timer = timers_.Set(stamp_.now + (lanes ? limits::kMoveEveryMs : limits::kNoLaneRetryMs),
                           {TimerKind::kQueueMove, ContactNo(), no.value});
  Tell(QueueMoveChanged{no, move.to, move.moved, move.left});
}

void Core::EndMove(QueueNo no) {
  QueueMove& move = queues_[no.index()].move;
  timers_.Cancel(move.timer);
  Tell(QueueMoveChanged{no, move.to, move.moved, 0});
  move = QueueMove{};
}

void Core::EndMovesToNowhere() {
  for (std::uint32_t i = 0; i < queues_.size(); ++i) {
    const QueueNo to = queues_[i].move.to;
    if (!to.valid()) continue;
    if (model_->queues[i].name.empty() || model_->queues[to.index()].name.empty()) {
      EndMove(QueueNo(i));
    }
  }
}

}  // namespace routerd::core
