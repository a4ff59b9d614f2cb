#include "routerd/publish/figures.h"

namespace routerd::publish {

std::optional<double> ServiceLevel(const VisitCounters& visits) {
  const std::uint64_t counted = visits.of(core::VisitOutcome::kAnswered) +
                                visits.of(core::VisitOutcome::kAbandoned) -
                                visits.abandoned_in_target;
  if (counted == 0) return std::nullopt;
  return static_cast<double>(visits.answered_in_target) / static_cast<double>(counted);
}

}  // namespace routerd::publish
