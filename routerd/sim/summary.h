// The figures of a simulation as named numbers: printed as they are, or over several runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/sim/simulation_figures.h"

namespace routerd::sim {

struct Metric {
  std::vector<std::string> path;  // {"queues", "billing", "wait_ms", "mean"}
  double value = 0;
};

// In the order in which they are printed; those that are undefined are left out. Without the hash.
[[nodiscard]] std::vector<Metric> MetricsOf(const SimulationFigures& figures);

// The summary of one run, an indented JSON object with an end of line.
[[nodiscard]] std::string SummaryText(const SimulationFigures& figures, std::uint64_t seed);

// A mean and how far the true one may lie from it.
struct Interval {
  std::uint64_t runs = 0;
  double mean = 0;
  double half_width = 0;  // only with two runs or more
};

// With Student's t: mean ± t(0.975, n − 1) × s / √n, s the standard deviation with n − 1.
[[nodiscard]] Interval IntervalOf(const std::vector<double>& values);
// The 0.975 quantile of Student's distribution with so many degrees of freedom, at least 1.
[[nodiscard]] double StudentQuantile(std::uint64_t freedom);

// Of several runs: each number as {"mean", "half_width_95", "runs"}, and the hash of each run.
struct RunMetrics {
  std::uint64_t seed = 0;
  std::uint64_t state_hash = 0;
  std::vector<Metric> metrics;
};
[[nodiscard]] std::string RunsText(const std::vector<RunMetrics>& runs);

}  // namespace routerd::sim
