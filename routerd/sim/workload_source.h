// Draws a trace from a workload: the same seed, the same trace on every machine.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "routerd/sim/seeded_random.h"
#include "routerd/sim/trace_row.h"
#include "routerd/sim/workload.h"

namespace routerd::sim {

// The arrivals of each flow are a Poisson process whose rate is constant in each interval. What a
// flow's n-th contact is like does not depend on other flows, nor on agents.
class WorkloadSource final : public TraceSource {
 public:
  // `workload` must outlive this.
  WorkloadSource(const Workload& workload, std::uint64_t seed);
  // In one instant those who leave, then agents in the order of the workload, then contacts.
  bool Next(TraceRow& row) override;

 private:
  struct Arrival {
    TimeMs at = 0;
    std::size_t flow = 0;
    friend bool operator>(const Arrival& a, const Arrival& b) {
      return a.at != b.at ? a.at > b.at : a.flow > b.flow;
    }
  };
  struct FlowState {
    SeededRandom arrivals;
    SeededRandom contacts;
    double now_ms = 0;
    std::uint64_t count = 0;
  };
  struct Duty {
    TimeMs at = 0;
    int order = 0;  // leaves 0, comes or changes 1
    std::uint32_t team = 0;
    std::uint32_t agent = 0;  // of the team
    AgentRow::Kind kind = AgentRow::Kind::kLogIn;
    bool ready = true;
    const std::string* reason = nullptr;
    friend bool operator>(const Duty& a, const Duty& b) {
      return std::tie(a.at, a.order, a.team, a.agent) > std::tie(b.at, b.order, b.team, b.agent);
    }
  };
  template <typename T>
  using Soonest = std::priority_queue<T, std::vector<T>, std::greater<>>;

  void PlanDay(int day);
  void PlanShift(std::uint32_t team, std::uint32_t agent, const Shift& shift, TimeMs day_at);
  void PlanArrival(std::size_t flow);
  void Fill(const Duty& duty, TraceRow& row) const;
  void Fill(const Arrival& arrival, TraceRow& row);

  const Workload& workload_;
  const TimeMs end_ms_;
  int planned_days_ = 0;
  std::vector<FlowState> flows_;
  Soonest<Arrival> arrivals_;
  Soonest<Duty> duties_;
};

// Appends the row as a line of a trace.
void AppendTraceRow(const TraceRow& row, std::string& to);

}  // namespace routerd::sim
