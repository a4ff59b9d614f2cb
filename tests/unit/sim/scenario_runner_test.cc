// The runner must fail for every way in which a scenario and the router can differ: each of these
// scenarios is wrong in one place, and the message must say where and how.
#include "routerd/sim/scenario_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "routerd/sim/scenario_parser.h"

namespace routerd::sim {
namespace {

using ::testing::HasSubstr;

// Anna and Ben take calls in `main`; a wrap-up of 10 s, two may wait, for a minute at most.
constexpr char kHead[] = R"(scenario A seeded failure
# Wrong in one place.
policy
version: 1
channels: {voice: {wrap_up: 10s}}
queues: {main: {max_waiting: 2, max_wait: 1m}}
agents: {anna: , ben: }
end
)";
constexpr int kHeadLines = 8;

Played Play(const std::string& rows) {
  const ParsedScenario parsed = ParseScenario("x.scn", kHead + rows);
  EXPECT_TRUE(parsed.findings.empty()) << compiler::ToText(parsed.findings);
  return PlayScenario(parsed.scenario, [](const std::string& path) -> Result<std::string> {
    return Status(Code::kNotFound, path + ": no such file");
  });
}

// Fails in the n-th row with this text.
void ExpectFailure(const std::string& rows, int row, const std::string& text) {
  const Played played = Play(rows);
  EXPECT_FALSE(played.ok) << rows;
  EXPECT_THAT(played.message, HasSubstr("x.scn:" + std::to_string(kHeadLines + row) + ": "));
  EXPECT_THAT(played.message, HasSubstr(text));
}

constexpr char kOffered[] =
    "at 0s agent anna logs in ready\n"
    "      call c1 arrives in main\n"
    "      expect c1 offered to anna until 20s\n";

std::string Offered(const std::string& rows) { return kOffered + rows; }

TEST(ScenarioRunner, PlaysWhatIsRight) {
  const Played played =
      Play(Offered("at 20s expect offer of c1 to anna ended timed_out\n"
                   "       expect anna not_ready rona\n"
                   "at 1m  expect c1 expired because max_wait\n"));
  EXPECT_TRUE(played.ok) << played.message;
  EXPECT_EQ(played.offers, 1U);
}

TEST(ScenarioRunner, CatchesAnOfferNobodyExpects) {
  ExpectFailure("at 0s agent anna logs in ready\nat 1s call c1 arrives in main\n", 2,
                "no row expects what happened at 1s: c1 offered to anna until 21s");
}

TEST(ScenarioRunner, CatchesAnOfferBetweenRows) {
  ExpectFailure(Offered("at 5s anna declines c1\nat 30s expect c1 still offered to anna\n"), 5,
                "no row expects what happened at 15s: c1 offered to anna");
}

TEST(ScenarioRunner, CatchesAnOfferThatComesTooLate) {
  ExpectFailure(Offered("at 5s anna declines c1\nat 14s999ms expect c1 offered to anna\n"), 5,
                "c1 was not offered to anybody in this instant");
}

TEST(ScenarioRunner, CatchesAnOfferToSomebodyElse) {
  ExpectFailure(
      "at 0s agents anna, ben log in ready\n"
      "      call c1 arrives in main\n"
      "      expect c1 offered to ben\n",
      3, "c1 was offered to anna, not to ben");
}

TEST(ScenarioRunner, CatchesAWrongDeadline) {
  ExpectFailure(
      "at 0s agent anna logs in ready\n"
      "      call c1 arrives in main\n"
      "      expect c1 offered to anna until 21s\n",
      3, "end is 20s, not 21s");
}

TEST(ScenarioRunner, CatchesAWrongOutcome) {
  ExpectFailure(Offered("at 20s expect offer of c1 to anna ended rejected\n"), 4,
                "the offer ended timed_out, not rejected");
}

TEST(ScenarioRunner, CatchesAWrongNumberOfOffers) {
  ExpectFailure(Offered("at 1s call c2 arrives in main\n      expect 1 offer\n"), 5,
                "0 offers were made");
}

TEST(ScenarioRunner, CatchesAContactThatIsElsewhere) {
  ExpectFailure(Offered("at 1s expect c1 queued\n"), 4, "c1's state is offered, not queued");
  ExpectFailure(Offered("at 1s call c2 arrives in main\n      expect c2 queued position 2\n"), 5,
                "c2 has position 1, not 2");
}

TEST(ScenarioRunner, CatchesAnEndNobodyExpects) {
  ExpectFailure("at 0s call c1 arrives in main\nat 2m expect queue main empty\n", 2,
                "no row expects what happened at 1m: c1 ended expired because max_wait");
}

TEST(ScenarioRunner, CatchesAWrongReason) {
  ExpectFailure(Offered("at 1s c1 hangs up\n      expect c1 abandoned because gateway_lost\n"), 5,
                "c1's reason is customer_left, not gateway_lost");
}

TEST(ScenarioRunner, CatchesAWrongAgent) {
  ExpectFailure(Offered("at 1s expect anna ready\n"), 4, "anna's state is offered, not ready");
  ExpectFailure(Offered("at 1s expect anna offered using 50 units\n"), 4,
                "anna's units used is 100, not 50");
  ExpectFailure(Offered("at 1s expect anna offered pending logged_out\n"), 4,
                "anna's pending presence is none, not logged_out");
}

TEST(ScenarioRunner, CatchesAWrongQueue) {
  ExpectFailure(Offered("at 1s expect queue main waiting 1\n"), 4,
                "queue main's number of waiting is 0, not 1");
}

TEST(ScenarioRunner, CatchesARefusalNobodyExpects) {
  ExpectFailure(Offered("at 1s calls c2..c4 arrive in main\nat 2s expect no offer\n"), 4,
                "this was refused: queue_full");
  ExpectFailure(Offered("at 1s calls c2..c4 arrive in main\n"), 4, "this was refused: queue_full");
}

TEST(ScenarioRunner, CatchesARefusalThatDoesNotCome) {
  ExpectFailure(Offered("at 1s call c2 arrives in main\n      expect refused queue_full\n"), 5,
                "the row before was not refused");
}

TEST(ScenarioRunner, CatchesAWrongRefusal) {
  ExpectFailure(
      Offered(
          "at 1s c1 hangs up\n      anna accepts c1\n      expect refused offer_ended timed_out\n"),
      6, "it was refused: offer_ended contact_gone");
}

TEST(ScenarioRunner, CatchesWhatCannotBeTried) {
  ExpectFailure(
      "at 0s agent anna logs in ready\n"
      "      agent ben logs in not ready\n"
      "      call c1 arrives in main\n"
      "      expect c1 offered to anna\n"
      "      ben accepts c1\n",
      5, "c1 was never offered to ben");
}

TEST(ScenarioRunner, CatchesAWaitThatIsAnother) {
  ExpectFailure(Offered("at 3s anna accepts c1\n      c1 is connected\n"
                        "      expect c1 answered by anna after 4s\n"),
                6, "c1's wait is 3s, not 4s");
}

TEST(ScenarioRunner, TellsThePolicysFindingsOnTheScenariosLines) {
  const ParsedScenario parsed =
      ParseScenario("x.scn",
                    "scenario T\n# A.\npolicy\nversion: 1\nchanels: {}\nend\n"
                    "at 0s wall clock jumps back 1h\n");
  ASSERT_TRUE(parsed.findings.empty());
  const Played played = PlayScenario(
      parsed.scenario, [](const std::string&) -> Result<std::string> { return std::string(); });
  EXPECT_FALSE(played.ok);
  EXPECT_THAT(played.message, HasSubstr("x.scn:5:1: error:"));
}

TEST(ScenarioRunner, TellsOfAMissingPolicyFile) {
  const ParsedScenario parsed =
      ParseScenario("x.scn", "scenario T\n# A.\npolicy p.yaml\nat 0s wall clock jumps back 1h\n");
  const Played played =
      PlayScenario(parsed.scenario, [](const std::string& path) -> Result<std::string> {
        return Status(Code::kNotFound, path + ": no such file");
      });
  EXPECT_FALSE(played.ok);
  EXPECT_THAT(played.message, HasSubstr("p.yaml: no such file"));
}

TEST(ScenarioRunner, ComesToTheSameStateEveryTime) {
  const std::string rows = Offered("at 5s anna declines c1\nat 15s expect c1 offered to anna\n");
  EXPECT_EQ(Play(rows).state_hash, Play(rows).state_hash);
}

}  // namespace
}  // namespace routerd::sim
