// What a contact asks of an agent, and what an agent brings.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::model {

// `skill >= level`, level 1..10.
struct SkillLevel {
  SkillNo skill;
  std::uint8_t level = 1;
  friend constexpr auto operator<=>(const SkillLevel&, const SkillLevel&) = default;
};

// Met by an agent who meets each of `all`, at least one of `any` (when there are any), and none of
// `none`. Each list is sorted and without duplicates: equal needs compare equal.
struct Requirements {
  std::vector<SkillLevel> all;
  std::vector<SkillLevel> any;
  std::vector<SkillLevel> none;
  [[nodiscard]] bool empty() const { return all.empty() && any.empty() && none.empty(); }
  void Normalize();
  friend bool operator==(const Requirements&, const Requirements&) = default;
};

// `skills` sorted by skill number. Proficiency of a skill the agent does not have is 0.
[[nodiscard]] int LevelOf(std::span<const SkillLevel> skills, SkillNo skill);
[[nodiscard]] bool Meets(std::span<const SkillLevel> skills, const Requirements& needs);

}  // namespace routerd::model
