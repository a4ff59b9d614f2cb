#include "tests/unit/core/random_steps.h"

#include <algorithm>

namespace routerd::core {
namespace {

using model::ConditionOp;

SkillNo AnySkill(Random& random, const model::Model& model) {
  return SkillNo(static_cast<std::uint32_t>(Below(random, static_cast<int>(model.skills.size()))));
}

void AddComparison(Random& random, model::Condition& condition) {
  const int dice = Below(random, 5);
  const auto figure = dice == 4 ? ConditionOp::kStaffed : static_cast<ConditionOp>(1 + dice);
  const int most = figure == ConditionOp::kOldest ? 40 : 4;
  const int first = static_cast<int>(ConditionOp::kLess);
  condition.program.push_back({figure, 0});
  condition.program.push_back({ConditionOp::kLiteral, Below(random, most)});
  condition.program.push_back({static_cast<ConditionOp>(first + Below(random, 6)), 0});
}

}  // namespace

model::Condition RandomCondition(Random& random) {
  model::Condition condition;
  AddComparison(random, condition);
  if (Chance(random, 25)) condition.program.push_back({ConditionOp::kNot, 0});
  if (!Chance(random, 30)) return condition;
  AddComparison(random, condition);
  condition.program.push_back({Chance(random, 50) ? ConditionOp::kAnd : ConditionOp::kOr, 0});
  return condition;
}

namespace {

model::Step RandomStep(Random& random, const model::Model& model) {
  model::Step step;
  if (Chance(random, 85)) step.after_ms = Below(random, 20) * 1'000;
  if (!step.after_ms || Chance(random, 25)) step.when = RandomCondition(random);
  if (Chance(random, 25)) step.skip_if = RandomCondition(random);
  if (Chance(random, 30)) {
    step.groups.push_back(
        GroupNo(static_cast<std::uint32_t>(Below(random, static_cast<int>(model.groups.size())))));
  }
  if (Chance(random, 15)) {
    step.require = RandomNeeds(random, model.skills.size(), 40);
  } else {
    if (Chance(random, 40)) {
      step.lower.push_back(
          {AnySkill(random, model), static_cast<std::uint8_t>(1 + Below(random, 4))});
    }
    if (Chance(random, 30)) step.drop.push_back(AnySkill(random, model));
  }
  step.reset_declined = Chance(random, 20);
  return step;
}

}  // namespace

void AddSteps(Random& random, const model::Model& model, model::Queue& queue) {
  if (Chance(random, 20)) queue.members = RandomNeeds(random, model.skills.size(), 60);
  const int steps = Below(random, 5);
  for (int i = 0; i < steps; ++i) queue.steps.push_back(RandomStep(random, model));
  if (Chance(random, 25)) queue.step_from = model::StepFrom::kAge;
  queue.retry = static_cast<model::Retry>(Below(random, 3));
  if (queue.retry == model::Retry::kCooldown) queue.cooldown_ms = Below(random, 30'000);
}

}  // namespace routerd::core
