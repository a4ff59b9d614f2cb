// Random events that come too late, too early, twice, or about what is not known.
#pragma once

#include <vector>

#include "routerd/core/core.h"
#include "tests/unit/core/random_world.h"

namespace routerd::core {

// What there was at some time: reports about it may come late.
struct Past {
  std::vector<ContactNo> contacts;
  struct Offer {
    ContactNo contact;
    OfferId id;
  };
  std::vector<Offer> offers;  // and treatments
};

// An event of any kind, about whatever there is or was, and now and then about what never was.
Event RandomMistake(Random& random, const Core& core, const Past& past, int agents);

}  // namespace routerd::core
