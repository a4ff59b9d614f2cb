#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

void WarnOfUnreachable(const YamlNode& at, const std::string& where, int max,
                       const model::Channel& channel, Report& report) {
  const int fit = limits::kUnitsPerAgent / channel.units;
  if (max <= fit) return;
  report.Warning(at, "unreachable_limit",
                 where + " is never reached: with " + std::to_string(channel.units) + " of " +
                     std::to_string(limits::kUnitsPerAgent) + " units each, " +
                     std::to_string(fit) + " fit",
                 "lower it, or the channel's units");
}

std::vector<model::ChannelLimit> ReadLimits(const YamlNode* node, const std::string& where,
                                            Context& context, const model::Model& model) {
  std::vector<model::ChannelLimit> limits;
  for (const Entry& entry : EntriesOf(node, where, context.report)) {
    const auto channel = context.names.channels.Resolve(*entry.key, where, context.report);
    const std::string what = where + ": " + Shown(entry.key->text);
    int max = 0;
    const bool read =
        ReadNumber(*entry.value, what, 0, limits::kMaxItemsPerAgent, max, context.report);
    if (!channel || !read) continue;
    const ChannelNo number(static_cast<std::uint8_t>(*channel));
    limits.push_back({number, max});
    WarnOfUnreachable(*entry.value, what, max, model.channels[number.index()], context.report);
  }
  std::sort(limits.begin(), limits.end());
  return limits;
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
  agent.profile.limits = ReadLimits(fields.Find("max"), fields.Where("max"), context, model);
  fields.Finish();
  return agent;
}

}  // namespace routerd::compiler
