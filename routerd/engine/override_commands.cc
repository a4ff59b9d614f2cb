// What operators set over the policy: a queue's mode, an agent's skills. It holds until it is
// cleared, or for as long as was said.
#include <string>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/views.h"

namespace routerd::engine {

void CommandHandler::WriteEnd(SpanMs lasts_ms, NoteWriter& note) const {
  if (lasts_ms == 0) return;
  note.Number(NoteTag::kOverrideEnds, static_cast<std::uint64_t>(world_.clock.now() + lasts_ms));
}

void CommandHandler::On(SetQueueMode& c) {
  const auto queue = world_.names->GetQueue("queue", c.queue);
  if (!queue.ok()) return Refuse(queue.status());
  if (!Ok(recorder_.Apply(core::QueueModeSet{queue.value(), c.mode}))) return;
  NoteWriter note = Note();
  if (c.mode) WriteEnd(c.lasts_ms, note);
  recorder_.Commit();
  answer_->queue_mode = ViewOf(world_, queue.value()).mode;
}

// An agent who has never logged in keeps the list for his first log-in.
void CommandHandler::On(SetAgentSkills& c) {
  const bool in_policy = world_.model().FindAgent(c.agent) != nullptr;
  AgentNo no = world_.agents.Find(c.agent);
  if (!no.valid() && !in_policy) {
    return Refuse(
        Code::kNotFound, "unknown_agent",
        "no agent " + c.agent + " in the policy in force" + world_.names->AgentHint(c.agent));
  }
  if (c.from_policy && !c.skills.empty()) {
    return Refuse(Status::InvalidField("skills", "must be empty with `from_policy`")
                      .WithReason("invalid_field"));
  }
  std::optional<std::vector<SkillNeed>> skills;
  if (!c.from_policy) skills = std::move(c.skills);
  model::AgentProfile profile;
  if (!ProfileOf(c.agent, skills, profile)) return;
  if (!no.valid()) {
    if (world_.agents.size() >= limits::kMaxAgents) {
      return Refuse(Code::kResourceExhausted, "agent_limit", "there are as many agents as may be");
    }
    no = world_.agents.FindOrNext(c.agent);
  }
  const bool logged_in_once = world_.core.FindAgent(no) != nullptr;
  if (logged_in_once &&
      !Ok(recorder_.Apply(core::AgentSkillsSet{no, std::move(profile), !c.from_policy}))) {
    return;
  }
  NoteWriter note = Note();
  note.Text(c.from_policy ? NoteTag::kSkillsCleared : NoteTag::kSkillsOf, c.agent);
  if (skills) {
    for (const SkillNeed& skill : *skills) {
      note.Text(NoteTag::kSkill, skill.skill)
          .Number(NoteTag::kLevel, static_cast<std::uint64_t>(skill.level));
    }
    WriteEnd(c.lasts_ms, note);
  }
  const std::size_t first_event = recorder_.event_count();
  logged_in_once ? recorder_.Commit() : recorder_.Note();
  AnswerAgent(no, first_event);
}

// At most kMaxOverridesEnded; those left over are due at the next batch.
void CommandHandler::EndOverrides() {
  for (std::size_t i = 0; i < limits::kMaxOverridesEnded; ++i) {
    const std::optional<OverrideTarget> due = world_.overrides.Due(world_.clock.now());
    if (!due) return;
    if (due->queue.valid()) {
      EndModeOverride(due->queue);
    } else {
      EndSkillsOverride(due->agent);
    }
  }
}

void CommandHandler::EndModeOverride(QueueNo queue) {
  if (recorder_.Apply(core::QueueModeSet{queue, std::nullopt}).ok()) return recorder_.Commit();
  world_.overrides.Clear({queue, {}});
}

// He has what the policy says, unless he brought skills of his own when he logged in.
void CommandHandler::EndSkillsOverride(AgentNo no) {
  const AgentDirectory::Agent& agent = world_.agents.at(no);
  const bool in_force = world_.core.FindAgent(no) != nullptr && !agent.brought_skills;
  if (in_force) {
    model::AgentProfile profile;
    if (const model::PolicyAgent* policy = world_.model().FindAgent(agent.id)) {
      profile = policy->profile;
    }
    if (!recorder_.Apply(core::AgentSkillsSet{no, std::move(profile), false}).ok()) {
      // There are as many different agents as may be: it stays in force until that is over.
      return world_.overrides.Set({{}, no}, world_.overrides.Of({{}, no}),
                                  world_.clock.now() + limits::kOverrideRetryMs);
    }
  }
  recorder_.note().Text(NoteTag::kSkillsCleared, agent.id);
  in_force ? recorder_.Commit() : recorder_.Note();
}

}  // namespace routerd::engine
