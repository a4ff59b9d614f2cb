#include "routerd/sim/simulation_figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "routerd/base/hash.h"
#include "routerd/sim/summary.h"
#include "tests/unit/sim/simulated.h"

namespace routerd::sim {
namespace {

// ---- Waits -------------------------------------------------------------------------------------

TEST(WaitHistogram, KnowsNothingOfNothing) {
  const WaitHistogram empty;
  EXPECT_FALSE(empty.MeanMs());
  EXPECT_FALSE(empty.Percentile(50));
}

TEST(WaitHistogram, TellsNearestRanks) {
  WaitHistogram waits;
  for (const SpanMs wait : {30, 10, 40, 20}) waits.Add(wait);
  EXPECT_EQ(waits.MeanMs(), 25);
  EXPECT_EQ(waits.Percentile(1), 10);
  EXPECT_EQ(waits.Percentile(25), 10);
  EXPECT_EQ(waits.Percentile(26), 20);
  EXPECT_EQ(waits.Percentile(50), 20);
  EXPECT_EQ(waits.Percentile(99), 40);
  EXPECT_EQ(waits.max_ms(), 40);
}

TEST(WaitHistogram, IsExactForShortWaitsAndNearForLongOnes) {
  std::vector<SpanMs> waits;
  WaitHistogram histogram;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto wait = static_cast<SpanMs>(Mix64(i) >> (40 + i % 24));
    waits.push_back(wait);
    histogram.Add(wait);
  }
  std::sort(waits.begin(), waits.end());
  for (int percent = 1; percent < 100; ++percent) {
    const SpanMs exact = waits[(waits.size() * static_cast<std::size_t>(percent) + 99) / 100 - 1];
    const SpanMs told = *histogram.Percentile(percent);
    EXPECT_GE(told, exact);
    EXPECT_LE(told, exact < 16'384 ? exact : exact + exact / 8192 + 1);
  }
  EXPECT_EQ(histogram.max_ms(), waits.back());
}

// ---- Service levels ----------------------------------------------------------------------------

QueueFigures Figures(const std::vector<SpanMs>& answered, const std::vector<SpanMs>& abandoned) {
  QueueFigures figures;
  for (const SpanMs wait : answered) figures.Add(ContactOutcome::kAnswered, wait, 20'000, 5'000);
  for (const SpanMs wait : abandoned) figures.Add(ContactOutcome::kAbandoned, wait, 20'000, 5'000);
  return figures;
}

TEST(ServiceLevels, EachVariantByItsFormula) {
  // A = 4, A_T = 3, B = 3, B_T = 2, B_s = 1.
  const ServiceLevels levels =
      ServiceLevelsOf(Figures({0, 1'000, 20'000, 20'001}, {5'000, 20'000, 20'001}));
  EXPECT_DOUBLE_EQ(*levels.ignore_abandons, 3.0 / 5);
  EXPECT_DOUBLE_EQ(*levels.abandons_negative, 3.0 / 7);
  EXPECT_DOUBLE_EQ(*levels.abandons_positive, 5.0 / 7);
  EXPECT_DOUBLE_EQ(*levels.answered_only, 3.0 / 4);
  EXPECT_DOUBLE_EQ(*levels.short_excluded, 3.0 / 6);
}

TEST(ServiceLevels, AreAbsentWhereThereIsNothingToSay) {
  const ServiceLevels none = ServiceLevelsOf({});
  EXPECT_FALSE(none.ignore_abandons || none.abandons_negative || none.abandons_positive ||
               none.answered_only || none.short_excluded);
  const ServiceLevels one_short = ServiceLevelsOf(Figures({}, {1'000}));
  EXPECT_FALSE(one_short.ignore_abandons);
  EXPECT_EQ(one_short.abandons_negative, 0.0);
  EXPECT_EQ(one_short.abandons_positive, 1.0);
  EXPECT_FALSE(one_short.answered_only);
  EXPECT_FALSE(one_short.short_excluded);
}

// ---- Occupancy ---------------------------------------------------------------------------------

TEST(Occupancy, IsTheShareOfWorkInTheTimeOnDuty) {
  Occupancy occupancy;
  occupancy.Set(AgentNo(0), 0, AgentTime::kFree);
  occupancy.Set(AgentNo(0), 100, AgentTime::kAtWork);
  occupancy.Set(AgentNo(0), 400, AgentTime::kAway);
  occupancy.Set(AgentNo(2), 0, AgentTime::kFree);
  occupancy.Set(AgentNo(2), 500, AgentTime::kAtWork);
  occupancy.EndAt(1'000);
  const Occupancy::Result result = occupancy.Get();
  EXPECT_EQ(result.agents, 2U);
  EXPECT_DOUBLE_EQ(*result.mean, 0.625);
  EXPECT_DOUBLE_EQ(*result.stddev, 0.125);
  EXPECT_DOUBLE_EQ(*result.min, 0.5);
  EXPECT_DOUBLE_EQ(*result.max, 0.75);
}

TEST(Occupancy, CountsFromAnInstantOn) {
  Occupancy occupancy;
  occupancy.Set(AgentNo(0), 0, AgentTime::kAtWork);
  occupancy.StartAt(1'000);
  occupancy.Set(AgentNo(0), 1'100, AgentTime::kFree);
  occupancy.EndAt(1'400);
  EXPECT_DOUBLE_EQ(*occupancy.Get().mean, 0.25);
}

TEST(Occupancy, IsAbsentWithoutAnybodyOnDuty) {
  EXPECT_EQ(Occupancy().Get().agents, 0U);
  EXPECT_FALSE(Occupancy().Get().mean);
}

// ---- Summaries ---------------------------------------------------------------------------------

constexpr char kFiguresPolicy[] = R"(version: 1
channels: {voice: {connect: false, wrap_up: none}}
queues: {main: {service_level: 90% in 1s}}
)";

constexpr char kSummary[] = R"({
  "seed": 7,
  "span_ms": 5000,
  "total": {
    "offered": 3,
    "answered": 2,
    "abandoned": 1,
    "expired": 0,
    "refused": 0,
    "waiting": 0,
    "wait_ms": {
      "mean": 833.333333,
      "p50": 500,
      "p90": 2000,
      "p95": 2000,
      "p99": 2000,
      "max": 2000
    },
    "answered_wait_ms": {
      "mean": 1000,
      "p50": 0,
      "p90": 2000,
      "p95": 2000,
      "p99": 2000,
      "max": 2000
    },
    "abandoned_wait_ms": {
      "mean": 500,
      "p50": 500,
      "p90": 500,
      "p95": 500,
      "p99": 500,
      "max": 500
    },
    "service_level": {
      "short_ms": 5000,
      "ignore_abandons": 0.5,
      "abandons_negative": 0.333333,
      "abandons_positive": 0.666667,
      "answered_only": 0.5,
      "short_excluded": 0.5
    }
  },
  "queues": {
    "main": {
      "offered": 3,
      "answered": 2,
      "abandoned": 1,
      "expired": 0,
      "refused": 0,
      "waiting": 0,
      "overflowed": 0,
      "wait_ms": {
        "mean": 833.333333,
        "p50": 500,
        "p90": 2000,
        "p95": 2000,
        "p99": 2000,
        "max": 2000
      },
      "answered_wait_ms": {
        "mean": 1000,
        "p50": 0,
        "p90": 2000,
        "p95": 2000,
        "p99": 2000,
        "max": 2000
      },
      "abandoned_wait_ms": {
        "mean": 500,
        "p50": 500,
        "p90": 500,
        "p95": 500,
        "p99": 500,
        "max": 500
      },
      "service_level": {
        "within_ms": 1000,
        "target": 0.9,
        "short_ms": 5000,
        "ignore_abandons": 0.5,
        "abandons_negative": 0.333333,
        "abandons_positive": 0.666667,
        "answered_only": 0.5,
        "short_excluded": 0.5
      }
    }
  },
  "agents": {
    "count": 1,
    "occupancy": {
      "mean": 0.8,
      "stddev": 0,
      "min": 0.8,
      "max": 0.8
    }
  },
  "state_hash": "0000000000000012"
}
)";

TEST(Summary, TellsAllFigures) {
  Simulated simulated = Simulate(kFiguresPolicy, R"({"agent":"a1","at_ms":0,"login":true}
{"contact":"c1","at_ms":1000,"channel":"voice","queue":"main","handle_ms":3000}
{"contact":"c2","at_ms":2000,"channel":"voice","queue":"main","handle_ms":1000}
{"contact":"c3","at_ms":2000,"channel":"voice","queue":"main","handle_ms":1000,"patience_ms":500}
)");
  simulated.played.figures.state_hash = 0x12;
  EXPECT_EQ(SummaryText(simulated.played.figures, 7), kSummary);
}

TEST(Summary, OfSeveralRunsHasIntervals) {
  const std::vector<RunMetrics> runs = {
      {5, 1, {{{"queues", "main", "offered"}, 10}, {{"agents", "count"}, 2}}},
      {6, 2, {{{"queues", "main", "offered"}, 14}, {{"queues", "main", "p50"}, 3}}}};
  // s = 2.828427, √n = 1.414214: t × 2.
  EXPECT_EQ(RunsText(runs), R"({
  "runs": 2,
  "first_seed": 5,
  "queues": {
    "main": {
      "offered": {"mean": 12, "half_width_95": 25.4124, "runs": 2},
      "p50": {"mean": 3, "runs": 1}
    }
  },
  "agents": {
    "count": {"mean": 2, "runs": 1}
  },
  "state_hashes": ["0000000000000001", "0000000000000002"]
}
)");
}

// From the tables of Abramowitz and Stegun, 26.10, and of NIST's handbook.
TEST(Confidence, KnowsStudentsQuantiles) {
  EXPECT_NEAR(StudentQuantile(1), 12.706, 0.001);
  EXPECT_NEAR(StudentQuantile(9), 2.262, 0.001);
  EXPECT_NEAR(StudentQuantile(30), 2.042, 0.001);
  EXPECT_NEAR(StudentQuantile(31), 2.0395, 0.0001);
  EXPECT_NEAR(StudentQuantile(40), 2.0211, 0.0001);
  EXPECT_NEAR(StudentQuantile(120), 1.9799, 0.0001);
  EXPECT_NEAR(StudentQuantile(1'000'000), 1.95997, 0.0001);
}

TEST(Confidence, OfOneRunHasNoWidth) {
  const Interval interval = IntervalOf({4.5});
  EXPECT_EQ(interval.runs, 1U);
  EXPECT_EQ(interval.mean, 4.5);
  EXPECT_EQ(interval.half_width, 0);
}

// ---- The same again ----------------------------------------------------------------------------

TEST(Simulation, OfTheSameTraceHasTheSameHashAndRows) {
  std::string trace;
  for (int i = 0; i < 20; ++i) {
    trace += R"({"agent":"a)" + std::to_string(i) + R"(","at_ms":0,"login":true})" + "\n";
  }
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    trace += R"({"contact":"c)" + std::to_string(i) + R"(","at_ms":)" + std::to_string(20 * i) +
             R"(,"channel":"voice","queue":"main","priority":)" + std::to_string(Mix64(i) % 5) +
             R"(,"handle_ms":)" + std::to_string(Mix64(i + 9'000) % 900) + R"(,"patience_ms":)" +
             std::to_string(Mix64(i + 99'000) % 3'000) + "}\n";
  }
  const Simulated once = Simulate(kFiguresPolicy, trace);
  const Simulated twice = Simulate(kFiguresPolicy, trace);
  EXPECT_EQ(once.findings, "");
  EXPECT_EQ(std::count(once.rows.begin(), once.rows.end(), '\n'), 5'000);
  EXPECT_EQ(once.rows, twice.rows);
  EXPECT_EQ(once.played.figures.state_hash, twice.played.figures.state_hash);
  const Simulated other = Simulate(kFiguresPolicy, trace.substr(0, trace.rfind("{\"contact\"")));
  EXPECT_NE(once.played.figures.state_hash, other.played.figures.state_hash);
}

}  // namespace
}  // namespace routerd::sim
