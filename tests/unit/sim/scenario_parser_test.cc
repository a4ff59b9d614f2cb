// What the parser makes of a scenario's text, and what it says of one that is wrong.
#include "routerd/sim/scenario_parser.h"

#include <gtest/gtest.h>

#include <string>

namespace routerd::sim {
namespace {

constexpr char kParserHead[] =
    "scenario A title\n"
    "# What it shows.\n"
    "policy p.yaml\n"
    "at 0s agent anna logs in ready\n"
    "      call c1 arrives in main\n";

ParsedScenario Parse(const std::string& rows) { return ParseScenario("x.scn", kParserHead + rows); }

// The one finding of these rows, as text.
std::string Finding(const std::string& rows) {
  const ParsedScenario parsed = Parse(rows);
  return parsed.findings.size() == 1 ? compiler::ToText(parsed.findings)
                                     : std::to_string(parsed.findings.size()) + " findings\n" +
                                           compiler::ToText(parsed.findings);
}

template <typename T>
T Only(const std::string& row) {
  const ParsedScenario parsed = Parse(row);
  EXPECT_TRUE(parsed.findings.empty()) << compiler::ToText(parsed.findings);
  const auto& what = parsed.scenario.rows.back().what;
  if constexpr (std::is_constructible_v<Action, T>) {
    return std::get<T>(std::get<Action>(what));
  } else {
    return std::get<T>(std::get<Expectation>(what));
  }
}

TEST(ScenarioParser, ReadsTitleCommentPolicyAndTimes) {
  const ParsedScenario parsed = Parse("at 1m30s c1 hangs up\n      expect no offer\n");
  ASSERT_TRUE(parsed.findings.empty()) << compiler::ToText(parsed.findings);
  EXPECT_EQ(parsed.scenario.title, "A title");
  EXPECT_EQ(parsed.scenario.about, "What it shows.");
  EXPECT_EQ(parsed.scenario.policy.path, "p.yaml");
  ASSERT_EQ(parsed.scenario.rows.size(), 4U);
  EXPECT_EQ(parsed.scenario.rows[1].at_ms, 0);
  EXPECT_EQ(parsed.scenario.rows[2].at_ms, 90'000);
  EXPECT_EQ(parsed.scenario.rows[3].at_ms, 90'000);
  EXPECT_EQ(parsed.scenario.rows[3].line, 7);
}

TEST(ScenarioParser, PutsAnInlinePolicyOnItsOwnLines) {
  const ParsedScenario parsed = ParseScenario(
      "x.scn", "scenario T\n# About.\npolicy\nversion: 1\nend\nat 0s wall clock jumps back 1h\n");
  ASSERT_TRUE(parsed.findings.empty()) << compiler::ToText(parsed.findings);
  EXPECT_EQ(parsed.scenario.policy.text, "\n\n\nversion: 1\n");
}

TEST(ScenarioParser, SpellsOutRangesAndLists) {
  const auto arrive = Only<Arrive>("at 1s calls c08..c11, x arrive in main priority -3\n");
  EXPECT_EQ(arrive.contacts, (Ids{"c08", "c09", "c10", "c11", "x"}));
  EXPECT_EQ(arrive.priority, -3);
  EXPECT_EQ(arrive.channel, "voice");
}

TEST(ScenarioParser, ReadsAnArrivalsDetailsInAnyOrder) {
  const auto a = Only<Arrive>(
      "at 1s contact f1 arrives in main on fax age 30s needs german 2, french from fax-1 not "
      "before "
      "10s not live attribute tier gold\n");
  EXPECT_EQ(a.channel, "fax");
  EXPECT_EQ(a.gateway, "fax-1");
  EXPECT_EQ(a.age_ms, 30'000);
  EXPECT_EQ(a.not_before_ms, 10'000);
  EXPECT_EQ(a.live, false);
  ASSERT_EQ(a.needs.size(), 2U);
  EXPECT_EQ(a.needs[0].level, 2);
  EXPECT_EQ(a.needs[1].level, 1);
  ASSERT_EQ(a.attributes.size(), 1U);
}

TEST(ScenarioParser, ReadsAnExpectedOffer) {
  const auto e = Only<ExpectOffered>("at 5s expect c1 offered to anna until 25s\n");
  EXPECT_EQ(e.contacts, Ids{"c1"});
  EXPECT_EQ(e.agents, Ids{"anna"});
  EXPECT_EQ(e.until_ms, 25'000);
}

TEST(ScenarioParser, ReadsAnAgentsPendingPresence) {
  const auto e = Only<ExpectAgent>(
      "at 5s expect anna on_contact pending not_ready lunch with 2 contacts using 50 units\n");
  EXPECT_EQ(e.shown, core::ShownState::kOnContact);
  EXPECT_EQ(e.pending, core::Presence::kNotReady);
  EXPECT_EQ(e.pending_reason, "lunch");
  EXPECT_EQ(e.contacts, 2U);
  EXPECT_EQ(e.units, 50);
}

TEST(ScenarioParser, ReadsWhoDoesIt) {
  const ParsedScenario parsed = Parse("at 1s c1 is withdrawn by supervisor  # a comment\n");
  ASSERT_TRUE(parsed.findings.empty()) << compiler::ToText(parsed.findings);
  EXPECT_EQ(parsed.scenario.rows.back().by, "supervisor");
  EXPECT_EQ(parsed.scenario.rows.back().text, "at 1s c1 is withdrawn by supervisor");
}

TEST(ScenarioParser, NamesTheNearestVerb) {
  EXPECT_EQ(Finding("at 1s anna acepts c1\n").substr(0, 55),
            "x.scn:6:12: error: 'acepts' is not understood here; one");
  EXPECT_NE(Finding("at 1s anna acepts c1\n").find("did you mean 'accepts'?"), std::string::npos);
  EXPECT_NE(Finding("at 1s suprevisor sets queue main closed\n").find("did you mean 'supervisor'?"),
            std::string::npos);
}

TEST(ScenarioParser, NamesTheNearestContactOrAgent) {
  EXPECT_NE(Finding("at 1s ana accepts c1\n").find("did you mean 'anna'?"), std::string::npos);
  EXPECT_NE(Finding("at 1s anna accepts c2\n").find("no contact 'c2' has appeared so far"),
            std::string::npos);
}

TEST(ScenarioParser, NamesTheNearestState) {
  const std::string finding = Finding("at 1s expect c1 abandonned\n");
  EXPECT_NE(finding.find("x.scn:6:17: error: a contact's state is expected here"),
            std::string::npos)
      << finding;
  EXPECT_NE(finding.find("did you mean 'abandoned'?"), std::string::npos) << finding;
}

TEST(ScenarioParser, RefusesWhatIsTooMuchOrTooLittle) {
  EXPECT_NE(Finding("at 1s c1 hangs up loudly\n").find("'loudly' is not understood here"),
            std::string::npos);
  EXPECT_NE(Finding("at 1s c1 is transferred to\n").find("the name of a queue is expected here"),
            std::string::npos);
  EXPECT_NE(Finding("at 1s c1 now has priority 1001\n").find("-1000 to 1000"), std::string::npos);
}

TEST(ScenarioParser, RefusesTimeThatGoesBack) {
  EXPECT_NE(Finding("at 5s c1 hangs up\nat 4s expect no offer\n").find("time does not go back"),
            std::string::npos);
  EXPECT_NE(Finding("at 5 c1 hangs up\n").find("write it like 20s"), std::string::npos);
}

TEST(ScenarioParser, RefusesRangesThatAreNone) {
  EXPECT_NE(Finding("at 1s calls a5..a1 arrive in main\n").find("goes backwards"),
            std::string::npos);
  EXPECT_NE(Finding("at 1s calls a1..b2 arrive in main\n").find("is no range"), std::string::npos);
}

TEST(ScenarioParser, RefusesAnAgentCalledLikeAContact) {
  EXPECT_NE(Finding("at 1s agent c1 logs in ready\n").find("'c1' is a contact already"),
            std::string::npos);
}

TEST(ScenarioParser, FindsEverythingThatIsWrong) {
  const ParsedScenario parsed = Parse("at 1s c1 hngs up\nat 2s anna declnes c1\n");
  ASSERT_EQ(parsed.findings.size(), 2U);
  EXPECT_EQ(parsed.findings[0].line, 6);
  EXPECT_EQ(parsed.findings[1].line, 7);
}

TEST(ScenarioParser, WantsTitleCommentPolicyAndRows) {
  EXPECT_EQ(ParseScenario("x.scn", "at 0s agent anna logs in ready\n").findings.front().message,
            "a scenario begins with its title");
  EXPECT_EQ(ParseScenario("x.scn", "scenario T\npolicy p.yaml\nat 0s agent a logs in ready\n")
                .findings.front()
                .message,
            "the title is followed by a comment that says what the scenario shows");
  EXPECT_EQ(ParseScenario("x.scn", "scenario T\n# A.\nat 0s agent a logs in ready\n")
                .findings.front()
                .message,
            "the policy is missing");
  EXPECT_EQ(
      ParseScenario("x.scn", "scenario T\n# A.\npolicy\nversion: 1\n").findings.front().message,
      "this policy does not end");
  EXPECT_EQ(ParseScenario("x.scn", "scenario T\n# A.\npolicy p.yaml\n").findings.front().message,
            "nothing happens in this scenario");
}

}  // namespace
}  // namespace routerd::sim
