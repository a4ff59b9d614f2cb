// Random policies and random traffic, the same for the same seed.
#pragma once

#include <memory>
#include <random>

#include "routerd/core/core.h"
#include "routerd/model/model.h"

namespace routerd::core {

using Random = std::mt19937_64;

inline int Below(Random& random, int n) {
  return static_cast<int>(random() % static_cast<std::uint64_t>(n));
}
inline bool Chance(Random& random, int percent) { return Below(random, 100) < percent; }

std::shared_ptr<model::Model> RandomModel(Random& random);
// The same names, other rules.
std::shared_ptr<model::Model> ChangedModel(Random& random, const model::Model& before);
model::Requirements RandomNeeds(Random& random, std::size_t skills, int percent);
model::AgentProfile RandomProfile(Random& random, const model::Model& model);
// An event that is likely to be accepted in the core's present state.
Event RandomEvent(Random& random, const Core& core, TimeMs now, int agents, int gateways);

}  // namespace routerd::core
