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
    if (lane.waiting == 0 || lane.needs.also) continue;  // those are of other queues
    if (++steps > limits::kMaxPositionCount) return std::nullopt;
    // The last of a row is it, or is before it, as of an arrival in the ordinary case: so are all
    // the others of the row, who need not be walked along.
    const bool whole_row =
        lane.tail != kNil && (lane.tail == slot || ServedBefore(contacts_[lane.tail], *c));
    for (std::uint32_t i = whole_row ? kNil : lane.head;
         i != kNil && ServedBefore(contacts_[i], *c); i = contacts_[i].next) {
      if (++steps > limits::kMaxPositionCount) return std::nullopt;
      ++before;
    }
    std::uint32_t beside = 0;
    for (std::uint32_t i = FirstInSide(lane); i != kNil; i = NextInSide(lane, i)) {
      const bool is_before = ServedBefore(contacts_[i], *c);
      if (!is_before && !whole_row) break;
      if (++steps > limits::kMaxPositionCount) return std::nullopt;
      ++beside;
      if (is_before && contacts_[i].state == ContactState::kQueued) ++before;  // else it rings
    }
    if (whole_row) before += lane.waiting - beside - (lane.tail == slot ? 1 : 0);
  }
  return before + 1;
}

}  // namespace routerd::core
