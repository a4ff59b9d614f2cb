// Bars: a declined or missed pair is not tried again while somebody else might take the contact
// (`after_others`), and not before the queue's retry_after. Busy agents count as somebody else for
// the queue's others_wait only, so that no contact waits for ever for agents who never come free.
#include <algorithm>
#include <limits>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

bool Core::IsBarred(const Contact& c, AgentNo agent) {
  return std::any_of(c.bars.begin(), c.bars.end(),
                     [agent](const Bar& bar) { return bar.agent == agent; });
}

void Core::AddBar(std::uint32_t slot, AgentNo agent) {
  Contact& c = contacts_[slot];
  std::erase_if(c.bars, [agent](const Bar& bar) { return bar.agent == agent; });
  if (c.bars.size() >= limits::kMaxBarsPerContact) c.bars.erase(c.bars.begin());
  c.bars.push_back({agent, stamp_.now});
}

// Whether an agent who is ready and meets the contact's needs is not barred, busy or not.
bool Core::OthersLeft(const Contact& c) const {
  const Lane& lane = lanes_[c.lane.index()];
  std::int64_t ready = 0;
  lane.classes.ForEach([&](std::size_t cls) {
    ready += classes_[cls].ready_count[c.channel.index()];
    return true;
  });
  for (const Bar& bar : c.bars) {
    const Agent& a = agents_[bar.agent.index()];
    if ((a.counted_flags >> c.channel.value & 1) != 0 && lane.classes.Test(a.cls.index())) --ready;
  }
  return ready > 0;
}

void Core::ReviewBars(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.bars.empty()) return;
  const model::Queue& queue = model_->queues[c.queue.index()];
  const TimeMs now = stamp_.now;
  const auto due = [&](const Bar& bar) { return now >= bar.since + queue.retry_after_ms; };
  const bool waited_long = now >= c.bars.back().since + queue.others_wait_ms;
  if (due(c.bars.front()) && (waited_long || !OthersLeft(c))) {
    const bool waits = c.standing == Standing::kSide;
    std::erase_if(c.bars, due);
    if (waits && c.bars.empty()) --lanes_[c.lane.index()].barred;
    servable_.push_back(slot);
  }
  ArmBars(slot);
}

void Core::ArmBars(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  TimeMs next = 0;  // none: nothing is left that only time would change
  if (!c.bars.empty()) {
    const model::Queue& queue = model_->queues[c.queue.index()];
    next = std::max(c.bars.back().since + queue.others_wait_ms,
                    c.bars.front().since + queue.retry_after_ms);
    for (const Bar& bar : c.bars) {
      const TimeMs at = bar.since + queue.retry_after_ms;
      if (at > stamp_.now) next = std::min(next, at);
    }
    if (next <= stamp_.now) next = 0;
  }
  if (timers_.DeadlineOf(c.bars_timer) == next) return;  // keeps its turn among equals
  timers_.Cancel(c.bars_timer);
  if (next != 0) c.bars_timer = timers_.Set(next, {TimerKind::kBars, NumberOf(slot), 0});
}

// Fewer agents of this class are ready: contacts they could have taken may have nobody else left.
// They are looked at when the event's changes to agents are complete.
void Core::ReviewBarsOfClass(ClassNo no) {
  classes_[no.index()].lanes.ForEach([&](std::size_t lane) {
    if (lanes_[lane].barred == 0) return true;
    for (std::uint32_t slot = FirstInSide(lanes_[lane]); slot != kNil;
         slot = NextInSide(lanes_[lane], slot)) {
      if (!contacts_[slot].bars.empty()) barred_.push_back(slot);
    }
    return true;
  });
}

void Core::DropBars(Contact& c) {
  timers_.Cancel(c.bars_timer);
  if (!c.bars.empty() && c.standing == Standing::kSide) --lanes_[c.lane.index()].barred;
  c.bars.clear();
}

}  // namespace routerd::core
