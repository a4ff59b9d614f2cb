#include "routerd/core/timer_wheel.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "routerd/base/limits.h"
#include "routerd/core/ahead.h"

namespace routerd::core {

// Two for each contact that there may be: more are possible, and then grow as any list does.
constexpr std::size_t kMostTimers = 2 * limits::kMaxContacts;

TimerWheel::TimerWheel() {
  for (Level& level : levels_) level.heads.fill(kNil);
}

TimerId TimerWheel::Set(TimeMs deadline, Timer timer) {
  std::uint32_t index = 0;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(nodes_.size());
    ReserveAll(nodes_, kMostTimers);
    nodes_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Node& node = nodes_[index];
  node.deadline = deadline;
  node.number = next_number_++;
  node.timer = timer;
  node.active = true;
  ++size_;
  Place(index);
  return {index, node.generation};
}

void TimerWheel::CancelSet(TimerId& id) {
  const TimerId victim = id;
  id = {};
  Node& node = nodes_[victim.slot];
  if (!node.active || node.generation != victim.generation) return;
  node.active = false;
  --size_;
  if (node.level == kLevels) return;  // dead in the heap; DropDead releases it
  Unlink(victim.slot);
  Release(victim.slot);
}

TimeMs TimerWheel::DeadlineOf(TimerId id) const {
  if (!id.set()) return 0;
  const Node& node = nodes_[id.slot];
  return node.active && node.generation == id.generation ? node.deadline : 0;
}

std::vector<TimerWheel::Pending> TimerWheel::InOrder() const {
  std::vector<std::uint32_t> order;
  order.reserve(size_);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].active) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [this](auto a, auto b) { return Later(b, a); });
  std::vector<Pending> pending;
  pending.reserve(order.size());
  for (const std::uint32_t i : order) {
    pending.push_back({nodes_[i].deadline, nodes_[i].timer, {i, nodes_[i].generation}});
  }
  return pending;
}

void TimerWheel::Postpone(TimeMs until, bool (*concerns)(TimerKind)) {
  const auto moves = [&](std::uint32_t index) {
    const Node& node = nodes_[index];
    return node.active && node.deadline < until && concerns(node.timer.kind);
  };
  std::vector<std::uint32_t> moved;
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (moves(i)) moved.push_back(i);
  }
  const auto later = [this](auto a, auto b) { return Later(a, b); };
  std::sort(moved.begin(), moved.end(), [this](auto a, auto b) { return Later(b, a); });
  if (std::erase_if(due_, moves) != 0) std::make_heap(due_.begin(), due_.end(), later);
  for (const std::uint32_t index : moved) {
    Node& node = nodes_[index];
    if (node.level != kLevels) Unlink(index);
    node.deadline = until;
    node.number = next_number_++;
    Place(index);
  }
}

// A timer stands at the level of the highest six-bit digit in which its deadline differs from the
// time reached, in the slot of that digit.
void TimerWheel::Place(std::uint32_t index) {
  Node& node = nodes_[index];
  if (node.deadline <= reached_) {
    PushDue(index);
    return;
  }
  const auto differ = static_cast<std::uint64_t>(node.deadline ^ reached_);
  int level = (63 - std::countl_zero(differ)) / kSlotBits;
  level = std::min(level, kLevels - 1);
  // Beyond the wheel's span: the last slot before the hand comes round; placed anew from there.
  const std::uint64_t span_left =
      static_cast<std::uint64_t>(node.deadline - reached_) >> (kSlotBits * (kLevels - 1));
  std::uint64_t digit = static_cast<std::uint64_t>(node.deadline) >> (kSlotBits * level);
  if (level == kLevels - 1 && span_left >= kSlots - 1) {
    digit = (static_cast<std::uint64_t>(reached_) >> (kSlotBits * level)) + kSlots - 1;
  }
  const auto slot = static_cast<std::uint32_t>(digit & (kSlots - 1));
  Level& at = levels_[static_cast<std::size_t>(level)];
  node.level = static_cast<std::uint8_t>(level);
  node.slot = static_cast<std::uint8_t>(slot);
  node.prev = kNil;
  node.next = at.heads[slot];
  if (node.next != kNil) nodes_[node.next].prev = index;
  at.heads[slot] = index;
  at.occupied |= std::uint64_t{1} << slot;
  quiet_until_ = std::min(quiet_until_, static_cast<TimeMs>(digit << (kSlotBits * level)));
}

void TimerWheel::Unlink(std::uint32_t index) {
  Node& node = nodes_[index];
  Level& level = levels_[node.level];
  if (node.prev != kNil) {
    nodes_[node.prev].next = node.next;
  } else {
    level.heads[node.slot] = node.next;
    if (node.next == kNil) level.occupied &= ~(std::uint64_t{1} << node.slot);
  }
  if (node.next != kNil) nodes_[node.next].prev = node.prev;
}

void TimerWheel::Release(std::uint32_t index) {
  Node& node = nodes_[index];
  ++node.generation;
  if (node.generation == 0) node.generation = 1;
  free_.push_back(index);
}

bool TimerWheel::Later(std::uint32_t a, std::uint32_t b) const {
  const Node& x = nodes_[a];
  const Node& y = nodes_[b];
  return x.deadline != y.deadline ? x.deadline > y.deadline : x.number > y.number;
}

void TimerWheel::PushDue(std::uint32_t index) {
  nodes_[index].level = kLevels;
  due_.push_back(index);
  std::push_heap(due_.begin(), due_.end(), [this](auto a, auto b) { return Later(a, b); });
}

void TimerWheel::DropDead() {
  while (!due_.empty() && !nodes_[due_.front()].active) {
    std::pop_heap(due_.begin(), due_.end(), [this](auto a, auto b) { return Later(a, b); });
    Release(due_.back());
    due_.pop_back();
  }
}

void TimerWheel::Empty(int level, std::uint32_t slot) {
  Level& at = levels_[static_cast<std::size_t>(level)];
  std::uint32_t index = at.heads[slot];
  at.heads[slot] = kNil;
  at.occupied &= ~(std::uint64_t{1} << slot);
  while (index != kNil) {
    const std::uint32_t next = nodes_[index].next;
    Place(index);
    index = next;
  }
}

// Moves the hands to `now`, slot by occupied slot.
void TimerWheel::MoveHands(TimeMs now) {
  while (reached_ < now) {
    const std::optional<TimeMs> next = [this]() -> std::optional<TimeMs> {
      for (int level = 0; level < kLevels; ++level) {
        const std::uint64_t occupied = levels_[static_cast<std::size_t>(level)].occupied;
        if (occupied == 0) continue;
        const int shift = kSlotBits * level;
        const auto hand = static_cast<std::uint64_t>(reached_) >> shift;
        const int turn = static_cast<int>(hand & (kSlots - 1));
        const int ahead = std::countr_zero(std::rotr(occupied, turn));
        return static_cast<TimeMs>((hand + static_cast<std::uint64_t>(ahead)) << shift);
      }
      return std::nullopt;
    }();
    if (!next || *next > now) {
      // No slot begins in (reached_, now]: every timer's digits keep their places.
      reached_ = now;
      quiet_until_ = next.value_or(std::numeric_limits<TimeMs>::max());
      return;
    }
    reached_ = *next;
    for (int level = kLevels - 1; level >= 0; --level) {
      const auto slot = static_cast<std::uint32_t>(
          (static_cast<std::uint64_t>(reached_) >> (kSlotBits * level)) & (kSlots - 1));
      const std::uint64_t below = (std::uint64_t{1} << (kSlotBits * level)) - 1;
      if ((static_cast<std::uint64_t>(reached_) & below) != 0) continue;
      if ((levels_[static_cast<std::size_t>(level)].occupied >> slot & 1) != 0) Empty(level, slot);
    }
  }
}

bool TimerWheel::HasDue(TimeMs now) {
  Collect(now);
  DropDead();
  return !due_.empty() && nodes_[due_.front()].deadline <= now;
}

std::optional<TimerWheel::Due> TimerWheel::PopDue(TimeMs now) {
  if (!HasDue(now)) return std::nullopt;
  std::pop_heap(due_.begin(), due_.end(), [this](auto a, auto b) { return Later(a, b); });
  const std::uint32_t index = due_.back();
  due_.pop_back();
  Node& node = nodes_[index];
  node.active = false;
  --size_;
  const Due due{node.deadline, node.timer};
  Release(index);
  return due;
}

std::optional<TimeMs> TimerWheel::NextWakeup() const {
  if (!due_.empty()) return nodes_[due_.front()].deadline;
  for (int level = 0; level < kLevels; ++level) {
    const std::uint64_t occupied = levels_[static_cast<std::size_t>(level)].occupied;
    if (occupied == 0) continue;
    const int shift = kSlotBits * level;
    const auto hand = static_cast<std::uint64_t>(reached_) >> shift;
    const int turn = static_cast<int>(hand & (kSlots - 1));
    const int ahead = std::countr_zero(std::rotr(occupied, turn));
    return static_cast<TimeMs>((hand + static_cast<std::uint64_t>(ahead)) << shift);
  }
  return std::nullopt;
}

}  // namespace routerd::core
