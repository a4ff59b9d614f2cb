// Each file of bad/ is a policy with one thing wrong. Its first line says where and what, its
// second what people are told:
//
//   # LINE:COLUMN [warning] CODE
//   # MESSAGE (HINT)
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "routerd/base/file.h"
#include "routerd/compiler/compile.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string expected;  // the two lines without `# `
};

std::string LineOf(std::istream& in) {
  std::string line;
  std::getline(in, line);
  return line.starts_with("# ") ? line.substr(2) : "(the first two lines begin with '# ')";
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(ROUTERD_BAD_POLICIES)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    std::istringstream lines(text.str());
    std::string expected = LineOf(lines) + "\n";
    expected += LineOf(lines);
    cases.push_back({entry.path().stem().string(), text.str(), expected});
  }
  return cases;
}

std::string Told(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) {
    if (!out.empty()) out += "\n";
    out += std::to_string(f.line) + ":" + std::to_string(f.column) + " " +
           (f.severity == Severity::kWarning ? "warning " : "") + f.code + "\n" + f.message;
    if (!f.hint.empty()) out += " (" + f.hint + ")";
  }
  return out;
}

TEST(BadPoliciesTest, EachIsToldInItsPlaceAndNothingElseIs) {
  const auto cases = Cases();
  ASSERT_GE(cases.size(), 140U);
  for (const Case& c : cases) {
    const Compiled compiled = CompileText(c.text);
    EXPECT_EQ(Told(compiled.findings), c.expected) << c.name;
    EXPECT_EQ(compiled.model == nullptr, HasErrors(compiled.findings)) << c.name;
  }
}

const char* const kCodes[] = {"adds_nobody",
                              "bad_condition",
                              "bad_date",
                              "bad_day",
                              "bad_duration",
                              "bad_encoding",
                              "bad_hours",
                              "bad_name",
                              "bad_service_level",
                              "cap_below_priority",
                              "changes_nothing",
                              "contradiction",
                              "drops_nothing",
                              "duplicate_key",
                              "duplicate_name",
                              "empty_group",
                              "empty_list",
                              "empty_file",
                              "lowers_nothing",
                              "max_wait_below_target",
                              "missing_key",
                              "multiple_documents",
                              "nearly_same_name",
                              "never_open",
                              "no_channels",
                              "no_queues",
                              "not_in_this_order",
                              "out_of_range",
                              "overflow_chain",
                              "overflow_ring",
                              "recursive_alias",
                              "reserved_name",
                              "syntax",
                              "too_deep",
                              "too_many",
                              "too_many_aliases",
                              "too_many_nodes",
                              "unheld_skill",
                              "unknown_agent",
                              "unknown_attribute",
                              "unknown_channel",
                              "unknown_group",
                              "unknown_holidays",
                              "unknown_hours",
                              "unknown_key",
                              "unknown_label",
                              "unknown_profile",
                              "unknown_queue",
                              "unknown_skill",
                              "unknown_word",
                              "unknown_zone",
                              "unreachable_limit",
                              "unreachable_step",
                              "unknown_treatment",
                              "unserved_queue",
                              "unsupported_tag",
                              "unsupported_version",
                              "unused_key",
                              "unused_profile",
                              "unused_skill",
                              "unused_treatment",
                              "unused_hours",
                              "unusual_channel",
                              "wrong_type"};

// So that no code goes untested, and none untold.
TEST(BadPoliciesTest, EveryCodeHasAFileAndALineInTheReadme) {
  std::set<std::string> seen;
  for (const Case& c : Cases()) {
    for (const Finding& f : CompileText(c.text).findings) seen.insert(f.code);
  }
  const std::set<std::string> codes(std::begin(kCodes), std::end(kCodes));
  EXPECT_EQ(seen, codes);
  const auto readme = ReadFile(ROUTERD_POLICIES "/README.md", 1'000'000);
  ASSERT_TRUE(readme.ok());
  for (const std::string& code : codes) {
    EXPECT_NE(readme.value().find("`" + code + "`"), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace routerd::compiler
