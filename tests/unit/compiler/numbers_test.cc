// Numbers of names over the versions of a policy.
#include <gtest/gtest.h>

#include <string>

#include "routerd/base/limits.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

using model::Model;

constexpr char kVoiceAndChat[] = "version: 1\nchannels: {voice: , chat: }\n";

std::string Policy(const std::string& skills, const std::string& queues) {
  return std::string(kVoiceAndChat) + "skills: [" + skills + "]\nqueues: {" + queues + "}\n";
}

TEST(NumbersTest, FirstNumbersFollowTheText) {
  const Model model = Good(Policy("c, a, b", "z: , y: "));
  EXPECT_EQ(model.FindSkill("c"), SkillNo(0));
  EXPECT_EQ(model.FindSkill("a"), SkillNo(1));
  EXPECT_EQ(model.FindQueue("z"), QueueNo(0));
  EXPECT_EQ(model.FindQueue("y"), QueueNo(1));
}

TEST(NumbersTest, TheSameTextAgainIsTheSameModelOneVersionOn) {
  const std::string text = Policy("a, b", "one: {require: {a: 1, b: 2}}, two: ");
  const Model first = Good(text);
  Model second = Good(text, &first);
  EXPECT_EQ(second.version, 2U);
  second.version = 1;
  EXPECT_EQ(second, first);
}

TEST(NumbersTest, AnotherOrderKeepsTheNumbers) {
  const Model first = Good(Policy("a, b", "one: , two: "));
  const Model second = Good(Policy("b, a", "two: , one: "), &first);
  EXPECT_EQ(second.FindSkill("a"), first.FindSkill("a"));
  EXPECT_EQ(second.FindQueue("two"), first.FindQueue("two"));
}

TEST(NumbersTest, ARemovedNameLeavesAnEmptyOneThatNobodyElseGets) {
  const Model first = Good(Policy("a, b, c", "one: , two: "));
  const Model second = Good(Policy("a, c", "two: "), &first);
  ASSERT_EQ(second.skills.size(), 3U);
  EXPECT_EQ(second.skills[1].name, "");
  EXPECT_EQ(second.FindSkill("c"), SkillNo(2));
  EXPECT_EQ(second.queues[0], model::Queue());
  const Model third = Good(Policy("a, c, d", "two: , three: "), &second);
  EXPECT_EQ(third.FindSkill("d"), SkillNo(3));
  EXPECT_EQ(third.FindQueue("three"), QueueNo(2));
  EXPECT_EQ(third.queues[0].name, "");
  EXPECT_EQ(third.version, 3U);
}

TEST(NumbersTest, ANameThatComesBackIsANewOne) {
  const Model first = Good(Policy("a, b", "one: "));
  const Model without = Good(Policy("a", "one: "), &first);
  const Model again = Good(Policy("a, b", "one: "), &without);
  EXPECT_EQ(again.FindSkill("b"), SkillNo(2));
  EXPECT_EQ(again.skills[1].name, "");
}

TEST(NumbersTest, ChannelsAndReasonsKeepTheirsToo) {
  const Model first = Good(
      "version: 1\nchannels: {voice: , chat: }\nqueues: {q: }\nnot_ready_reasons: [lunch, "
      "break]\n");
  const Model second =
      Good("version: 1\nchannels: {email: , chat: }\nqueues: {q: }\nnot_ready_reasons: [break]\n",
           &first);
  EXPECT_EQ(second.channels[0], model::Channel());
  EXPECT_EQ(second.FindChannel("chat"), ChannelNo(1));
  EXPECT_EQ(second.FindChannel("email"), ChannelNo(2));
  EXPECT_EQ(second.rona, first.rona);
  EXPECT_EQ(second.FindReason("break"), first.FindReason("break"));
  EXPECT_FALSE(second.FindReason("lunch").valid());
}

TEST(NumbersTest, AListOfAgentsThatGoesTakesItsGroupWithIt) {
  const std::string head =
      std::string(kVoiceAndChat) + "groups: [north]\nagents: {anna: , ben: }\n";
  const Model first = Good(head + "queues: {q: {agents: [anna]}}\n");
  const GroupNo listed = first.FindGroup("queue:q");
  ASSERT_TRUE(listed.valid());
  const Model same = Good(head + "queues: {q: {agents: [ben]}}\n", &first);
  EXPECT_EQ(same.FindGroup("queue:q"), listed);
  EXPECT_TRUE(same.FindAgent("anna")->profile.groups.empty());
  EXPECT_EQ(same.FindAgent("ben")->profile.groups, std::vector{listed});
  const Model gone = Good(head + "queues: {q: }\n", &same);
  EXPECT_EQ(gone.groups[listed.index()].name, "");
  EXPECT_TRUE(gone.queues[0].groups.empty());
}

TEST(NumbersTest, RemovedNamesCountTowardsTheLimit) {
  const auto channels = [](int from, int count) {
    std::string text = "version: 1\nqueues: {q: }\nchannels:\n";
    for (int i = from; i < from + count; ++i) text += "  k" + std::to_string(i) + ":\n";
    return text;
  };
  const Model full = Good(channels(0, limits::kMaxChannels));
  const Compiled one_more = CompileText(channels(1, limits::kMaxChannels), &full);
  EXPECT_EQ(Places(one_more), "19:3 too_many\n");
}

TEST(NumbersTest, ARefusedPolicyHasNoModel) {
  const Model first = Good(Policy("a", "one: "));
  EXPECT_EQ(CompileText("version: 1\nqueues: {one: {priority: x}}\n", &first).model, nullptr);
}

}  // namespace
}  // namespace routerd::compiler
