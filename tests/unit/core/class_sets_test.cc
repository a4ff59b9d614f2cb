#include "routerd/core/class_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace routerd::core {
namespace {

struct Member {
  std::vector<model::SkillLevel> skills;
  std::vector<GroupNo> groups;
};

std::vector<model::SkillLevel> RandomLevels(std::mt19937_64& random, std::size_t most) {
  model::Requirements list;
  std::vector<bool> taken(8, false);
  for (std::size_t i = random() % (most + 1); i > 0; --i) {
    const auto skill = static_cast<std::uint32_t>(random() % 8);
    if (taken[skill]) continue;
    taken[skill] = true;
    list.all.push_back({SkillNo(skill), static_cast<std::uint8_t>(1 + random() % 10)});
  }
  list.Normalize();
  return list.all;
}

bool IsInAny(const Member& member, const std::vector<GroupNo>& groups) {
  return std::any_of(member.groups.begin(), member.groups.end(), [&](GroupNo group) {
    return std::find(groups.begin(), groups.end(), group) != groups.end();
  });
}

TEST(ClassSets, AgreeWithLookingAtEachClass) {
  std::mt19937_64 random(3);
  ClassSets sets;
  std::map<std::size_t, Member> members;
  for (int step = 0; step < 3'000; ++step) {
    const std::size_t cls = random() % 200;
    if (const auto it = members.find(cls); it != members.end()) {
      sets.Remove(cls, it->second.skills, it->second.groups);
      members.erase(it);
    } else {
      Member member{RandomLevels(random, 6), {}};
      for (std::uint32_t g = 0; g < 4; ++g) {
        if (random() % 2 == 0) member.groups.emplace_back(g);
      }
      sets.Add(cls, member.skills, member.groups);
      members[cls] = member;
    }
    const model::Requirements needs{RandomLevels(random, 3), RandomLevels(random, 3),
                                    RandomLevels(random, 2)};
    const std::vector<GroupNo> groups{GroupNo(static_cast<std::uint32_t>(random() % 5))};
    for (std::size_t i = 0; i < 256; ++i) {
      const auto it = members.find(i);
      const auto bit = [i](std::uint64_t word) { return (word >> (i % 64) & 1) != 0; };
      const bool in = it != members.end();
      ASSERT_EQ(bit(sets.With(nullptr).word(i / 64)), in);
      ASSERT_EQ(bit(sets.Meeting(needs, i / 64)), in && model::Meets(it->second.skills, needs));
      ASSERT_EQ(bit(sets.InAny(groups, i / 64)), in && IsInAny(it->second, groups));
    }
    const auto has_first = [](const auto& member) {
      return model::LevelOf(member.second.skills, SkillNo(0)) != 0;
    };
    ASSERT_EQ(sets.CountOf(SkillNo(0)),
              static_cast<std::uint32_t>(std::count_if(members.begin(), members.end(), has_first)));
  }
}

TEST(ClassSets, KnowNothingOfSkillsThatNobodyHas) {
  ClassSets sets;
  sets.Add(5, {}, {});
  EXPECT_EQ(sets.CountOf(SkillNo(77)), 0U);
  EXPECT_EQ(sets.Meeting({{{SkillNo(77), 1}}, {}, {}}, 0), 0U);
  EXPECT_EQ(sets.Meeting({{}, {}, {{SkillNo(77), 1}}}, 0), 1U << 5);
}

}  // namespace
}  // namespace routerd::core
