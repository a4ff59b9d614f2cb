// Lanes: contacts with the same needs wait together, oldest first. Those that arrive in order stand
// in a list; those that come back, carry an age, or have bars stand in an ordered set beside it.
#include <algorithm>
#include <bit>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/core/ahead.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {
namespace {

// So many lanes are kept before an empty one is given away.
constexpr std::size_t kKeptLanes = 32'768;

// More kinds of growth than this are not told apart by number.
constexpr std::size_t kMostKinds = 64;

constexpr std::size_t kLaneBlock = 64;
// So many numbers beside each other a queue gets at a time.
constexpr std::uint32_t kNearLanes = 4;
constexpr std::size_t kLaneBuckets = 16'384;
static_assert(limits::kMaxLanes % kLaneBlock == 0);

}  // namespace

// Of all that tells needs apart; it decides nothing and goes nowhere, so that it may be quick.
std::uint64_t Needs::Hash() const {
  std::uint64_t h = 0;
  const auto add = [&h](std::uint64_t v) { h = (std::rotl(h, 27) ^ v) * 0x9e3779b97f4a7c15ULL; };
  add(std::uint64_t{queue.value} << 32 | static_cast<std::uint32_t>(priority));
  add(std::uint64_t{opened} << 17 | std::uint64_t{also} << 16 | std::uint64_t{step} << 8 |
      channel.value);
  add(static_cast<std::uint64_t>(delay_ms));
  for (const auto* list : {&own.all, &own.any, &own.none}) {
    add(list->size());
    for (const model::SkillLevel& need : *list) {
      add(std::uint64_t{need.skill.value} << 8 | need.level);
    }
  }
  return Mix64(h);
}

LaneNo CoreState::LookUpLane(const Needs& needs, std::uint64_t hash) const {
  if (lane_index_.empty()) return LaneNo();
  for (const std::uint32_t i : lane_index_[hash % kLaneBuckets]) {
    if (lanes_[i].hash == hash && lanes_[i].needs == needs) return LaneNo(i);
  }
  return LaneNo();
}

// `further`: so many others besides, which may have none yet.
bool Core::LaneAvailable(const Needs& needs, std::size_t further) const {
  return limits::kMaxLanes - lanes_.size() + spare_lanes_ > further ||
         (further == 0 && LookUpLane(needs, needs.Hash()).valid());
}

LaneNo Core::FindOrMakeLane(const Needs& needs) {
  const std::uint64_t hash = needs.Hash();
  const LaneNo known = LookUpLane(needs, hash);
  if (known.valid()) return known;
  if (lane_index_.empty()) lane_index_.resize(kLaneBuckets);
  const std::uint32_t i = TakeLaneNumber(needs.queue);
  Lane& lane = lanes_[i];
  Bitmap classes = std::move(lane.classes);  // empty; its room is kept
  lane = Lane{};
  lane.classes = std::move(classes);
  lane.classes.Reserve(classes_.size());
  lane.used = true;
  lane.needs = needs;
  lane.hash = hash;
  const LaneNo no(i);
  lane_index_[hash % kLaneBuckets].push_back(i);
  queues_[needs.queue.index()].lanes.push_back(no);
  RelateLane(no);
  return no;
}

std::size_t Core::KindOf(QueueNo queue) const {
  return lane_order_.groups() > kMostKinds ? 0 : group_of_queue_[queue.index()];
}

// Lanes of a queue have numbers beside each other, and so have those whose first contacts' scores
// grow alike, as far as there are any: one block of the order then holds few kinds, and what a
// class may serve lies in few blocks. An empty lane keeps its place, for its like will come again;
// only when there are many does a new lane take the place of the one of its kind that has been
// empty longest. Which one decides nothing.
std::uint32_t Core::TakeLaneNumber(QueueNo no) {
  const std::size_t kind = KindOf(no);
  if (kind >= lane_kinds_.size()) lane_kinds_.resize(kind + 1);
  if (lanes_.size() >= kKeptLanes && lane_kinds_[kind].first_empty != kNil) {
    return TakeEmptyLane(kind);
  }
  Queue& queue = queues_[no.index()];
  if (queue.lanes_left == 0 && !TakeNearLanes(kind, queue)) return TakeLeftLane();
  --spare_lanes_;
  --queue.lanes_left;
  return queue.next_lane++;
}

// The next of the kind's numbers; false: there are no more of it, and no further ones.
bool Core::TakeNearLanes(std::size_t kind_no, Queue& queue) {
  LaneKind& kind = lane_kinds_[kind_no];
  if (kind.fresh == 0 && lanes_.size() < limits::kMaxLanes) {
    kind.fresh = kLaneBlock;
    kind.next_fresh = static_cast<std::uint32_t>(lanes_.size());
    spare_lanes_ += kLaneBlock;
    ReserveAll(lanes_, limits::kMaxLanes);
    lanes_.resize(lanes_.size() + kLaneBlock);
    kind_of_block_.push_back(static_cast<std::uint8_t>(kind_no));
    OrderLanesIfMany();
  }
  if (kind.fresh == 0) return false;
  queue.next_lane = kind.next_fresh;
  queue.lanes_left = std::min(kNearLanes, kind.fresh);
  kind.next_fresh += queue.lanes_left;
  kind.fresh -= queue.lanes_left;
  return true;
}

// All numbers have been given out: one that another kind or queue has and does not use.
std::uint32_t Core::TakeLeftLane() {
  for (LaneKind& kind : lane_kinds_) {
    if (kind.first_empty != kNil) {
      return TakeEmptyLane(static_cast<std::size_t>(&kind - lane_kinds_.data()));
    }
    if (kind.fresh == 0) continue;
    --spare_lanes_;
    --kind.fresh;
    return kind.next_fresh++;
  }
  while (queues_[robbed_ % queues_.size()].lanes_left == 0) ++robbed_;
  Queue& queue = queues_[robbed_ % queues_.size()];
  --spare_lanes_;
  --queue.lanes_left;
  return queue.next_lane++;
}

std::uint32_t Core::TakeEmptyLane(std::size_t kind) {
  const std::uint32_t i = lane_kinds_[kind].first_empty;
  RemoveFromEmpty(i);
  Lane& lane = lanes_[i];
  std::erase(lane_index_[lane.hash % kLaneBuckets], i);
  std::erase(queues_[lane.needs.queue.index()].lanes, LaneNo(i));
  lane.classes.ForEach([&](std::size_t cls) {
    classes_[cls].lanes.Clear(i);
    lane.classes.Clear(cls);
    return true;
  });
  UnkeyLane(LaneNo(i));
  return i;
}

void CoreState::AddToEmpty(std::uint32_t i) {
  LaneKind& kind = lane_kinds_[kind_of_block_[i / kLaneBlock]];
  Lane& lane = lanes_[i];
  lane.is_empty = true;
  lane.empty_prev = kind.last_empty;
  lane.empty_next = kNil;
  (kind.last_empty == kNil ? kind.first_empty : lanes_[kind.last_empty].empty_next) = i;
  kind.last_empty = i;
  ++spare_lanes_;
}

void CoreState::RemoveFromEmpty(std::uint32_t i) {
  LaneKind& kind = lane_kinds_[kind_of_block_[i / kLaneBlock]];
  Lane& lane = lanes_[i];
  lane.is_empty = false;
  (lane.empty_prev == kNil ? kind.first_empty : lanes_[lane.empty_prev].empty_next) =
      lane.empty_next;
  (lane.empty_next == kNil ? kind.last_empty : lanes_[lane.empty_next].empty_prev) =
      lane.empty_prev;
  --spare_lanes_;
}

void CoreState::UnrefLane(LaneNo no) {
  if (--lanes_[no.index()].refs == 0) AddToEmpty(no.value);
}

void CoreState::RefLane(LaneNo no) {
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
  const Contact& real = RealOf(c);
  const bool asks_all = real.bars.empty() && real.lease_count == 0 && real.parent == kNil;
  if (asks_all && (lane.tail == kNil || nodes.Less(lane.tail, slot))) {
    c.standing = Standing::kFifo;
    c.prev = lane.tail;
    c.next = kNil;
    (lane.tail == kNil ? lane.head : contacts_[lane.tail].next) = slot;
    lane.tail = slot;
    ++lane.waiting;
    if (c.prev != kNil) return;  // behind another: what is known of the lane stays true
  } else {
    c.standing = Standing::kSide;
    Treap<SideNodes>::Insert(nodes, lane.side, slot);
    if (!real.bars.empty()) LinkBarred(slot);
    ++lane.waiting;
  }
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
    if (!RealOf(c).bars.empty()) UnlinkBarred(slot);
  }
  c.standing = Standing::kOut;
  if (--lane.waiting == 0) return RefreshLane(c.lane);
  // Others go on waiting there: only who is first of them may be another.
  if (lanes_ordered_ && lane_order_.Has(c.lane.index())) RefreshFirst(c.lane);
}

void Core::RefreshLane(LaneNo no) {
  const Lane& lane = lanes_[no.index()];
  std::vector<Bitmap>& lanes_at = queues_[lane.needs.queue.index()].lanes_at;
  if (lane.needs.step < lanes_at.size()) {
    lanes_at[lane.needs.step].Assign(no.index(), lane.waiting != 0);
  }
  if (queues_[lane.needs.queue.index()].pool != kNoPool) {
    pools_[queues_[lane.needs.queue.index()].pool].lanes.Assign(no.index(), lane.waiting != 0);
  }
  const bool serves = lane.waiting != 0 && Serves(lane);
  waiting_lanes_[RoomFor(lane.needs.queue, lane.needs.channel)].Assign(no.index(), serves);
  if (!lanes_ordered_) return;
  if (!serves) return lane_order_.Drop(no.index());
  RefreshFirst(no);
}

void Core::RefreshFirst(LaneNo no) {
  const Lane& lane = lanes_[no.index()];
  const std::uint32_t first = FirstOf(lane);
  const bool as_it_was = lane_order_.Has(no.index()) && lane_order_.key(no.index()).slot == first;
  if (!as_it_was) lane_order_.Put(no.index(), KeyOf(lane.needs.queue, first));
}

model::QueueMode Core::ModeOf(QueueNo no) const {
  const Queue& queue = queues_[no.index()];
  const model::Queue& policy = model_->queues[no.index()];
  if (queue.mode_set) return queue.mode;
  const bool by_hours = policy.mode == model::QueueMode::kOpen && policy.hours.valid();
  return by_hours && !hours_[policy.hours.index()].open ? model::QueueMode::kClosed : policy.mode;
}

bool Core::Serves(QueueNo no) const { return ModeOf(no) != model::QueueMode::kEmergency; }

// A queue that takes no arrivals serves its own to the last, and nobody else's.
bool Core::Serves(const Lane& lane) const {
  return lane.needs.also ? ModeOf(lane.needs.queue) == model::QueueMode::kOpen
                         : Serves(lane.needs.queue);
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
