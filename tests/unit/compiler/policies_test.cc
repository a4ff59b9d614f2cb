// The policies that people start from.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "routerd/base/file.h"
#include "routerd/base/limits.h"
#include "routerd/model/encoding.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

std::map<std::string, std::string> Policies() {
  std::map<std::string, std::string> policies;
  for (const auto& entry : std::filesystem::directory_iterator(ROUTERD_POLICIES)) {
    if (entry.path().extension() != ".yaml") continue;
    policies[entry.path().filename().string()] =
        ReadFile(entry.path().string(), limits::kMaxPolicyBytes).value();
  }
  return policies;
}

TEST(PoliciesTest, CompileWithoutAnyFinding) {
  const auto policies = Policies();
  ASSERT_GE(policies.size(), 5U);
  for (const auto& [file, text] : policies) {
    const Compiled compiled = Compile({file, text}, nullptr);
    EXPECT_EQ(ToText(compiled.findings), "") << file;
    EXPECT_NE(compiled.model, nullptr) << file;
  }
}

TEST(PoliciesTest, SurviveTheEncoding) {
  for (const auto& [file, text] : Policies()) {
    const model::Model model = Good(text);
    const auto decoded = model::Decode(model::Encode(model));
    ASSERT_TRUE(decoded.ok()) << file;
    EXPECT_EQ(decoded.value(), model) << file;
  }
}

TEST(PoliciesTest, EachMayFollowEachOther) {
  const auto policies = Policies();
  for (const auto& [before, first] : policies) {
    const model::Model model = Good(first);
    for (const auto& [after, second] : policies) {
      const Compiled compiled = Compile({after, second}, &model);
      ASSERT_NE(compiled.model, nullptr) << after << " after " << before;
      EXPECT_TRUE(model::Decode(model::Encode(*compiled.model)).ok()) << after;
    }
  }
}

TEST(PoliciesTest, TheSmallestIsOneQueueAndFiveAgents) {
  const model::Model model = Good(Policies().at("minimal.yaml"));
  EXPECT_EQ(model.channels.size(), 1U);
  EXPECT_EQ(model.queues.size(), 1U);
  EXPECT_EQ(model.agents.size(), 5U);
}

TEST(PoliciesTest, TheDemosHasSixtyAgentsInThreeGroups) {
  const model::Model model = Good(Policies().at("omnichannel.yaml"));
  EXPECT_EQ(model.agents.size(), 60U);
  EXPECT_EQ(model.agents.front().id, "agent-01");
  EXPECT_EQ(model.agents.back().id, "agent-60");
  EXPECT_EQ(model.groups.size(), 3U);
  EXPECT_EQ(model.queues.size(), 9U);
  EXPECT_TRUE(model.FindChannel("email").valid());
}

}  // namespace
}  // namespace routerd::compiler
