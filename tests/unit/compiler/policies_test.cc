// The policies that people start from.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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

// The blocks of README.md that show policies, or parts of one that stand alone.
std::vector<std::string> Examples(const std::string& readme) {
  constexpr std::string_view kBegin = "```yaml\n";
  std::vector<std::string> examples;
  for (auto at = readme.find(kBegin); at != std::string::npos; at = readme.find(kBegin, at)) {
    at += kBegin.size();
    examples.push_back(readme.substr(at, readme.find("```", at) - at));
  }
  return examples;
}

TEST(PoliciesTest, TheReadmesExamplesCompile) {
  const auto readme = ReadFile(ROUTERD_POLICIES "/README.md", 1'000'000);
  ASSERT_TRUE(readme.ok());
  const auto examples = Examples(readme.value());
  ASSERT_GE(examples.size(), 3U);
  for (const std::string& example : examples) {
    const bool whole = example.starts_with("version: 1");
    const Compiled compiled = CompileText(whole ? example : "version: 1\n" + example);
    EXPECT_FALSE(HasErrors(compiled.findings)) << example << ToText(compiled.findings);
    if (whole) {
      EXPECT_EQ(ToText(compiled.findings), "") << example;
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
