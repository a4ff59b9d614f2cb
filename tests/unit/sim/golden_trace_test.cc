// Small traces with all that comes out of them, to be followed by hand.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/sim/simulated.h"

namespace routerd::sim {
namespace {

// No connecting and no wrap-up unless a test says so: times are easy to follow.
constexpr char kGoldenPolicy[] = R"(version: 1
channels:
  voice: {connect: false, wrap_up: none, max_misses: 3}
  chat: {wrap_up: none}
skills: [billing, german]
groups: [north, south]
not_ready_reasons: [lunch]
queues:
  main: {}
  billing: {require: {billing: 2}}
  vip: {priority: 10}
  north_only: {groups: [north]}
  small: {max_waiting: 1}
  brief: {max_wait: 5s}
  first: {max_waiting: 1, max_wait: 4s, when_full: {overflow: second}, when_waited: {overflow: second}}
  second: {}
  crowd: {offer: ring_all}
  lottery: {select: [random]}
  choosy: {require: {billing: 5}, steps: [{after: 3s, lower: {billing: 2}}]}
)";

std::string GoldenRows(const std::string& trace) {
  Simulated simulated = Simulate(kGoldenPolicy, trace);
  EXPECT_EQ(simulated.findings, "");
  return simulated.rows;
}

TEST(GoldenTrace, OneAgentServesInTurn) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true}
{"contact":"c1","at_ms":1000,"channel":"voice","queue":"main","handle_ms":5000}
{"contact":"c2","at_ms":2000,"channel":"voice","queue":"main","handle_ms":4000}
{"contact":"c3","at_ms":3000,"channel":"voice","queue":"vip","handle_ms":1000}
)"),
      R"({"contact":"c1","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":1000,"offered_ms":1000,"answered_ms":1000,"ended_ms":6000,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c3","queue":"vip","outcome":"answered","agent":"a1","enqueued_ms":3000,"offered_ms":6000,"answered_ms":6000,"ended_ms":7000,"waited_ms":3000,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":2000,"offered_ms":7000,"answered_ms":7000,"ended_ms":11000,"waited_ms":5000,"steps":0,"declined":0}
)");
}

TEST(GoldenTrace, ThoseWhoLogInTogetherAreOfferedWorkInTheOrderOfTheirRows) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"zoe","at_ms":0,"login":true}
{"agent":"amy","at_ms":0,"login":true}
{"contact":"c1","at_ms":0,"channel":"voice","queue":"main","handle_ms":10}
{"contact":"c2","at_ms":0,"channel":"voice","queue":"main","handle_ms":10}
)"),
      R"({"contact":"c1","queue":"main","outcome":"answered","agent":"zoe","enqueued_ms":0,"offered_ms":0,"answered_ms":0,"ended_ms":10,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"amy","enqueued_ms":0,"offered_ms":0,"answered_ms":0,"ended_ms":10,"waited_ms":0,"steps":0,"declined":0}
)");
}

TEST(GoldenTrace, ImpatienceExpiryRefusalAndNobodyAtAll) {
  EXPECT_EQ(
      GoldenRows(
          R"({"contact":"c1","at_ms":0,"channel":"voice","queue":"main","handle_ms":1,"patience_ms":700}
{"contact":"c2","at_ms":0,"channel":"voice","queue":"brief","handle_ms":1}
{"contact":"c3","at_ms":0,"channel":"voice","queue":"small","handle_ms":1}
{"contact":"c4","at_ms":1,"channel":"voice","queue":"small","handle_ms":1}
)"),
      R"({"contact":"c4","queue":"small","outcome":"refused","enqueued_ms":1,"ended_ms":1,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c1","queue":"main","outcome":"abandoned","enqueued_ms":0,"ended_ms":700,"waited_ms":700,"steps":0,"declined":0}
{"contact":"c2","queue":"brief","outcome":"expired","enqueued_ms":0,"ended_ms":5000,"waited_ms":5000,"steps":0,"declined":0}
{"contact":"c3","queue":"small","outcome":"waiting","enqueued_ms":0,"waited_ms":5000,"steps":0,"declined":0}
)");
}

// Who can still be served in the instant in which his patience ends is.
TEST(GoldenTrace, AnAgentWhoFreesInTheLastInstantIsInTime) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true}
{"contact":"c1","at_ms":0,"channel":"voice","queue":"main","handle_ms":1000}
{"contact":"c2","at_ms":100,"channel":"voice","queue":"main","handle_ms":1,"patience_ms":900}
{"contact":"c3","at_ms":100,"channel":"voice","queue":"main","handle_ms":1,"patience_ms":900}
)"),
      R"({"contact":"c1","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":0,"offered_ms":0,"answered_ms":0,"ended_ms":1000,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c3","queue":"main","outcome":"abandoned","enqueued_ms":100,"ended_ms":1000,"waited_ms":900,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":100,"offered_ms":1000,"answered_ms":1000,"ended_ms":1001,"waited_ms":900,"steps":0,"declined":0}
)");
}

TEST(GoldenTrace, OffersAreMissedRejectedAndTakenLate) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true}
{"agent":"a2","at_ms":1,"login":true}
{"agent":"a3","at_ms":2,"login":true}
{"contact":"c1","at_ms":10,"channel":"voice","queue":"main","handle_ms":100,"answer_ms":["miss","reject",2500]}
)"),
      R"({"contact":"c1","queue":"main","outcome":"answered","agent":"a3","enqueued_ms":10,"offered_ms":20010,"answered_ms":22510,"ended_ms":22610,"waited_ms":22500,"steps":0,"declined":2}
)");
}

TEST(GoldenTrace, WhoRingsWhenTheCustomerLeavesIsFreeAgain) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true}
{"contact":"c1","at_ms":0,"channel":"voice","queue":"main","handle_ms":1,"patience_ms":3000,"answer_ms":5000}
{"contact":"c2","at_ms":10,"channel":"voice","queue":"main","handle_ms":1}
)"),
      R"({"contact":"c1","queue":"main","outcome":"abandoned","enqueued_ms":0,"offered_ms":0,"ended_ms":3000,"waited_ms":3000,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":10,"offered_ms":3000,"answered_ms":3000,"ended_ms":3001,"waited_ms":2990,"steps":0,"declined":0}
)");
}

TEST(GoldenTrace, SkillsAndGroupsOfTheLogInDecide) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true,"skills":{"billing":1},"groups":["north"]}
{"agent":"a2","at_ms":0,"login":true,"skills":{"billing":3,"german":5},"groups":["south"]}
{"contact":"c1","at_ms":1,"channel":"voice","queue":"billing","handle_ms":10}
{"contact":"c2","at_ms":100,"channel":"voice","queue":"main","skills":{"german":4},"handle_ms":10}
{"contact":"c3","at_ms":200,"channel":"voice","queue":"north_only","handle_ms":1000}
{"contact":"c4","at_ms":201,"channel":"voice","queue":"north_only","handle_ms":10}
)"),
      R"({"contact":"c1","queue":"billing","outcome":"answered","agent":"a2","enqueued_ms":1,"offered_ms":1,"answered_ms":1,"ended_ms":11,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"a2","enqueued_ms":100,"offered_ms":100,"answered_ms":100,"ended_ms":110,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c3","queue":"north_only","outcome":"answered","agent":"a1","enqueued_ms":200,"offered_ms":200,"answered_ms":200,"ended_ms":1200,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c4","queue":"north_only","outcome":"answered","agent":"a1","enqueued_ms":201,"offered_ms":1200,"answered_ms":1200,"ended_ms":1210,"waited_ms":999,"steps":0,"declined":0}
)");
}

TEST(GoldenTrace, AgentsComeGoAndRest) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true,"state":"not_ready","reason":"lunch"}
{"contact":"c1","at_ms":0,"channel":"voice","queue":"main","handle_ms":1000}
{"agent":"a1","at_ms":500,"state":"ready"}
{"agent":"a1","at_ms":600,"state":"not_ready","reason":"lunch"}
{"contact":"c2","at_ms":700,"channel":"voice","queue":"main","handle_ms":1000}
{"agent":"a1","at_ms":3000,"state":"ready"}
{"agent":"a1","at_ms":3001,"logout":true}
{"contact":"c3","at_ms":3002,"channel":"voice","queue":"main","handle_ms":1000,"patience_ms":5000}
{"agent":"a1","at_ms":6000,"login":true}
)"),
      R"({"contact":"c1","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":0,"offered_ms":500,"answered_ms":500,"ended_ms":1500,"waited_ms":500,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":700,"offered_ms":3000,"answered_ms":3000,"ended_ms":4000,"waited_ms":2300,"steps":0,"declined":0}
{"contact":"c3","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":3002,"offered_ms":6000,"answered_ms":6000,"ended_ms":7000,"waited_ms":2998,"steps":0,"declined":0}
)");
}

// The whole wait is told; the queue that was left counts a visit that overflowed.
TEST(GoldenTrace, QueuesThatAreFullOrTooSlowSendContactsOn) {
  const Simulated simulated = Simulate(
      kGoldenPolicy, R"({"contact":"c1","at_ms":0,"channel":"voice","queue":"first","handle_ms":10}
{"contact":"c2","at_ms":1,"channel":"voice","queue":"first","handle_ms":10}
{"agent":"a1","at_ms":6000,"login":true}
)");
  EXPECT_EQ(simulated.findings, "");
  EXPECT_EQ(
      simulated.rows,
      R"({"contact":"c1","queue":"second","outcome":"answered","agent":"a1","enqueued_ms":0,"offered_ms":6000,"answered_ms":6000,"ended_ms":6010,"waited_ms":6000,"steps":0,"declined":0}
{"contact":"c2","queue":"second","outcome":"answered","agent":"a1","enqueued_ms":1,"offered_ms":6010,"answered_ms":6010,"ended_ms":6020,"waited_ms":6009,"steps":0,"declined":0}
)");
  const SimulationFigures& figures = simulated.played.figures;
  const auto first = figures.model->FindQueue("first").index();
  const auto second = figures.model->FindQueue("second").index();
  EXPECT_EQ(figures.queues[first].overflowed, 2U);
  EXPECT_EQ(figures.queues[first].offered(), 2U);
  EXPECT_EQ(figures.queues[second].offered(), 2U);
  EXPECT_EQ(figures.total.offered(), 2U);
  EXPECT_EQ(figures.queues[second].all.max_ms(), 6009);
  EXPECT_EQ(figures.queues[second].all.Percentile(1), 2000);  // c1 had waited elsewhere before
}

// Of several offers at a time the one that is accepted counts, not the last.
TEST(GoldenTrace, ManyAgentsRingAtATime) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true}
{"contact":"c1","at_ms":10,"channel":"voice","queue":"crowd","handle_ms":10,"answer_ms":[15000,19000]}
{"agent":"a2","at_ms":5000,"login":true}
{"contact":"c2","at_ms":15010,"channel":"voice","queue":"main","handle_ms":10}
)"),
      R"({"contact":"c1","queue":"crowd","outcome":"answered","agent":"a1","enqueued_ms":10,"offered_ms":10,"answered_ms":15010,"ended_ms":15020,"waited_ms":15000,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"a2","enqueued_ms":15010,"offered_ms":15010,"answered_ms":15010,"ended_ms":15020,"waited_ms":0,"steps":0,"declined":0}
)");
}

TEST(GoldenTrace, AStepLetsMoreAgentsServe) {
  EXPECT_EQ(
      GoldenRows(R"({"agent":"a1","at_ms":0,"login":true,"skills":{"billing":3}}
{"contact":"c1","at_ms":100,"channel":"voice","queue":"choosy","handle_ms":10}
)"),
      R"({"contact":"c1","queue":"choosy","outcome":"answered","agent":"a1","enqueued_ms":100,"offered_ms":3100,"answered_ms":3100,"ended_ms":3110,"waited_ms":3000,"steps":1,"declined":0}
)");
}

TEST(GoldenTrace, FourChatsAtATimeAndTheFifthWaits) {
  std::string trace = R"({"agent":"a1","at_ms":0,"login":true})"
                      "\n";
  for (int i = 1; i <= 5; ++i) {
    trace += R"({"contact":"c)" + std::to_string(i) +
             R"(","at_ms":1,"channel":"chat","queue":"main","handle_ms":)" +
             std::to_string(100 * i) + "}\n";
  }
  const std::string rows = GoldenRows(trace);
  EXPECT_NE(rows.find(R"("contact":"c4","queue":"main","outcome":"answered","agent":"a1",)"
                      R"("enqueued_ms":1,"offered_ms":1,)"),
            std::string::npos)
      << rows;
  EXPECT_NE(rows.find(R"("contact":"c5","queue":"main","outcome":"answered","agent":"a1",)"
                      R"("enqueued_ms":1,"offered_ms":101,)"),
            std::string::npos)
      << rows;
}

TEST(GoldenTrace, AParkedConversationLastsSoMuchLonger) {
  const Simulated simulated = Simulate(
      R"(version: 1
channels: {voice: {wrap_up: none}, chat: {wrap_up: none, interruptible_by: [voice]}}
queues: {main: {}}
agents: {a1: }
)",
      R"({"agent":"a1","at_ms":0,"login":true}
{"contact":"t1","at_ms":1,"channel":"chat","queue":"main","handle_ms":100,"answer_ms":0}
{"contact":"c1","at_ms":50,"channel":"voice","queue":"main","handle_ms":30,"answer_ms":0}
{"contact":"c2","at_ms":90,"channel":"voice","queue":"main","handle_ms":7,"answer_ms":0}
)");
  ASSERT_EQ(simulated.findings, "");
  const auto ends = [&](const std::string& contact) {
    const auto row = simulated.rows.find("\"contact\":\"" + contact);
    const auto at = simulated.rows.find("\"ended_ms\":", row);
    return std::stoi(simulated.rows.substr(at + 11));
  };
  EXPECT_EQ(ends("c1"), 80);
  EXPECT_EQ(ends("c2"), 97);
  EXPECT_EQ(ends("t1"), 1 + 100 + 30 + 7);
}

std::string RowsOfLottery(std::uint64_t seed) {
  std::string trace;
  for (int i = 0; i < 10; ++i) {
    trace += R"({"agent":"a)" + std::to_string(i) + "\",\"at_ms\":0,\"login\":true}\n";
  }
  for (int i = 0; i < 5; ++i) {
    trace += R"({"contact":"c)" + std::to_string(i) +
             R"(","at_ms":0,"channel":"voice","queue":"lottery","handle_ms":10})" + "\n";
  }
  PlayOptions options;
  options.seed = seed;
  return Simulate(kGoldenPolicy, trace, options).rows;
}

TEST(GoldenTrace, LotsAreDrawnFromTheSeed) {
  EXPECT_EQ(RowsOfLottery(1), RowsOfLottery(1));
  EXPECT_NE(RowsOfLottery(1), RowsOfLottery(2));
}

// ---- How long it takes -------------------------------------------------------------------------

std::string EndOf(const std::string& handle, const std::string& agent) {
  const std::string rows =
      GoldenRows(agent + "\n" +
                 R"({"contact":"c1","at_ms":0,"channel":"voice","queue":"billing","handle_ms":)" +
                 handle + "}\n");
  const auto at = rows.find("\"ended_ms\":");
  return at == std::string::npos ? rows : rows.substr(at, rows.find(',', at) - at);
}

TEST(HandleTimes, AreTheAgentsTheLevelsOrEverybodys) {
  const std::string anna = R"({"agent":"anna","at_ms":0,"login":true,"skills":{"billing":6}})";
  EXPECT_EQ(EndOf("70", anna), "\"ended_ms\":70");
  EXPECT_EQ(EndOf(R"({"anna":10,"default":90})", anna), "\"ended_ms\":10");
  EXPECT_EQ(EndOf(R"({"ben":10,"default":90})", anna), "\"ended_ms\":90");
  EXPECT_EQ(EndOf(R"({"1":80,"5":40,"7":20})", anna), "\"ended_ms\":40");
  EXPECT_EQ(EndOf(R"({"billing:1":81,"billing:6":41,"german:1":1})", anna), "\"ended_ms\":41");
  EXPECT_EQ(EndOf(R"({"anna":10,"5":40})", anna), "\"ended_ms\":10");
}

TEST(HandleTimes, ThatSayNothingOfAnAgentAreWrong) {
  const Simulated simulated = Simulate(kGoldenPolicy, R"({"agent":"anna","at_ms":0,"login":true}
{"contact":"c1","at_ms":5,"channel":"voice","queue":"main","handle_ms":{"ben":10}}
)");
  EXPECT_EQ(simulated.findings,
            "t.jsonl:2:1: error: 'c1' came to 'anna', for whom 'handle_ms' says nothing "
            "(give it a \"default\")\n");
}

// ---- Wrap-up -----------------------------------------------------------------------------------

// When the second of two calls is answered, with one agent; each lasts 100 ms.
std::string SecondAnswer(const std::string& wrap_up, const std::string& row) {
  const std::string policy = "version: 1\nchannels: {voice: {connect: true, wrap_up: " + wrap_up +
                             "}}\nqueues: {main: {}}\n";
  const std::string call = R"(,"at_ms":0,"channel":"voice","queue":"main","handle_ms":100)";
  const Simulated simulated =
      Simulate(policy, R"({"agent":"a1","at_ms":0,"login":true})"
                       "\n{\"contact\":\"c1\"" +
                           call + row + "}\n{\"contact\":\"c2\"" + call + "}\n");
  EXPECT_EQ(simulated.findings, "");
  const std::string second = simulated.rows.substr(simulated.rows.find('\n') + 1);
  const auto at = second.find("\"answered_ms\":");
  return second.substr(at, second.find(',', at) - at);
}

TEST(WrapUps, AreThePolicysOrTheRows) {
  EXPECT_EQ(SecondAnswer("30s", ""), "\"answered_ms\":30100");
  EXPECT_EQ(SecondAnswer("30s", R"(,"wrap_up_ms":0)"), "\"answered_ms\":100");
  EXPECT_EQ(SecondAnswer("30s", R"(,"wrap_up_ms":50)"), "\"answered_ms\":150");
  EXPECT_EQ(SecondAnswer("30s", R"(,"wrap_up_ms":60000)"), "\"answered_ms\":60100");
  EXPECT_EQ(SecondAnswer("none", ""), "\"answered_ms\":100");
  EXPECT_EQ(SecondAnswer("none", R"(,"wrap_up_ms":70)"), "\"answered_ms\":170");
  EXPECT_EQ(SecondAnswer("{mode: timed_forced, duration: 9s}", R"(,"wrap_up_ms":0)"),
            "\"answered_ms\":100");
  EXPECT_EQ(SecondAnswer("{mode: optional, duration: 9s}", R"(,"wrap_up_ms":70)"),
            "\"answered_ms\":100");
  // Somebody who ends it himself does so at once, unless the row says when.
  EXPECT_EQ(SecondAnswer("mandatory", ""), "\"answered_ms\":100");
  EXPECT_EQ(SecondAnswer("mandatory", R"(,"wrap_up_ms":70)"), "\"answered_ms\":170");
}

}  // namespace
}  // namespace routerd::sim
