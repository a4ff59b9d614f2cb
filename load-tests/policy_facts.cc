#include "load-tests/policy_facts.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

namespace routerd::load {
namespace {

// What a channel takes where the policy does not say, by its name.
ChannelLimit Usual(const std::string& channel) {
  if (channel == "chat" || channel == "messaging") return {25, 4};
  if (channel == "email" || channel == "social" || channel == "task") return {20, 5};
  return {100, 1};
}

// Mode of a `wrap_up`: `none`, `{mode: optional}`, `45s` (which is timed).
bool TakesNoRoom(const YAML::Node& wrap_up) {
  if (!wrap_up) return false;
  const YAML::Node mode = wrap_up.IsMap() ? wrap_up["mode"] : wrap_up;
  return mode && mode.IsScalar() && (mode.Scalar() == "optional" || mode.Scalar() == "none");
}

void ReadChannels(const YAML::Node& channels, Limits* limits) {
  for (const auto& entry : channels) {
    const auto name = entry.first.as<std::string>();
    ChannelLimit limit = Usual(name);
    if (const YAML::Node& told = entry.second; told.IsMap()) {
      limit.units = told["units"].as<int>(limit.units);
      limit.most = told["max_per_agent"].as<int>(limit.most);
      limit.wrap_up_holds = !TakesNoRoom(told["wrap_up"]);
    }
    limits->channels[name] = limit;
  }
}

// `offer`: anything but `one`.
bool AsksSeveral(const YAML::Node& queue) {
  if (!queue.IsMap() || !queue["offer"]) return false;
  return !queue["offer"].IsScalar() || queue["offer"].Scalar() != "one";
}

void ReadQueues(const YAML::Node& queues, Limits* limits) {
  for (const auto& entry : queues) {
    if (AsksSeveral(entry.second)) limits->several.insert(entry.first.as<std::string>());
    if (!entry.second.IsMap() || !entry.second["wrap_up"]) continue;
    limits->queue_wrap_up_holds[entry.first.as<std::string>()] =
        !TakesNoRoom(entry.second["wrap_up"]);
  }
}

// The map's keys, and those of the maps that it names, are all among those known.
bool Knows(const YAML::Node& map, const std::set<std::string>& known) {
  if (!map || !map.IsMap()) return true;
  return std::all_of(map.begin(), map.end(), [&](const auto& entry) {
    return known.contains(entry.first.template as<std::string>());
  });
}

bool KnowsEach(const YAML::Node& named, const std::set<std::string>& known) {
  if (!named || !named.IsMap()) return true;
  return std::all_of(named.begin(), named.end(),
                     [&](const auto& entry) { return Knows(entry.second, known); });
}

// The language will grow ways to withhold an agent (steps, delays, reserves): a policy with a word
// that is not here may use one.
bool IsWorkConserving(const YAML::Node& policy) {
  return Knows(policy, {"version", "domain", "channels", "skills", "groups", "not_ready_reasons",
                        "queues", "agents"}) &&
         Knows(policy["domain"], {"agent_grace", "gateway_grace", "max_open_offers"}) &&
         KnowsEach(policy["channels"],
                   {"live", "units", "max_per_agent", "offer_time", "accept_by", "accept",
                    "announce", "connect", "connect_timeout", "max_misses", "wrap_up"}) &&
         KnowsEach(policy["queues"],
                   {"groups", "agents", "require", "priority", "acceleration", "cap",
                    "service_level", "sl_clock", "max_waiting", "max_wait", "retry", "retry_after",
                    "others_wait", "callback", "wrap_up", "mode"}) &&
         KnowsEach(policy["agents"], {"skills", "groups", "max", "accept"});
}

void ReadAgents(const YAML::Node& agents, PolicyFacts* facts) {
  for (const auto& entry : agents) {
    const auto id = entry.first.as<std::string>();
    facts->agents.push_back(id);
    if (!entry.second.IsMap() || !entry.second["max"]) continue;
    for (const auto& most : entry.second["max"]) {
      facts->limits.own[id][most.first.as<std::string>()] = most.second.as<int>();
    }
  }
}

}  // namespace

std::string ReadPolicy(const std::string& text, PolicyFacts* facts) {
  try {
    const YAML::Node policy = YAML::Load(text);
    if (!policy.IsMap()) return "the policy is no map";
    ReadChannels(policy["channels"], &facts->limits);
    ReadQueues(policy["queues"], &facts->limits);
    ReadAgents(policy["agents"], facts);
    facts->limits.work_conserving = IsWorkConserving(policy);
    for (const YAML::Node& reason : policy["not_ready_reasons"]) {
      facts->not_ready_reasons.push_back(reason.as<std::string>());
    }
    if (const YAML::Node domain = policy["domain"]; domain && domain.IsMap()) {
      facts->limits.open_offers = domain["max_open_offers"].as<int>(1);
    }
  } catch (const YAML::Exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace routerd::load
