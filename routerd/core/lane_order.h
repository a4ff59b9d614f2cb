// Lanes that have somebody to serve, in the order in which their first contacts are served. Scores
// grow with time, but of two contacts whose queues have the same acceleration the one behind stays
// behind: lanes are told apart by what their score grows by, and each such group has an order that
// time does not change. A cap ends the growth: of those who have reached it the oldest goes first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/block_order.h"

namespace routerd::core {

// A lane's first contact. Its score at the time t: `base` + t × the group's growth.
struct LaneKey {
  std::uint32_t group = 0;
  std::uint32_t slot = 0;
  __int128 base = 0;
  TimeMs age_since = 0;
  std::uint64_t arrival = 0;
  friend bool operator<(const LaneKey& a, const LaneKey& b) {
    if (a.group != b.group) return a.group < b.group;
    if (a.base != b.base) return a.base > b.base;
    return std::tie(a.age_since, a.arrival) < std::tie(b.age_since, b.arrival);
  }
};

class LaneOrder {
 public:
  struct Group {
    std::int64_t growth = 0;
    std::optional<__int128> cap;
    friend bool operator==(const Group&, const Group&) = default;
  };

  // Empty, and in other groups from now on.
  void Plan(std::vector<Group> groups);
  [[nodiscard]] std::size_t groups() const { return groups_.size(); }
  void Put(std::size_t lane, const LaneKey& key);
  void Drop(std::size_t lane);
  [[nodiscard]] bool Has(std::size_t lane) const { return order_.Has(lane); }
  [[nodiscard]] const LaneKey& key(std::size_t lane) const { return order_.key(lane); }

  // Of a block's lanes that are asked for, all in the order: those of one group, whichever comes
  // first.
  [[nodiscard]] std::uint64_t Alike(std::size_t block, std::uint64_t asked) const {
    return groups_.size() == 1 || IsOne(asked) ? asked : AlikeOfMany(block, asked);
  }
  // The first of such.
  [[nodiscard]] std::size_t First(std::size_t block, std::uint64_t alike, TimeMs now) const {
    return capped_ && !IsOne(alike) ? FirstOrCapped(block, alike, now) : order_.First(block, alike);
  }
  // The first of those asked for, where `is_static`.
  [[nodiscard]] std::size_t First(std::size_t block, std::uint64_t asked) const {
    return order_.First(block, asked);
  }
  // Whose contact is served first, where scores grow evenly.
  [[nodiscard]] bool Before(const LaneKey& a, const LaneKey& b, TimeMs now) const {
    return a.group == b.group && !capped_ ? a < b : BeforeNow(a, b, now);
  }
  // Whether that is so at any time: the keys say it alone.
  [[nodiscard]] bool is_static() const { return groups_.size() == 1 && !capped_; }
  [[nodiscard]] __int128 ScoreOf(const LaneKey& key, TimeMs now) const;

 private:
  struct AgeKey {
    TimeMs age_since = 0;
    std::uint64_t arrival = 0;
    friend bool operator<(const AgeKey& a, const AgeKey& b) {
      return std::tie(a.age_since, a.arrival) < std::tie(b.age_since, b.arrival);
    }
  };

  static bool IsOne(std::uint64_t asked) { return (asked & (asked - 1)) == 0; }
  [[nodiscard]] std::uint64_t AlikeOfMany(std::size_t block, std::uint64_t asked) const;
  [[nodiscard]] std::size_t FirstOrCapped(std::size_t block, std::uint64_t alike, TimeMs now) const;
  [[nodiscard]] bool BeforeNow(const LaneKey& a, const LaneKey& b, TimeMs now) const;

  std::vector<Group> groups_;
  bool capped_ = false;  // some of them are
  BlockOrder<LaneKey> order_;
  BlockOrder<AgeKey> by_age_;  // those of groups with a cap
};

}  // namespace routerd::core
