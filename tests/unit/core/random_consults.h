// Random traffic about contacts that agents ask each other about.
#pragma once

#include <optional>

#include "routerd/core/core.h"
#include "tests/unit/core/random_world.h"

namespace routerd::core {

// Of an answered contact: somebody is asked, takes over, joins, or one of two leaves.
Event RandomConsult(Random& random, const Core& core, ContactNo no);

// The next step of any that is answered, or that somebody is asked through. Empty: there is none.
std::optional<Event> RandomConsult(Random& random, const Core& core);

}  // namespace routerd::core
