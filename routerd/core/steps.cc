// Steps: what a queue asks for while its contacts wait longer. How far a contact has come is part
// of its lane's key, so that opening a step is a move to another lane.
#include <algorithm>
#include <bit>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

static_assert(limits::kMaxSteps < 8 * sizeof(model::OpenedSteps));

std::uint32_t Core::StepOf(const Contact& contact) const {
  if (!contact.lane.valid()) return 0;
  return static_cast<std::uint32_t>(std::bit_width(NeedsOf(contact).opened));
}

void Core::StartSteps(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  const bool by_age = model_->queues[c.queue.index()].step_from == model::StepFrom::kAge;
  c.step_since = by_age ? std::min(stamp_.now, c.age_since) : stamp_.now;
  AdvanceSteps(slot);
}

// How far the contact should have come by now. A step that is skipped takes no time: the next one
// is looked at in the same instant, as if its `after` were over.
StepPlace Core::StepDue(const Contact& c) const {
  const Needs& needs = NeedsOf(c);
  const std::vector<model::Step>& steps = model_->queues[c.queue.index()].steps;
  const model::QueueFigures& seen = queues_[c.queue.index()].seen;
  StepPlace place{needs.step, needs.opened, c.step_since};
  if (place.step > steps.size()) {  // a new policy has fewer
    place.step = static_cast<std::uint8_t>(steps.size());
    place.opened &= (model::OpenedSteps{1} << place.step) - 1;
    if (needs.opened != place.opened && place.step != 0) {
      place.opened |= model::OpenedSteps{1} << (place.step - 1);
    }
  }
  bool skipped = false;
  while (place.step < steps.size()) {
    const model::Step& next = steps[place.step];
    if (!skipped) {
      if (next.after_ms && place.since + *next.after_ms <= stamp_.now) {
        place.since += *next.after_ms;
      } else if (next.when && next.when->Holds(seen)) {
        place.since = stamp_.now;
      } else {
        break;
      }
    }
    skipped = next.skip_if && next.skip_if->Holds(seen);
    if (!skipped) place.opened |= model::OpenedSteps{1} << place.step;
    ++place.step;
  }
  return place;
}

bool Core::AdvanceSteps(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.personal) return true;           // the clock begins when others may have it
  if (queues_[c.queue.index()].fresh) {  // nothing to go by yet; what is due fires right after
    ArmStep(slot);
    return true;
  }
  const StepPlace place = StepDue(c);
  if (place.step != NeedsOf(c).step && !MoveToStep(slot, place)) {
    timers_.Cancel(c.step_timer);
    c.step_timer =
        timers_.Set(stamp_.now + limits::kNoLaneRetryMs, {TimerKind::kStep, NumberOf(slot), 0});
    return false;
  }
  ArmStep(slot);
  return true;
}

bool Core::MoveToStep(std::uint32_t slot, const StepPlace& place) {
  Contact& c = contacts_[slot];
  Needs& needs = asked_ = NeedsOf(c);
  const model::OpenedSteps fresh = place.opened & ~needs.opened;
  needs.step = place.step;
  needs.opened = place.opened;
  if (!LaneAvailable(needs)) return false;
  const bool waits = c.standing != Standing::kOut;
  if (waits) LeaveLane(slot);
  MoveToLane(slot, FindOrMakeLane(needs));
  c.step_since = place.since;
  bool reset = false;
  for (model::OpenedSteps bits = fresh; bits != 0; bits &= bits - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(bits));
    reset = reset || model_->queues[c.queue.index()].steps[index].reset_declined;
    if (c.stands_for != kNil) continue;  // nothing is told of further queues
    Tell(ContactStepOpened{NumberOf(slot), c.queue, static_cast<std::uint32_t>(index + 1)});
  }
  if (reset) DropBars(contacts_[RealOf(slot)]);
  if (waits) {
    JoinLane(slot);
    servable_.push_back(slot);
    if (!RealOf(c).bars.empty()) barred_.push_back(RealOf(slot));  // others may now be left
  }
  if (reset) MakeServable(RealOf(slot));
  return true;
}

void Core::ArmStep(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  const std::vector<model::Step>& steps = model_->queues[c.queue.index()].steps;
  const std::size_t step = NeedsOf(c).step;
  const bool timed = step < steps.size() && steps[step].after_ms;
  const TimeMs next = timed ? c.step_since + *steps[step].after_ms : 0;
  if (timed && timers_.DeadlineOf(c.step_timer) == next) return;  // keeps its turn among equals
  timers_.Cancel(c.step_timer);
  if (timed) c.step_timer = timers_.Set(next, {TimerKind::kStep, NumberOf(slot), 0});
}

// Index and clock stay; whoever is past the new end is at the last step, as soon as there is a lane
// for that (StepDue).
void Core::KeepSteps(std::uint32_t slot) {
  const Contact& c = RealOf(contacts_[slot]);
  const Needs& needs = NeedsOf(contacts_[slot]);
  const std::size_t count = model_->queues[needs.queue.index()].steps.size();
  if (needs.step > count) MoveToStep(slot, StepDue(contacts_[slot]));
  if (c.state == ContactState::kQueued || c.state == ContactState::kOffered ||
      c.state == ContactState::kConnecting) {
    AdvanceSteps(slot);
  }
}

}  // namespace routerd::core
