#include "routerd/sim/trace_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "tests/unit/sim/simulated.h"

namespace routerd::sim {
namespace {

constexpr char kReaderPolicy[] = R"(version: 1
channels: {voice: }
skills: [billing]
groups: [north]
queues: {main: , billing: {}}
)";

std::string FindingsOfTrace(const std::string& trace) {
  return Simulate(kReaderPolicy, trace).findings;
}

TEST(TraceReader, TakesEveryFieldOfAContact) {
  std::istringstream in(
      R"({"contact":"c1","at_ms":2759,"channel":"voice","queue":"billing","priority":-5,)"
      R"("skills":{"billing":2},"attributes":{"tier":"go\u006cd"},"handle_ms":23724,)"
      R"("wrap_up_ms":0,"patience_ms":50065,"answer_ms":["miss","reject",7]})"
      "\n");
  TraceReader reader("t.jsonl", in);
  TraceRow row;
  ASSERT_TRUE(reader.Next(row));
  EXPECT_EQ(row.line, 1);
  EXPECT_EQ(row.at_ms, 2759);
  EXPECT_EQ(row.kind, RowKind::kContact);
  EXPECT_EQ(row.contact.contact, "c1");
  EXPECT_EQ(row.contact.channel, "voice");
  EXPECT_EQ(row.contact.queue, "billing");
  EXPECT_EQ(row.contact.priority, -5);
  EXPECT_EQ(row.contact.skills, (NamedLevels{{"billing", 2}}));
  ASSERT_EQ(row.contact.attributes.size(), 1U);
  EXPECT_EQ(row.contact.attributes[0].second, "gold");
  EXPECT_EQ(row.contact.handle.otherwise_ms, 23724);
  EXPECT_EQ(row.contact.wrap_up_ms, 0);
  EXPECT_EQ(row.contact.patience_ms, 50065);
  ASSERT_EQ(row.contact.answers.size(), 3U);
  EXPECT_EQ(row.contact.answers[0].kind, Answering::Kind::kMiss);
  EXPECT_EQ(row.contact.answers[1].kind, Answering::Kind::kReject);
  EXPECT_EQ(row.contact.answers[2].after_ms, 7);
  EXPECT_FALSE(reader.Next(row));
  EXPECT_TRUE(reader.findings().empty());
}

TEST(TraceReader, ForgetsTheRowBefore) {
  std::istringstream in(
      R"({"contact":"c1","at_ms":0,"channel":"voice","queue":"main","priority":3,"skills":{"billing":2},"handle_ms":{"a":1},"patience_ms":5,"answer_ms":"miss"})"
      "\n\n  \r\n"
      R"({"contact":"c2","at_ms":0,"channel":"voice","queue":"main","handle_ms":4})");
  TraceReader reader("t.jsonl", in);
  TraceRow row;
  ASSERT_TRUE(reader.Next(row));
  ASSERT_TRUE(reader.Next(row));
  EXPECT_EQ(row.line, 4);
  EXPECT_FALSE(row.contact.priority);
  EXPECT_TRUE(row.contact.skills.empty());
  EXPECT_TRUE(row.contact.handle.by_key.empty());
  EXPECT_FALSE(row.contact.patience_ms);
  EXPECT_TRUE(row.contact.answers.empty());
}

TEST(TraceReader, ReadsRowsThatLieAcrossItsBuffers) {
  std::string trace;
  std::size_t rows = 0;
  for (; trace.size() < 3'000'000; ++rows) {
    trace += R"({"agent":"agent-)" + std::string(1 + rows % 90, 'x') + R"(","at_ms":)" +
             std::to_string(rows) + R"(,"login":true})" + "\n";
  }
  std::istringstream in(trace);
  TraceReader reader("t.jsonl", in);
  TraceRow row;
  std::size_t read = 0;
  while (reader.Next(row)) {
    ASSERT_EQ(row.at_ms, static_cast<TimeMs>(read));
    ++read;
    ASSERT_EQ(row.line, static_cast<std::int64_t>(read));
  }
  EXPECT_EQ(read, rows);
  EXPECT_TRUE(reader.findings().empty());
}

// ---- What is wrong, and where ------------------------------------------------------------------

struct WrongRow {
  std::string row;
  std::string finding;  // behind the file's name
};

TEST(TraceReader, SaysWhereARowIsWrongAndWhatToDo) {
  const std::vector<WrongRow> cases = {
      {"{", "1:1: error: not well-formed JSON: "},
      {R"({"agent":"a1","at_ms":0,"login":true} {})",
       "1:39: error: something stands behind the object"},
      {"[1]", "1:1: error: a row must be a JSON object"},
      {R"({"agent":"a1","at_ms":0,"logn":true})",
       "1:25: error: there is no field 'logn' (did you mean 'login'?)"},
      {R"({"agent":"a1","at_ms":0,"at_ms":1,"login":true})", "1:25: error: 'at_ms' stands twice"},
      {R"({"at_ms":0,"login":true})",
       "1:1: error: a row is about an agent or about a contact (it has either"},
      {R"({"agent":"a","contact":"c","at_ms":0})",
       "1:1: error: a row is about an agent or about a contact, not both"},
      {R"({"agent":"a1","login":true})", "1:1: error: 'at_ms' is missing (when it happens"},
      {R"({"agent":"a1","at_ms":"0","login":true})",
       "1:15: error: 'at_ms' must be a whole number of milliseconds"},
      {R"({"agent":"a1","at_ms":0.5,"login":true})",
       "1:15: error: 'at_ms' must be a whole number of milliseconds"},
      {R"({"agent":"a1","at_ms":-1,"login":true})", "is -1)"},
      {R"({"agent":"a1","at_ms":0,"login":false})", "1:25: error: 'login' can only be true"},
      {R"({"agent":"a1","at_ms":0})", "1:1: error: the row does not say what the agent does"},
      {R"({"agent":"a1","at_ms":0,"state":"redy"})",
       "1:25: error: 'state' must be \"ready\" or \"not_ready\", not 'redy' (did you mean "
       "'ready'?)"},
      {R"({"agent":"a1","at_ms":0,"login":true,"queue":"main"})",
       "1:38: error: 'queue' has no meaning in a row that logs an agent in"},
      {R"({"agent":"a1","at_ms":0,"login":true,"skills":{"billing":11}})",
       "1:48: error: 'billing' must be a level from 0 to 10 (is 11)"},
      {R"({"agent":"a1","at_ms":0,"login":true,"skills":{"x":1,"x":2}})",
       "1:54: error: 'x' stands twice in 'skills'"},
      {R"({"agent":"a1","at_ms":0,"login":true,"reason":"lunch"})",
       "1:38: error: 'reason' is why an agent is not ready"},
      {R"({"agent":"a1","at_ms":0,"state":"ready"})",
       "1:10: error: 'a1' is not logged in (he needs a row with \"login\":true before this one)"},
      {R"({"contact":"c","at_ms":0,"channel":"voice","handle_ms":1})", "'queue' is missing"},
      {R"({"contact":"c","at_ms":0,"channel":"voice","queue":"main"})", "'handle_ms' is missing"},
      {R"({"contact":"c","at_ms":0,"channel":"voice","queue":"mian","handle_ms":1})",
       "1:52: error: the policy has no queue 'mian' (did you mean 'main'?)"},
      {R"({"contact":"c","at_ms":0,"channel":"vioce","queue":"main","handle_ms":1})",
       "1:36: error: the policy has no channel 'vioce' (did you mean 'voice'?)"},
      {R"({"contact":"c","at_ms":0,"channel":"voice","queue":"main","skills":{"biling":1},"handle_ms":1})",
       "1:69: error: the policy has no skill 'biling' (did you mean 'billing'?)"},
      {R"({"contact":"c","at_ms":0,"channel":"voice","queue":"main","handle_ms":1,"priority":1001})",
       "'priority' must be a whole number from -1000 to 1000 (is 1001)"},
      {R"({"contact":"c","at_ms":0,"channel":"voice","queue":"main","handle_ms":1,"answer_ms":"mis"})",
       "must be milliseconds, \"miss\" or \"reject\", not 'mis' (did you mean 'miss'?)"},
      {R"({"contact":"c","at_ms":0,"channel":"voice","queue":"main","handle_ms":1,"answer_ms":[]})",
       "'answer_ms' as a list has 1 to 64 elements"},
      {R"({"contact":"ä","at_ms":0,"channel":"voice","queue":"mian","handle_ms":1})",
       "1:52: error: the policy has no queue"},
  };
  for (const WrongRow& c : cases) {
    const std::string findings = FindingsOfTrace(c.row + "\n");
    EXPECT_NE(findings.find(c.finding), std::string::npos) << c.row << "\n" << findings;
    EXPECT_EQ(findings.rfind("t.jsonl:1:", 0), 0U) << findings;
    EXPECT_EQ(std::count(findings.begin(), findings.end(), '\n'), 1) << findings;
  }
}

TEST(TraceReader, TellsEveryBadRowUpToALimit) {
  EXPECT_EQ(FindingsOfTrace("{}\n[]\n"
                            R"({"agent":"a1","at_ms":0,"login":true})"
                            "\n{}\n")
                .substr(0, 14),
            "t.jsonl:1:1: e");
  std::string trace;
  for (int i = 0; i < 1'000; ++i) trace += "[]\n";
  const std::string findings = FindingsOfTrace(trace);
  EXPECT_EQ(static_cast<std::size_t>(std::count(findings.begin(), findings.end(), '\n')),
            limits::kMaxTraceFindings);
}

TEST(TraceReader, WantsRowsInTheOrderOfTime) {
  EXPECT_EQ(FindingsOfTrace(R"({"agent":"a1","at_ms":7,"login":true})"
                            "\n"
                            R"({"agent":"a2","at_ms":6,"login":true})"
                            "\n"),
            "t.jsonl:2:15: error: at_ms 6 comes after 7 in line 1 (sort the rows by at_ms)\n");
}

TEST(TraceReader, WantsContactsToHaveIdsOfTheirOwn) {
  const std::string row =
      R"({"contact":"c1","at_ms":0,"channel":"voice","queue":"main","handle_ms":1})";
  EXPECT_EQ(FindingsOfTrace(row + "\n" + row + "\n"),
            "t.jsonl:2:12: error: 'c1' is here already (give every contact an id of its own)\n");
}

TEST(TraceReader, EndsAtARowThatIsFarTooLong) {
  std::string name;
  name.resize(10'000'000, 'x');
  const std::string findings = FindingsOfTrace("{\"agent\":\"" + name + "\"}\n{}\n");
  EXPECT_EQ(
      findings,
      "t.jsonl:1:1: error: a row has at most 65536 bytes (one JSON object a line; the rest of "
      "the file is not read)\n");
}

TEST(TraceReader, WarnsOnceOfNamesThatMakeNoDifference) {
  const Simulated simulated = Simulate(
      kReaderPolicy, R"({"agent":"a1","at_ms":0,"login":true,"skills":{"piano":5},"groups":["nrth"]}
{"agent":"a2","at_ms":0,"login":true,"skills":{"piano":5},"state":"not_ready","reason":"tea"}
)");
  EXPECT_EQ(simulated.findings, "");
  EXPECT_EQ(simulated.played.warnings,
            (std::vector<std::string>{"the policy has no skill 'piano': agents have it in vain",
                                      "the policy has no group 'nrth': agents are in it in vain",
                                      "the policy has no not-ready reason 'tea': it is not told"}));
}

}  // namespace
}  // namespace routerd::sim
