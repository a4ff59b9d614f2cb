// A contact's place in its queue.
#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

// Each lane is in the order of service, so that counting stops at its first that is not before.
std::optional<std::uint32_t> Core::Position(ContactNo no) const {
  const Contact* c = FindContact(no);
  if (c == nullptr || c->state != ContactState::kQueued) return std::nullopt;
  const auto slot = static_cast<std::uint32_t>(no.value);
  std::uint32_t before = 0;
  std::size_t steps = 0;
  for (const LaneNo lane_no : queues_[c->queue.index()].lanes) {
    const Lane& lane = lanes_[lane_no.index()];
    if (++steps > limits::kMaxPositionCount) return std::nullopt;
    if (lane.waiting == 0) continue;
    // The newest of a lane without a side set: all the others are before it.
    if (lane.tail == slot && lane.side == kNil) {
      before += lane.waiting - 1;
      continue;
    }
    const bool all_before = lane.side == kNil && ServedBefore(contacts_[lane.tail], *c);
    if (all_before) {
      before += lane.waiting;
      continue;
    }
    for (std::uint32_t i = lane.head; i != kNil && ServedBefore(contacts_[i], *c);
         i = contacts_[i].next) {
      if (++steps > limits::kMaxPositionCount) return std::nullopt;
      ++before;
    }
    for (std::uint32_t i = FirstInSide(lane); i != kNil && ServedBefore(contacts_[i], *c);
         i = NextInSide(lane, i)) {
      if (++steps > limits::kMaxPositionCount) return std::nullopt;
      if (contacts_[i].state == ContactState::kQueued) ++before;  // else it rings already
    }
  }
  return before + 1;
}

}  // namespace routerd::core
