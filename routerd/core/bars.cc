// Bars: a declined or missed pair is not tried again while somebody else might take the contact
// (`after_others`), and not before the queue's retry_after. Busy agents count as somebody else for
// the queue's others_wait only, so that no contact waits for ever for agents who never come free.
// Other rules: for a stated time (`cooldown`), or not in this queue (`never`).
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

// Of an agent's bars, those that have fallen are forgotten when they are more than these and twice
// those that stand.
constexpr std::size_t kFallenKept = 16;

}  // namespace

template <typename Falls>
void CoreState::EraseBars(Contact& c, const Falls& falls) {
  std::size_t kept = 0;
  for (const Bar& bar : c.bars) {
    if (falls(bar)) {
      --agents_[bar.agent.index()].bars;
    } else {
      c.bars[kept++] = bar;
    }
  }
  c.bars.resize(kept);
}

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

void CoreState::AddBar(std::uint32_t slot, AgentNo agent) {
  Contact& c = contacts_[slot];
  if (c.bars.empty()) LinkBars(slot, true);
  EraseBars(c, [agent](const Bar& bar) { return bar.agent == agent; });
  if (c.bars.size() >= limits::kMaxBarsPerContact) {
    const AgentNo first = c.bars.front().agent;
    EraseBars(c, [first](const Bar& bar) { return bar.agent == first; });
  }
  c.bars.push_back({agent, stamp_.now});
  Agent& a = agents_[agent.index()];
  ++a.bars;
  // Barred, asked again and barred again in one instant: he knows of it already.
  const ContactNo no = NumberOf(slot);
  const auto of_now = [&](const Declined& d) { return d.since == stamp_.now && d.contact != no; };
  const auto last = std::find_if_not(a.declined.rbegin(), a.declined.rend(), of_now);
  const bool knows = last != a.declined.rend() && last->since == stamp_.now;
  if (!knows) a.declined.push_back({no, stamp_.now});
  if (a.bars > limits::kMaxBarsPerAgent) DropOldestBar(agent);
  if (a.declined.size() > 2 * a.bars + kFallenKept) {
    std::erase_if(a.declined, [&](const Declined& d) { return !IsBarred(d, agent); });
  }
}

bool CoreState::IsBarred(const Declined& declined, AgentNo agent) const {
  const auto slot = static_cast<std::uint32_t>(declined.contact.value);
  const Contact& c = contacts_[slot];
  return NumberOf(slot) == declined.contact &&
         std::any_of(c.bars.begin(), c.bars.end(), [&](const Bar& bar) {
           return bar.agent == agent && bar.since == declined.since;
         });
}

// Of those that he declined at the same time, the one that came first.
void CoreState::DropOldestBar(AgentNo agent) {
  Agent& a = agents_[agent.index()];
  const auto arrival = [this](const Declined& d) {
    return contacts_[static_cast<std::uint32_t>(d.contact.value)].arrival;
  };
  auto oldest = a.declined.end();
  for (auto it = a.declined.begin(); it != a.declined.end(); ++it) {
    if (!IsBarred(*it, agent)) continue;
    if (oldest != a.declined.end() && it->since != oldest->since) break;
    if (oldest == a.declined.end() || arrival(*it) < arrival(*oldest)) oldest = it;
  }
  const auto slot = static_cast<std::uint32_t>(oldest->contact.value);
  Contact& c = contacts_[slot];
  EraseBars(c, [agent](const Bar& bar) { return bar.agent == agent; });
  if (c.bars.empty()) LinkBars(slot, false);
  MakeServable(slot);
  barred_.push_back(slot);  // its timer
  a.declined.erase(oldest);
}

void CoreState::LinkBarred(std::uint32_t place) {
  Contact& c = contacts_[place];
  Lane& lane = lanes_[c.lane.index()];
  c.next = std::exchange(lane.barred, place);
  if (c.next == kNil) {
    barred_lanes_.Set(c.lane.index());
  } else {
    contacts_[c.next].prev = place;
  }
}

void CoreState::UnlinkBarred(std::uint32_t place) {
  Contact& c = contacts_[place];
  Lane& lane = lanes_[c.lane.index()];
  (c.prev == kNil ? lane.barred : contacts_[c.prev].next) = c.next;
  if (c.next != kNil) contacts_[c.next].prev = c.prev;
  c.prev = c.next = kNil;
  if (lane.barred == kNil) barred_lanes_.Clear(c.lane.index());
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
    EraseBars(c, due);
    if (c.bars.empty()) LinkBars(slot, false);
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
  if (c.stuck != was) Tell(ContactStuck{NumberOf(slot), c.queue, c.stuck});
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

// Not if so many are ready for the lane that somebody is left whom bars, of which there are few,
// leave out, and was before the latest of them came or went.
void Core::NoteBarred(const Lane& lane) {
  constexpr std::uint32_t kFew = limits::kMaxBarsPerContact + 3;  // and two who ask; and the latest
  const std::size_t ch = lane.needs.channel.index();
  std::uint32_t ready = 0;
  ForEachCommon(lane.classes, ready_by_channel_[ch], [&](std::size_t cls) {
    ++work_;
    ready += classes_[cls].ready_count[ch];
    return ready <= kFew;
  });
  if (ready > kFew) return;
  for (std::uint32_t place = lane.barred; place != kNil; place = contacts_[place].next) {
    ++work_;
    barred_.push_back(RealOf(place));
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
  if (!c.bars.empty()) LinkBars(static_cast<std::uint32_t>(&c - contacts_.data()), false);
  EraseBars(c, [](const Bar&) { return true; });
}

}  // namespace routerd::core
