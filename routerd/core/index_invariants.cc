// What the indexes must say after every event, recounted from nothing.
#include <string>

#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

// Each time a sixteenth of the lanes, others with time: what is wrongly related stays so, and all
// of them together cost more than everything else that is checked.
std::string Core::CheckRelations(TimeMs now) const {
  for (auto i = static_cast<std::size_t>(now % 16); i < lanes_.size(); i += 16) {
    const Lane& lane = lanes_[i];
    for (std::size_t cls = 0; cls < classes_.size(); ++cls) {
      const bool related = lane.used && classes_[cls].used && Related(lane, classes_[cls]);
      if (lane.classes.Test(cls) == related && classes_[cls].lanes.Test(i) == related) continue;
      return "lane " + std::to_string(i) + " and class " + std::to_string(cls) +
             " are wrongly related";
    }
  }
  return "";
}

std::string Core::CheckBarred() const {
  std::size_t listed = 0;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const std::string which = "lane " + std::to_string(i);
    if (barred_lanes_.Test(i) != (lanes_[i].barred != kNil)) {
      return which + " has, or lacks, contacts with bars";
    }
    std::uint32_t before = kNil;
    for (std::uint32_t slot = lanes_[i].barred; slot != kNil; slot = contacts_[slot].next) {
      const Contact& c = contacts_[slot];
      const bool right = c.standing == Standing::kSide && c.lane.index() == i && c.prev == before;
      if (!right || RealOf(c).bars.empty()) return which + " lists a contact as barred";
      before = slot;
      ++listed;
    }
  }
  const auto barred = std::count_if(contacts_.begin(), contacts_.end(), [this](const Contact& c) {
    return c.used && c.standing == Standing::kSide && !RealOf(c).bars.empty();
  });
  if (static_cast<std::size_t>(barred) != listed) return "a contact with bars is not listed";
  std::vector<std::size_t> against(agents_.size(), 0);
  for (const Contact& c : contacts_) {
    for (const Bar& bar : c.bars) ++against[bar.agent.index()];
  }
  for (std::uint32_t i = 0; i < agents_.size(); ++i) {
    const Agent& a = agents_[i];
    const auto known = std::count_if(a.declined.begin(), a.declined.end(),
                                     [&](const Declined& d) { return IsBarred(d, AgentNo(i)); });
    const bool right = a.bars == against[i] && static_cast<std::size_t>(known) == a.bars;
    if (!right) return "agent " + std::to_string(i) + " does not know whom he has declined";
  }
  return "";
}

std::string Core::CheckOrders() const {
  if (std::string wrong = CheckBarred(); !wrong.empty()) return wrong;
  for (std::size_t ch = 0; ch < ready_by_channel_.size(); ++ch) {
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      const bool ready = classes_[i].used && classes_[i].ready_count[ch] != 0;
      if (ready_by_channel_[ch].Test(i) != ready) {
        return "class " + std::to_string(i) + " has, or lacks, somebody ready";
      }
    }
  }
  for (std::size_t i = 0; lanes_ordered_ && i < lanes_.size(); ++i) {
    const Lane& lane = lanes_[i];
    const bool serves = lane.used && lane.waiting != 0 && Serves(lane);
    if (lane_order_.Has(i) != serves) return "lane " + std::to_string(i) + " is wrongly in order";
    if (!serves) continue;
    const LaneKey& has = lane_order_.key(i);
    const LaneKey key = KeyOf(lane.needs.queue, FirstOf(lane));
    if (has < key || key < has || has.slot != key.slot) {
      return "lane " + std::to_string(i) + " has a stale place in the order";
    }
  }
  for (std::size_t i = 0; classes_ordered_ && i < classes_.size(); ++i) {
    if (!classes_[i].used) continue;
    for (std::size_t room = 0; room < class_orders_.size(); ++room) {
      const std::uint32_t root = classes_[i].free[room];
      if (class_orders_[room].Has(i) != (root != kNil)) {
        return "class " + std::to_string(i) + " is wrongly in order";
      }
      if (root == kNil) continue;
      auto& agents = const_cast<std::vector<Agent>&>(agents_);  // searching writes to no node
      const std::uint32_t first = Treap<FreeNodes>::First(FreeNodes{agents, room}, root);
      const FreePlace& place = agents_[first].places[room];
      const IdleKey& has = class_orders_[room].key(i);
      if (has.agent != first || has.has_work != place.has_work ||
          has.idle_since != place.idle_since) {
        return "class " + std::to_string(i) + " has a stale place in the order";
      }
    }
  }
  return "";
}

}  // namespace routerd::core
