#include "routerd/publish/staffing.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "routerd/base/limits.h"

namespace routerd::publish {
namespace {

bool Intersect(const std::vector<GroupNo>& a, const std::vector<GroupNo>& b) {
  return std::ranges::any_of(a, [&](GroupNo g) { return std::ranges::binary_search(b, g); });
}

}  // namespace

void Staffing::SetModel(std::shared_ptr<const model::Model> model) {
  model_ = std::move(model);
  known_.clear();
}

std::shared_ptr<const Staffing::Queues> Staffing::QueuesOf(const engine::AgentView& agent) {
  if (!model_) return std::make_shared<const Queues>();
  Profile profile = ProfileOf(agent);
  if (const auto found = known_.find(profile); found != known_.end()) return found->second;
  // Skills set by hand can make any number of profiles; starting afresh bounds the memory.
  if (known_.size() >= limits::kMaxClasses) known_.clear();
  auto queues = std::make_shared<const Queues>(Find(profile));
  known_.emplace(std::move(profile), queues);
  return queues;
}

Staffing::Profile Staffing::ProfileOf(const engine::AgentView& agent) const {
  Profile profile;
  for (const engine::SkillNeed& has : agent.skills) {
    const SkillNo skill = model_->FindSkill(has.skill);
    if (skill.valid()) profile.skills.push_back({skill, static_cast<std::uint8_t>(has.level)});
  }
  std::ranges::sort(profile.skills);
  // Groups come from the policy only; the view need not show those made of a queue's list of
  // agents.
  if (const model::PolicyAgent* known = model_->FindAgent(agent.id)) {
    profile.groups = known->profile.groups;
  }
  return profile;
}

Staffing::Queues Staffing::Find(const Profile& profile) const {
  Queues queues;
  for (std::size_t i = 0; i < model_->queues.size(); ++i) {
    const model::Queue& queue = model_->queues[i];
    if (queue.name.empty()) continue;
    const bool everybody = queue.groups.empty() && !queue.members;
    const bool by_skill = queue.members && model::Meets(profile.skills, *queue.members);
    if (!everybody && !by_skill && !Intersect(queue.groups, profile.groups)) continue;
    if (model::Meets(profile.skills, queue.requirements)) {
      queues.emplace_back(static_cast<std::uint32_t>(i));
    }
  }
  return queues;
}

}  // namespace routerd::publish
