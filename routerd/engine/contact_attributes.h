// Of what gateways tell of a contact only that is kept which the policy names.
#pragma once

#include <string>
#include <vector>

#include "routerd/engine/command.h"
#include "routerd/model/model.h"

namespace routerd::engine {

// Takes out of `attributes` what `model` does not name, and gives the keys of that, sorted; what is
// left keeps its order.
[[nodiscard]] std::vector<std::string> TakeNotKept(const model::Model& model,
                                                   Attributes& attributes);

}  // namespace routerd::engine
