// Bars: a declined or missed pair is not tried again while somebody else might take the contact
// (`after_others`), and not before the queue's retry_after. Busy agents count as somebody else for
// the queue's others_wait only, so that no contact waits for ever for agents who never come free.
// Other rules: for a stated time (`cooldown`), or not in this queue (`never`).
#include <algorithm>
#include <array>
#include <limits>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

bool CoreState::IsBarred(const Contact& c, AgentNo agent) {
  return std::any_of(c.bars.begin(), c.bars.end(),
                     [agent](const Bar& bar) { return bar.agent == agent; });
}

bool CoreState::Excludes(const Contact& place, AgentNo agent) const {
  const Contact& c = RealOf(place);
  return (!c.bars.empty() && IsBarred(c, agent)) || (c.lease_count != 0 && Rings(c, agent)) ||
         IsAskedBy(c, agent);
}

// It is his own question to somebody else.
bool CoreState::IsAskedBy(const Contact& c, AgentNo agent) const {
  return c.parent != kNil && Holds(contacts_[c.parent], agent);
}

void Core::AddBar(std::uint32_t slot, AgentNo agent) {
  Contact& c = contacts_[slot];
  if (c.bars.empty()) CountBars(slot, 1);
  std::erase_if(c.bars, [agent](const Bar& bar) { return bar.agent == agent; });
  if (c.bars.size() >= limits::kMaxBarsPerContact) c.bars.erase(c.bars.begin());
  c.bars.push_back({agent, stamp_.now});
}

void Core::CountBarred(LaneNo no, int change) {
  std::uint32_t& barred = lanes_[no.index()].barred;
  barred += static_cast<std::uint32_t>(change);
  barred_lanes_.Assign(no.index(), barred != 0);
}

// In all of its queues; while it rings, in the one through which it does. Counted until there are
// more than bars and askers: from there on somebody is left. Who asks does not answer his own
// question.
ReadyAgents Core::ReadyFor(const Contact& c) const {
  std::array<const Bitmap*, limits::kMaxAlsoQueues + 1> places;
  std::size_t count = 0;
  const auto add = [&](std::uint32_t place) {
    places[count++] = &lanes_[contacts_[place].lane.index()].classes;
  };
  const auto slot = static_cast<std::uint32_t>(&c - contacts_.data());
  const std::uint32_t rings = c.lease_count != 0 ? OfferedFrom(slot) : kNil;
  if (rings != kNil) add(rings);
  for (std::uint32_t i = c.lease_count == 0 ? slot : kNil; i != kNil; i = contacts_[i].also) add(i);
  const auto may = [&](std::size_t cls, std::size_t first) {
    return std::any_of(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(first),
                       [cls](const Bitmap* classes) { return classes->Test(cls); });
  };
  const std::size_t ch = c.channel.index();
  const auto few = static_cast<std::int64_t>(c.bars.size()) + 2;
  ReadyAgents ready;
  for (std::size_t i = 0; i < count && ready.all <= few; ++i) {
    ForEachCommon(*places[i], ready_by_channel_[ch], [&](std::size_t cls) {
      ++work_;
      if (!may(cls, i)) ready.all += classes_[cls].ready_count[ch];
      return ready.all <= few;
    });
  }
  const auto counted = [&](AgentNo agent) {
    const Agent& a = agents_[agent.index()];
    return (a.counted_flags >> c.channel.value & 1) != 0 && may(a.cls.index(), count);
  };
  if (c.parent != kNil) {
    const Contact& parent = contacts_[c.parent];
    for (const AgentNo asker : {parent.agent, parent.second}) {
      if (asker.valid() && counted(asker)) --ready.all;
    }
  }
  ready.others = ready.all;
  for (const Bar& bar : c.bars) {
    if (counted(bar.agent) && !IsAskedBy(c, bar.agent)) --ready.others;
  }
  return ready;
}

void Core::ReviewBars(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.bars.empty() || c.personal) return;  // others are not asked yet
  const model::Queue& queue = model_->queues[c.queue.index()];
  const bool after_others = queue.retry == model::Retry::kAfterOthers;
  const TimeMs now = stamp_.now;
  const SpanMs least_ms = after_others ? queue.retry_after_ms : queue.cooldown_ms;
  const auto due = [&](const Bar& bar) { return now >= bar.since + least_ms; };
  const bool waited_long = now >= c.bars.back().since + queue.others_wait_ms;
  if (queue.retry != model::Retry::kNever && due(c.bars.front()) &&
      (!after_others || waited_long || ReadyFor(c).others == 0)) {
    std::erase_if(c.bars, due);
    if (c.bars.empty()) CountBars(slot, -1);
    MakeServable(slot);
  }
  ReviewStuck(slot);
  ArmBars(slot);
}

void Core::ReviewStuck(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  const bool was = c.stuck;
  c.stuck = false;
  if (!c.bars.empty() && model_->queues[c.queue.index()].retry == model::Retry::kNever) {
    const ReadyAgents ready = ReadyFor(c);
    c.stuck = ready.all != 0 && ready.others == 0;
  }
  if (c.stuck != was) effects_->push_back(ContactStuck{NumberOf(slot), c.queue, c.stuck});
}

void Core::ArmBars(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  TimeMs next = 0;  // none: nothing is left that only time would change
  const model::Queue& queue = model_->queues[c.queue.index()];
  if (!c.bars.empty() && queue.retry == model::Retry::kCooldown) {
    next = c.bars.front().since + queue.cooldown_ms;
  }
  if (!c.bars.empty() && queue.retry == model::Retry::kAfterOthers) {
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
  ForEachCommon(classes_[no.index()].lanes, barred_lanes_, [&](std::size_t lane) {
    NoteBarred(lanes_[lane]);
    return true;
  });
}

void Core::NoteBarred(const Lane& lane) {
  for (std::uint32_t slot = FirstInSide(lane); slot != kNil; slot = NextInSide(lane, slot)) {
    ++work_;
    if (!RealOf(contacts_[slot]).bars.empty()) barred_.push_back(RealOf(slot));
  }
}

// Agents of this class have come or gone: contacts whom nobody could take, or could, may now be, or
// no longer be, stuck.
void Core::ReviewStuckOfClass(ClassNo no) {
  ForEachCommon(classes_[no.index()].lanes, barred_lanes_, [&](std::size_t lane) {
    const Needs& needs = lanes_[lane].needs;  // those of stand-ins are of several rules
    const bool never = model_->queues[needs.queue.index()].retry == model::Retry::kNever;
    if (never || needs.also) NoteBarred(lanes_[lane]);
    return true;
  });
}

void Core::DropBars(Contact& c) {
  timers_.Cancel(c.bars_timer);
  c.stuck = false;
  if (!c.bars.empty()) CountBars(static_cast<std::uint32_t>(&c - contacts_.data()), -1);
  c.bars.clear();
}

}  // namespace routerd::core
