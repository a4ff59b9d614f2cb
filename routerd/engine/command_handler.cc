#include "routerd/engine/command_handler.h"

#include <utility>
#include <variant>

#include "routerd/base/limits.h"
#include "routerd/engine/refusals.h"

namespace routerd::engine {

void CommandHandler::Handle(Envelope& envelope, Answer& answer) {
  envelope_ = &envelope;
  answer_ = &answer;
  std::visit([this](auto& command) { On(command); }, envelope.command);
  // The first answer told again has the position that it had.
  if (answer.at == Position{}) {
    answer.at = recorder_.last();
    answer.unix_ms = world_.clock.ToUnix(world_.clock.now());
  }
  envelope_ = nullptr;
  answer_ = nullptr;
}

NoteWriter CommandHandler::Note() {
  NoteWriter note = recorder_.note();
  note.Text(NoteTag::kClient, envelope_->client);
  if (envelope_->actor != envelope_->client) note.Text(NoteTag::kActor, envelope_->actor);
  return note;
}

void CommandHandler::Refuse(Code code, const char* reason, std::string message) {
  answer_->status = Status(code, std::move(message)).WithReason(reason);
}

bool CommandHandler::Drains() {
  if (world_.low_on_space) {
    answer_->status =
        Status(Code::kUnavailable, "the journal has hardly any space left: open work may end first")
            .WithReason("no_space")
            .WithRetryAfter(limits::kSpaceRetryMs);
    return true;
  }
  if (!world_.draining) return false;
  Refuse(Code::kUnavailable, "draining", "the router drains before it stops: go to another one");
  return true;
}

bool CommandHandler::Ok(const core::Applied& applied) {
  if (applied.ok()) return true;
  answer_->status = ToStatus(applied);
  answer_->offer_outcome = applied.outcome;
  return false;
}

}  // namespace routerd::engine
