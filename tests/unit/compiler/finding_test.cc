#include "routerd/compiler/finding.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "routerd/compiler/report.h"

namespace routerd::compiler {
namespace {

const std::vector<Finding> kTwo = {
    {Severity::kError, "p.yaml", 12, 5, "unknown_key", "unknown key 'prio'", "did you mean 'x'?"},
    {Severity::kWarning, "p.yaml", 20, 1, "no_queues", "no queues", ""},
};

TEST(FindingTest, TextIsWhatEditorsJumpFrom) {
  EXPECT_EQ(ToText(kTwo),
            "p.yaml:12:5: error: unknown key 'prio' (did you mean 'x'?)\n"
            "p.yaml:20:1: warning: no queues\n");
  EXPECT_EQ(ToText({}), "");
}

TEST(FindingTest, JsonHasEveryField) {
  EXPECT_EQ(ToJson(kTwo),
            "[\n"
            "  {\"severity\": \"error\", \"file\": \"p.yaml\", \"line\": 12, \"column\": 5, "
            "\"code\": \"unknown_key\", \"message\": \"unknown key 'prio'\", "
            "\"hint\": \"did you mean 'x'?\"},\n"
            "  {\"severity\": \"warning\", \"file\": \"p.yaml\", \"line\": 20, \"column\": 1, "
            "\"code\": \"no_queues\", \"message\": \"no queues\", \"hint\": \"\"}\n"
            "]\n");
  EXPECT_EQ(ToJson({}), "[]\n");
}

TEST(FindingTest, JsonEscapesWhatItMust) {
  const std::string json = ToJson({{Severity::kError, "a\"b\\c\n\t\x01 \xff ü", 1, 1, "", "", ""}});
  EXPECT_NE(json.find(R"("file": "a\"b\\c\n\t\u0001 )"
                      "\uFFFD ü\""),
            std::string::npos)
      << json;
}

TEST(FindingTest, OnlyErrorsRefuse) {
  EXPECT_TRUE(HasErrors(kTwo));
  EXPECT_FALSE(HasErrors({kTwo[1]}));
  EXPECT_FALSE(HasErrors({}));
}

TEST(ReportTest, SortsByPlaceAndCountsCharacters) {
  Report report("p.yaml");
  report.ErrorAt(2, 6, "second", "after an umlaut");
  report.ErrorAt(1, 1, "first", "at the start");
  const auto findings = report.Take("abc\nüü: x\n");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].code, "first");
  EXPECT_EQ(findings[1].column, 4);
}

TEST(ReportTest, ARepeatAtOnePlaceIsToldOnce) {
  Report report("p.yaml");
  report.ErrorAt(1, 1, "same", "told");
  report.ErrorAt(1, 1, "same", "told again");
  report.ErrorAt(1, 1, "other", "something else");
  const auto findings = report.Take("");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].code, "other");
  EXPECT_EQ(findings[1].message, "told");
}

TEST(ReportTest, PlacesBeyondTheTextDoNotHurt) {
  Report report("p.yaml");
  report.ErrorAt(99, 99, "far", "away");
  EXPECT_EQ(report.Take("one line")[0].line, 99);
}

TEST(QuotedTest, NeverLetsControlCharactersThrough) {
  EXPECT_EQ(Quoted("plain"), "'plain'");
  EXPECT_EQ(Quoted("a\x1b[31m\n"), "'a\\x1b[31m\\x0a'");
  EXPECT_EQ(Quoted("\xff"), "'\\xff'");
  EXPECT_EQ(Quoted("a\u009b31mb\u0085\u00a0"), "'a\\xc2\\x9b31mb\\xc2\\x85\u00a0'");
  EXPECT_EQ(Quoted("ü"), "'ü'");
  EXPECT_EQ(Quoted(std::string(100, 'x')), "'" + std::string(60, 'x') + "…'");
}

}  // namespace
}  // namespace routerd::compiler
