// Random steps, conditions and retry rules for random policies.
#pragma once

#include "routerd/model/model.h"
#include "tests/unit/core/random_world.h"

namespace routerd::core {

model::Condition RandomCondition(Random& random);
void AddSteps(Random& random, const model::Model& model, model::Queue& queue);

}  // namespace routerd::core
