// What the read side counts. Values; the projection hands out copies.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"
#include "routerd/engine/event.h"
#include "routerd/model/model.h"

namespace routerd::publish {

inline constexpr std::size_t kContactStates = 13;
inline constexpr std::size_t kShownStates = 9;
inline constexpr std::size_t kOfferOutcomes = 8;
inline constexpr std::size_t kVisitOutcomes = 8;

static_assert(static_cast<std::size_t>(core::ContactState::kTreated) + 1 == kContactStates);
static_assert(static_cast<std::size_t>(core::ShownState::kWrapUp) + 1 == kShownStates);
static_assert(static_cast<std::size_t>(core::OfferOutcome::kRouterDown) + 1 == kOfferOutcomes);
static_assert(static_cast<std::size_t>(core::VisitOutcome::kToCallback) + 1 == kVisitOutcomes);

template <typename Enum>
constexpr std::size_t Slot(Enum value) {
  return static_cast<std::size_t>(value);
}

// Visits of one queue since the process started. A visit counts in `entered` when it begins and in
// exactly one outcome when it ends; what waited already when the process started was not entered
// here, but its outcome counts. "In target" = within the queue's service level time, at it
// included.
struct VisitCounters {
  std::uint64_t entered = 0;
  std::array<std::uint64_t, kVisitOutcomes> outcomes{};  // by core::VisitOutcome
  std::uint64_t answered_in_target = 0;
  std::uint64_t abandoned_in_target = 0;

  [[nodiscard]] std::uint64_t of(core::VisitOutcome outcome) const {
    return outcomes[Slot(outcome)];
  }
};

// answered in target / (answered + abandoned - abandoned in target), 0..1: who gives up within the
// target says nothing about the service (`ignore_abandons`). Undefined while that is 0 / 0.
[[nodiscard]] std::optional<double> ServiceLevel(const VisitCounters& visits);

// Contacts of one channel, under the queue of their first (arrived) or last (ended) visit.
struct ChannelCounters {
  std::uint64_t arrived = 0;
  std::uint64_t entered = 0;                          // visits
  std::array<std::uint64_t, kContactStates> ended{};  // by terminal state
};

struct QueueFigures {
  std::string id;
  model::QueueMode mode = model::QueueMode::kOpen;
  std::shared_ptr<const engine::OverrideView> mode_override;  // null: the mode is the policy's
  std::optional<engine::HoursChangeView> hours_change;  // the next; none: not known, or no hours
  std::optional<engine::QueueMoveView> move;  // of its contacts to another queue, while it goes on
  SpanMs target_ms = 0;                       // of the service level: 20'000 in `80 % in 20 s`
  int target_percent = 0;                     // 80 in it
  std::array<std::uint32_t, kContactStates> contacts{};  // now, by state; none is terminal
  std::uint32_t also_waiting = 0;  // contacts of other queues that wait here as well
  // Start of the oldest visit among those waiting.
  std::optional<TimeMs> oldest_unix_ms;
  std::uint32_t agents_staffed = 0;  // logged in, members, with the skills that the queue asks for
  std::uint32_t agents_ready = 0;    // of these, presence ready
  VisitCounters visits;
  std::optional<double> service_level;
  std::uint64_t offers_made = 0;
  std::array<std::uint64_t, kOfferOutcomes> offers{};  // ended, by outcome
  std::uint64_t stuck = 0;                             // times that a contact got stuck

  [[nodiscard]] std::uint32_t in(core::ContactState state) const { return contacts[Slot(state)]; }
  // Queued or offered: an offer does not make a customer wait less, so he stays in this figure.
  [[nodiscard]] std::uint32_t waiting() const {
    return in(core::ContactState::kQueued) + in(core::ContactState::kOffered);
  }
};

struct DomainFigures {
  std::array<std::uint32_t, kContactStates> contacts{};  // now, by state
  std::array<std::uint64_t, kContactStates> ended{};     // by terminal state
  std::array<std::uint32_t, kShownStates> agents{};      // now, by the state shown
  std::array<std::uint64_t, kOfferOutcomes> offers{};    // ended, by outcome
  std::uint64_t arrived = 0;   // contacts; those that a limit refused included
  std::uint64_t answered = 0;  // contacts, once each
  std::uint64_t offers_made = 0;
  std::optional<TimeMs> oldest_unix_ms;  // of the queues' oldest
  std::uint64_t policy_version = 0;

  [[nodiscard]] std::uint32_t in(core::ContactState state) const { return contacts[Slot(state)]; }
};

// One queue for Prometheus.
struct QueueSeries {
  QueueFigures figures;
  std::map<std::string, ChannelCounters> channels;
};

}  // namespace routerd::publish
