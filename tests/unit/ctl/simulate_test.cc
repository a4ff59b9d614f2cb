// `routerctl simulate`: files in, rows and a summary out; or nothing, and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "routerd/ctl/run.h"

namespace routerd::ctl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kSimulatedPolicy[] = R"(version: 1
channels: {voice: {connect: false, wrap_up: none}}
queues: {main: {service_level: 80% in 2s}}
)";

constexpr char kSimulatedTrace[] = R"({"agent":"a1","at_ms":0,"login":true}
{"contact":"c1","at_ms":1000,"channel":"voice","queue":"main","handle_ms":3000}
{"contact":"c2","at_ms":2000,"channel":"voice","queue":"main","handle_ms":1000}
)";

constexpr char kSimulatedWorkload[] = R"(version: 1
contacts: {calls: {queue: main, channel: voice, per_hour: 30, handle: {exponential: 1m}}}
agents: {team: {count: 2}}
)";

class SimulateTest : public testing::Test {
 public:
  ~SimulateTest() override { std::filesystem::remove_all(dir_); }

 protected:
  struct Ran {
    ExitCode code;
    std::string out;
    std::string err;
  };

  SimulateTest() : dir_(testing::TempDir() + "simulate.XXXXXX") {
    if (mkdtemp(dir_.data()) == nullptr) ADD_FAILURE() << "no temporary directory";
    dir_ += '/';
    Write("p.yaml", kSimulatedPolicy);
    Write("t.jsonl", kSimulatedTrace);
    Write("w.yaml", kSimulatedWorkload);
  }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(dir_ + name) << text;
  }
  [[nodiscard]] std::string Read(const std::string& name) const {
    std::ifstream file(dir_ + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] bool Exists(const std::string& name) const {
    return std::filesystem::exists(dir_ + name);
  }
  // Words that end like files are files of the test's folder.
  [[nodiscard]] Ran Simulate(std::vector<std::string> words) const {
    words.insert(words.begin(), {"routerctl", "simulate"});
    std::vector<const char*> argv;
    for (std::string& word : words) {
      if (word.ends_with(".yaml") || word.ends_with(".jsonl")) word.insert(0, dir_);
      argv.push_back(word.c_str());
    }
    std::ostringstream out;
    std::ostringstream err;
    const ExitCode code = ctl::Run(static_cast<int>(argv.size()), argv.data(), {out, err});
    return {code, out.str(), err.str()};
  }

  std::string dir_;
};

TEST_F(SimulateTest, PlaysATrace) {
  const Ran ran = Simulate({"--policy", "p.yaml", "--trace", "t.jsonl", "--out", "o.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("{\n  \"seed\": 1,\n  \"span_ms\": 5000,\n"));
  EXPECT_THAT(ran.out, HasSubstr("\"answered_only\": 1"));
  EXPECT_THAT(ran.out, HasSubstr("\"state_hash\": \""));
  EXPECT_EQ(
      Read("o.jsonl"),
      R"({"contact":"c1","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":1000,"offered_ms":1000,"answered_ms":1000,"ended_ms":4000,"waited_ms":0,"steps":0,"declined":0}
{"contact":"c2","queue":"main","outcome":"answered","agent":"a1","enqueued_ms":2000,"offered_ms":4000,"answered_ms":4000,"ended_ms":5000,"waited_ms":2000,"steps":0,"declined":0}
)");
  EXPECT_EQ(Simulate({"--policy", "p.yaml", "--trace", "t.jsonl"}).out, ran.out);
}

TEST_F(SimulateTest, WritesNothingWhenTheTraceIsWrong) {
  Write("t.jsonl",
        std::string(kSimulatedTrace) +
            R"({"contact":"c3","at_ms":2000,"channel":"voice","queue":"mian","handle_ms":1})");
  Write("o.jsonl", "as before");
  const Ran ran = Simulate({"--policy", "p.yaml", "--trace", "t.jsonl", "--out", "o.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kFailed);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err,
              HasSubstr("t.jsonl:4:56: error: the policy has no queue 'mian' (did you mean "
                        "'main'?)\nrouterctl: the trace has errors; nothing was simulated"));
  EXPECT_EQ(Read("o.jsonl"), "as before");
}

TEST_F(SimulateTest, TellsErrorsAsJsonToo) {
  Write("t.jsonl", "{}\n");
  const Ran ran = Simulate({"--json", "--policy", "p.yaml", "--trace", "t.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kFailed);
  EXPECT_THAT(ran.err, StartsWith(R"({"error":{"code":"INVALID_ARGUMENT")"));
  EXPECT_THAT(ran.err, HasSubstr(R"("code": "bad_row")"));
}

TEST_F(SimulateTest, RefusesABadPolicy) {
  Write("p.yaml", "version: 1\nqueus: {}\n");
  const Ran ran = Simulate({"--policy", "p.yaml", "--trace", "t.jsonl", "--out", "o.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kFailed);
  EXPECT_THAT(ran.err, HasSubstr("p.yaml:2:1: error: "));
  EXPECT_FALSE(Exists("o.jsonl"));
}

TEST_F(SimulateTest, NeedsFilesThatAreThere) {
  EXPECT_THAT(Simulate({"--policy", "no.yaml", "--trace", "t.jsonl"}).err, HasSubstr("no.yaml"));
  EXPECT_THAT(Simulate({"--policy", "p.yaml", "--trace", "no.jsonl"}).err, HasSubstr("no.jsonl"));
  EXPECT_THAT(Simulate({"--policy", "p.yaml", "--workload", "no.yaml"}).err, HasSubstr("no.yaml"));
  const Ran ran = Simulate({"--policy", "p.yaml", "--trace", "t.jsonl", "--out", "no/o.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kFailed);
  EXPECT_THAT(ran.err, HasSubstr("no/o.jsonl"));
}

TEST_F(SimulateTest, RefusesAWrongCommandLine) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {},
           {"--policy", "p.yaml"},
           {"--trace", "t.jsonl"},
           {"--policy", "p.yaml", "--trace", "t.jsonl", "--workload", "w.yaml"},
           {"--policy", "p.yaml", "--trace", "t.jsonl", "--runs", "2"},
           {"--policy", "p.yaml", "--trace", "t.jsonl", "--write-trace", "k.jsonl"},
           {"--policy", "p.yaml", "--workload", "w.yaml", "--runs", "2", "--write-trace",
            "k.jsonl"},
           {"--policy", "p.yaml", "--workload", "w.yaml", "--runs", "0"},
           {"--policy", "p.yaml", "--workload", "w.yaml", "--seed", "-1"},
           {"--policy", "p.yaml", "--workload", "w.yaml", "--short-abandon", "5"}}) {
    const Ran ran = Simulate(words);
    EXPECT_EQ(ran.code, ExitCode::kUsage) << testing::PrintToString(words) << ran.err;
  }
}

TEST_F(SimulateTest, DrawsATraceAndKeepsIt) {
  const Ran drawn = Simulate({"--policy", "p.yaml", "--workload", "w.yaml", "--seed", "4",
                              "--write-trace", "k.jsonl", "--out", "o.jsonl"});
  EXPECT_EQ(drawn.code, ExitCode::kOk) << drawn.err;
  EXPECT_THAT(Read("k.jsonl"), StartsWith(R"({"agent":"team-1","at_ms":0,"login":true})"));
  const Ran read =
      Simulate({"--policy", "p.yaml", "--trace", "k.jsonl", "--seed", "4", "--out", "again.jsonl"});
  EXPECT_EQ(read.out, drawn.out);
  EXPECT_EQ(Read("again.jsonl"), Read("o.jsonl"));
  EXPECT_NE(Simulate({"--policy", "p.yaml", "--workload", "w.yaml", "--seed", "5"}).out, drawn.out);
}

TEST_F(SimulateTest, PlaysSeveralRuns) {
  const Ran ran =
      Simulate({"--policy", "p.yaml", "--workload", "w.yaml", "--runs", "3", "--out", "o.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("{\n  \"runs\": 3,\n  \"first_seed\": 1,\n"));
  EXPECT_THAT(ran.out, HasSubstr("\"half_width_95\": "));
  EXPECT_THAT(Read("o.jsonl"), StartsWith(R"({"run":1,"contact":"calls-)"));
  EXPECT_THAT(Read("o.jsonl"), HasSubstr(R"({"run":3,"contact":"calls-1",)"));
}

TEST_F(SimulateTest, RefusesABadWorkload) {
  Write("w.yaml", "version: 1\ncontacts: {c: {queue: main, channel: voice, handle: 1s}}\n");
  const Ran ran =
      Simulate({"--policy", "p.yaml", "--workload", "w.yaml", "--write-trace", "k.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kFailed);
  EXPECT_THAT(ran.err, HasSubstr("w.yaml:2:12: error: contacts 'c': either per_hour or rates"));
  EXPECT_FALSE(Exists("k.jsonl"));
}

TEST_F(SimulateTest, WarnsOfWhatMakesNoDifference) {
  Write("t.jsonl", R"({"agent":"a1","at_ms":0,"login":true,"skills":{"piano":3}})"
                   "\n");
  const Ran ran = Simulate({"--policy", "p.yaml", "--trace", "t.jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_EQ(ran.err,
            "routerctl: warning: the policy has no skill 'piano': agents have it in vain\n");
}

TEST_F(SimulateTest, SaysWhatAShortAbandonIs) {
  EXPECT_THAT(Simulate({"--policy", "p.yaml", "--trace", "t.jsonl"}).out,
              HasSubstr("\"short_ms\": 5000"));
  EXPECT_THAT(
      Simulate({"--policy", "p.yaml", "--trace", "t.jsonl", "--short-abandon", "250ms"}).out,
      HasSubstr("\"short_ms\": 250"));
}

}  // namespace
}  // namespace routerd::ctl
