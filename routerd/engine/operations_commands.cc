// Queues that are moved, and policies.
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/views.h"

namespace routerd::engine {

void CommandHandler::On(MoveQueue& c) {
  const auto queue = world_.names->GetQueue("queue", c.queue);
  if (!queue.ok()) return Refuse(queue.status());
  QueueNo to;
  if (!c.to.empty()) {
    const auto named = world_.names->GetQueue("to_queue", c.to);
    if (!named.ok()) return Refuse(named.status());
    to = named.value();
  }
  if (!Ok(recorder_.Apply(core::QueueMoved{queue.value(), to}))) return;
  answer_->queue_move = MoveOf(world_, queue.value());
  Note();
  recorder_.Commit();
}

void CommandHandler::On(ApplyPolicy& c) {
  const std::uint64_t in_force = world_.model().version;
  answer_->policy_version = in_force;
  if (c.expected_version && *c.expected_version != in_force) {
    return Refuse(Code::kFailedPrecondition, "policy_version",
                  "version " + std::to_string(in_force) + " is in force, not " +
                      std::to_string(*c.expected_version));
  }
  // Numbers of names are given against the version before: one compiled against another must not
  // come in between. Compiled again it can be applied: an answer that is not remembered, so that
  // the same request may try again.
  if (c.model->version != in_force + 1) {
    return Refuse(
        Status(Code::kUnavailable, "version " + std::to_string(in_force) +
                                       " came into force meanwhile: compile the policy again")
            .WithReason("policy_overtaken")
            .WithRetryAfter(limits::kOverloadRetryMs));
  }
  core::PolicySwapped event{c.model, {}, c.calendar};
  event.agents.reserve(c.model->agents.size());
  for (const model::PolicyAgent& agent : c.model->agents) {
    event.agents.push_back(world_.agents.Find(agent.id));
  }
  if (!Ok(recorder_.Apply(std::move(event)))) return;
  Note()
      .Text(NoteTag::kPolicySource, c.source)
      .Text(NoteTag::kPolicyComment, c.comment)
      .Number(NoteTag::kFromFile, c.from_file ? 1 : 0);
  recorder_.Commit();
  answer_->policy_version = world_.model().version;
}

void CommandHandler::On(SetCalendar& c) {
  if (c.policy_version != world_.model().version) {
    return Refuse(Status(Code::kUnavailable, "another policy came into force meanwhile")
                      .WithReason("policy_overtaken")
                      .WithRetryAfter(limits::kOverloadRetryMs));
  }
  if (!Ok(recorder_.Apply(core::CalendarSet{std::move(c.calendar)}))) return;
  Note();
  recorder_.Commit();
}

}  // namespace routerd::engine
