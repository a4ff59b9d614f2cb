#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include "routerd/compiler/hours.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

using model::AgentProfile;
using model::Model;
using model::SkillLevel;

bool Meet(const std::vector<GroupNo>& a, const std::vector<GroupNo>& b) {
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() && y != b.end()) {
    if (*x == *y) return true;
    *x < *y ? ++x : ++y;
  }
  return false;
}

// Whether the routing profile lets its agents serve the queue at all.
bool Allows(const Model& model, ProfileNo no, std::uint32_t queue) {
  if (!no.valid() || model.profiles[no.index()].serves_others) return true;
  const auto& listed = model.profiles[no.index()].queues;
  return std::any_of(listed.begin(), listed.end(), [&](const model::ProfileQueue& entry) {
    return entry.queue == QueueNo(queue);
  });
}

// What a queue asks for at one of its steps, all those before it open.
struct Asked {
  std::vector<GroupNo> groups;
  model::Requirements needs;
};

std::vector<Asked> AskedBySteps(const model::Queue& queue) {
  std::vector<Asked> asked = {{queue.groups, queue.requirements}};
  for (std::size_t i = 0; i < queue.steps.size(); ++i) {
    const model::OpenedSteps opened = (model::OpenedSteps{2} << i) - 1;
    Asked next{asked.back().groups,
               Widened(queue.requirements, queue.steps, opened, model::Whose::kQueue)};
    const std::vector<GroupNo>& more = queue.steps[i].groups;
    next.groups.insert(next.groups.end(), more.begin(), more.end());
    std::sort(next.groups.begin(), next.groups.end());
    asked.push_back(std::move(next));
  }
  return asked;
}

bool CanServe(const AgentProfile& profile, const model::Queue& queue,
              const std::vector<Asked>& asked) {
  const bool everybody = queue.groups.empty() && !queue.members;
  const bool by_skill = queue.members && model::Meets(profile.skills, *queue.members);
  return std::any_of(asked.begin(), asked.end(), [&](const Asked& step) {
    return (everybody || by_skill || Meet(profile.groups, step.groups)) &&
           model::Meets(profile.skills, step.needs);
  });
}

// The work is bounded: a policy too large for it is simply not warned about.
constexpr std::size_t kMaxComparisons = 20'000'000;

// Agents with one profile are one candidate: centres have few profiles, however many agents.
std::vector<const AgentProfile*> DistinctProfiles(const Model& model) {
  std::vector<const AgentProfile*> profiles;
  for (const auto& agent : model.agents) profiles.push_back(&agent.profile);
  const auto less = [](const AgentProfile* a, const AgentProfile* b) {
    return std::tie(a->skills, a->groups, a->profile) < std::tie(b->skills, b->groups, b->profile);
  };
  const auto same = [](const AgentProfile* a, const AgentProfile* b) {
    return a->skills == b->skills && a->groups == b->groups && a->profile == b->profile;
  };
  std::sort(profiles.begin(), profiles.end(), less);
  profiles.erase(std::unique(profiles.begin(), profiles.end(), same), profiles.end());
  return profiles;
}

void WarnOfUnserved(const Model& model, Context& context) {
  const auto profiles = DistinctProfiles(model);
  std::size_t left = kMaxComparisons;
  std::vector<bool> served(model.queues.size(), true);
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    if (context.names.queues.PlaceOf(q) == nullptr) continue;
    const std::vector<Asked> asked = AskedBySteps(model.queues[q]);
    if (left < profiles.size() * asked.size()) break;
    left -= profiles.size() * asked.size();
    served[q] = std::any_of(profiles.begin(), profiles.end(), [&](const AgentProfile* p) {
      return CanServe(*p, model.queues[q], asked) && Allows(model, p->profile, q);
    });
  }
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    const YamlNode* at = context.names.queues.PlaceOf(q);
    const auto& also = model.queues[q].also;
    const bool elsewhere =
        std::any_of(also.begin(), also.end(), [&](QueueNo other) { return served[other.index()]; });
    if (at == nullptr || served[q] || elsewhere) continue;
    context.report.Warning(*at, "unserved_queue",
                           "queue " + Quoted(at->text) + ": no listed agent can serve it",
                           "look at its groups and levels; an agent who logs in with skills of "
                           "his own still might");
  }
}

struct SkillUse {
  int highest_held = 0;
  bool asked = false;
};

void MarkAsked(const model::Requirements& needs, std::vector<SkillUse>& use) {
  for (const auto* list : {&needs.all, &needs.any, &needs.none}) {
    for (const SkillLevel& need : *list) use[need.skill.index()].asked = true;
  }
}

void WarnOfSkills(const Model& model, Context& context) {
  std::vector<SkillUse> use(model.skills.size());
  for (const auto& agent : model.agents) {
    for (const SkillLevel& held : agent.profile.skills) {
      int& highest = use[held.skill.index()].highest_held;
      highest = std::max<int>(highest, held.level);
    }
  }
  for (const auto& queue : model.queues) {
    MarkAsked(queue.requirements, use);
    if (queue.members) MarkAsked(*queue.members, use);
    for (const model::Step& step : queue.steps) {
      if (step.require) MarkAsked(*step.require, use);
    }
  }
  for (std::uint32_t s = 0; s < use.size(); ++s) {
    const YamlNode* at = context.names.skills.PlaceOf(s);
    if (at == nullptr) continue;
    if (!model.agents.empty() && use[s].highest_held == 0) {
      context.report.Warning(*at, "unheld_skill",
                             "no listed agent has the skill " + Quoted(at->text),
                             "give it to an agent, or remove it");
    }
    if (!model.queues.empty() && !use[s].asked) {
      context.report.Warning(*at, "unused_skill", "no queue asks for the skill " + Quoted(at->text),
                             "a contact still may; if none does, remove it");
    }
  }
}

void WarnOfEmptyGroups(const Model& model, Context& context) {
  std::vector<bool> joined(model.groups.size());
  for (const auto& agent : model.agents) {
    for (const GroupNo group : agent.profile.groups) joined[group.index()] = true;
  }
  for (std::uint32_t g = 0; g < joined.size(); ++g) {
    const YamlNode* at = context.names.groups.PlaceOf(g);
    if (at == nullptr || joined[g]) continue;
    context.report.Warning(*at, "empty_group",
                           "no listed agent is in the group " + Quoted(at->text),
                           "put one in it, or remove it");
  }
}

void WarnOfUnusedProfiles(const Model& model, Context& context) {
  std::vector<bool> used(model.profiles.size());
  for (const auto& agent : model.agents) {
    if (agent.profile.profile.valid()) used[agent.profile.profile.index()] = true;
  }
  for (std::uint32_t p = 0; p < used.size(); ++p) {
    const YamlNode* at = context.names.profiles.PlaceOf(p);
    if (at == nullptr || used[p]) continue;
    context.report.Warning(*at, "unused_profile",
                           "no listed agent has the profile " + Quoted(at->text),
                           "give it to an agent, or remove it");
  }
}

// What the domain's order does not look at.
void WarnOfOrder(const Model& model, Context& context) {
  const model::Queue plain;
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    const YamlNode* at = context.names.queues.PlaceOf(q);
    if (at == nullptr) continue;
    const model::Queue& queue = model.queues[q];
    const bool ranked = queue.priority != 0 || queue.acceleration_milli != 0 || queue.cap;
    if (ranked && model.order != model::Order::kPriority) {
      context.report.Warning(*at, "not_in_this_order",
                             "queue " + Quoted(at->text) +
                                 ": the domain's order looks at no priority, acceleration or cap",
                             "remove them, or write order: priority");
    }
    if ((queue.ratio_milli || queue.arrivals_per_hour_milli) &&
        model.order != model::Order::kQueueRatio) {
      context.report.Warning(
          *at, "not_in_this_order",
          "queue " + Quoted(at->text) + ": the domain's order looks at no ratio or arrival rate",
          "remove them, or write order: queue_ratio");
    }
    const bool priced =
        queue.cost_milli != plain.cost_milli || queue.cost_quadratic != plain.cost_quadratic;
    if (priced && model.order != model::Order::kCost) {
      context.report.Warning(*at, "not_in_this_order",
                             "queue " + Quoted(at->text) + ": the domain's order looks at no cost",
                             "remove it, or write order: cost");
    }
  }
}

void WarnOfMissingParts(const YamlNode& root, const Model& model, Context& context) {
  const auto named = [](const auto& entry) { return !entry.name.empty(); };
  if (std::none_of(model.channels.begin(), model.channels.end(), named)) {
    context.report.Warning(root, "no_channels", "the policy has no channels: nothing can arrive",
                           "add channels, e.g. channels: {voice: {}}");
  }
  if (std::none_of(model.queues.begin(), model.queues.end(), named)) {
    context.report.Warning(root, "no_queues", "the policy has no queues: nothing can wait",
                           "add queues, e.g. queues: {main: {}}");
  }
}

}  // namespace

void CheckMeaning(const YamlNode& root, const Model& model, Context& context) {
  WarnOfMissingParts(root, model, context);
  WarnOfSkills(model, context);
  WarnOfOrder(model, context);
  WarnOfUnusedHours(model, context);
  WarnOfUnusedTreatments(model, context);
  if (model.agents.empty()) return;  // all of them come with their skills when they log in
  WarnOfEmptyGroups(model, context);
  WarnOfUnusedProfiles(model, context);
  WarnOfUnserved(model, context);
}

}  // namespace routerd::compiler
