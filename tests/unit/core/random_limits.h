// Random limits of queues: reserves, opening hours.
#pragma once

#include "tests/unit/core/random_world.h"

namespace routerd::core {

// After the steps, before overflow.
void RandomJoining(Random& random, model::Queue& queue);
void RandomAllocation(Random& random, const model::Model& model, model::Queue& queue);
// Some queues' contacts wait in others as well.
void RandomAlso(Random& random, model::Model& model);
void RandomReserves(Random& random, model::Model& model);
// Hours change every few seconds, around `now`.
std::shared_ptr<const model::Calendar> RandomCalendar(Random& random, TimeMs now);

}  // namespace routerd::core
