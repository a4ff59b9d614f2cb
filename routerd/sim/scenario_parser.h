// Scenario text in, rows and findings out. Pure: reads no file, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "routerd/compiler/finding.h"
#include "routerd/sim/scenario.h"

namespace routerd::sim {

struct ParsedScenario {
  Scenario scenario;  // complete only without findings
  std::vector<compiler::Finding> findings;
};

// `file`: as it shall stand in findings. Everything wrong is found, not the first.
[[nodiscard]] ParsedScenario ParseScenario(const std::string& file, std::string_view text);

}  // namespace routerd::sim
