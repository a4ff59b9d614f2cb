#include "routerd/sim/workload.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "routerd/sim/seeded_random.h"
#include "tests/unit/sim/drawn.h"

namespace routerd::sim {
namespace {

constexpr char kWorkloadPolicy[] = R"(version: 1
channels: {voice: {connect: false, wrap_up: none}, chat: {wrap_up: 5s}}
skills: [billing]
groups: [north]
not_ready_reasons: [lunch]
queues: {main: {}, billing: {require: {billing: 2}, groups: [north]}}
)";

// ---- Chance ------------------------------------------------------------------------------------

TEST(SeededRandom, LogarithmAndExponentialAreRight) {
  for (int i = 1; i < 4'000; ++i) {
    const double x = std::pow(1.02, i - 2'000);
    EXPECT_NEAR(Logarithm(x), std::log(x), 1e-15 * std::max(1.0, std::abs(std::log(x))));
  }
  for (double x = -30; x < 30; x += 0.0137) {
    EXPECT_NEAR(Exponential(x) / std::exp(x), 1, 1e-14);
  }
}

// These are the same on every machine; if they change, every drawn trace does.
TEST(SeededRandom, DrawsTheSameForEver) {
  SeededRandom random(42, "calls");
  EXPECT_EQ(random.Next(), SeededRandom(42, "calls").Next());
  EXPECT_NE(SeededRandom(42, "calls").Next(), SeededRandom(43, "calls").Next());
  EXPECT_NE(SeededRandom(42, "calls").Next(), SeededRandom(42, "chats").Next());
  EXPECT_NE(random.Split(1).Next(), random.Split(2).Next());
}

struct Moments {
  double mean = 0;
  double variation = 0;  // standard deviation / mean
};

Moments MomentsOf(const std::string& distribution) {
  const auto model = ModelOf(kWorkloadPolicy);
  const Workload workload = WorkloadOf(
      "version: 1\ncontacts: {c: {queue: main, channel: voice, per_hour: 8000, handle: " +
          distribution + "}}\n",
      *model);
  WorkloadSource source(workload, 3);
  TraceRow row;
  double n = 0;
  double sum = 0;
  double squares = 0;
  while (source.Next(row)) {
    const auto ms = static_cast<double>(*row.contact.handle.otherwise_ms);
    n += 1;
    sum += ms;
    squares += ms * ms;
  }
  const double mean = sum / n;
  return {mean, std::sqrt(squares / n - mean * mean) / mean};
}

TEST(Distributions, HaveTheirMeansAndVariations) {
  const auto expect = [](const char* distribution, double mean, double variation) {
    const Moments moments = MomentsOf(distribution);
    EXPECT_NEAR(moments.mean / mean, 1, 0.01) << distribution;
    EXPECT_NEAR(moments.variation, variation, 0.02) << distribution;
  };
  expect("90s", 90'000, 0);
  expect("{constant: 90s}", 90'000, 0);
  expect("{exponential: 90s}", 90'000, 1);
  expect("{uniform: {from: 60s, to: 120s}}", 90'000, 60'000 / std::sqrt(12.0) / 90'000);
  expect("{erlang: {mean: 90s, phases: 4}}", 90'000, 0.5);
  expect("{lognormal: {mean: 90s, variation: 0.8}}", 90'000, 0.8);
}

// ---- Arrivals ----------------------------------------------------------------------------------

TEST(Arrivals, FollowTheRateOfEachInterval) {
  const auto model = ModelOf(kWorkloadPolicy);
  const Workload workload = WorkloadOf(R"(version: 1
days: 40
contacts:
  c:
    queue: main
    channel: voice
    rates: {every: 6h, per_hour: [100, 0, 50.5]}
    handle: 1s
)",
                                       *model);
  WorkloadSource source(workload, 3);
  TraceRow row;
  double count[4] = {};
  TimeMs last = 0;
  while (source.Next(row)) {
    ASSERT_GE(row.at_ms, last);
    last = row.at_ms;
    ++count[row.at_ms / (6 * 3'600'000) % 4];
  }
  // Within four standard deviations of 40 × 6 × the rate.
  EXPECT_NEAR(count[0], 24'000, 4 * std::sqrt(24'000));
  EXPECT_EQ(count[1], 0);
  EXPECT_NEAR(count[2], 12'120, 4 * std::sqrt(12'120));
  EXPECT_EQ(count[3], 0);
}

std::vector<std::string> Lines(const Workload& workload, std::uint64_t seed) {
  WorkloadSource source(workload, seed);
  TraceRow row;
  std::vector<std::string> lines;
  while (source.Next(row)) {
    lines.emplace_back();
    AppendTraceRow(row, lines.back());
  }
  return lines;
}

TEST(Arrivals, OfOneFlowDoNotDependOnOthers) {
  const auto model = ModelOf(kWorkloadPolicy);
  const std::string calls =
      "  calls: {queue: main, channel: voice, per_hour: 20, handle: {exponential: 60s}}\n";
  const auto alone = Lines(WorkloadOf("version: 1\ncontacts:\n" + calls, *model), 5);
  auto both = Lines(WorkloadOf("version: 1\ncontacts:\n  chats: {queue: main, channel: chat, "
                               "per_hour: 30, handle: 3m}\n" +
                                   calls,
                               *model),
                    5);
  EXPECT_GT(both.size(), alone.size());
  std::erase_if(both,
                [](const std::string& line) { return line.find("\"chats-") != std::string::npos; });
  EXPECT_EQ(both, alone);
}

// ---- Staff -------------------------------------------------------------------------------------

TEST(Shifts, ComeRestAndGoEveryDay) {
  const auto model = ModelOf(kWorkloadPolicy);
  const Workload workload = WorkloadOf(R"(version: 1
days: 2
contacts: {c: {queue: main, channel: voice, per_hour: 0, handle: 1s}}
agents:
  early:
    count: 1
    skills: {billing: 3}
    groups: [north]
    shifts:
      - {from: 8h, to: 16h, breaks: [{at: 4h, for: 30m, reason: lunch}]}
  late:
    count: 2
    shifts: [{from: 16h, to: 26h}]
)",
                                       *model);
  const std::string at_eight = R"("login":true,"skills":{"billing":3},"groups":["north"]})"
                               "\n";
  const std::vector<std::string> expected = {
      R"({"agent":"early-1","at_ms":28800000,)" + at_eight,
      "{\"agent\":\"early-1\",\"at_ms\":43200000,\"state\":\"not_ready\",\"reason\":\"lunch\"}\n",
      "{\"agent\":\"early-1\",\"at_ms\":45000000,\"state\":\"ready\"}\n",
      "{\"agent\":\"early-1\",\"at_ms\":57600000,\"logout\":true}\n",
      "{\"agent\":\"late-1\",\"at_ms\":57600000,\"login\":true}\n",
      "{\"agent\":\"late-2\",\"at_ms\":57600000,\"login\":true}\n",
      "{\"agent\":\"late-1\",\"at_ms\":93600000,\"logout\":true}\n",
      "{\"agent\":\"late-2\",\"at_ms\":93600000,\"logout\":true}\n",
      R"({"agent":"early-1","at_ms":115200000,)" + at_eight};
  auto lines = Lines(workload, 1);
  ASSERT_EQ(lines.size(), 16U);
  lines.resize(expected.size());
  EXPECT_EQ(lines, expected);
}

// ---- The trace that is kept --------------------------------------------------------------------

constexpr char kWorkload[] = R"(version: 1
contacts:
  calls:
    queue: billing
    channel: voice
    per_hour: 200
    priority: 3
    skills: {billing: 4}
    attributes: {tier: "go\"ld"}
    handle: {exponential: 3m}
    patience: {lognormal: {mean: 60s, variation: 1}}
    wrap_up: {uniform: {from: 0s, to: 20s}}
    answer: {erlang: {mean: 4s, phases: 2}}
  chats: {queue: main, channel: chat, per_hour: 100, handle: 4m}
agents:
  team: {count: 12, skills: {billing: 5}, groups: [north]}
  others: {count: 3, shifts: [{from: 8h, to: 16h, breaks: [{at: 1h, for: 15m}]}]}
)";

// The first lines of seed 1, as they must come out everywhere.
TEST(DrawnTrace, IsTheSameOnEveryMachine) {
  const auto model = ModelOf(kWorkloadPolicy);
  auto lines = Lines(WorkloadOf(kWorkload, *model), 1);
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("{\"agent\""); });
  lines.resize(3);
  std::string text;
  for (const std::string& line : lines) text += line;
  EXPECT_EQ(
      text,
      R"({"contact":"calls-1","at_ms":10160,"channel":"voice","queue":"billing","priority":3,"skills":{"billing":4},"attributes":{"tier":"go\"ld"},"handle_ms":311434,"wrap_up_ms":11190,"patience_ms":102259,"answer_ms":4336}
{"contact":"calls-2","at_ms":12298,"channel":"voice","queue":"billing","priority":3,"skills":{"billing":4},"attributes":{"tier":"go\"ld"},"handle_ms":98124,"wrap_up_ms":1194,"patience_ms":54148,"answer_ms":6286}
{"contact":"chats-1","at_ms":24026,"channel":"chat","queue":"main","handle_ms":240000}
)");
}

TEST(DrawnTrace, PlaysTheSameWhenItIsReadAgain) {
  const auto model = ModelOf(kWorkloadPolicy);
  const Workload workload = WorkloadOf(kWorkload, *model);
  std::string rows;
  PlayOptions options;
  options.model = model;
  options.write_rows = [&rows](std::string_view text) {
    rows += text;
    return Status::Ok();
  };
  WorkloadSource source(workload, 9);
  const PlayedTrace drawn = PlayRows(source, options);
  std::string trace;
  for (const std::string& line : Lines(workload, 9)) trace += line;
  const Simulated read = Simulate(kWorkloadPolicy, trace);
  EXPECT_EQ(read.findings, "");
  EXPECT_GT(rows.size(), 100'000U);
  EXPECT_EQ(read.rows, rows);
  EXPECT_EQ(read.played.figures.state_hash, drawn.figures.state_hash);
}

TEST(DrawnTrace, OfAnotherSeedIsAnother) {
  const auto model = ModelOf(kWorkloadPolicy);
  const Workload workload = WorkloadOf(kWorkload, *model);
  EXPECT_EQ(Lines(workload, 7), Lines(workload, 7));
  EXPECT_NE(Lines(workload, 7), Lines(workload, 8));
}

// ---- What is wrong -----------------------------------------------------------------------------

std::string FindingsOfWorkload(const std::string& text) {
  const CompiledWorkload compiled = CompileWorkload("w.yaml", text, *ModelOf(kWorkloadPolicy));
  EXPECT_FALSE(compiled.workload);
  return compiler::ToText(compiled.findings);
}

std::string FindingsOfFlow(const std::string& flow) {
  return FindingsOfWorkload("version: 1\ncontacts:\n  c: {queue: main, channel: voice, " + flow +
                            "}\n");
}

TEST(WorkloadErrors, SayWhereWhatAndWhatToDo) {
  const auto expect = [](const std::string& findings, const std::string& wanted) {
    EXPECT_NE(findings.find(wanted), std::string::npos) << findings;
  };
  expect(FindingsOfWorkload("contacts: {}\n"),
         "w.yaml:1:1: error: 'version' is missing (add version: 1)");
  expect(FindingsOfWorkload("version: 1\n"), "error: nothing arrives (add an entry to contacts)");
  expect(FindingsOfWorkload("version: 1\nday: 2\n"),
         "w.yaml:2:1: error: workload: unknown key 'day' (did "
         "you mean 'days'?)");
  expect(FindingsOfWorkload("version: 1\ndays: 401\n"), "w.yaml:2:7: error: ");
  expect(FindingsOfWorkload(
             "version: 1\ncontacts: {c: {queue: mian, channel: voice, per_hour: 1, handle: "
             "1s}}\n"),
         "w.yaml:2:23: error: contacts 'c': the policy has no queue 'mian' (did you mean 'main'?)");
  expect(FindingsOfFlow("per_hour: 1"), "w.yaml:3:3: error: contacts 'c': handle is missing");
  expect(FindingsOfFlow("handle: 1s"), "either per_hour or rates says how many");
  expect(FindingsOfFlow("per_hour: -1, handle: 1s"), "per_hour must be a number from 0 to");
  expect(FindingsOfFlow("per_hour: 1, handle: {exponential: 1s, constant: 2s}"),
         "handle must be one distribution (like 3m,");
  expect(FindingsOfFlow("per_hour: 1, handle: {lognormal: {mean: 1s}}"), "variation is missing");
  expect(FindingsOfFlow("per_hour: 1, handle: 30"), "must be a duration, not '30'");
  expect(FindingsOfFlow("rates: {every: 13h, per_hour: [1, 2]}, handle: 1s"),
         "goes beyond the day");
  expect(FindingsOfFlow("per_hour: 1, handle: 1s, skills: {biling: 2}"),
         "the policy has no skill 'biling' (did you mean 'billing'?)");
  const std::string contacts =
      "version: 1\ncontacts: {c: {queue: main, channel: voice, per_hour: 1, handle: 1s}}\n";
  expect(FindingsOfWorkload(contacts + "agents: {t: {}}\n"), "agents 't': count is missing");
  expect(FindingsOfWorkload(contacts + "agents: {t: {count: 1, groups: [nrth]}}\n"),
         "the policy has no group 'nrth' (did you mean 'north'?)");
  expect(FindingsOfWorkload(contacts + "agents: {t: {count: 1, shifts: [{from: 9h, to: 8h}]}}\n"),
         "w.yaml:3:");
}

}  // namespace
}  // namespace routerd::sim
