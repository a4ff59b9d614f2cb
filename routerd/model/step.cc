#include "routerd/model/step.h"

#include <algorithm>

namespace routerd::model {
namespace {

bool Names(const std::vector<SkillNo>& list, SkillNo skill) {
  return std::binary_search(list.begin(), list.end(), skill);
}

void LowerTo(std::vector<SkillLevel>& needs, const std::vector<SkillLevel>& lower) {
  for (SkillLevel& need : needs) {
    for (const SkillLevel& enough : lower) {
      if (enough.skill == need.skill) need.level = std::min(need.level, enough.level);
    }
  }
}

// A skill that is dropped counts as met: an `any` that names it asks for nothing any more, for else
// it would ask for more than before.
void Drop(Requirements& needs, const std::vector<SkillNo>& drop) {
  const auto dropped = [&](const SkillLevel& need) { return Names(drop, need.skill); };
  std::erase_if(needs.all, dropped);
  if (std::any_of(needs.any.begin(), needs.any.end(), dropped)) needs.any.clear();
}

}  // namespace

Requirements Widened(const Requirements& needs, const std::vector<Step>& steps, OpenedSteps opened,
                     Whose whose) {
  Requirements left = needs;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!IsOpened(opened, i)) continue;
    const Step& step = steps[i];
    if (step.require) left = whose == Whose::kQueue ? *step.require : Requirements();
    LowerTo(left.all, step.lower);
    LowerTo(left.any, step.lower);
    Drop(left, step.drop);
  }
  left.Normalize();
  return left;
}

}  // namespace routerd::model
