// Steps and conditions, the obvious way: everybody is counted whenever a figure is wanted.
#include <algorithm>
#include <utility>

#include "tests/unit/core/oracle.h"

namespace routerd::core {

bool Oracle::HasTimer(Why why, std::uint64_t contact) const {
  return std::any_of(timers_.begin(), timers_.end(),
                     [&](const OracleTimer& t) { return t.why == why && t.contact == contact; });
}

void Oracle::StartSteps(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  c.step = 0;
  c.opened.clear();
  const bool by_age = model_->queues[c.queue].step_from == model::StepFrom::kAge;
  c.step_since = by_age ? std::min(now_, c.age_since) : now_;
  Advance(no);
}

// Opens or skips steps until one is not due.
void Oracle::Advance(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  const std::vector<model::Step>& steps = model_->queues[c.queue].steps;
  if (c.personal) return;
  if (fresh_.count(c.queue) != 0) {
    ArmStep(no);
    return;
  }
  const model::QueueFigures seen = seen_[c.queue];
  bool skipped = false;
  while (c.step < steps.size()) {
    const model::Step& next = steps[c.step];
    const bool in_time = next.after_ms && now_ >= c.step_since + *next.after_ms;
    const bool called = next.when && next.when->Holds(seen);
    if (!skipped && !in_time && !called) break;
    if (!skipped) c.step_since = in_time ? c.step_since + *next.after_ms : now_;
    skipped = next.skip_if && next.skip_if->Holds(seen);
    const std::size_t index = c.step++;
    c.made_servable = true;
    if (!skipped) Open(no, index);
  }
  ArmStep(no);
}

void Oracle::Open(std::uint64_t no, std::size_t index) {
  OracleContact& c = contacts_[no];
  c.opened.push_back(index);
  if (model_->queues[c.queue].steps[index].reset_declined) {
    c.bars.clear();
    c.stuck = false;
    Cancel(Why::kBars, no, 0);
    MakeServable(c);
  }
  if (c.place == 0) Fact(N(no) + " has step " + N(index + 1) + " opened");
}

void Oracle::ArmStep(std::uint64_t no) {
  const OracleContact& c = contacts_[no];
  const std::vector<model::Step>& steps = model_->queues[c.queue].steps;
  if (c.step >= steps.size() || !steps[c.step].after_ms) {
    Cancel(Why::kStep, no, PlaceId(c));
    return;
  }
  const TimeMs due = c.step_since + *steps[c.step].after_ms;
  for (const OracleTimer& t : timers_) {
    const bool here = t.contact == no && t.other == PlaceId(c);
    if (t.why == Why::kStep && here && t.deadline == due) return;
  }
  Cancel(Why::kStep, no, PlaceId(c));
  Set(due, Why::kStep, no, PlaceId(c));
}

// Past the end of the new policy's steps: at its last one.
void Oracle::KeepSteps(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  const std::size_t count = model_->queues[c.queue].steps.size();
  if (c.step > count) {
    c.made_servable = true;
    c.step = count;
    const bool beyond = !c.opened.empty() && c.opened.back() >= count;
    std::erase_if(c.opened, [count](std::size_t index) { return index >= count; });
    const bool has_last = !c.opened.empty() && c.opened.back() + 1 == count;
    if (beyond && count != 0 && !has_last) Open(no, count - 1);
  }
  if (c.state == ContactState::kQueued || c.state == ContactState::kOffered ||
      c.state == ContactState::kConnecting) {
    Advance(no);
  }
}

bool Oracle::Reads(std::uint32_t queue, unsigned what) const {
  const model::Queue& policy = model_->queues[queue];
  if (policy.join_if && (policy.join_if->Reads() & what) != 0) return true;
  if (policy.leave_if && (policy.leave_if->Reads() & what) != 0) return true;
  for (const model::Step& step : model_->queues[queue].steps) {
    if (step.when && (step.when->Reads() & what) != 0) return true;
    if (step.skip_if && (step.skip_if->Reads() & what) != 0) return true;
  }
  return false;
}

model::QueueFigures Oracle::Count(std::uint32_t queue) const {
  model::QueueFigures figures;
  for (const auto& [no, c] : contacts_) {
    if (c.queue == queue && c.state == ContactState::kQueued) ++figures.waiting;
  }
  for (const auto& [number, a] : agents_) {
    if (!Counts(queue, a)) continue;
    bool ready = false;
    bool free = false;
    for (std::size_t i = 0; i < model_->channels.size(); ++i) {
      const auto ch = static_cast<std::uint8_t>(i);
      ready = ready || ReadyFor(a, ch);
      free = free || (ReadyFor(a, ch) && RoomFor(a, ch, {}) != Has::kNothing);
    }
    figures.staffed += a.presence != Presence::kLoggedOut ? 1 : 0;
    figures.ready += ready ? 1 : 0;
    figures.free += free ? 1 : 0;
  }
  const auto oldest = oldest_s_.find(queue);
  if (figures.waiting != 0 && oldest != oldest_s_.end()) figures.oldest_s = oldest->second;
  return figures;
}

// A contact goes in among those who wait: whose age is read starts the ticks.
void Oracle::ComesToWait(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  c.state = ContactState::kQueued;
  if (!Reads(c.queue, model::kReadsOldest) || HasTimer(Why::kTick, 0)) return;
  Set(now_ + 1'000, Why::kTick, 0, 0);
}

// With the last one what was read of the oldest is void.
void Oracle::LeavesTheWaiting(const OracleContact& c) {
  if (c.state == ContactState::kQueued && Count(c.queue).waiting == 1) oldest_s_[c.queue] = 0;
}

void Oracle::ReadOldest(std::uint32_t queue) {
  SpanMs oldest = 0;
  for (const auto& [no, c] : contacts_) {
    if (c.queue == queue && c.state == ContactState::kQueued) oldest = std::max(oldest, Waited(c));
  }
  oldest_s_[queue] = oldest / 1'000;
}

void Oracle::Tick() {
  bool goes_on = false;
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    if (!Reads(q, model::kReadsOldest)) continue;
    ReadOldest(q);
    goes_on = goes_on || Count(q).waiting != 0;
  }
  if (goes_on) Set(now_ + 1'000, Why::kTick, 0, 0);
}

void Oracle::TakeNewConditions() {
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const unsigned any = ~0U;
    oldest_s_.erase(q);
    if (Reads(q, any)) {
      fresh_.insert(q);
    } else {
      fresh_.erase(q);
      seen_.erase(q);
    }
    if (!Reads(q, model::kReadsOldest)) continue;
    ReadOldest(q);
    if (Count(q).waiting == 0 || HasTimer(Why::kTick, 0)) continue;
    Set(now_ + 1'000, Why::kTick, 0, 0);
  }
}

// True: a step was opened, or skipped, for somebody.
bool Oracle::LookAtConditions() {
  struct Looked {
    model::QueueFigures before;
    bool fresh;
  };
  std::map<std::uint32_t, Looked> looked;
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    if (!Reads(q, ~0U)) continue;
    const bool fresh = fresh_.erase(q) != 0;
    looked[q] = {std::exchange(seen_[q], Count(q)), fresh};
    if (looked[q].before.waiting != 0 && seen_[q].waiting == 0) oldest_s_[q] = 0;
  }
  bool moved = false;
  for (const auto& [q, look] : looked) moved = OpenFor(q, look.before, look.fresh) || moved;
  return SendAway() || moved;
}

model::QueueFigures Oracle::Seen(std::uint32_t queue) const {
  const auto seen = seen_.find(queue);
  return seen != seen_.end() ? seen->second : model::QueueFigures();
}

// Those whose gateway is there, in the order of service.
std::vector<std::uint64_t> Oracle::Waiting(std::uint32_t queue) const {
  std::vector<std::uint64_t> waiting;
  for (const auto& [no, c] : contacts_) {
    const bool absent = c.live && !gateways_.at(c.gateway);
    if (c.queue == queue && c.state == ContactState::kQueued && !absent) waiting.push_back(no);
  }
  std::sort(waiting.begin(), waiting.end(), [this](std::uint64_t a, std::uint64_t b) {
    return ServedBefore(contacts_.at(a), contacts_.at(b));
  });
  return waiting;
}

// Few enough in any random world to go at once.
void Oracle::On(const QueueMoved& e) {
  if (!e.to.valid()) return;
  for (const std::uint64_t no : Waiting(e.queue.value)) {
    MoveTo(no, e.to.value, "transferred");
    contacts_[no].queue = e.to.value;
    Enter(no);
  }
}

// Of the queues that nobody may wait in, the first that has somebody sends all of them away.
bool Oracle::SendAway() {
  if (HasTimer(Why::kRestartGrace, 0)) return false;
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const model::Queue& policy = model_->queues[q];
    if (!policy.leave_if || !policy.leave_if->Holds(Seen(q))) continue;
    const std::vector<std::uint64_t> waiting = Waiting(q);
    for (const std::uint64_t no : waiting) SendOn(no, LimitKind::kLeft);
    if (!waiting.empty()) return true;
  }
  return false;
}

bool Oracle::OpenFor(std::uint32_t queue, const model::QueueFigures& before, bool fresh) {
  bool moved = false;
  const std::vector<model::Step>& steps = model_->queues[queue].steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].when || !steps[i].when->Holds(seen_[queue])) continue;
    if (!fresh && steps[i].when->Holds(before)) continue;
    const auto there = AtStep(queue, i);
    for (const auto& [no, place] : there) AdvanceIn(no, place);
    moved = moved || !there.empty();
  }
  return moved;
}

}  // namespace routerd::core
