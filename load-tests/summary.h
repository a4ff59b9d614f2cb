// What a run has to say at its end: for people, and as JSON.
#pragma once

#include <string>

#include "load-tests/statistics.h"
#include "load-tests/violations.h"

namespace routerd::load {

struct Summary {
  std::string router;  // version
  std::uint64_t seed = 0;
  Span arrivals = Span::zero();  // how long contacts arrived
  const Statistics* statistics = nullptr;
  const Violations* violations = nullptr;
  std::uint64_t taken = 0;  // as the audit counts
  std::uint64_t ended = 0;
};

std::string SummaryText(const Summary& summary);
std::string SummaryJson(const Summary& summary);

// Of one latency, as both use it: a line `p50 … p90 … p99 … p99.9 … max …`.
std::string PercentilesText(const Histogram& histogram);

}  // namespace routerd::load
