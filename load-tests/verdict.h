// What makes a run fail although no promise was broken: it shows nothing if the router did no work.
#pragma once

#include <string>
#include <vector>

#include "load-tests/statistics.h"

namespace routerd::load {

// One sentence each; empty = the router did its work. allow_rejected: arrivals may be answered with
// an error.
std::vector<std::string> Shortcomings(const Statistics& statistics, bool allow_rejected);

}  // namespace routerd::load
