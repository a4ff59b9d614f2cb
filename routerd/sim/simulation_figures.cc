#include "routerd/sim/simulation_figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace routerd::sim {
namespace {

std::optional<double> Share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::uint64_t QueueFigures::offered() const {
  return std::accumulate(count.begin(), count.end(), overflowed) - Of(ContactOutcome::kRefused);
}

void QueueFigures::Add(ContactOutcome outcome, SpanMs waited_ms, SpanMs target_ms, SpanMs short_ms,
                       std::optional<SpanMs> sl_waited_ms) {
  ++count[static_cast<std::size_t>(outcome)];
  const bool within = sl_waited_ms.value_or(waited_ms) <= target_ms;
  switch (outcome) {
    case ContactOutcome::kAnswered:
      answered.Add(waited_ms);
      answered_within += within ? 1 : 0;
      break;
    case ContactOutcome::kAbandoned:
      abandoned.Add(waited_ms);
      abandoned_within += within ? 1 : 0;
      short_abandons += waited_ms <= short_ms ? 1 : 0;
      break;
    case ContactOutcome::kExpired:
      break;
    default:
      return;
  }
  all.Add(waited_ms);
}

ServiceLevels ServiceLevelsOf(const QueueFigures& figures) {
  const std::uint64_t a = figures.Of(ContactOutcome::kAnswered);
  const std::uint64_t b = figures.Of(ContactOutcome::kAbandoned);
  const std::uint64_t a_t = figures.answered_within;
  const std::uint64_t b_t = figures.abandoned_within;
  return {.ignore_abandons = Share(a_t, a + b - b_t),
          .abandons_negative = Share(a_t, a + b),
          .abandons_positive = Share(a_t + b_t, a + b),
          .answered_only = Share(a_t, a),
          .short_excluded = Share(a_t, a + b - figures.short_abandons)};
}

void Occupancy::Pass(Agent& agent, TimeMs at) {
  const SpanMs passed = at - agent.since;
  if (agent.what == AgentTime::kFree) agent.free_ms += passed;
  if (agent.what == AgentTime::kAtWork) agent.at_work_ms += passed;
  agent.since = at;
}

void Occupancy::Set(AgentNo agent, TimeMs at, AgentTime what) {
  if (agent.index() >= agents_.size()) agents_.resize(agent.index() + 1);
  Agent& known = agents_[agent.index()];
  Pass(known, at);
  known.what = what;
}

void Occupancy::StartAt(TimeMs at) {
  for (Agent& agent : agents_) {
    agent = {.what = agent.what, .since = at, .free_ms = 0, .at_work_ms = 0};
  }
}

void Occupancy::EndAt(TimeMs at) {
  for (Agent& agent : agents_) Pass(agent, at);
}

Occupancy::Result Occupancy::Get() const {
  std::vector<double> shares;
  for (const Agent& agent : agents_) {
    const SpanMs there = agent.free_ms + agent.at_work_ms;
    if (there > 0) {
      shares.push_back(static_cast<double>(agent.at_work_ms) / static_cast<double>(there));
    }
  }
  Result result;
  result.agents = shares.size();
  if (shares.empty()) return result;
  const auto n = static_cast<double>(shares.size());
  const double mean = std::accumulate(shares.begin(), shares.end(), 0.0) / n;
  double squares = 0;
  for (const double share : shares) squares += (share - mean) * (share - mean);
  result.mean = mean;
  result.stddev = std::sqrt(squares / n);
  result.min = *std::min_element(shares.begin(), shares.end());
  result.max = *std::max_element(shares.begin(), shares.end());
  return result;
}

// A queue counts visits, by the wait in it; the total counts contacts, by their whole wait.
void SimulationFigures::Add(const Outcome& outcome) {
  if (outcome.enqueued_ms < count_from_ms) return;
  const std::size_t queue = outcome.queue_no.index();
  const SpanMs target_ms = model->queues[queue].service_level_ms;
  queues[queue].Add(outcome.outcome, outcome.visit_waited_ms, target_ms, short_abandon_ms,
                    outcome.sl_waited_ms);
  total.Add(outcome.outcome, outcome.waited_ms, target_ms, short_abandon_ms);
}

void SimulationFigures::AddOverflow(QueueNo from, TimeMs enqueued_ms) {
  if (enqueued_ms >= count_from_ms) ++queues[from.index()].overflowed;
}

}  // namespace routerd::sim
