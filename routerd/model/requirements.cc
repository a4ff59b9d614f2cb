#include "routerd/model/requirements.h"

#include <algorithm>

namespace routerd::model {
namespace {

void SortUnique(std::vector<SkillLevel>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

void Requirements::Normalize() {
  SortUnique(all);
  SortUnique(any);
  SortUnique(none);
}

int LevelOf(std::span<const SkillLevel> skills, SkillNo skill) {
  const auto it = std::lower_bound(skills.begin(), skills.end(), SkillLevel{skill, 0});
  return it != skills.end() && it->skill == skill ? it->level : 0;
}

bool Meets(std::span<const SkillLevel> skills, const Requirements& needs) {
  const auto has = [&](const SkillLevel& need) {
    return LevelOf(skills, need.skill) >= need.level;
  };
  return std::all_of(needs.all.begin(), needs.all.end(), has) &&
         (needs.any.empty() || std::any_of(needs.any.begin(), needs.any.end(), has)) &&
         std::none_of(needs.none.begin(), needs.none.end(), has);
}

}  // namespace routerd::model
