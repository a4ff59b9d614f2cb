// Nobody adds a field to the state and forgets the snapshot: each thing's fields are told here one
// by one, and a field more, or fewer, does not compile.
//
// Whoever is stopped here: a field that decisions or readers depend on goes into snapshot_layout.h,
// at its thing's end, and raises kSnapshotVersion; one that follows from others is made anew in
// snapshot_rebuild.cc (or snapshot_links.cc). Then it is told here, in its place.
#include "routerd/core/core_state.h"
#include "routerd/core/state.h"

namespace routerd::core {
namespace {

// In the order of state.h; _ and a number: made anew.
[[maybe_unused]] void FieldsOf(const Contact& contact, const Lease& lease, const Needs& needs) {
  [[maybe_unused]] const auto& [generation, used, state, standing, live, held, own_priority, stuck,
                                attempts, limit, treating, channel, queue, gateway, lane, priority,
                                _1, arrival, arrived, age_since, visit_since, answered,
                                silent_since, silent_ms, served_ms, waited_before_ms, step_since,
                                state_since, offer, terms, agent, second, parent, _2, stands_for,
                                _3, also_timer, own_also, via, _4, _5, _6, steps, overdue,
                                second_asks, wish, personal, timer, wanted, wish_wait_ms,
                                personal_timer, max_wait_timer, delay_timer, bars_timer, step_timer,
                                bars, _7, _8, _9, _10, _11, _12] = contact;
  [[maybe_unused]] const auto& [id, _13, to, its_terms, deadline, share, _14, _15] = lease;
  [[maybe_unused]] const auto& [accept_by, connect, max_misses, connect_timeout_ms, announce_ms] =
      terms;
  [[maybe_unused]] const auto& [of, on, its_priority, delay_ms, own, step, opened, also] = needs;
  [[maybe_unused]] const auto& [all, any, none] = own;
  [[maybe_unused]] const auto& [barred, since] = bars.front();
  [[maybe_unused]] const auto& [asked, score] = wanted.front();
}

[[maybe_unused]] void FieldsOf(const Agent& agent) {
  [[maybe_unused]] const auto& [known, presence, reason, pending, pending_presence, pending_reason,
                                connected, own_skills, _1, profile, channels, ready, _2, _3, over,
                                _4, misses, idle_since, offered_since, ready_since, offered,
                                talk_ms, presence_since, shown_since, shown, grace, items, _5, _6,
                                _7, clocks, _8, _9, handled, _10, _11, _12, _13, _14, _15, _16,
                                _17] = agent;
  [[maybe_unused]] const auto& [contact, since, answered, talked_ms, timer, extend_ms, serial,
                                lent_to, parked_ms, queue, _18, units, lent_units, channel, state,
                                wrap_up, counts, away] = items.front();
  [[maybe_unused]] const auto& [worked, last_offered] = clocks.front();
  [[maybe_unused]] const auto& [of, count, sum_ms] = handled.front();
}

[[maybe_unused]] void FieldsOf(const model::AgentProfile& profile) {
  [[maybe_unused]] const auto& [skills, groups, limits, routing, primary_queues, primary_skills,
                                listings, attributes, cost, weight, accepts, own_units, wrap_up,
                                label_limits] = profile;
  [[maybe_unused]] const auto& [skill, level] = skills.front();
  [[maybe_unused]] const auto& [channel, max_per_agent] = limits.front();
  [[maybe_unused]] const auto& [queue, position, tier] = listings.front();
  [[maybe_unused]] const auto& [attribute, value] = attributes.front();
  [[maybe_unused]] const auto& [accepts_on, automatic] = accepts.front();
  [[maybe_unused]] const auto& [takes_on, units] = own_units.front();
  [[maybe_unused]] const auto& [mode, duration_ms, holds_room, extend_ms] = *wrap_up;
  [[maybe_unused]] const auto& [label, at_most] = label_limits.front();
}

[[maybe_unused]] void FieldsOf(const Queue& queue, const Gateway& gateway, const Hours& hours) {
  [[maybe_unused]] const auto& [mode_set, mode, _1, _2, _3, _4, _5, _6, _7, _8, _9, move,
                                allocation, handling, arrivals, _10, _11, _12, _13, _14, _15, _16,
                                _17, oldest_s, _18, _19, _20, opening, opening_timer, _21] = queue;
  [[maybe_unused]] const auto& [to, moved, left, move_timer] = move;
  [[maybe_unused]] const auto& [_22, shares, part, _23, window_timer, _24] = *allocation;
  [[maybe_unused]] const auto& [_25, _26, parts] = shares.front();
  [[maybe_unused]] const auto& [count, sum_ms, taken_ms] = handling;
  [[maybe_unused]] const auto& [known, connected, grace, _27, _28] = gateway;
  [[maybe_unused]] const auto& [open, hours_timer, _29] = hours;
}

// All that is held together, whose fields no other class may name: by its size, where that is
// known. Of it snapshots have model's version, contacts, free slots, offers, next arrival, agents,
// queues, gateways, needs of lanes, hours, calendar's hash, wall offset, offers made, weight of
// all, end of the downtime, timers, ended offers, tick, grace after a restart and stamp.
#if defined(__x86_64__) && defined(__GLIBCXX__) && !defined(_GLIBCXX_DEBUG)
static_assert(sizeof(CoreState) == 3760);
static_assert(sizeof(Arrivals) == 32);
#endif

}  // namespace
}  // namespace routerd::core
