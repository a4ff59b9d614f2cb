#include "routerd/compiler/names.h"

#include <gtest/gtest.h>

#include <string>

namespace routerd::compiler {
namespace {

YamlNode At(const std::string& text, int line = 1) {
  YamlNode node;
  node.kind = NodeKind::kScalar;
  node.text = text;
  node.line = line;
  return node;
}

TEST(NamesTest, WhatANameIsMadeOf) {
  for (const char* good :
       {"a", "billing_2", "agent-01", "anna@example.com", "sip/17", "störung", "+43.1", "A"}) {
    EXPECT_EQ(WhyNotAName(good), "") << good;
  }
  for (const char* bad : {"", " a", "a b", "queue:x", "a,b", "a\"", "a\n", "{a}", "a*"}) {
    EXPECT_NE(WhyNotAName(bad), "") << bad;
  }
  EXPECT_EQ(WhyNotAName(std::string(128, 'x')), "");
  EXPECT_NE(WhyNotAName(std::string(129, 'x')), "");
}

TEST(NamesTest, ADeclaredNameIsFoundARememberedOneIsNot) {
  Report report("p");
  NameTable names("skill", 10);
  names.Remember("old");
  names.Remember("");
  const YamlNode fresh = At("new");
  EXPECT_EQ(names.Declare(fresh, fresh.text, report), 2U);
  EXPECT_EQ(names.Find("new"), 2U);
  EXPECT_FALSE(names.Find("old"));
  EXPECT_FALSE(names.Find(""));
  EXPECT_EQ(names.ByNumber(), (std::vector<std::string>{"", "", "new"}));
}

TEST(NamesTest, ResolveTellsTheKindAndTheNearestName) {
  Report report("p");
  NameTable names("skill", 10);
  const YamlNode billing = At("billing");
  names.Declare(billing, billing.text, report);
  const YamlNode wrong = At("biling", 7);
  EXPECT_FALSE(names.Resolve(wrong, "agent 'anna'", report));
  const auto findings = report.Take("");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "unknown_skill");
  EXPECT_EQ(findings[0].line, 7);
  EXPECT_EQ(findings[0].message, "agent 'anna': no skill 'biling'");
  EXPECT_EQ(findings[0].hint, "did you mean 'billing'?");
}

TEST(NamesTest, AHiddenNameIsNeverSuggested) {
  Report report("p");
  NameTable names("group", 10);
  EXPECT_TRUE(names.DeclareHidden("queue:main"));
  const YamlNode wrong = At("queue-main");
  names.Resolve(wrong, "x", report);
  EXPECT_EQ(report.Take("")[0].hint.find("queue:main"), std::string::npos);
}

TEST(NamesTest, TheLimitHoldsForHiddenNamesToo) {
  NameTable names("group", 1);
  EXPECT_TRUE(names.DeclareHidden("queue:a"));
  EXPECT_FALSE(names.DeclareHidden("queue:b"));
  EXPECT_TRUE(names.DeclareHidden("queue:a"));
}

}  // namespace
}  // namespace routerd::compiler
