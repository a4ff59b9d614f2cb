// Looks whether what a row expects is so.
#pragma once

#include <string>

#include "routerd/sim/scenario.h"
#include "routerd/sim/stage.h"

namespace routerd::sim {

// What is so instead, in words; empty: all is as expected. Not for ExpectRefused.
[[nodiscard]] std::string Check(const Expectation& expectation, Stage& stage);

}  // namespace routerd::sim
