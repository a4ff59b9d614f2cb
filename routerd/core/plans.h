// What the core makes of a policy, to look up quickly.
#pragma once

#include <cstdint>

#include "routerd/base/ids.h"

namespace routerd::core {

// What a room is for.
struct RoomKind {
  ChannelNo channel;
  std::uint32_t labels = 0;  // in label_sets_
};

// How a queue chooses among the free.
struct PlannedOrder {
  std::uint32_t order = 0;  // in orders_
  bool plain = true;        // nothing but longest idle
};

// Of queue_ratio. Queues with a stated ratio have that; the others share what is left by weight,
// arrival rate × target.
struct Ratios {
  std::int64_t stated_milli = 0;
  __int128 stated_weight = 0;  // of those with a stated arrival rate
  std::int64_t shared = 0;     // queues without a stated ratio
};

}  // namespace routerd::core
