#include "routerd/engine/world.h"

#include <algorithm>

namespace routerd::engine {

bool World::Happened(Position at) const {
  const auto next = std::upper_bound(
      epoch_starts.begin(), epoch_starts.end(), at.sequence,
      [](std::uint64_t sequence, const Position& start) { return sequence < start.sequence; });
  return next != epoch_starts.begin() && std::prev(next)->epoch == at.epoch;
}

}  // namespace routerd::engine
