#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

void WarnOfUnreachable(const YamlNode& at, const std::string& where, int max, int units,
                       Report& report) {
  const int fit = limits::kUnitsPerAgent / units;
  if (max <= fit) return;
  report.Warning(at, "unreachable_limit",
                 where + " is never reached: with " + std::to_string(units) + " of " +
                     std::to_string(limits::kUnitsPerAgent) + " units each, " +
                     std::to_string(fit) + " fit",
                 "lower it, or the channel's units");
}

// `units:` and `max:`: a number for each channel that it names.
template <typename Each>
void ReadByChannel(Fields& fields, std::string_view key, int least, int greatest, Context& context,
                   const Each& each) {
  const std::string where = fields.Where(key);
  for (const Entry& entry : EntriesOf(fields.Find(key), where, context.report)) {
    const auto channel = context.names.channels.Resolve(*entry.key, where, context.report);
    const std::string what = where + ": " + Shown(entry.key->text);
    int value = 0;
    const bool read = ReadNumber(*entry.value, what, least, greatest, value, context.report);
    if (channel && read) {
      each(ChannelNo(static_cast<std::uint8_t>(*channel)), value, *entry.value, what);
    }
  }
}

void ReadCapacity(Fields& fields, Context& context, const model::Model& model,
                  model::AgentProfile& profile) {
  ReadByChannel(fields, "units", 1, limits::kUnitsPerAgent, context,
                [&](ChannelNo channel, int units, const YamlNode&, const std::string&) {
                  profile.units.push_back({channel, units});
                });
  ReadByChannel(fields, "max", 0, limits::kMaxItemsPerAgent, context,
                [&](ChannelNo channel, int max, const YamlNode& at, const std::string& what) {
                  profile.limits.push_back({channel, max});
                  int units = model.channels[channel.index()].units;
                  for (const model::ChannelUnits& own : profile.units) {
                    if (own.channel == channel) units = own.units;
                  }
                  WarnOfUnreachable(at, what, max, units, context.report);
                });
  std::sort(profile.units.begin(), profile.units.end());
  std::sort(profile.limits.begin(), profile.limits.end());
}

// `accept:`, for all channels or by channel.
void ReadAccepts(Fields& fields, Context& context, const model::Model& model,
                 std::vector<model::ChannelAccept>& accepts) {
  const YamlNode* node = fields.Find("accept");
  if (node == nullptr) return;
  if (node->kind != NodeKind::kMap) {
    bool automatic = false;
    if (!fields.Word<bool>("accept", kAcceptWords, automatic)) return;
    for (std::size_t i = 0; i < model.channels.size(); ++i) {
      if (model.channels[i].name.empty()) continue;
      accepts.push_back({ChannelNo(static_cast<std::uint8_t>(i)), automatic});
    }
    return;
  }
  Fields by_channel(node, fields.Where("accept"), context.report);
  for (std::size_t i = 0; i < model.channels.size(); ++i) {
    bool automatic = false;
    const std::string& name = model.channels[i].name;
    if (name.empty() || !by_channel.Word<bool>(name, kAcceptWords, automatic)) continue;
    accepts.push_back({ChannelNo(static_cast<std::uint8_t>(i)), automatic});
  }
  by_channel.Finish();
}

// What `select` may compare, beside skills.
void ReadPrimary(const YamlNode* node, const std::string& where, Context& context,
                 model::AgentProfile& profile) {
  Fields fields(node, where, context.report);
  const auto read = [&](std::string_view key, NameTable& names, auto& list) {
    for (const YamlNode* element :
         ElementsOf(fields.Find(key), fields.Where(key), context.report)) {
      const auto number = names.Resolve(*element, fields.Where(key), context.report);
      if (number) list.emplace_back(*number);
    }
    std::sort(list.begin(), list.end());
    if (std::adjacent_find(list.begin(), list.end()) == list.end()) return;
    context.report.Error(*node, "duplicate_name", fields.Where(key) + " names one twice",
                         "remove it");
  };
  read("queues", context.names.queues, profile.primary_queues);
  read("skills", context.names.skills, profile.primary_skills);
  fields.Finish();
}

void ReadAttributes(const YamlNode* node, const std::string& where, Context& context,
                    model::AgentProfile& profile) {
  NameTable& names = context.names.attributes;
  for (const Entry& entry : EntriesOf(node, where, context.report)) {
    auto number = names.Find(entry.key->text);
    if (!number) number = names.Declare(*entry.key, entry.key->text, context.report);
    int value = 0;
    const bool read =
        ReadNumber(*entry.value, where + ": " + Shown(entry.key->text), -limits::kMaxAttribute,
                   limits::kMaxAttribute, value, context.report);
    if (!number || !read) continue;
    profile.attributes.push_back({AttributeNo(static_cast<std::uint16_t>(*number)), value});
  }
  std::sort(profile.attributes.begin(), profile.attributes.end());
  if (profile.attributes.size() <= limits::kMaxAttributesPerAgent) return;
  context.report.Error(*node, "too_many",
                       where + " has " + std::to_string(profile.attributes.size()) + ", at most " +
                           std::to_string(limits::kMaxAttributesPerAgent));
}

}  // namespace

model::PolicyAgent CompileAgent(const Entry& entry, Context& context, const model::Model& model) {
  model::PolicyAgent agent;
  agent.id = entry.key->text;
  Fields fields(entry.value, "agent " + Quoted(agent.id), context.report);
  const YamlNode* skills = fields.Find("skills");
  agent.profile.skills = CompileLevels(skills, fields.Where("skills"), context);
  if (agent.profile.skills.size() > limits::kMaxSkillsPerAgent) {
    context.report.Error(*skills, "too_many",
                         fields.Where("skills") + " has " +
                             std::to_string(agent.profile.skills.size()) + ", at most " +
                             std::to_string(limits::kMaxSkillsPerAgent));
  }
  if (const YamlNode* groups = fields.Find("groups")) {
    agent.profile.groups = CompileGroups(*groups, fields.Where("groups"), context);
  }
  if (const YamlNode* profile = fields.Find("profile")) {
    const auto number =
        context.names.profiles.Resolve(*profile, fields.Where("profile"), context.report);
    if (number) agent.profile.profile = ProfileNo(*number);
  }
  ReadCapacity(fields, context, model, agent.profile);
  CompileLabelLimits(fields, context, agent.profile);
  model::WrapUp wrap_up;
  if (CompileWrapUp(fields, wrap_up)) agent.profile.wrap_up = wrap_up;
  ReadAccepts(fields, context, model, agent.profile.accepts);
  ReadPrimary(fields.Find("primary"), fields.Where("primary"), context, agent.profile);
  ReadAttributes(fields.Find("attributes"), fields.Where("attributes"), context, agent.profile);
  int cost = 0;
  if (fields.Number("cost", 0, limits::kMaxCost, cost)) agent.profile.cost = cost;
  fields.Number("weight", 1, limits::kMaxWeight, agent.profile.weight);
  fields.Finish();
  return agent;
}

}  // namespace routerd::compiler
