#include <memory>
#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/ctl/client.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/skill_argument.h"
#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"
#include "routerd/v1/gateway_commands.pb.h"

namespace routerd::ctl {
namespace {

struct SubmitWanted {
  v1::ArriveRequest request;
  SpanMs delay_ms = 0;
  SpanMs age_ms = 0;
};

void AddSkill(v1::ArriveRequest& request, const std::string& text) {
  const SkillArgument skill = ParseSkill("--skill", text, 1);
  auto* const need = request.add_skills();
  need->set_skill(skill.skill);
  need->set_min_level(skill.level);
}

void AddAttribute(v1::ArriveRequest& request, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError("--attribute: '" + text + "' is not KEY=VALUE");
  }
  (*request.mutable_attributes())[text.substr(0, equals)] = text.substr(equals + 1);
}

std::string AnswerText(const std::string& contact, const v1::ArriveResponse& answer) {
  std::string out = Printable(contact) + ": " + Word(answer.state());
  if (!answer.queue().empty()) out += " in " + Printable(answer.queue());
  if (answer.has_queue_position()) out += ", place " + std::to_string(answer.queue_position());
  if (answer.has_wait_estimate_ms()) {
    out += ", answer expected in " + DurationText(answer.wait_estimate_ms());
  }
  if (const std::string why = Word(answer.refused_by()); !why.empty()) out += ": " + why;
  for (int i = 0; i < answer.attributes_not_kept_size(); ++i) {
    out += (i == 0 ? "; not kept: " : ", ") + Printable(answer.attributes_not_kept(i));
  }
  return out + " (at " + std::to_string(answer.position().epoch()) + "-" +
         std::to_string(answer.position().sequence()) + ")\n";
}

// The answer as a failure: a limit refused the contact.
Failure RefusedFailure(const v1::ArriveResponse& answer) {
  const std::string why = Word(answer.refused_by());
  Failure out = LocalFailure(Status(Code::kFailedPrecondition, "the contact was refused: " + why));
  out.detail.emplace().set_reason(why);
  return out;
}

ExitCode Submit(const Context& context, const SubmitWanted& wanted) {
  v1::ArriveRequest request = wanted.request;
  if (wanted.delay_ms > 0) request.set_not_before_unix_ms(NowUnixMs() + wanted.delay_ms);
  request.set_age_credit_ms(wanted.age_ms);
  v1::ArriveResponse answer;
  if (auto failure = Client(context.target).Call(kArrive, request, answer)) {
    return context.Fail(*failure);
  }
  context.Print(answer,
                [&](const auto& message) { return AnswerText(request.contact_id(), message); });
  if (answer.state() != v1::CONTACT_STATE_REFUSED) return ExitCode::kOk;
  // People have read it already.
  return context.json ? context.Fail(RefusedFailure(answer)) : ExitCode::kFailed;
}

void AddOptions(CLI::App& command, const std::shared_ptr<SubmitWanted>& wanted) {
  using Request = v1::ArriveRequest;
  const auto text = [&](const char* name, void (Request::*set)(const std::string&),
                        const char* description) {
    return AddText(
        command, name, [wanted, set](const std::string& value) { (wanted->request.*set)(value); },
        description);
  };
  text("--id", &Request::set_contact_id<const std::string&>, "id of the contact").Required();
  text("--channel", &Request::set_channel<const std::string&>, "its channel").Required();
  text("--queue", &Request::set_queue<const std::string&>, "the queue it goes to").Required();
  AddNumber(
      command, "--priority", {limits::kMinPriority, limits::kMaxPriority},
      [wanted](std::int64_t priority) {
        wanted->request.set_priority(static_cast<std::int32_t>(priority));
      },
      "-1000 to 1000, greater is served first; else the queue's");
  const auto list = [&](const char* name, void (*add)(Request&, const std::string&),
                        const char* description) {
    return AddTexts(
        command, name,
        [wanted, add](const std::vector<std::string>& values) {
          for (const auto& value : values) add(wanted->request, value);
        },
        description);
  };
  list("--skill", AddSkill, "a skill that the agent must have; again for more")
      .Type("SKILL[:LEVEL]");
  list("--attribute", AddAttribute, "what it carries along; again for more").Type("KEY=VALUE");
  text("--customer-key", &Request::set_customer_key<const std::string&>,
       "opaque key of who the customer is");
  text("--related", &Request::set_related_contact<const std::string&>,
       "earlier contact that it goes on from");
  AddWord(
      command, "--live", {"yes", "no"},
      [wanted](const std::string& word) { wanted->request.set_live(word == "yes"); },
      "whether the customer is on the line; else as the channel says");
  AddSpan(command, "--in", wanted->delay_ms, "enters its queue after so long, not at once");
  AddSpan(command, "--age", wanted->age_ms, "is placed as if it had waited so long already");
}

}  // namespace

void AddSubmit(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<SubmitWanted>();
  CLI::App& command = AddCommand(app, context, "submit", "brings a contact, as a gateway would",
                                 [&context, wanted] { return Submit(context, *wanted); });
  AddOptions(command, wanted);
  SetFooter(
      command,
      "The contact belongs to the client of --client. One whose customer is on the line (live, as\n"
      "its channel says, or --live yes) is offered only while that client's session is open.\n"
      "Attributes that the policy does not name are not kept; the answer says which.\n"
      "Ends with 1 when a limit refused the contact.");
}

}  // namespace routerd::ctl
