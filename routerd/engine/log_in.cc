// An agent logs in, and what he brings: the policy's skills, those given, or those kept for him.
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/views.h"

namespace routerd::engine {

// Skills as given, groups and limits as the policy says.
bool CommandHandler::ProfileOf(const std::string& agent,
                               const std::optional<std::vector<SkillNeed>>& skills,
                               model::AgentProfile& profile) {
  if (const model::PolicyAgent* policy = world_.model().FindAgent(agent)) {
    profile = policy->profile;
  }
  if (!skills) return true;
  auto levels = world_.names->GetSkills("skills", *skills, limits::kMaxSkillsPerAgent);
  if (!levels.ok()) {
    Refuse(levels.status());
    return false;
  }
  profile.skills = std::move(levels).value();
  return true;
}

// Skills that the policy in force has no longer are left out, until a policy has them again.
model::AgentProfile CommandHandler::KeptProfile(const AgentDirectory::Agent& agent) const {
  model::AgentProfile profile;
  if (const model::PolicyAgent* policy = world_.model().FindAgent(agent.id)) {
    profile = policy->profile;
  }
  std::vector<SkillNeed> known;
  for (const SkillNeed& skill : *agent.kept_skills) {
    if (world_.names->skill(skill.skill).valid()) known.push_back(skill);
  }
  profile.skills = world_.names->GetSkills("skills", known, limits::kMaxSkillsPerAgent).value();
  return profile;
}

bool CommandHandler::ToEvent(const LogIn& c, core::AgentLogsIn& event) {
  const model::Model& model = world_.model();
  for (std::size_t i = 0; i < c.endpoints.size(); ++i) {
    const auto channel = world_.names->GetChannel("channels[" + std::to_string(i) + "].channel",
                                                  c.endpoints[i].first);
    if (!channel.ok()) {
      Refuse(channel.status());
      return false;
    }
    event.channels |= 1U << channel.value().value;
  }
  for (std::size_t i = 0; c.endpoints.empty() && i < model.channels.size(); ++i) {
    if (!model.channels[i].name.empty()) event.channels |= 1U << i;
  }
  const auto reason = world_.names->GetReason(c.ready ? std::string() : c.reason);
  if (!reason.ok()) {
    Refuse(reason.status());
    return false;
  }
  event.reason = reason.value();
  event.ready = c.ready;
  event.own_skills = c.skills.has_value();
  if (!ProfileOf(c.agent, c.skills, event.profile)) return false;
  const AgentNo known = world_.agents.Find(c.agent);
  if (!c.skills && known.valid() && world_.agents.at(known).kept_skills) {
    event.profile = KeptProfile(world_.agents.at(known));
    event.own_skills = true;
  }
  return true;
}

void CommandHandler::On(LogIn& c) {
  if (Drains()) return;
  const Sessions::Session* session =
      world_.sessions.OfClient(SessionKind::kDesktop, envelope_->client);
  if (session != nullptr && !session->connected) {
    return Refuse(Code::kFailedPrecondition, "no_session",
                  "the desktop's session has lost its connection: resume it first");
  }
  const AgentNo known = world_.agents.Find(c.agent);
  const bool kept = known.valid() && world_.agents.at(known).kept_skills.has_value();
  if (!c.skills && !kept && world_.model().FindAgent(c.agent) == nullptr) {
    return Refuse(Code::kNotFound, "unknown_agent",
                  "no agent " + c.agent + " in the policy in force, and no skills given" +
                      world_.names->AgentHint(c.agent));
  }
  if (!known.valid() && world_.agents.size() >= limits::kMaxAgents) {
    return Refuse(Code::kResourceExhausted, "agent_limit", "there are as many agents as may be");
  }
  core::AgentLogsIn event;
  if (!ToEvent(c, event)) return;
  event.agent = world_.agents.FindOrNext(c.agent);
  const AgentNo agent = event.agent;
  if (!Ok(recorder_.Apply(std::move(event)))) return;
  NoteWriter note = Note();
  note.Text(NoteTag::kAgent, c.agent).Number(NoteTag::kBroughtSkills, c.skills.has_value() ? 1 : 0);
  for (const auto& [channel, endpoint] : c.endpoints) {
    note.Text(NoteTag::kEndpointChannel, channel).Text(NoteTag::kEndpoint, endpoint);
  }
  const std::size_t first_event = recorder_.event_count();
  recorder_.Commit();
  AnswerAgent(agent, first_event);
}

}  // namespace routerd::engine
