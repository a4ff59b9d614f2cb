// A policy and a trace as texts, played; for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "routerd/compiler/compile.h"
#include "routerd/sim/play_trace.h"
#include "routerd/sim/trace_reader.h"

namespace routerd::sim {

inline std::shared_ptr<const model::Model> ModelOf(const std::string& policy) {
  compiler::Compiled compiled = compiler::Compile({"policy.yaml", policy}, nullptr);
  EXPECT_NE(compiled.model, nullptr) << compiler::ToText(compiled.findings);
  return compiled.model;
}

struct Simulated {
  std::string rows;
  std::string findings;  // as people read them
  PlayedTrace played;
};

inline Simulated Simulate(const std::string& policy, const std::string& trace,
                          PlayOptions options = {}) {
  std::string rows;
  options.model = ModelOf(policy);
  options.write_rows = [&rows](std::string_view text) {
    rows += text;
    return Status::Ok();
  };
  std::istringstream in(trace);
  TraceReader reader("t.jsonl", in);
  PlayedTrace played = PlayTrace(reader, options);
  std::string findings = compiler::ToText(played.findings);
  return {std::move(rows), std::move(findings), std::move(played)};
}

}  // namespace routerd::sim
