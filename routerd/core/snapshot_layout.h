// Which fields are in a snapshot, in which order: one description, read in both directions. What is
// not named here is made anew when it is loaded. Inside of the snapshot's own files only.
//
// Whoever adds a field to one of these things is stopped by snapshot_fields.cc.
#pragma once

#include <cstdint>
#include <limits>

#include "routerd/base/limits.h"
#include "routerd/core/snapshot_archive.h"
#include "routerd/core/state.h"

namespace routerd::core {

inline constexpr std::int64_t kMostInt = std::numeric_limits<int>::max();

// ---- Policy's things that the state has copies of
// ------------------------------------------------

template <typename A>
void SkillLevels(A& a, auto& list, std::uint64_t most) {
  a.ListOf(list, "skills", most, [&](auto& has) {
    a.NumberOf(has.skill, "skill", limits::kMaxSkills);
    a.Unsigned(has.level, "level", limits::kMaxSkillLevel);
  });
}

template <typename A>
void Layout(A& a, IsField<model::Requirements> auto& needs) {
  SkillLevels(a, needs.all, limits::kMaxRequirements);
  SkillLevels(a, needs.any, limits::kMaxRequirements);
  SkillLevels(a, needs.none, limits::kMaxRequirements);
}

template <typename A>
void Layout(A& a, IsField<model::WrapUp> auto& wrap_up) {
  a.Word(wrap_up.mode, "wrap-up mode", model::WrapUpMode::kTimedForced);
  a.Flags("wrap-up", wrap_up.holds_room);
  a.Span(wrap_up.duration_ms, "wrap-up time");
  a.Span(wrap_up.extend_ms, "wrap-up extension");
}

// What differs from agent to agent, though the policy is the same.
template <typename A>
void Exceptions(A& a, IsField<model::AgentProfile> auto& p) {
  const auto channel = [&](auto& own) { a.NumberOf(own.channel, "channel", a.base.channels); };
  a.ListOf(p.limits, "limits", limits::kMaxChannels, [&](auto& own) {
    channel(own);
    a.Signed(own.max_per_agent, "limit", 0, kMostInt);
  });
  a.ListOf(p.accepts, "accepts", limits::kMaxChannels, [&](auto& own) {
    channel(own);
    a.Flags("accept", own.automatic);
  });
  a.ListOf(p.units, "units", limits::kMaxChannels, [&](auto& own) {
    channel(own);
    a.Signed(own.units, "units", 0, limits::kUnitsPerAgent);
  });
  a.ListOf(p.label_limits, "label limits", limits::kMaxLabels, [&](auto& own) {
    a.NumberOf(own.label, "label", limits::kMaxLabels);
    a.Signed(own.max_per_agent, "label limit", 0, kMostInt);
  });
  a.OptionalOf(p.wrap_up, "wrap-up", [&](auto& wrap_up) { Layout(a, wrap_up); });
}

template <typename A>
void Layout(A& a, IsField<model::AgentProfile> auto& p) {
  SkillLevels(a, p.skills, limits::kMaxSkills);
  a.ListOf(p.groups, "groups", limits::kMaxGroups,
           [&](auto& group) { a.NumberOf(group, "group", limits::kMaxGroups); });
  a.NumberOrNone(p.profile, "routing profile", a.base.profiles);
  a.ListOf(p.primary_queues, "primary queues", limits::kMaxQueues,
           [&](auto& queue) { a.NumberOf(queue, "primary queue", limits::kMaxQueues); });
  a.ListOf(p.primary_skills, "primary skills", limits::kMaxSkills,
           [&](auto& skill) { a.NumberOf(skill, "primary skill", limits::kMaxSkills); });
  a.ListOf(p.listings, "listings", limits::kMaxQueues, [&](auto& listing) {
    a.NumberOf(listing.queue, "listing", limits::kMaxQueues);
    a.Unsigned(listing.position, "position");
    a.Signed(listing.tier, "tier", -kMostInt, kMostInt);
  });
  a.ListOf(p.attributes, "attributes", limits::kMaxAgentAttributes, [&](auto& own) {
    a.NumberOf(own.attribute, "attribute", limits::kMaxAgentAttributes);
    a.Signed(own.value, "attribute's value", -kMostInt, kMostInt);
  });
  a.OptionalOf(p.cost, "cost", [&](auto& cost) { a.Signed(cost, "cost", -kMostInt, kMostInt); });
  a.Signed(p.weight, "weight", 1, limits::kMaxWeight);
  Exceptions(a, p);
}

// ---- Contacts and offers
// -------------------------------------------------------------------------

template <typename A>
void Layout(A& a, IsField<OfferTerms> auto& terms) {
  a.Word(terms.accept_by, "accept", model::AcceptBy::kAuto);
  a.Flags("connect", terms.connect);
  a.Signed(terms.max_misses, "misses", 0, kMostInt);
  a.Span(terms.connect_timeout_ms, "connect timeout");
  a.Span(terms.announce_ms, "announcement");
}

template <typename A>
void Layout(A& a, IsField<Lease> auto& lease) {
  a.Offer(lease.id, "offer");
  a.NumberOf(lease.agent, "offer's agent", limits::kMaxAgents);
  Layout(a, lease.terms);
  a.Unsigned(lease.share, "share");
}

template <typename A>
void Layout(A& a, IsField<Needs> auto& needs) {
  a.NumberOf(needs.queue, "queue", a.base.queues);
  a.NumberOf(needs.channel, "channel", a.base.channels);
  a.Signed(needs.priority, "priority", -kMostInt, kMostInt);
  a.Span(needs.delay_ms, "delay");
  Layout(a, needs.own);
  a.Unsigned(needs.step, "step", limits::kMaxSteps);
  a.Unsigned(needs.opened, "opened steps", (std::uint64_t{1} << limits::kMaxSteps) - 1);
  a.Flags("also", needs.also);
  a.Require(needs.opened >> needs.step == 0, "opened steps");
}

// When it came, and what it has waited.
template <typename A>
void Times(A& a, IsField<Contact> auto& c) {
  a.Since(c.arrived, "arrival", a.base.stamp.now);
  a.Since(c.age_since, "age", c.arrived);
  a.Since(c.visit_since, "visit", c.arrived);
  a.SinceOrNever(c.answered, "answer", c.visit_since);
  a.SinceOrNever(c.silent_since, "silence", c.visit_since);
  a.Span(c.silent_ms, "silences");
  a.Span(c.served_ms, "time with lost agents");
  a.Span(c.waited_before_ms, "earlier waits");
  a.Since(c.step_since, "step's clock", c.visit_since);
  a.Since(c.state_since, "state's age", c.visit_since);
}

// Whom it asks for, and who has declined it.
template <typename A>
void Pairs(A& a, IsField<Contact> auto& c) {
  a.Word(c.wish, "wish", Wish::kLastAgent);
  a.ListOf(c.wanted, "wanted agents", limits::kMaxPreferredAgents, [&](auto& wanted) {
    a.NumberOf(wanted.agent, "wanted agent", limits::kMaxAgents);
    a.Signed(wanted.score, "score", -kMostInt, kMostInt);
  });
  a.OptionalOf(c.wish_wait_ms, "wish",
               [&](auto& wait_ms) { a.Signed(wait_ms, "time for the wish", -kMostMs, kMostMs); });
  a.ListOf(c.bars, "bars", limits::kMaxBarsPerContact, [&](auto& bar) {
    a.NumberOf(bar.agent, "barred agent", limits::kMaxAgents);
    a.Since(bar.since, "bar", a.base.stamp.now);
  });
}

// Its slot, its needs and its offers stand before and behind it.
template <typename A>
void Layout(A& a, IsField<Contact> auto& c) {
  a.Word(c.state, "state", ContactState::kTreated);
  a.Word(c.standing, "standing", Standing::kPersonal);
  a.Flags("flags", c.live, c.held, c.own_priority, c.stuck, c.overdue, c.second_asks, c.personal);
  a.SlotOrNone(c.stands_for, "whom it stands for");
  a.SlotOrNone(c.parent, "whom it is a question about");
  a.NumberOf(c.channel, "channel", a.base.channels);
  a.NumberOf(c.queue, "queue", a.base.queues);
  a.NumberOrNone(c.via, "further queue", a.base.queues);
  a.NumberOf(c.gateway, "gateway", limits::kMaxGateways);
  a.Signed(c.priority, "priority", -kMostInt, kMostInt);
  std::uint64_t ago = a.base.next_arrival - c.arrival;
  a.Unsigned(ago, "arrival", a.base.next_arrival);
  if constexpr (A::kReads) c.arrival = a.base.next_arrival - ago;
  Times(a, c);
  a.Unsigned(c.attempts, "attempts");
  a.NumberOrNone(c.treating, "treatment", a.base.treatments);
  a.Word(c.limit, "limit", LimitKind::kLeft);
  a.Offer(c.offer, "offer");
  Layout(a, c.terms);
  a.NumberOrNone(c.agent, "agent", limits::kMaxAgents);
  a.NumberOrNone(c.second, "second agent", limits::kMaxAgents);
  a.Unsigned(c.steps, "steps of a race");
  Pairs(a, c);
  a.ListOf(c.own_also, "further queues", limits::kMaxAlsoQueues,
           [&](auto& queue) { a.NumberOf(queue, "further queue", a.base.queues); });
}

// ---- Agents
// --------------------------------------------------------------------------------------

// Its contact is told by its slot alone, and the offer by the contact.
template <typename A>
void Layout(A& a, IsField<Item> auto& item) {
  auto slot = static_cast<std::uint32_t>(item.contact.value);  // of none: kNil
  a.SlotOrNone(slot, "contact");
  if constexpr (A::kReads) item.contact = slot == kNil ? ContactNo() : ContactNo(slot);
  a.Word(item.state, "state", ItemState::kParked);
  bool counts = item.counts;  // neither is an object of its own
  bool away = item.away;
  a.Flags("flags", counts, away);
  if constexpr (A::kReads) item.counts = counts;
  if constexpr (A::kReads) item.away = away;
  a.NumberOrNone(item.queue, "queue", a.base.queues);
  a.NumberOf(item.channel, "channel", a.base.channels);
  a.Since(item.since, "state's age", a.base.stamp.now);
  a.SinceOrNever(item.answered, "answer", item.since);
  a.Span(item.talked_ms, "talk time");
  a.Span(item.parked_ms, "parked time");
  a.Word(item.wrap_up, "wrap-up mode", model::WrapUpMode::kTimedForced);
  a.Span(item.extend_ms, "wrap-up extension");
  a.Unsigned(item.serial, "number of the offer", kMostCounted);
  a.Unsigned(item.lent_to, "what it lends to", kMostCounted);
  a.Signed(item.units, "units", 0,
           limits::kUnitsPerAgent * std::int64_t{limits::kMaxItemsPerAgent});
  a.Signed(item.lent_units, "lent units", 0,
           limits::kUnitsPerAgent * std::int64_t{limits::kMaxItemsPerAgent});
}

template <typename A>
void Clocks(A& a, IsField<Agent> auto& agent) {
  const TimeMs now = a.base.stamp.now;
  a.Since(agent.idle_since, "idle clock", now);
  a.Since(agent.offered_since, "last offer", now);
  a.Since(agent.ready_since, "ready clock", now);
  a.Since(agent.presence_since, "presence's age", now);
  a.Since(agent.shown_since, "shown state's age", now);
  a.Span(agent.talk_ms, "talk time");
  if constexpr (A::kReads) agent.clocks.resize(a.base.channels);
  for (auto& clock : agent.clocks) {
    a.Since(clock.worked, "channel's idle clock", agent.idle_since);
    a.Since(clock.offered, "channel's last offer", agent.offered_since);
  }
}

// Its number stands before it.
template <typename A>
void Layout(A& a, IsField<Agent> auto& agent) {
  a.Word(agent.presence, "presence", Presence::kNotResponding);
  a.NumberOrNone(agent.reason, "reason", limits::kMaxReasons);
  a.Flags("flags", agent.pending, agent.connected, agent.own_skills, agent.over);
  a.Word(agent.pending_presence, "pending presence", Presence::kNotResponding);
  a.NumberOrNone(agent.pending_reason, "pending reason", limits::kMaxReasons);
  a.Word(agent.shown, "shown state", ShownState::kWrapUp);
  a.Unsigned(agent.channels, "channels");
  a.Unsigned(agent.ready, "ready flags");
  a.Signed(agent.misses, "misses", 0, kMostInt);
  a.Unsigned(agent.offered, "last offer", kMostCounted);
  Clocks(a, agent);
  Layout(a, agent.profile);
  a.ListOf(agent.items, "items", limits::kMaxItemsPerAgent, [&](auto& item) { Layout(a, item); });
  a.ListOf(agent.handled, "handling times", limits::kMaxHandledQueues, [&](auto& handled) {
    a.NumberOf(handled.queue, "queue", a.base.queues);
    a.Unsigned(handled.count, "contacts handled", kMostInt);
    a.Span(handled.sum_ms, "handling time");
  });
}

// ---- Queues, gateways, hours
// ---------------------------------------------------------------------

template <typename A>
void Layout(A& a, IsField<Arrivals> auto& arrivals) {
  auto low = static_cast<std::uint64_t>(arrivals.level());
  auto high = static_cast<std::uint64_t>(arrivals.level() >> 64);
  TimeMs added_at = arrivals.added_at();
  a.Unsigned(high, "arrivals", static_cast<std::uint64_t>(Arrivals::kMaxLevel >> 64));
  a.Unsigned(low, "arrivals");
  a.SinceOrNever(added_at, "last arrival", a.base.stamp.now);
  a.Require(added_at <= a.base.stamp.now, "last arrival");
  if constexpr (A::kReads) arrivals = Arrivals(Arrivals::Level{high} << 64 | low, added_at);
}

template <typename A>
void Layout(A& a, IsField<Handling> auto& handling) {
  a.Unsigned(handling.count, "contacts handled", kMostInt);
  if (handling.count == 0) return;
  a.Signed(handling.sum_ms, "handling time", 0, kMostMs);
  a.Signed(handling.taken_ms, "mean handling time", 1, limits::kMaxHandleMs);
}

template <typename A>
void Layout(A& a, IsField<QueueMove> auto& move) {
  a.NumberOrNone(move.to, "where it is moved", a.base.queues);
  if (!move.to.valid()) return;
  a.Unsigned(move.moved, "contacts moved");
  a.Unsigned(move.left, "contacts to be moved");
}

// Of a queue that has one: how many shares the policy has of it is known.
template <typename A>
void Layout(A& a, IsField<Allocation> auto& allocation) {
  constexpr std::uint64_t kMost = kMostInt / kAllocationParts;
  a.Unsigned(allocation.part, "part of the window", kAllocationParts - 1);
  for (auto& group : allocation.groups) {
    for (auto& part : group.parts) a.Unsigned(part, "contacts of a share", kMost);
  }
}

template <typename A>
void Layout(A& a, IsField<Queue> auto& queue) {
  a.Flags("mode set", queue.mode_set);
  if (queue.mode_set) a.Word(queue.mode, "mode", model::QueueMode::kEmergency);
  Layout(a, queue.move);
  Layout(a, queue.handling);
  Layout(a, queue.arrivals);
  a.Span(queue.oldest_s, "oldest");
  a.Unsigned(queue.opening, "steps that open", (std::uint64_t{1} << limits::kMaxSteps) - 1);
  bool shares = queue.allocation != nullptr;
  a.Flags("allocation", shares);
  a.Require(shares == (queue.allocation != nullptr), "allocation");
  if (a.ok() && shares) Layout(a, *queue.allocation);
}

template <typename A>
void Layout(A& a, IsField<Gateway> auto& gateway) {
  a.Flags("gateway", gateway.known, gateway.connected);
}

template <typename A>
void Layout(A& a, IsField<Hours> auto& hours) {
  a.Flags("hours", hours.open);
}

}  // namespace routerd::core
