// Steps: how a queue asks for less, or of more agents, the longer a contact waits.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/model/condition.h"
#include "routerd/model/requirements.h"

namespace routerd::model {

// Of what a queue is at step 0, each further step changes something; what earlier steps changed
// stays changed.
struct Step {
  std::optional<SpanMs> after_ms;    // from the opening of the previous step; absent: only `when`
  std::optional<Condition> when;     // opens as soon as it holds
  std::optional<Condition> skip_if;  // holds when the step would open: it is passed over
  std::vector<GroupNo> groups;       // more members, sorted
  std::vector<SkillLevel> lower;     // this level is enough; sorted, one a skill
  std::vector<SkillNo> drop;         // no longer asked for, sorted
  std::optional<Requirements> require;  // instead of queue's and contact's own
  bool reset_declined = false;          // who declined may be asked again
  friend bool operator==(const Step&, const Step&) = default;
};

// The steps that were opened, as bits: step n (1 is the first after step 0) is bit n - 1. Those
// that were skipped are missing.
using OpenedSteps = std::uint32_t;

[[nodiscard]] constexpr bool IsOpened(OpenedSteps opened, std::size_t index) {
  return (opened >> index & 1) != 0;
}

// What remains of `needs` once these steps are open. `replaced`: what a step's `require` puts in
// its place: itself for the queue's requirements, nothing for the contact's own.
enum class Whose : std::uint8_t { kQueue, kContact };
[[nodiscard]] Requirements Widened(const Requirements& needs, const std::vector<Step>& steps,
                                   OpenedSteps opened, Whose whose);

}  // namespace routerd::model
