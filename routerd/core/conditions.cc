// Conditions on how a queue stands. What they read is counted as it changes, for the queues that
// read it; they are evaluated once a queue, after the decisions of an event that changed a figure,
// and read what those decisions left.
#include <algorithm>
#include <optional>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {
namespace {

constexpr SpanMs kTickMs = 1'000;
constexpr unsigned kReadsAgents = model::kReadsFree | model::kReadsReady | model::kReadsStaffed;

template <typename F>
void ForEachCondition(const model::Queue& queue, const F& f) {
  const auto one = [&f](const std::optional<model::Condition>& condition) {
    if (condition) f(*condition);
  };
  one(queue.join_if);
  one(queue.leave_if);
  for (const model::Step& step : queue.steps) {
    one(step.when);
    one(step.skip_if);
  }
}

}  // namespace

// ---- What a policy reads -----------------------------------------------------------------------

void Core::Watch() {
  watching_.clear();
  for (std::uint32_t i = 0; i < queues_.size(); ++i) {
    Queue& queue = queues_[i];
    static const model::Queue kNone;
    const model::Queue& policy = i < model_->queues.size() ? model_->queues[i] : kNone;
    queue.has_conditions = false;
    queue.reads = model::kReadsNothing;
    ForEachCondition(policy, [&queue](const model::Condition& condition) {
      queue.has_conditions = true;
      queue.reads |= condition.Reads();
    });
    queue.fresh = queue.has_conditions;
    queue.ready = queue.free = queue.staffed = 0;
    queue.oldest = kNil;
    queue.oldest_s = 0;
    queue.opening = 0;
    timers_.Cancel(queue.opening_timer);
    if (!queue.has_conditions) queue.seen = {};
    queue.lanes_at.assign(queue.has_conditions ? policy.steps.size() : 0, Bitmap());
    if ((queue.reads & kReadsAgents) != 0) watching_.push_back(QueueNo(i));
    if (queue.has_conditions) NoteFigures(QueueNo(i));
  }
  for (std::uint32_t i = 0; i < classes_.size(); ++i) {
    if (classes_[i].used) WatchClass(ClassNo(i));
  }
  for (Agent& a : agents_) a.figures_staffed = a.figures_ready = a.figures_free = false;
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    contacts_[slot].oldest = TreapNode();
    if (contacts_[slot].used && contacts_[slot].state == ContactState::kQueued) AddToOldest(slot);
  }
  for (std::uint32_t i = 0; i < queues_.size(); ++i) ReadOldest(QueueNo(i));
}

void Core::WatchClass(ClassNo no) {
  AgentClass& cls = classes_[no.index()];
  cls.watchers.clear();
  for (const QueueNo queue : watching_) {
    const model::Queue& policy = model_->queues[queue.index()];
    if (IsMember(policy, 0, cls) && InProfile(queue, cls) &&
        model::Meets(cls.skills, policy.requirements)) {
      cls.watchers.push_back(queue);
    }
  }
}

// ---- Counting ----------------------------------------------------------------------------------

void Core::CountForConditions(AgentNo no, bool staffed, bool ready, bool free) {
  if (watching_.empty()) return;  // whoever comes to be watched is looked at with the new policy
  Agent& a = agents_[no.index()];
  if (staffed == a.figures_staffed && ready == a.figures_ready && free == a.figures_free) return;
  for (const QueueNo watcher : classes_[a.cls.index()].watchers) {
    Queue& queue = queues_[watcher.index()];
    if (staffed != a.figures_staffed) staffed ? ++queue.staffed : --queue.staffed;
    if (ready != a.figures_ready) ready ? ++queue.ready : --queue.ready;
    if (free != a.figures_free) free ? ++queue.free : --queue.free;
    NoteFigures(watcher);
  }
  a.figures_staffed = staffed;
  a.figures_ready = ready;
  a.figures_free = free;
}

void Core::CountForConditions(AgentNo no) {
  if (watching_.empty()) return;
  const Agent& a = agents_[no.index()];
  const bool free = std::any_of(a.places.begin(), a.places.end(),
                                [](const FreePlace& place) { return place.in; });
  CountForConditions(no, a.presence != Presence::kLoggedOut, a.counted_flags != 0, free);
}

void Core::NoteFigures(QueueNo no) {
  Queue& queue = queues_[no.index()];
  if (queue.noted) return;
  queue.noted = true;
  noted_.push_back(no);
}

void Core::AddToOldest(std::uint32_t slot) {
  Queue& queue = queues_[contacts_[slot].queue.index()];
  if ((queue.reads & model::kReadsOldest) == 0) return;
  OldestNodes nodes{contacts_};
  Treap<OldestNodes>::Insert(nodes, queue.oldest, slot);
  ArmTick();
}

void Core::RemoveFromOldest(std::uint32_t slot) {
  Queue& queue = queues_[contacts_[slot].queue.index()];
  if ((queue.reads & model::kReadsOldest) == 0) return;
  OldestNodes nodes{contacts_};
  Treap<OldestNodes>::Erase(nodes, queue.oldest, slot);
  if (queue.oldest == kNil) queue.oldest_s = 0;
}

void Core::ReadOldest(QueueNo no) {
  Queue& queue = queues_[no.index()];
  if (queue.oldest == kNil) return;
  const std::uint32_t first = Treap<OldestNodes>::First(OldestNodes{contacts_}, queue.oldest);
  queue.oldest_s = Waited(contacts_[first]) / 1'000;
  NoteFigures(no);
}

// ---- The tick ----------------------------------------------------------------------------------

// Only ages change with time alone, and nothing else says when a condition on one comes true.
void Core::ArmTick() {
  if (timers_.DeadlineOf(tick_) != 0) return;
  tick_ = timers_.Set(stamp_.now + kTickMs, {TimerKind::kTick, ContactNo(), 0});
}

void Core::Tick() {
  bool goes_on = false;
  for (std::uint32_t i = 0; i < queues_.size(); ++i) {
    ReadOldest(QueueNo(i));
    goes_on = goes_on || queues_[i].oldest != kNil;
  }
  if (goes_on) ArmTick();
}

// ---- Evaluating --------------------------------------------------------------------------------

model::QueueFigures Core::FiguresOf(QueueNo no) const {
  const Queue& queue = queues_[no.index()];
  return {queue.waiting, queue.free, queue.ready, queue.oldest_s, queue.staffed};
}

// All figures are read before anything is done about them: what one queue sends to another is
// decided there before it is looked at.
bool Core::LookAtConditions() {
  std::swap(noted_, looking_);
  std::sort(looking_.begin(), looking_.end());
  for (const QueueNo no : looking_) {
    Queue& queue = queues_[no.index()];
    queue.noted = false;
    const bool fresh = std::exchange(queue.fresh, false);
    const model::QueueFigures before = std::exchange(queue.seen, FiguresOf(no));
    const std::vector<model::Step>& steps = model_->queues[no.index()].steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!steps[i].when || (!fresh && steps[i].when->Holds(before))) continue;
      if (steps[i].when->Holds(queue.seen)) queue.opening |= model::OpenedSteps{1} << i;
    }
  }
  for (const QueueNo no : looking_) {
    if (queues_[no.index()].opening != 0) OpenByCondition(no);
  }
  SendAway();
  looking_.clear();
  return !servable_.empty() || !barred_.empty() || !noted_.empty();
}

// The condition of a step has come true: those who wait for it move, in the order in which they
// would be served, so many at a time; the rest when a timer of the same instant fires, as long as
// the condition still holds.
void Core::OpenByCondition(QueueNo no) {
  Queue& queue = queues_[no.index()];
  const std::vector<model::Step>& steps = model_->queues[no.index()].steps;
  bool lanes = true;
  for (std::size_t i = 0; i < steps.size() && queue.opening != 0; ++i) {
    if (!model::IsOpened(queue.opening, i)) continue;
    const bool holds = steps[i].when && steps[i].when->Holds(queue.seen);
    const bool found_lanes = !holds || OpenStepForAll(no, i);
    lanes = lanes && found_lanes;
    if (found_lanes && (!holds || may_open_ != 0)) {
      queue.opening &= ~(model::OpenedSteps{1} << i);
    }
  }
  if (queue.opening != 0) LookAgain(no, lanes ? 0 : limits::kNoLaneRetryMs);
}

// After so long, whatever changes until then.
void Core::LookAgain(QueueNo no, SpanMs after) {
  Queue& queue = queues_[no.index()];
  if (timers_.DeadlineOf(queue.opening_timer) != 0) return;
  queue.opening_timer =
      timers_.Set(stamp_.now + after, {TimerKind::kOpening, ContactNo(), no.value});
}

std::uint32_t Core::FirstOf(const Lane& lane) const {
  const std::uint32_t side = FirstInSide(lane);
  if (side == kNil || lane.head == kNil) return side == kNil ? lane.head : side;
  const SideNodes nodes{const_cast<std::vector<Contact>&>(contacts_)};
  return nodes.Less(side, lane.head) ? side : lane.head;
}

// False: there is no lane for one of them.
bool Core::OpenStepForAll(QueueNo no, std::size_t step) {
  const auto later = [this](std::uint32_t a, std::uint32_t b) {
    return ServedBefore(contacts_[b], contacts_[a]);
  };
  std::vector<std::uint32_t>& first = first_of_lanes_;
  first.clear();
  queues_[no.index()].lanes_at[step].ForEach([&](std::size_t lane) {
    first.push_back(FirstOf(lanes_[lane]));
    return true;
  });
  std::make_heap(first.begin(), first.end(), later);
  while (!first.empty() && may_open_ != 0) {
    std::pop_heap(first.begin(), first.end(), later);
    const std::uint32_t slot = first.back();
    first.pop_back();
    const LaneNo from = contacts_[slot].lane;
    if (!AdvanceSteps(slot)) return false;
    --may_open_;
    const std::uint32_t next = FirstOf(lanes_[from.index()]);
    if (next == kNil) continue;
    first.push_back(next);
    std::push_heap(first.begin(), first.end(), later);
  }
  return true;
}

}  // namespace routerd::core
