#include "routerd/model/step.h"

#include <gtest/gtest.h>

namespace routerd::model {
namespace {

constexpr SkillNo kSkillA(0);
constexpr SkillNo kSkillB(1);
constexpr SkillNo kSkillC(2);

Step Lower(SkillNo skill, std::uint8_t level) {
  Step step;
  step.lower = {{skill, level}};
  return step;
}

Step Drop(SkillNo skill) {
  Step step;
  step.drop = {skill};
  return step;
}

const Requirements kNeeds = {
    .all = {{kSkillA, 5}}, .any = {{kSkillB, 5}, {kSkillC, 5}}, .none = {{kSkillA, 9}}};

TEST(StepTest, NothingOpenedLeavesEverything) {
  EXPECT_EQ(Widened(kNeeds, {Lower(kSkillA, 3)}, 0, Whose::kQueue), kNeeds);
}

TEST(StepTest, ALevelIsLoweredNeverRaised) {
  EXPECT_EQ(Widened(kNeeds, {Lower(kSkillA, 3)}, 1, Whose::kQueue).all.front().level, 3);
  EXPECT_EQ(Widened(kNeeds, {Lower(kSkillA, 8)}, 1, Whose::kQueue).all.front().level, 5);
}

TEST(StepTest, WhatIsExcludedStaysExcluded) {
  const std::vector<Step> steps = {Lower(kSkillA, 1), Drop(kSkillA)};
  EXPECT_EQ(Widened(kNeeds, steps, 3, Whose::kQueue).none, kNeeds.none);
}

TEST(StepTest, ADroppedSkillCountsAsMet) {
  EXPECT_TRUE(Widened(kNeeds, {Drop(kSkillA)}, 1, Whose::kQueue).all.empty());
  EXPECT_TRUE(Widened(kNeeds, {Drop(kSkillB)}, 1, Whose::kQueue).any.empty());
}

TEST(StepTest, ASkippedStepChangesNothing) {
  const std::vector<Step> steps = {Drop(kSkillA), Drop(kSkillB)};
  const Requirements left = Widened(kNeeds, steps, 2, Whose::kQueue);
  EXPECT_EQ(left.all, kNeeds.all);
  EXPECT_TRUE(left.any.empty());
}

TEST(StepTest, RequireReplacesQueuesAndOwn) {
  Step replace;
  replace.require = Requirements{.all = {{kSkillC, 4}}, .any = {}, .none = {}};
  const std::vector<Step> steps = {Lower(kSkillA, 1), replace, Lower(kSkillC, 2)};
  EXPECT_EQ(Widened(kNeeds, steps, 7, Whose::kQueue).all, (std::vector<SkillLevel>{{kSkillC, 2}}));
  EXPECT_TRUE(Widened(kNeeds, steps, 7, Whose::kContact).empty());
}

TEST(StepTest, StepsBeyondTheListMeanNothing) {
  EXPECT_EQ(Widened(kNeeds, {}, 7, Whose::kQueue), kNeeds);
}

}  // namespace
}  // namespace routerd::model
