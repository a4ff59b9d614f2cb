// Agents of the policy who have never logged in: a supervisor looks for them, too. No event tells
// of each of them; they follow the policy, as queues do.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "routerd/publish/board.h"

namespace routerd::publish {
namespace {

bool HasLoggedIn(const engine::AgentView& agent) { return agent.presence_since_unix_ms != 0; }

// What the policy says of him; skills that operations gave him are his still.
std::shared_ptr<engine::AgentView> AbsentAgent(const model::Model& model,
                                               const model::PolicyAgent& policy,
                                               const engine::AgentView* before) {
  auto view = std::make_shared<engine::AgentView>();
  view->id = policy.id;
  for (const GroupNo group : policy.profile.groups) {
    view->groups.push_back(model.groups[group.index()].name);
  }
  if (before != nullptr && before->own_skills) {
    view->own_skills = true;
    view->skills_override = before->skills_override;
    view->skills = before->skills;
    return view;
  }
  for (const model::SkillLevel& skill : policy.profile.skills) {
    view->skills.push_back({model.skills[skill.skill.index()].name, skill.level});
  }
  return view;
}

}  // namespace

void Board::ListAbsent(const model::Model& model) {
  std::vector<std::string> gone;
  for (const auto& [id, agent] : agents_) {
    if (!HasLoggedIn(*agent.view) && model.FindAgent(id) == nullptr) gone.push_back(id);
  }
  for (const std::string& id : gone) RemoveAgent(id);
  for (const model::PolicyAgent& policy : model.agents) {
    const auto found = agents_.find(policy.id);
    const engine::AgentView* before = found == agents_.end() ? nullptr : found->second.view.get();
    if (before != nullptr && HasLoggedIn(*before)) continue;
    auto view = AbsentAgent(model, policy, before);
    const bool same =
        before != nullptr && before->skills == view->skills && before->groups == view->groups;
    if (!same) SetAgent(std::move(view));
  }
}

void Board::RemoveAgent(const std::string& id) {
  const auto found = agents_.find(id);
  AgentEntry& agent = found->second;
  --domain_.agents[Slot(agent.view->shown)];
  CountStaff(agent, -1);
  Touch(agent);
  agents_.erase(found);
  overridden_agents_.erase(id);
}

}  // namespace routerd::publish
