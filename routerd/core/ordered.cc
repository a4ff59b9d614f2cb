// The best of many: where thousands of lanes, or hundreds of classes, come into question, they are
// kept in order, so that a decision looks at one of 64. Where there are few, comparing those that
// do is cheaper than keeping them in order.
#include <bit>

#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

// The best contact found so far for an agent, with what orders it where lanes are in order.
struct Core::BestLane {
  std::uint32_t slot = kNil;
  const LaneKey* key = nullptr;
  LaneKey own;  // of one that is not its lane's first
};

// ---- Lanes -------------------------------------------------------------------------------------

void Core::OrderLanesIfMany() {
  if (lanes_ordered_ || lanes_.size() < ordered_from_.lanes) return;
  lanes_ordered_ = true;
  for (std::uint32_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].used) RefreshLane(LaneNo(i));
  }
}

// Whether the key's contact is served before the best so far, of which there is one.
bool Core::LaneBefore(const LaneKey& key, const BestLane& best, const Agent& by) const {
  return model_->order == model::Order::kPriority
             ? lane_order_.Before(key, *best.key, stamp_.now)
             : ServedBefore(contacts_[key.slot], contacts_[best.slot], &by);
}

// Of lanes whose order time does not change, `first` the first of them. It is the one, unless its
// first contact excludes the agent: then its next for him may come later than other lanes' first.
void Core::TakeNotExcluded(AgentNo no, std::size_t first, std::uint64_t alike,
                           BestLane& best) const {
  const Agent& a = agents_[no.index()];
  const std::size_t block = first / 64;
  for (std::size_t lane = first;; lane = lane_order_.First(block, alike, stamp_.now)) {
    const LaneKey& key = lane_order_.key(lane);
    if (best.slot != kNil && !LaneBefore(key, best, a)) return;
    // Only those that stand in the side set exclude anybody.
    const std::uint32_t slot = lanes_[lane].side == kNil ? key.slot : FirstFor(lanes_[lane], no);
    if (slot == key.slot) {
      best.slot = slot;
      best.key = &key;
      return;
    }
    alike &= ~(std::uint64_t{1} << (lane % 64));
    if (slot != kNil) {
      const LaneKey later = KeyOf(lanes_[lane].needs.queue, slot);
      if (best.slot == kNil || LaneBefore(later, best, a)) {
        best.slot = slot;
        best.own = later;
        best.key = &best.own;
      }
    }
    if (alike == 0) return;
    ++work_;
  }
}

void Core::BestOfOrderedLanes(AgentNo no, std::size_t room, BestLane& best) const {
  const Agent& a = agents_[no.index()];
  const AgentClass& cls = classes_[a.cls.index()];
  const bool withheld = cls.pools != 0 || !allocating_.empty();
  const bool by_key = lane_order_.is_static() && model_->order == model::Order::kPriority;
  if (by_key && !withheld) return BestByKey(no, cls.lanes, waiting_lanes_[room], best);
  std::uint64_t looked = 0;
  ForEachCommonWord(cls.lanes, waiting_lanes_[room], [&](std::size_t block, std::uint64_t asked) {
    ++looked;
    if (withheld) asked &= ~Withheld(a.cls, block, asked);
    while (asked != 0) {
      ++looked;
      const std::uint64_t alike = lane_order_.Alike(block, asked);
      const std::size_t first = lane_order_.First(block, alike, stamp_.now);
      const LaneKey& key = lane_order_.key(first);
      const bool better = best.slot == kNil || LaneBefore(key, best, a);
      if (better) TakeNotExcluded(no, first, alike, best);
      asked &= ~alike;
    }
    return true;
  });
  work_ += looked;
}

// Where nothing but the keys decides, and nothing is withheld.
void Core::BestByKey(AgentNo no, const Bitmap& served, const Bitmap& waiting,
                     BestLane& best) const {
  std::uint64_t looked = 0;
  ForEachCommonWord(served, waiting, [&](std::size_t block, std::uint64_t asked) {
    looked += 2;
    const std::size_t first = lane_order_.First(block, asked);
    if (best.slot == kNil || lane_order_.key(first) < *best.key) {
      TakeNotExcluded(no, first, asked, best);
    }
    return true;
  });
  work_ += looked;
}

// Of these 64 lanes, those that a reserve or a share keeps from the class.
std::uint64_t Core::Withheld(ClassNo no, std::size_t block, std::uint64_t asked) const {
  const std::uint64_t held = HeldLanes(classes_[no.index()], block, asked);
  return held | (allocating_.empty() ? 0 : LanesBeyondShare(no, block, asked & ~held));
}

void Core::BestOfLanes(AgentNo no, std::size_t room, BestLane& best) const {
  const Agent& a = agents_[no.index()];
  const AgentClass& cls = classes_[a.cls.index()];
  ForEachCommon(cls.lanes, waiting_lanes_[room], [&](std::size_t lane) {
    ++work_;
    if (cls.pools != 0 && (cls.pools & HeldBack(lanes_[lane].needs.queue)) != 0) return true;
    if (IsBeyondShare(lanes_[lane].needs.queue, a.cls)) return true;
    const std::uint32_t slot = FirstFor(lanes_[lane], no);
    if (slot == kNil) return true;
    if (best.slot == kNil || ServedBefore(contacts_[slot], contacts_[best.slot], a)) {
      best.slot = slot;
    }
    return true;
  });
}

std::uint32_t Core::BestContact(AgentNo no) const {
  const Agent& a = agents_[no.index()];
  if (a.free_in == 0) return kNil;
  const ProfileNo profile = classes_[a.cls.index()].profile;
  // A profile's ranks come before the score, and are not what lanes are ordered by.
  const bool ordered = lanes_ordered_ && !(profile.valid() && ranked_[profile.index()]);
  BestLane best;
  for (std::size_t room = 0; room < a.places.size(); ++room) {
    if (!a.places[room].in) continue;
    const std::size_t plain = room < plain_rooms_ ? room : room - plain_rooms_;
    if (ordered) {
      BestOfOrderedLanes(no, plain, best);
    } else {
      BestOfLanes(no, plain, best);
    }
  }
  return a.personal.empty() ? best.slot : BestPersonal(no, best.slot);
}

// ---- Classes -----------------------------------------------------------------------------------

void Core::NoteFree(std::size_t room, ClassNo no) {
  const std::uint32_t root = classes_[no.index()].free[room];
  const bool free = root != kNil;
  if (free_in_room_[room].Test(no.index()) != free) free_in_room_[room].Assign(no.index(), free);
  if (!classes_ordered_) return;
  BlockOrder<IdleKey>& order = class_orders_[room];
  if (root == kNil) return order.Drop(no.index());
  const std::uint32_t first = Treap<FreeNodes>::First(FreeNodes{agents_, room}, root);
  const FreePlace& place = agents_[first].places[room];
  if (order.Has(no.index())) {
    const IdleKey& was = order.key(no.index());
    const bool same = was.agent == first && was.idle_since == place.idle_since;
    if (same && was.has_work == place.has_work) return;
  }
  order.Put(no.index(), {place.has_work, place.idle_since, first});
}

void Core::OrderClassesIfMany() {
  if (classes_ordered_ || classes_.size() < ordered_from_.classes) return;
  classes_ordered_ = true;
  for (std::uint32_t i = 0; i < classes_.size(); ++i) {
    for (std::size_t room = 0; classes_[i].used && room < class_orders_.size(); ++room) {
      NoteFree(room, ClassNo(i));
    }
  }
}

// Of those who are free for the contact, where nothing else decides.
AgentNo Core::LongestIdle(const Contact& c, std::size_t room) const {
  const BlockOrder<IdleKey>& order = class_orders_[room];
  IdleKey best;
  const Pool* held_back = HeldBack(c.queue) != 0 ? &pools_[queues_[c.queue.index()].pool] : nullptr;
  const auto takes = [&](const IdleKey& key) { return best.agent == kNil || key < best; };
  ForEachCommonWord(lanes_[c.lane.index()].classes, free_in_room_[room],
                    [&](std::size_t block, std::uint64_t asked) {
                      if (held_back != nullptr) asked &= ~held_back->classes.word(block);
                      while (asked != 0) {
                        work_ += 2;  // the word, and the class
                        const std::size_t cls = order.First(block, asked);
                        const IdleKey& first = order.key(cls);
                        if (!takes(first)) break;
                        asked &= ~(std::uint64_t{1} << (cls % 64));
                        const std::uint32_t agent = BestOfClass(cls, c, room);
                        if (agent == kNil) continue;
                        const FreePlace& place = agents_[agent].places[room];
                        const IdleKey key{place.has_work, place.idle_since, agent};
                        if (takes(key)) best = key;
                        if (agent == first.agent) break;
                      }
                      return true;
                    });
  return best.agent == kNil ? AgentNo() : AgentNo(best.agent);
}

}  // namespace routerd::core
