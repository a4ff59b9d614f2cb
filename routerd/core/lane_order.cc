#include "routerd/core/lane_order.h"

#include <algorithm>
#include <utility>

namespace routerd::core {

void LaneOrder::Plan(std::vector<Group> groups) {
  groups_ = std::move(groups);
  capped_ = std::any_of(groups_.begin(), groups_.end(),
                        [](const Group& group) { return group.cap.has_value(); });
  order_.Reset();
  by_age_.Reset();
}

void LaneOrder::Put(std::size_t lane, const LaneKey& key) {
  order_.Put(lane, key);
  if (groups_[key.group].cap) {
    by_age_.Put(lane, {key.age_since, key.arrival});
  } else {
    by_age_.Drop(lane);  // a lane's number may have been another's before
  }
}

void LaneOrder::Drop(std::size_t lane) {
  order_.Drop(lane);
  by_age_.Drop(lane);
}

std::uint64_t LaneOrder::AlikeOfMany(std::size_t block, std::uint64_t asked) const {
  const std::uint32_t group = order_.key(order_.First(block, asked)).group;
  return asked & order_.Leading(block, [=](const LaneKey& key) { return key.group <= group; });
}

std::size_t LaneOrder::FirstOrCapped(std::size_t block, std::uint64_t alike, TimeMs now) const {
  const std::size_t first = order_.First(block, alike);
  const LaneKey& key = order_.key(first);
  const Group& group = groups_[key.group];
  if (!group.cap || key.base + group.growth * __int128{now} < *group.cap) return first;
  const __int128 least = *group.cap - group.growth * __int128{now};
  const std::uint64_t capped = alike & order_.Leading(block, [&](const LaneKey& other) {
    return other.group < key.group || (other.group == key.group && other.base >= least);
  });
  return by_age_.First(block, capped);
}

bool LaneOrder::BeforeNow(const LaneKey& a, const LaneKey& b, TimeMs now) const {
  const __int128 x = ScoreOf(a, now);
  const __int128 y = ScoreOf(b, now);
  if (x != y) return x > y;
  return std::tie(a.age_since, a.arrival) < std::tie(b.age_since, b.arrival);
}

__int128 LaneOrder::ScoreOf(const LaneKey& key, TimeMs now) const {
  const Group& group = groups_[key.group];
  const __int128 score = key.base + group.growth * __int128{now};
  return group.cap ? std::min(score, *group.cap) : score;
}

}  // namespace routerd::core
