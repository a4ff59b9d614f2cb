// What makes a run fail although no promise was broken: it shows nothing if the router did no work.
#pragma once

#include <string>
#include <vector>

#include "load-tests/span.h"
#include "load-tests/statistics.h"

namespace routerd::load {

// After so long somebody must have been answered.
inline constexpr Span kLongEnough = std::chrono::seconds(10);

// One sentence each; empty = the router did its work. lasted: how long contacts could be answered.
// allow_rejected: arrivals may be answered with an error.
std::vector<std::string> Shortcomings(const Statistics& statistics, Span lasted,
                                      bool allow_rejected);

}  // namespace routerd::load
