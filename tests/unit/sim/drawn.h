// A workload as text, drawn and played; for tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "routerd/sim/play_trace.h"
#include "routerd/sim/summary.h"
#include "routerd/sim/workload.h"
#include "routerd/sim/workload_source.h"
#include "tests/unit/sim/simulated.h"

namespace routerd::sim {

inline Workload WorkloadOf(const std::string& text, const model::Model& model) {
  CompiledWorkload compiled = CompileWorkload("w.yaml", text, model);
  EXPECT_TRUE(compiled.workload.has_value()) << compiler::ToText(compiled.findings);
  return compiled.workload.value_or(Workload());
}

// Each figure over runs with the seeds `first_seed`, …; by its path, with dots.
inline std::map<std::string, Interval> RunsOf(const std::string& policy,
                                              const std::string& workload_text, int runs,
                                              std::uint64_t first_seed) {
  PlayOptions options;
  options.model = ModelOf(policy);
  const Workload workload = WorkloadOf(workload_text, *options.model);
  options.count_from_ms = workload.warm_up_ms;
  std::map<std::string, std::vector<double>> values;
  for (int run = 1; run <= runs; ++run) {
    WorkloadSource source(workload, first_seed + static_cast<std::uint64_t>(run - 1));
    const PlayedTrace played = PlayRows(source, options);
    EXPECT_TRUE(played.findings.empty()) << compiler::ToText(played.findings);
    for (const Metric& metric : MetricsOf(played.figures)) {
      std::string path;
      for (const std::string& part : metric.path) path += (path.empty() ? "" : ".") + part;
      values[path].push_back(metric.value);
    }
  }
  std::map<std::string, Interval> intervals;
  for (const auto& [path, list] : values) intervals[path] = IntervalOf(list);
  return intervals;
}

}  // namespace routerd::sim
