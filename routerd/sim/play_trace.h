// Plays a whole trace.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/compiler/finding.h"
#include "routerd/model/model.h"
#include "routerd/sim/simulation_figures.h"
#include "routerd/sim/trace_reader.h"
#include "routerd/sim/trace_row.h"

namespace routerd::sim {

struct PlayOptions {
  std::shared_ptr<const model::Model> model;
  SpanMs short_abandon_ms = 5'000;
  SpanMs count_from_ms = 0;  // since the trace's time 0
  int run = 0;               // told in each row; 0: not
  std::uint64_t seed = 1;    // of what the policy decides by lot
  // Gets rows in the public format, many at a time; may be empty.
  std::function<Status(std::string_view rows)> write_rows = {};
};

struct PlayedTrace {
  SimulationFigures figures;
  std::vector<std::string> warnings;
  // Not empty: the trace is wrong there, and nothing else counts.
  std::vector<compiler::Finding> findings;
  Status written;  // not OK: rows could not be written, and the rest was not played
};

// Reads and plays what is there, to the end or to the first of too many findings.
[[nodiscard]] PlayedTrace PlayTrace(TraceReader& trace, const PlayOptions& options);

// Plays rows that come from nobody's file and fit the model.
[[nodiscard]] PlayedTrace PlayRows(TraceSource& rows, const PlayOptions& options);

}  // namespace routerd::sim
