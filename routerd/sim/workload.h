// A workload: traffic and staff as rates and distributions, out of which a trace is drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/compiler/finding.h"
#include "routerd/model/model.h"
#include "routerd/sim/trace_row.h"

namespace routerd::sim {

// A span of time, drawn.
struct Distribution {
  enum class Kind : std::uint8_t { kConstant, kUniform, kExponential, kErlang, kLognormal };
  Kind kind = Kind::kConstant;
  SpanMs mean_ms = 0;    // of kUniform: the least
  SpanMs to_ms = 0;      // kUniform: the greatest
  int phases = 1;        // kErlang
  double variation = 0;  // kLognormal: standard deviation / mean
};

struct Flow {
  std::string name;
  ContactRow contact;  // what all of them have in common
  SpanMs every_ms = 0;
  std::vector<double> per_hour;  // by interval of `every_ms` since the day's beginning; then none
  Distribution handle;
  std::optional<Distribution> wrap_up;
  std::optional<Distribution> patience;
  std::optional<Distribution> answer;
};

struct Break {
  SpanMs at_ms = 0;  // since the shift's beginning
  SpanMs for_ms = 0;
  std::string reason;
};
struct Shift {
  SpanMs from_ms = 0;  // since the day's beginning
  SpanMs to_ms = 0;
  std::vector<Break> breaks;
};
struct Team {
  std::string name;
  int count = 0;
  std::optional<NamedLevels> skills;
  std::optional<std::vector<std::string>> groups;
  std::vector<Shift> shifts;  // empty: from the beginning on, for ever
};

struct Workload {
  int days = 1;
  SpanMs warm_up_ms = 0;
  std::vector<Flow> flows;
  std::vector<Team> teams;
};

struct CompiledWorkload {
  std::optional<Workload> workload;  // nothing when a finding is an error
  std::vector<compiler::Finding> findings;
};

// Reads the YAML text; names are the policy's. README.md describes the language.
[[nodiscard]] CompiledWorkload CompileWorkload(const std::string& file, const std::string& text,
                                               const model::Model& model);

}  // namespace routerd::sim
