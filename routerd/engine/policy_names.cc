#include "routerd/engine/policy_names.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/engine/nearest.h"

namespace routerd::engine {
namespace {

template <typename No, typename List>
std::unordered_map<std::string, No> Index(const List& list) {
  std::unordered_map<std::string, No> map;
  map.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].name.empty()) map.emplace(list[i].name, No(static_cast<decltype(No::value)>(i)));
  }
  return map;
}

// For hints. The names are the model's.
template <typename List>
std::vector<std::string_view> Sorted(const List& list) {
  std::vector<std::string_view> names;
  names.reserve(list.size());
  for (const auto& element : list) {
    if (!element.name.empty()) names.push_back(element.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Hint(const std::vector<std::string_view>& sorted, const std::string& name) {
  return HintAmong(sorted, name, [](std::string_view word) { return word; });
}

}  // namespace

PolicyNames::PolicyNames(const std::shared_ptr<const model::Model>& model)
    : model_(model),
      queues_(Index<QueueNo>(model->queues)),
      channels_(Index<ChannelNo>(model->channels)),
      skills_(Index<SkillNo>(model->skills)),
      reasons_(Index<ReasonNo>(model->reasons)),
      queue_names_(Sorted(model->queues)),
      channel_names_(Sorted(model->channels)),
      skill_names_(Sorted(model->skills)),
      reason_names_(Sorted(model->reasons)) {}

Result<QueueNo> PolicyNames::GetQueue(const std::string& field, const std::string& name) const {
  const QueueNo no = queue(name);
  if (no.valid()) return no;
  if (name.empty()) return Status::InvalidField(field, "is required");
  return Status(Code::kNotFound,
                field + ": no queue " + name + " in the policy in force" + Hint(queue_names_, name))
      .WithReason("unknown_queue");
}

Result<ChannelNo> PolicyNames::GetChannel(const std::string& field, const std::string& name) const {
  const ChannelNo no = channel(name);
  if (no.valid()) return no;
  return Status::InvalidField(
             field, "no channel `" + name + "` in the policy in force" + Hint(channel_names_, name))
      .WithReason("invalid_field");
}

Result<ReasonNo> PolicyNames::GetReason(const std::string& name) const {
  if (name.empty()) return ReasonNo();
  const ReasonNo no = reason(name);
  if (no.valid()) return no;
  return Status::InvalidField("reason", "no not-ready reason `" + name +
                                            "` in the policy in force" + Hint(reason_names_, name))
      .WithReason("invalid_field");
}

Result<std::vector<model::SkillLevel>> PolicyNames::GetSkills(const std::string& field,
                                                              const std::vector<SkillNeed>& skills,
                                                              std::size_t max) const {
  const auto wrong = [&field](std::size_t i, const char* part, std::string what) {
    return Status::InvalidField(field + "[" + std::to_string(i) + "]." + part, std::move(what))
        .WithReason("invalid_field");
  };
  if (skills.size() > max) {
    return Status::InvalidField(field, "at most " + std::to_string(max))
        .WithReason("invalid_field");
  }
  std::vector<model::SkillLevel> levels;
  levels.reserve(skills.size());
  for (std::size_t i = 0; i < skills.size(); ++i) {
    const SkillNo no = skill(skills[i].skill);
    if (!no.valid()) {
      return wrong(i, "skill",
                   "no skill `" + skills[i].skill + "` in the policy in force" +
                       Hint(skill_names_, skills[i].skill));
    }
    if (skills[i].level < 1 || skills[i].level > limits::kMaxSkillLevel) {
      return wrong(i, "level", "must be 1..10, is " + std::to_string(skills[i].level));
    }
    levels.push_back({no, static_cast<std::uint8_t>(skills[i].level)});
  }
  std::sort(levels.begin(), levels.end());
  const auto same =
      std::adjacent_find(levels.begin(), levels.end(),
                         [](const auto& a, const auto& b) { return a.skill == b.skill; });
  if (same != levels.end()) {
    return Status::InvalidField(
               field, "names skill `" + model_->skills[same->skill.index()].name + "` twice")
        .WithReason("invalid_field");
  }
  return levels;
}

std::string PolicyNames::AgentHint(const std::string& id) const {
  return HintAmong(model_->agents, id,
                   [](const model::PolicyAgent& agent) { return std::string_view(agent.id); });
}

}  // namespace routerd::engine
