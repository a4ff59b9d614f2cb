// Plays a scenario: its rows against the engine in virtual time. Whatever the router does of itself
// — an offer, a contact's end by a limit — must be what a row says, at exactly the row's time.
#pragma once

#include <cstdint>
#include <string>

#include "routerd/sim/scenario.h"
#include "routerd/sim/stage.h"

namespace routerd::sim {

struct Played {
  bool ok = false;
  // With a failure: `file:line: what is wrong`, the row, and what happened last.
  std::string message;
  std::uint64_t state_hash = 0;  // after closing time; the same for every run of the scenario
  std::size_t offers = 0;
};

// Stops at the first thing that is wrong. `read_policy` is given the paths that the scenario names.
[[nodiscard]] Played PlayScenario(const Scenario& scenario, const PolicyReader& read_policy);

// A scenario's file, parsed and played; policy paths are relative to the file's folder. `again`: it
// is played twice, and must come to the same state.
[[nodiscard]] Played PlayFile(const std::string& path);

}  // namespace routerd::sim
