// Why the core refused, for clients: code, stable word, and what to do about it.
#pragma once

#include "routerd/base/status.h"
#include "routerd/core/event.h"

namespace routerd::engine {

// The reason is core::Name(refusal); an offer that nobody remembers is `unknown_offer`.
[[nodiscard]] Status ToStatus(const core::Applied& applied);

// Whether a limit turned the arrival away: the contact is then answered and remembered as refused.
[[nodiscard]] constexpr bool IsLimitOfArrivals(core::Refusal refusal) {
  return refusal == core::Refusal::kQueueFull || refusal == core::Refusal::kQueueClosed ||
         refusal == core::Refusal::kContactLimit || refusal == core::Refusal::kNotJoined;
}
[[nodiscard]] core::EndReason ToEndReason(core::Refusal refusal);

}  // namespace routerd::engine
