// What became of one contact of a trace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/base/ids.h"

namespace routerd::sim {

enum class ContactOutcome : std::uint8_t {
  kAnswered,
  kAbandoned,
  kExpired,  // waited longer than the queue's max_wait
  kRefused,  // a limit of the policy turned it away
  kWaiting,  // nobody came for it until the end
};
inline constexpr std::size_t kContactOutcomes = 5;

[[nodiscard]] std::string_view Name(ContactOutcome outcome);

// Times are those of the trace. What has not happened is absent.
struct Outcome {
  std::string_view contact;
  std::string_view queue;  // of the last visit
  QueueNo queue_no;
  ContactOutcome outcome = ContactOutcome::kWaiting;
  std::string_view agent;  // who answered; else empty
  TimeMs enqueued_ms = 0;
  std::optional<TimeMs>
      offered_ms;  // the last offer: of an answered contact, the one that led to it
  std::optional<TimeMs> answered_ms;
  std::optional<TimeMs> ended_ms;
  SpanMs waited_ms = 0;        // since its arrival
  SpanMs visit_waited_ms = 0;  // since its entry to its last queue; told nowhere, counted there
  SpanMs sl_waited_ms = 0;     // what its last queue's service level is judged by; likewise
  int steps = 0;               // the step of its queue that it had reached
  int declined = 0;            // offers that were missed or rejected
};

// Appends the row in the public format, README.md, and an end of line. `run`: 0 = none is told.
void AppendRow(const Outcome& outcome, int run, std::string& to);

}  // namespace routerd::sim
