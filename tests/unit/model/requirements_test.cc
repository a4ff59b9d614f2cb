#include "routerd/model/requirements.h"

#include <gtest/gtest.h>

#include <vector>

namespace routerd::model {
namespace {

constexpr SkillNo kBilling(0);
constexpr SkillNo kGerman(1);
constexpr SkillNo kVip(2);

const std::vector<SkillLevel> kAnna{{kBilling, 5}, {kGerman, 10}};

TEST(RequirementsTest, ASkillNotHeldIsLevelZero) {
  EXPECT_EQ(LevelOf(kAnna, kBilling), 5);
  EXPECT_EQ(LevelOf(kAnna, kGerman), 10);
  EXPECT_EQ(LevelOf(kAnna, kVip), 0);
  EXPECT_EQ(LevelOf({}, kBilling), 0);
}

TEST(RequirementsTest, NoRequirementIsMetByEverybody) {
  EXPECT_TRUE(Requirements().empty());
  EXPECT_TRUE(Meets({}, {}));
  EXPECT_TRUE(Meets(kAnna, {}));
}

TEST(RequirementsTest, AllMustBeMetAtTheirLevels) {
  EXPECT_TRUE(Meets(kAnna, {.all = {{kBilling, 5}, {kGerman, 10}}, .any = {}, .none = {}}));
  EXPECT_FALSE(Meets(kAnna, {.all = {{kBilling, 6}}, .any = {}, .none = {}}));
  EXPECT_FALSE(Meets(kAnna, {.all = {{kBilling, 1}, {kVip, 1}}, .any = {}, .none = {}}));
}

TEST(RequirementsTest, OneOfAnyIsEnough) {
  EXPECT_TRUE(Meets(kAnna, {.all = {}, .any = {{kBilling, 9}, {kGerman, 1}}, .none = {}}));
  EXPECT_FALSE(Meets(kAnna, {.all = {}, .any = {{kBilling, 9}, {kVip, 1}}, .none = {}}));
}

TEST(RequirementsTest, NoneIsAnUpperBoundOnTheLevel) {
  EXPECT_FALSE(Meets(kAnna, {.all = {}, .any = {}, .none = {{kBilling, 5}}}));
  EXPECT_TRUE(Meets(kAnna, {.all = {}, .any = {}, .none = {{kBilling, 6}, {kVip, 1}}}));
}

TEST(RequirementsTest, EqualNeedsCompareEqualOnceNormalized) {
  Requirements one{.all = {{kGerman, 1}, {kBilling, 3}, {kGerman, 1}}, .any = {}, .none = {}};
  const Requirements other{.all = {{kBilling, 3}, {kGerman, 1}}, .any = {}, .none = {}};
  EXPECT_NE(one, other);
  one.Normalize();
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace routerd::model
