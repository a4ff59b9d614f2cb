#include "tests/unit/core/coverage.h"

#include <utility>
#include <variant>

namespace routerd::core {
namespace {

// So many words each of the policy's rules has: all of them must have been in force.
const std::pair<const char*, unsigned> kRules[] = {
    {"order", 4},
    {"idle_since", 3},
    {"idle_per_channel", 2},
    {"accept_by", 3},
    {"connect", 2},
    {"frees inactive", 2},
    {"wrap_up", 5},
    {"wrap_up holds room", 2},
    {"wrap_up extended", 2},
    {"mode", 3},
    {"offer", 4},
    {"last_agent", 3},
    {"retry", 3},
    {"step_from", 2},
    {"select", 16},
    {"when_full overflows", 2},
    {"when_closed overflows", 2},
    {"when_waited overflows", 2},
    {"when_full treats", 2},
    {"when_closed treats", 2},
    {"when_waited treats", 2},
    {"when_not_joined treats", 2},
    {"when_left treats", 2},
    {"cap", 2},
    {"ratio stated", 2},
    {"arrival rate stated", 2},
    {"quadratic cost", 2},
    {"aht stated", 2},
    {"members by skill", 2},
    {"also", 2},
    {"step: after", 2},
    {"step: when", 2},
    {"step: skip_if", 2},
    {"step: groups", 2},
    {"step: lower", 2},
    {"step: drop", 2},
    {"step: require", 2},
    {"step: reset_declined", 2},
    {"profile serves others", 2},
    {"profile delay", 2},
};

constexpr auto kLastVerdict = Verdict::kGatewayAbsent;

}  // namespace

void Coverage::SeeWrapUp(const model::WrapUp& wrap_up) {
  SeeRule("wrap_up", static_cast<unsigned>(wrap_up.mode));
  SeeRule("wrap_up holds room", wrap_up.holds_room ? 1 : 0);
  SeeRule("wrap_up extended", wrap_up.extend_ms != 0 ? 1 : 0);
}

void Coverage::SeeQueue(const model::Queue& q) {
  const auto enumerated = [this](const char* rule, auto word) {
    SeeRule(rule, static_cast<unsigned>(word));
  };
  const auto there = [this](const char* rule, bool is) { SeeRule(rule, is ? 1 : 0); };
  if (q.wrap_up) SeeWrapUp(*q.wrap_up);
  enumerated("mode", q.mode);
  enumerated("offer", q.offer.mode);
  enumerated("last_agent", q.last_agent.mode);
  enumerated("retry", q.retry);
  enumerated("step_from", q.step_from);
  for (const model::SelectKey& key : q.select) enumerated("select", key.by);
  there("when_full overflows", q.when_full.overflow.valid());
  there("when_closed overflows", q.when_closed.overflow.valid());
  there("when_waited overflows", q.when_waited.overflow.valid());
  there("when_full treats", q.max_waiting && q.when_full.treat.valid());
  there("when_closed treats", q.when_closed.treat.valid());
  there("when_waited treats", q.max_wait_ms && q.when_waited.treat.valid());
  there("when_not_joined treats", q.join_if && q.when_not_joined.treat.valid());
  there("when_left treats", q.leave_if && q.when_left.treat.valid());
  there("cap", q.cap.has_value());
  there("ratio stated", q.ratio_milli.has_value());
  there("arrival rate stated", q.arrivals_per_hour_milli.has_value());
  there("quadratic cost", q.cost_quadratic);
  there("aht stated", q.aht_stated);
  there("members by skill", q.members.has_value());
  there("also", !q.also.empty());
  for (const model::Step& step : q.steps) {
    there("step: after", step.after_ms.has_value());
    there("step: when", step.when.has_value());
    there("step: skip_if", step.skip_if.has_value());
    there("step: groups", !step.groups.empty());
    there("step: lower", !step.lower.empty());
    there("step: drop", !step.drop.empty());
    there("step: require", step.require.has_value());
    there("step: reset_declined", step.reset_declined);
  }
}

void Coverage::See(const model::Model& model) {
  SeeRule("order", static_cast<unsigned>(model.order));
  SeeRule("idle_since", static_cast<unsigned>(model.idle_since));
  SeeRule("idle_per_channel", model.idle_per_channel ? 1 : 0);
  for (const model::Channel& channel : model.channels) {
    SeeRule("accept_by", static_cast<unsigned>(channel.accept_by));
    SeeRule("connect", channel.connect ? 1 : 0);
    SeeRule("frees inactive", channel.frees_inactive ? 1 : 0);
    SeeWrapUp(channel.wrap_up);
  }
  for (const model::Queue& queue : model.queues) SeeQueue(queue);
  for (const model::Profile& profile : model.profiles) {
    SeeRule("profile serves others", profile.serves_others ? 1 : 0);
    for (const model::ProfileQueue& entry : profile.queues) {
      SeeRule("profile delay", entry.delay_ms != 0 ? 1 : 0);
    }
  }
}

void Coverage::See(const Effects& effects) {
  for (const Effect& effect : effects) effects_.insert(effect.index());
}

void Coverage::SeeVerdicts(const Core& core) {
  core.ForEachContact([&](ContactNo no, const Contact&) {
    for (std::uint32_t agent = 0; agent < core.agent_count(); ++agent) {
      verdicts_.insert(core.Judge(no, AgentNo(agent)));
    }
  });
}

void Coverage::Add(const Coverage& other) {
  rules_.insert(other.rules_.begin(), other.rules_.end());
  events_.insert(other.events_.begin(), other.events_.end());
  effects_.insert(other.effects_.begin(), other.effects_.end());
  refusals_.insert(other.refusals_.begin(), other.refusals_.end());
  verdicts_.insert(other.verdicts_.begin(), other.verdicts_.end());
}

std::string Coverage::Missing() const {
  std::string missing;
  const auto lacks = [&](const std::string& what) { missing += what + "\n"; };
  for (const auto& [rule, words] : kRules) {
    for (unsigned value = 0; value < words; ++value) {
      if (!rules_.count({rule, value})) lacks(std::string(rule) + " " + std::to_string(value));
    }
  }
  for (std::size_t i = 0; i < std::variant_size_v<Event>; ++i) {
    if (!events_.count(i)) lacks("event " + std::to_string(i));
  }
  for (std::size_t i = 0; i < std::variant_size_v<Effect>; ++i) {
    if (!effects_.count(i)) lacks("effect " + std::to_string(i));
  }
  // After an event no pair may serve: that verdict is the only one that is never found.
  for (int v = 1; v <= static_cast<int>(kLastVerdict); ++v) {
    const auto verdict = static_cast<Verdict>(v);
    if (!verdicts_.count(verdict)) lacks("verdict " + std::string(Name(verdict)));
  }
  if (verdicts_.count(Verdict::kMayServe)) lacks("somebody for a pair that may serve");
  return missing;
}

}  // namespace routerd::core
