#include "routerd/sim/workload_source.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "routerd/base/limits.h"

namespace routerd::sim {
namespace {

constexpr TimeMs kWorkloadDayMs = 24LL * 3600 * 1000;
constexpr double kHourMs = 3600.0 * 1000;

SpanMs Rounded(double ms) {
  return static_cast<SpanMs>(std::clamp(ms + 0.5, 0.0, static_cast<double>(limits::kMaxSpanMs)));
}

SpanMs Draw(const Distribution& d, SeededRandom& random) {
  const auto mean = static_cast<double>(d.mean_ms);
  switch (d.kind) {
    case Distribution::Kind::kConstant:
      return d.mean_ms;
    case Distribution::Kind::kUniform:
      return Rounded(mean + random.Uniform() * static_cast<double>(d.to_ms - d.mean_ms));
    case Distribution::Kind::kExponential:
      return Rounded(mean * random.Exp1());
    case Distribution::Kind::kErlang: {
      double sum = 0;
      for (int i = 0; i < d.phases; ++i) sum += random.Exp1();
      return Rounded(mean * sum / d.phases);
    }
    case Distribution::Kind::kLognormal: {
      const double variance = Logarithm(1 + d.variation * d.variation);
      return Rounded(mean * Exponential(std::sqrt(variance) * random.Normal() - variance / 2));
    }
  }
  return 0;
}

}  // namespace

WorkloadSource::WorkloadSource(const Workload& workload, std::uint64_t seed)
    : workload_(workload), end_ms_(workload.days * kWorkloadDayMs) {
  for (std::uint32_t team = 0; team < workload_.teams.size(); ++team) {
    if (!workload_.teams[team].shifts.empty()) continue;
    for (int agent = 0; agent < workload_.teams[team].count; ++agent) {
      duties_.push({.at = 0, .order = 1, .team = team, .agent = static_cast<std::uint32_t>(agent)});
    }
  }
  for (std::size_t i = 0; i < workload_.flows.size(); ++i) {
    const std::string& name = workload_.flows[i].name;
    flows_.push_back(
        {SeededRandom(seed, "arrivals:" + name), SeededRandom(seed, "contacts:" + name)});
    PlanArrival(i);
  }
}

// Time is stretched so that the rate is 1: what an exponential draw leaves of an interval goes into
// the next.
void WorkloadSource::PlanArrival(std::size_t flow) {
  const Flow& of = workload_.flows[flow];
  FlowState& state = flows_[flow];
  const auto every = static_cast<double>(of.every_ms);
  double left = state.arrivals.Exp1();
  while (state.now_ms < static_cast<double>(end_ms_)) {
    const double day = std::floor(state.now_ms / kWorkloadDayMs) * kWorkloadDayMs;
    const auto interval = static_cast<std::size_t>((state.now_ms - day) / every);
    const bool any = interval < of.per_hour.size();
    const double per_ms = any ? of.per_hour[interval] / kHourMs : 0;
    const double until =
        any ? std::min(day + static_cast<double>(interval + 1) * every, day + kWorkloadDayMs)
            : day + kWorkloadDayMs;
    const double mass = (until - state.now_ms) * per_ms;
    if (left < mass) {
      state.now_ms += left / per_ms;
      arrivals_.push({static_cast<TimeMs>(state.now_ms), flow});
      return;
    }
    left -= mass;
    state.now_ms = until;
  }
}

void WorkloadSource::PlanShift(std::uint32_t team, std::uint32_t agent, const Shift& shift,
                               TimeMs day_at) {
  const TimeMs from = day_at + shift.from_ms;
  const TimeMs to = day_at + shift.to_ms;
  duties_.push({.at = from, .order = 1, .team = team, .agent = agent});
  for (const Break& pause : shift.breaks) {
    Duty duty{.at = from + pause.at_ms,
              .order = 1,
              .team = team,
              .agent = agent,
              .kind = AgentRow::Kind::kState,
              .ready = false,
              .reason = &pause.reason};
    if (duty.at >= to) continue;
    duties_.push(duty);
    duty.at += pause.for_ms;
    duty.ready = true;
    if (duty.at < to) duties_.push(duty);
  }
  duties_.push(
      {.at = to, .order = 0, .team = team, .agent = agent, .kind = AgentRow::Kind::kLogOut});
}

void WorkloadSource::PlanDay(int day) {
  for (std::uint32_t team = 0; team < workload_.teams.size(); ++team) {
    for (int agent = 0; agent < workload_.teams[team].count; ++agent) {
      for (const Shift& shift : workload_.teams[team].shifts) {
        PlanShift(team, static_cast<std::uint32_t>(agent), shift, day * kWorkloadDayMs);
      }
    }
  }
}

bool WorkloadSource::Next(TraceRow& row) {
  // A day is planned before anything of it, or after it, is given.
  for (;;) {
    const TimeMs next = std::min(duties_.empty() ? end_ms_ : duties_.top().at,
                                 arrivals_.empty() ? end_ms_ : arrivals_.top().at);
    if (planned_days_ >= workload_.days || next < planned_days_ * kWorkloadDayMs) break;
    PlanDay(planned_days_++);
  }
  if (arrivals_.empty() && duties_.empty()) return false;
  if (!duties_.empty() && (arrivals_.empty() || duties_.top().at <= arrivals_.top().at)) {
    const Duty duty = duties_.top();
    duties_.pop();
    Fill(duty, row);
    return true;
  }
  const Arrival arrival = arrivals_.top();
  arrivals_.pop();
  Fill(arrival, row);
  PlanArrival(arrival.flow);
  return true;
}

void WorkloadSource::Fill(const Duty& duty, TraceRow& row) const {
  const Team& team = workload_.teams[duty.team];
  row.line = 0;
  row.at_ms = duty.at;
  row.kind = RowKind::kAgent;
  row.agent.kind = duty.kind;
  row.agent.agent = team.name + "-" + std::to_string(duty.agent + 1);
  row.agent.ready = duty.ready;
  row.agent.reason = duty.reason == nullptr || duty.ready ? std::string() : *duty.reason;
  const bool comes = duty.kind == AgentRow::Kind::kLogIn;
  row.agent.skills = comes ? team.skills : std::nullopt;
  row.agent.groups = comes ? team.groups : std::nullopt;
}

void WorkloadSource::Fill(const Arrival& arrival, TraceRow& row) {
  const Flow& flow = workload_.flows[arrival.flow];
  FlowState& state = flows_[arrival.flow];
  SeededRandom random = state.contacts.Split(++state.count);
  row.line = 0;
  row.at_ms = arrival.at;
  row.kind = RowKind::kContact;
  row.contact = flow.contact;
  row.contact.contact = flow.name + "-" + std::to_string(state.count);
  row.contact.handle.otherwise_ms = Draw(flow.handle, random);
  if (flow.patience) row.contact.patience_ms = Draw(*flow.patience, random);
  if (flow.wrap_up) row.contact.wrap_up_ms = Draw(*flow.wrap_up, random);
  if (flow.answer) row.contact.answers = {{Answering::Kind::kAccept, Draw(*flow.answer, random)}};
}

}  // namespace routerd::sim
