// For heaps of contacts whose first is served first.
#pragma once

#include <cstdint>

#include "routerd/core/core.h"

namespace routerd::core {

struct Core::ServedLater {
  const Core& core;
  bool operator()(std::uint32_t a, std::uint32_t b) const {
    return core.ServedBefore(core.contacts_[b], core.contacts_[a]);
  }
};

}  // namespace routerd::core
