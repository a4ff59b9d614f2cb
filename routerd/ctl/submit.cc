#include <memory>
#include <string>
#include <vector>

#include "routerd/ctl/commands.h"
#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"

namespace routerd::ctl {
namespace {

struct Wanted {
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
    throw CLI::ValidationError("--attribute", "'" + text + "' is not KEY=VALUE");
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
  return out + " (at " + std::to_string(answer.position().epoch()) + "-" +
         std::to_string(answer.position().sequence()) + ")\n";
}

ExitCode Submit(const Context& context, const Wanted& wanted) {
  v1::ArriveRequest request = wanted.request;
  if (wanted.delay_ms > 0) request.set_not_before_unix_ms(NowUnixMs() + wanted.delay_ms);
  request.set_age_credit_ms(wanted.age_ms);
  v1::ArriveResponse answer;
  if (auto failure = Client(context.target).Call(&Client::Gateway::Arrive, request, answer)) {
    return context.Fail(*failure);
  }
  context.Print(answer,
                [&](const auto& message) { return AnswerText(request.contact_id(), message); });
  return answer.state() == v1::CONTACT_STATE_REFUSED ? ExitCode::kFailed : ExitCode::kOk;
}

void AddOptions(CLI::App& command, const std::shared_ptr<Wanted>& wanted) {
  const auto text = [&](const char* name, auto set, const char* description) {
    return command.add_option_function<std::string>(
        name, [wanted, set](const std::string& value) { (wanted->request.*set)(value); },
        description);
  };
  using Request = v1::ArriveRequest;
  text("--id", &Request::set_contact_id<const std::string&>, "id of the contact")->required();
  text("--channel", &Request::set_channel<const std::string&>, "its channel")->required();
  text("--queue", &Request::set_queue<const std::string&>, "the queue it goes to")->required();
  command.add_option_function<int>(
      "--priority", [wanted](int priority) { wanted->request.set_priority(priority); },
      "-1000 to 1000, greater is served first; else the queue's");
  const auto list = [&](const char* name, void (*add)(Request&, const std::string&),
                        const char* form, const char* description) {
    command
        .add_option_function<std::vector<std::string>>(
            name,
            [wanted, add](const std::vector<std::string>& values) {
              for (const auto& value : values) add(wanted->request, value);
            },
            description)
        ->type_name(form);
  };
  list("--skill", AddSkill, "SKILL[:LEVEL]", "a skill that the agent must have; again for more");
  list("--attribute", AddAttribute, "KEY=VALUE", "what it carries along; again for more");
  text("--customer-key", &Request::set_customer_key<const std::string&>,
       "opaque key of who the customer is");
  text("--related", &Request::set_related_contact<const std::string&>,
       "earlier contact that it goes on from");
  command
      .add_option_function<std::string>(
          "--live", [wanted](const std::string& word) { wanted->request.set_live(word == "yes"); },
          "whether the customer is on the line; else as the channel says")
      ->check(CLI::IsMember({"yes", "no"}));
  AddSpan(command, "--in", wanted->delay_ms, "enters its queue after so long, not at once");
  AddSpan(command, "--age", wanted->age_ms, "is placed as if it had waited so long already");
}

}  // namespace

void AddSubmit(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<Wanted>();
  CLI::App* command = AddCommand(app, context, "submit", "brings a contact, as a gateway would",
                                 [&context, wanted] { return Submit(context, *wanted); });
  AddOptions(*command, wanted);
  command->footer(
      "The contact belongs to the client of --client. One whose customer is on the line (live, as\n"
      "its channel says, or --live yes) is offered only while that client's session is open.\n"
      "Ends with 1 when a limit refused the contact.");
}

}  // namespace routerd::ctl
