// Carries out the rows of a scenario that do something.
#pragma once

#include <string>
#include <vector>

#include "routerd/sim/scenario.h"
#include "routerd/sim/stage.h"

namespace routerd::sim {

struct Acted {
  std::vector<Refusal> refusals;  // what the router refused
  std::string impossible;         // why the row could not be tried; empty: it was
};

Acted Act(const Row& row, const Action& action, Stage& stage);

// The policy of `text`, compiled against the one in force (nullptr: none). `model` stays null when
// it is refused, and `wrong` says why.
struct CompiledPolicy {
  std::shared_ptr<const model::Model> model;
  std::string source;
  std::string wrong;
};
[[nodiscard]] CompiledPolicy CompilePolicy(const PolicyText& text, const std::string& scenario_file,
                                           const PolicyReader& read, const model::Model* in_force);

}  // namespace routerd::sim
