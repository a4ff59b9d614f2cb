// Lanes: contacts with the same needs wait together, oldest first. Those that arrive in order stand
// in a list; those that come back, carry an age, or have bars stand in an ordered set beside it.
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {
namespace {

// So many lanes are kept before an empty one is given away.
constexpr std::size_t kKeptLanes = 16'384;

}  // namespace

std::uint64_t Needs::Hash() const {
  Hasher h;
  h.Add(queue.value);
  h.Add(channel.value);
  h.AddSigned(priority);
  h.Add(std::uint64_t{opened} << 8 | step);
  h.AddSigned(delay_ms);
  for (const auto* list : {&own.all, &own.any, &own.none}) {
    h.Add(list->size());
    for (const model::SkillLevel& need : *list) {
      h.Add(std::uint64_t{need.skill.value} << 8 | need.level);
    }
  }
  return h.digest();
}

LaneNo Core::LookUpLane(const Needs& needs) const {
  if (lane_index_.empty()) return LaneNo();
  for (const std::uint32_t i : lane_index_[needs.Hash() % lane_index_.size()]) {
    if (lanes_[i].needs == needs) return LaneNo(i);
  }
  return LaneNo();
}

bool Core::LaneAvailable(const Needs& needs) const {
  return lanes_.size() < limits::kMaxLanes || first_empty_lane_ != kNil ||
         LookUpLane(needs).valid();
}

LaneNo Core::FindOrMakeLane(const Needs& needs) {
  const LaneNo known = LookUpLane(needs);
  if (known.valid()) return known;
  if (lane_index_.empty()) lane_index_.resize(4096);
  std::uint32_t i = 0;
  if (lanes_.size() < kKeptLanes || first_empty_lane_ == kNil) {
    i = static_cast<std::uint32_t>(lanes_.size());
    lanes_.emplace_back();
  } else {
    i = TakeEmptyLane();
  }
  Lane& lane = lanes_[i];
  lane = Lane{};
  lane.used = true;
  lane.needs = needs;
  const LaneNo no(i);
  lane_index_[needs.Hash() % lane_index_.size()].push_back(i);
  queues_[needs.queue.index()].lanes.push_back(no);
  RelateLane(no);
  return no;
}

// An empty lane keeps its place, for its like will come again; only when there are many does a new
// lane take the place of the one that has been empty longest. Which one decides nothing.
std::uint32_t Core::TakeEmptyLane() {
  const std::uint32_t i = first_empty_lane_;
  RemoveFromEmpty(i);
  Lane& lane = lanes_[i];
  std::erase(lane_index_[lane.needs.Hash() % lane_index_.size()], i);
  std::erase(queues_[lane.needs.queue.index()].lanes, LaneNo(i));
  lane.classes.ForEach([&](std::size_t cls) {
    classes_[cls].lanes.Clear(i);
    return true;
  });
  return i;
}

void Core::AddToEmpty(std::uint32_t i) {
  Lane& lane = lanes_[i];
  lane.is_empty = true;
  lane.empty_prev = last_empty_lane_;
  lane.empty_next = kNil;
  (last_empty_lane_ == kNil ? first_empty_lane_ : lanes_[last_empty_lane_].empty_next) = i;
  last_empty_lane_ = i;
}

void Core::RemoveFromEmpty(std::uint32_t i) {
  Lane& lane = lanes_[i];
  lane.is_empty = false;
  (lane.empty_prev == kNil ? first_empty_lane_ : lanes_[lane.empty_prev].empty_next) =
      lane.empty_next;
  (lane.empty_next == kNil ? last_empty_lane_ : lanes_[lane.empty_next].empty_prev) =
      lane.empty_prev;
}

void Core::UnrefLane(LaneNo no) {
  if (--lanes_[no.index()].refs == 0) AddToEmpty(no.value);
}

void Core::RefLane(LaneNo no) {
  Lane& lane = lanes_[no.index()];
  if (lane.refs++ == 0 && lane.is_empty) RemoveFromEmpty(no.value);
}

void Core::MoveToLane(std::uint32_t slot, LaneNo lane) {
  Contact& c = contacts_[slot];
  RefLane(lane);
  UnrefLane(c.lane);
  c.lane = lane;
}

void Core::JoinLane(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.live && !gateways_[c.gateway.index()].connected) return;
  if (c.personal) return JoinPersonal(slot);
  Lane& lane = lanes_[c.lane.index()];
  SideNodes nodes{contacts_};
  if (c.bars.empty() && c.lease_count == 0 && (lane.tail == kNil || nodes.Less(lane.tail, slot))) {
    c.standing = Standing::kFifo;
    c.prev = lane.tail;
    c.next = kNil;
    (lane.tail == kNil ? lane.head : contacts_[lane.tail].next) = slot;
    lane.tail = slot;
  } else {
    c.standing = Standing::kSide;
    Treap<SideNodes>::Insert(nodes, lane.side, slot);
    if (!c.bars.empty()) ++lane.barred;
  }
  ++lane.waiting;
  RefreshLane(c.lane);
}

void Core::LeaveLane(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.standing == Standing::kOut) return;
  if (c.standing == Standing::kPersonal) {
    LeavePersonal(slot);
    c.standing = Standing::kOut;
    return;
  }
  Lane& lane = lanes_[c.lane.index()];
  if (c.standing == Standing::kFifo) {
    (c.prev == kNil ? lane.head : contacts_[c.prev].next) = c.next;
    (c.next == kNil ? lane.tail : contacts_[c.next].prev) = c.prev;
    c.prev = c.next = kNil;
  } else {
    SideNodes nodes{contacts_};
    Treap<SideNodes>::Erase(nodes, lane.side, slot);
    if (!c.bars.empty()) --lane.barred;
  }
  c.standing = Standing::kOut;
  --lane.waiting;
  RefreshLane(c.lane);
}

void Core::RefreshLane(LaneNo no) {
  const Lane& lane = lanes_[no.index()];
  std::vector<Bitmap>& lanes_at = queues_[lane.needs.queue.index()].lanes_at;
  if (lane.needs.step < lanes_at.size()) {
    lanes_at[lane.needs.step].Assign(no.index(), lane.waiting != 0);
  }
  waiting_lanes_[lane.needs.channel.index()].Assign(no.index(),
                                                    lane.waiting != 0 && Serves(lane.needs.queue));
}

bool Core::Serves(QueueNo no) const {
  const Queue& queue = queues_[no.index()];
  const model::QueueMode mode = queue.mode_set ? queue.mode : model_->queues[no.index()].mode;
  return mode != model::QueueMode::kEmergency;
}

std::uint32_t Core::FirstInSide(const Lane& lane) const {
  return Treap<const SideNodes>::First(SideNodes{const_cast<std::vector<Contact>&>(contacts_)},
                                       lane.side);
}

std::uint32_t Core::NextInSide(const Lane& lane, std::uint32_t slot) const {
  return Treap<const SideNodes>::After(SideNodes{const_cast<std::vector<Contact>&>(contacts_)},
                                       lane.side, slot);
}

}  // namespace routerd::core
