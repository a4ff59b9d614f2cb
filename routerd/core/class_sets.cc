#include "routerd/core/class_sets.h"

#include <algorithm>

namespace routerd::core {

void ClassSets::Assign(std::size_t cls, std::span<const model::SkillLevel> skills,
                       std::span<const GroupNo> groups, bool on) {
  all_.Assign(cls, on);
  for (const model::SkillLevel& has : skills) {
    if (has.skill.index() >= skills_.size()) skills_.resize(has.skill.index() + 1);
    OfSkill& of_skill = skills_[has.skill.index()];
    on ? ++of_skill.count : --of_skill.count;
    const std::size_t levels = std::min<std::size_t>(has.level, of_skill.at_least.size());
    for (std::size_t level = 0; level < levels; ++level) of_skill.at_least[level].Assign(cls, on);
  }
  for (const GroupNo group : groups) {
    if (group.index() >= groups_.size()) groups_.resize(group.index() + 1);
    groups_[group.index()].Assign(cls, on);
  }
}

void ClassSets::Add(std::size_t cls, std::span<const model::SkillLevel> skills,
                    std::span<const GroupNo> groups) {
  Assign(cls, skills, groups, true);
}

void ClassSets::Remove(std::size_t cls, std::span<const model::SkillLevel> skills,
                       std::span<const GroupNo> groups) {
  Assign(cls, skills, groups, false);
}

const Bitmap& ClassSets::With(const model::SkillLevel* need) const {
  static const Bitmap kNobody;
  if (need == nullptr || need->level == 0) return all_;
  if (need->skill.index() >= skills_.size()) return kNobody;
  const OfSkill& of_skill = skills_[need->skill.index()];
  return need->level > of_skill.at_least.size() ? kNobody : of_skill.at_least[need->level - 1];
}

std::uint64_t ClassSets::Meeting(const model::Requirements& needs, std::size_t word) const {
  std::uint64_t meet = all_.word(word);
  for (const model::SkillLevel& need : needs.all) {
    meet &= With(&need).word(word);
    if (meet == 0) return 0;
  }
  return meet & MeetingRest(needs, word);
}

std::uint64_t ClassSets::MeetingRest(const model::Requirements& needs, std::size_t word) const {
  std::uint64_t meet = all_.word(word);
  if (!needs.any.empty()) {
    std::uint64_t any = 0;
    for (const model::SkillLevel& need : needs.any) any |= With(&need).word(word);
    meet &= any;
  }
  for (const model::SkillLevel& need : needs.none) meet &= ~With(&need).word(word);
  return meet;
}

std::uint64_t ClassSets::InAny(std::span<const GroupNo> groups, std::size_t word) const {
  std::uint64_t in = 0;
  for (const GroupNo group : groups) {
    if (group.index() < groups_.size()) in |= groups_[group.index()].word(word);
  }
  return in;
}

std::uint32_t ClassSets::CountOf(SkillNo skill) const {
  return skill.index() < skills_.size() ? skills_[skill.index()].count : 0;
}

}  // namespace routerd::core
