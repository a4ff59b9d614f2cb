#include "routerd/ctl/tables.h"

#include <google/protobuf/util/time_util.h>

#include <array>
#include <cstdio>

#include "routerd/ctl/table.h"
#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"

namespace routerd::ctl {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

std::string Age(bool present, const Timestamp& since, TimeMs now) {
  if (!present) return "";
  const SpanMs age = now - TimeUtil::TimestampToMilliseconds(since);
  return DurationText(age < 0 ? 0 : age);  // the daemon's clock may be ahead of ours
}

std::string Percent(bool present, double share) {
  if (!present) return "";
  std::array<char, 32> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.1f", share * 100);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

template <typename Counts, typename Name>
std::string CountsText(const Counts& counts, const Name& name) {
  std::string out;
  for (const auto& count : counts) {
    if (!out.empty()) out += ", ";
    out += name(count) + " " + std::to_string(count.count());
  }
  return out.empty() ? "none" : out;
}

// `anna +2`: two more agents ring for it.
std::string Ringing(const v1::Contact& c) {
  const int more = c.more_offers_size();
  return more == 0 ? c.agent_id() : c.agent_id() + " +" + std::to_string(more);
}

}  // namespace

std::string QueueTable(const RepeatedPtrField<v1::Queue>& queues, TimeMs now) {
  Table table({{"QUEUE"},
               {"MODE"},
               {"WAITING", true},
               {"ALSO", true},
               {"OLDEST", true},
               {"OFFERED", true},
               {"CONNECTING", true},
               {"ASSIGNED", true},
               {"WRAP-UP", true},
               {"READY", true},
               {"STAFFED", true},
               {"ANSWERED", true},
               {"ABANDONED", true},
               {"SL %", true},
               {"TARGET"}});
  for (const v1::Queue& q : queues) {
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    table.Row({q.id(), Word(q.mode()) + (q.mode_overridden() ? "*" : ""), number(q.waiting()),
               number(q.also_waiting()), Age(q.has_oldest_time(), q.oldest_time(), now),
               number(q.offered()), number(q.connecting()), number(q.assigned()),
               number(q.wrap_up()), number(q.agents_ready()), number(q.agents_staffed()),
               number(q.answered()), number(q.abandoned()),
               Percent(q.has_service_level(), q.service_level()),
               number(q.target_percent()) + "% in " +
                   DurationText(TimeUtil::DurationToMilliseconds(q.target()))});
  }
  return table.ToText();
}

std::string AgentTable(const RepeatedPtrField<v1::Agent>& agents, TimeMs now) {
  Table table({{"AGENT"},
               {"STATE"},
               {"FOR", true},
               {"REASON"},
               {"UNITS", true},
               {"WORK", true},
               {"MISSES", true},
               {"READY FOR"},
               {"CLIENT"}});
  for (const v1::Agent& a : agents) {
    std::string channels;
    for (const std::string& channel : a.ready_channels()) {
      channels += (channels.empty() ? "" : ",") + channel;
    }
    table.Row({a.id(), Word(a.shown_state()),
               Age(a.has_shown_state_time(), a.shown_state_time(), now), a.reason(),
               std::to_string(a.units_used()), std::to_string(a.work_size()),
               std::to_string(a.misses()), channels,
               a.client() + (a.client().empty() || a.connected() ? "" : " (lost)")});
  }
  return table.ToText();
}

std::string ContactTable(const RepeatedPtrField<v1::Contact>& contacts, TimeMs now) {
  Table table({{"CONTACT"},
               {"CHANNEL"},
               {"QUEUE"},
               {"STATE"},
               {"AGE", true},
               {"PRIORITY", true},
               {"STEP", true},
               {"AGENT"},
               {"CLIENT"}});
  for (const v1::Contact& c : contacts) {
    table.Row({c.id(), c.channel(), c.queue(), Word(c.state()),
               Age(c.has_arrive_time(), c.arrive_time(), now), std::to_string(c.priority()),
               std::to_string(c.step()) + (c.stuck() ? " (stuck)" : ""), Ringing(c), c.client()});
  }
  return table.ToText();
}

std::string OverrideTable(const RepeatedPtrField<v1::Override>& overrides, TimeMs now) {
  Table table({{"QUEUE"}, {"AGENT"}, {"IS"}, {"FOR", true}, {"ENDS IN", true}, {"ACTOR"}});
  for (const v1::Override& o : overrides) {
    std::string is;
    if (!o.queue().empty()) is = Word(o.mode());
    for (const v1::AgentSkill& skill : o.skills()) {
      is += (is.empty() ? "" : " ") + skill.skill() + ":" + std::to_string(skill.level());
    }
    if (is.empty()) is = "no skills";
    const SpanMs left =
        o.has_end_time() ? TimeUtil::TimestampToMilliseconds(o.end_time()) - now : 0;
    table.Row({o.queue(), o.agent_id(), is, Age(true, o.set_time(), now),
               o.has_end_time() ? DurationText(left < 0 ? 0 : left) : "", o.actor()});
  }
  return table.ToText();
}

Fields DomainFields(const v1::DomainState& state, TimeMs now) {
  const auto state_name = [](const auto& count) { return Word(count.state()); };
  const auto outcome_name = [](const auto& count) { return Word(count.outcome()); };
  std::string oldest = Age(state.has_oldest_time(), state.oldest_time(), now);
  return {{"contacts", CountsText(state.contacts(), state_name)},
          {"oldest waiting", oldest.empty() ? "nobody waits" : oldest},
          {"arrived", std::to_string(state.arrived())},
          {"answered", std::to_string(state.answered())},
          {"ended", CountsText(state.ended(), state_name)},
          {"offers ended", CountsText(state.offers(), outcome_name)},
          {"agents", CountsText(state.agents(), state_name)},
          {"gateways", std::to_string(state.gateway_sessions()) + " connected"},
          {"desktops", std::to_string(state.desktop_sessions()) + " connected"}};
}

}  // namespace routerd::ctl
