// What a simulation is judged by: per queue how many were answered, how soon, how many gave up; per
// agent how much of his time he worked.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/model/model.h"
#include "routerd/sim/outcome.h"
#include "routerd/sim/wait_histogram.h"

namespace routerd::sim {

// Visits to a queue, or to several.
struct QueueFigures {
  std::array<std::uint64_t, kContactOutcomes> count{};  // by outcome
  std::uint64_t overflowed = 0;                         // visits that a limit sent to another queue
  std::uint64_t answered_within = 0;                    // the queue's target, which is within
  std::uint64_t abandoned_within = 0;
  std::uint64_t short_abandons = 0;
  WaitHistogram answered;
  WaitHistogram abandoned;
  WaitHistogram all;  // answered, abandoned and expired

  [[nodiscard]] std::uint64_t Of(ContactOutcome outcome) const {
    return count[static_cast<std::size_t>(outcome)];
  }
  [[nodiscard]] std::uint64_t offered() const;
  // `waited_ms`: of the contact, or of its visit. `sl_waited_ms`: what is held against the target,
  // if that is another.
  void Add(ContactOutcome outcome, SpanMs waited_ms, SpanMs target_ms, SpanMs short_ms,
           std::optional<SpanMs> sl_waited_ms = {});
};

// A over B answered and abandoned contacts; absent where nothing can be said.
struct ServiceLevels {
  std::optional<double> ignore_abandons;
  std::optional<double> abandons_negative;
  std::optional<double> abandons_positive;
  std::optional<double> answered_only;
  std::optional<double> short_excluded;
};
[[nodiscard]] ServiceLevels ServiceLevelsOf(const QueueFigures& figures);

// What an agent's time goes into.
enum class AgentTime : std::uint8_t { kAway, kFree, kAtWork };

class Occupancy {
 public:
  // From `at` on he spends his time so; before it, as was told last.
  void Set(AgentNo agent, TimeMs at, AgentTime what);
  // What was before does not count.
  void StartAt(TimeMs at);
  void EndAt(TimeMs at);

  // Of those who were there at all: the share of the time with work in the time free or with work.
  struct Result {
    std::uint64_t agents = 0;
    std::optional<double> mean;  // each agent counts the same
    std::optional<double> stddev;
    std::optional<double> min;
    std::optional<double> max;
  };
  [[nodiscard]] Result Get() const;

 private:
  struct Agent {
    AgentTime what = AgentTime::kAway;
    TimeMs since = 0;
    SpanMs free_ms = 0;
    SpanMs at_work_ms = 0;
  };
  static void Pass(Agent& agent, TimeMs at);
  std::vector<Agent> agents_;
};

struct SimulationFigures {
  explicit SimulationFigures(std::shared_ptr<const model::Model> of)
      : model(std::move(of)), queues(model->queues.size()) {}

  std::shared_ptr<const model::Model> model;
  SpanMs short_abandon_ms = 5'000;
  TimeMs count_from_ms = 0;  // contacts that came before, and what agents did, do not count
  std::vector<QueueFigures> queues;
  QueueFigures total;  // each contact by its own queue's target
  Occupancy occupancy;
  TimeMs first_ms = 0;
  TimeMs last_ms = 0;
  std::uint64_t state_hash = 0;

  void Add(const Outcome& outcome);
  void AddOverflow(QueueNo from, TimeMs enqueued_ms);
};

}  // namespace routerd::sim
