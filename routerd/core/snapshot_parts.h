// What saving and loading have in common besides the fields. Inside of the snapshot's own files
// only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "routerd/core/core.h"
#include "routerd/core/snapshot.h"
#include "routerd/core/snapshot_archive.h"
#include "routerd/core/snapshot_layout.h"

namespace routerd::core {

// Stands in front, in this order: the first two for whoever does not know the form. The third and
// the fourth have the same place and length in every snapshot.
struct Snapshot::Header {
  static constexpr std::uint64_t kMagic = 0x70616e7372657475;  // "uterSnap", as bytes

  std::uint64_t magic = kMagic;
  std::uint32_t version = kSnapshotVersion;
  std::uint32_t rules = kRulesVersion;
  std::uint64_t hash = 0;  // StateHash, by these rules
  std::uint64_t model = 0;
  std::uint64_t calendar = 0;

  template <typename A>
  void Form(A& a) {
    a.Fixed64(magic, "it is no snapshot");
    a.Require(magic == kMagic, "it is no snapshot");
    a.Unsigned(version, "version");
  }
  template <typename A>
  void Rest(A& a) {
    a.Unsigned(rules, "rules");
    a.Fixed64(hash, "hash");
    a.Unsigned(model, "policy's version");
    a.Fixed64(calendar, "calendar's hash");
    a.Unsigned(a.base.stamp.at.epoch, "epoch");
    a.Unsigned(a.base.stamp.at.sequence, "sequence");
    a.Signed(a.base.stamp.now, "time", -kMostMs, kMostMs);
    a.Unsigned(a.base.next_arrival, "next arrival", kMostCounted);
  }
};

// Where the state keeps the id of such a timer; nullptr: nowhere, for there is no such thing.
struct Snapshot::Owners {
  template <typename State>
  using Id = std::conditional_t<std::is_const_v<State>, const TimerId, TimerId>;

  // The offer of the contact to the agent; kNil: there is none.
  static std::uint32_t LeaseOf(const Core& core, const Contact& c, AgentNo agent) {
    std::uint32_t lease = c.first_lease;
    while (lease != kNil && core.leases_[lease].agent != agent) lease = core.leases_[lease].next;
    return lease;
  }

  template <typename State>
  static Id<State>* Of(State& core, const Timer& timer) {
    const std::uint32_t other = timer.other;
    const auto one_of = [other](auto& list) {
      return other < list.size() ? &list[other] : nullptr;
    };
    switch (timer.kind) {
      case TimerKind::kAgentGrace: {
        auto* agent = one_of(core.agents_);
        return agent != nullptr && agent->known ? &agent->grace : nullptr;
      }
      case TimerKind::kGatewayGrace: {
        auto* gateway = one_of(core.gateways_);
        return gateway != nullptr && gateway->known ? &gateway->grace : nullptr;
      }
      case TimerKind::kOpening: {
        auto* queue = one_of(core.queues_);
        return queue != nullptr ? &queue->opening_timer : nullptr;
      }
      case TimerKind::kQueueMove: {
        auto* queue = one_of(core.queues_);
        return queue != nullptr && queue->move.to.valid() ? &queue->move.timer : nullptr;
      }
      case TimerKind::kAllocation: {
        auto* queue = one_of(core.queues_);
        return queue != nullptr && queue->allocation ? &queue->allocation->timer : nullptr;
      }
      case TimerKind::kHours: {
        auto* hours = one_of(core.hours_);
        return hours != nullptr ? &hours->timer : nullptr;
      }
      case TimerKind::kTick:
        return &core.tick_;
      case TimerKind::kRestartGrace:
        return &core.restart_grace_;
      default:
        return OfContact(core, timer);
    }
  }

 private:
  template <typename State>
  static Id<State>* OfContact(State& core, const Timer& timer) {
    const auto slot = static_cast<std::uint32_t>(timer.contact.value);
    if (!timer.contact.valid() || slot >= core.contacts_.size()) return nullptr;
    auto& c = core.contacts_[slot];
    if (!c.used) return nullptr;
    if (timer.kind == TimerKind::kWrapUpEnd) return OfWrapUp(core, timer);
    if (IsTerminal(c.state)) return nullptr;
    if (timer.kind == TimerKind::kStep) return &c.step_timer;
    if (timer.kind == TimerKind::kDelay) return &c.delay_timer;
    if (c.stands_for != kNil) return nullptr;
    const auto in = [&c](ContactState state) { return c.state == state ? &c.timer : nullptr; };
    switch (timer.kind) {
      case TimerKind::kOfferDeadline: {
        const bool its = timer.other < core.leases_.size() &&
                         core.leases_[timer.other].id.valid() &&
                         core.leases_[timer.other].contact == slot;
        return its ? &core.leases_[timer.other].deadline : nullptr;
      }
      case TimerKind::kConnectTimeout:
        return in(ContactState::kConnecting);
      case TimerKind::kContactDue:
        return in(ContactState::kScheduled);
      case TimerKind::kRaceStep:
        return in(ContactState::kOffered);
      case TimerKind::kTreatment:
        return in(ContactState::kTreated);
      case TimerKind::kMaxWait:
        return &c.max_wait_timer;
      case TimerKind::kBars:
        return &c.bars_timer;
      case TimerKind::kPersonalEnd:
        return &c.personal_timer;
      case TimerKind::kAlso:
        return &c.also_timer;
      default:
        return nullptr;
    }
  }

  template <typename State>
  static Id<State>* OfWrapUp(State& core, const Timer& timer) {
    if (timer.other >= core.agents_.size()) return nullptr;
    auto& items = core.agents_[timer.other].items;
    const auto it = std::find_if(items.begin(), items.end(), [&](const Item& item) {
      return item.contact == timer.contact && item.state == ItemState::kWrapUp;
    });
    return it != items.end() ? &it->timer : nullptr;
  }
};

}  // namespace routerd::core
