// What a supervisor does: agents' states and skills, contacts' places, queues' modes.
#include <memory>
#include <string>
#include <vector>

#include "routerd/ctl/commands.h"
#include "routerd/ctl/describe.h"
#include "routerd/ctl/words.h"

namespace routerd::ctl {
namespace {

// Asks, and prints `SUBJECT: FIELDS`.
template <typename Method, typename Request, typename Response>
ExitCode Act(const Context& context, const std::string& subject, Method method,
             const Request& request, Response response) {
  if (auto failure = Client(context.target).Call(method, request, response)) {
    return context.Fail(*failure);
  }
  return context.Print(response, [&](const Response& answer) {
    return subject + ": " + Inline(DescribeStable(answer)) + "\n";
  });
}

// A group of actions; one of them must follow.
CLI::App* AddGroup(CLI::App& app, const std::string& name, const std::string& description) {
  return app.add_subcommand(name, description)->require_subcommand(1)->fallthrough();
}

template <typename Request>
CLI::Option* AddText(CLI::App& command, const std::string& name,
                     const std::shared_ptr<Request>& request,
                     void (Request::*set)(const std::string&), const std::string& description) {
  return command.add_option_function<std::string>(
      name, [request, set](const std::string& text) { (request.get()->*set)(text); }, description);
}

template <typename Request, typename Enum>
CLI::Option* AddWord(CLI::App& command, const std::string& name,
                     const std::shared_ptr<Request>& request, void (Request::*set)(Enum),
                     const std::vector<std::string>& words, const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [request, set](const std::string& word) { (request.get()->*set)(Value<Enum>(word)); },
          description)
      ->check(CLI::IsMember(words))
      ->type_name("WORD");
}

void AddAgentState(CLI::App& group, Context& context) {
  using Request = v1::SetAgentStateRequest;
  auto request = std::make_shared<Request>();
  CLI::App* command =
      AddCommand(group, context, "set-state", "ready, not ready or logged out, as he could himself",
                 [&context, request] {
                   return Act(context, request->agent_id(), &Client::Operations::SetAgentState,
                              *request, v1::SetAgentStateResponse());
                 });
  AddText(*command, "AGENT", request, &Request::set_agent_id<const std::string&>, "the agent")
      ->required();
  AddWord(*command, "STATE", request, &Request::set_presence, {"ready", "not_ready", "logged_out"},
          "his presence from now on")
      ->required();
  AddText(*command, "--reason", request, &Request::set_reason<const std::string&>,
          "of not ready: one of the policy's");
}

void AddAgentSkills(CLI::App& group, Context& context) {
  using Request = v1::SetAgentSkillsRequest;
  auto request = std::make_shared<Request>();
  CLI::App* command =
      AddCommand(group, context, "set-skills", "other skills at run time, over the policy's",
                 [&context, request] {
                   return Act(context, request->agent_id(), &Client::Operations::SetAgentSkills,
                              *request, v1::SetAgentSkillsResponse());
                 });
  AddText(*command, "AGENT", request, &Request::set_agent_id<const std::string&>, "the agent")
      ->required();
  auto* const skills = command->add_option_function<std::vector<std::string>>(
      "SKILL:LEVEL",
      [request](const std::vector<std::string>& texts) {
        for (const auto& text : texts) {
          const SkillArgument skill = ParseSkill("SKILL:LEVEL", text, 0);
          auto* const added = request->add_skills();
          added->set_skill(skill.skill);
          added->set_level(skill.level);
        }
      },
      "all of his skills from now on");
  auto* const none = command->add_flag_callback(
      "--none", [] {}, "none at all");
  none->excludes(skills);
  command
      ->add_flag_callback(
          "--from-policy", [request] { request->set_from_policy(true); },
          "the policy's again: what was set at run time is forgotten")
      ->excludes(skills)
      ->excludes(none);
  command->require_option(2, 0);  // the agent, and which skills
}

void AddContactActions(CLI::App& group, Context& context) {
  using Priority = v1::SetContactPriorityRequest;
  auto priority = std::make_shared<Priority>();
  CLI::App* command =
      AddCommand(group, context, "set-priority", "another priority", [&context, priority] {
        return Act(context, priority->contact_id(), &Client::Operations::SetContactPriority,
                   *priority, v1::SetContactPriorityResponse());
      });
  AddText(*command, "CONTACT", priority, &Priority::set_contact_id<const std::string&>,
          "the waiting contact")
      ->required();
  command
      ->add_option_function<int>(
          "PRIORITY", [priority](int value) { priority->set_priority(value); },
          "-1000 to 1000, greater is served first")
      ->required();

  using Move = v1::MoveContactRequest;
  auto move = std::make_shared<Move>();
  command = AddCommand(group, context, "move", "to another queue", [&context, move] {
    return Act(context, move->contact_id(), &Client::Operations::MoveContact, *move,
               v1::MoveContactResponse());
  });
  AddText(*command, "CONTACT", move, &Move::set_contact_id<const std::string&>,
          "the waiting contact")
      ->required();
  AddText(*command, "QUEUE", move, &Move::set_queue<const std::string&>, "where to")->required();

  using Remove = v1::RemoveContactRequest;
  auto remove = std::make_shared<Remove>();
  command = AddCommand(
      group, context, "withdraw", "out of its queue; its gateway is told", [&context, remove] {
        return Act(context, remove->contact_id(), &Client::Operations::RemoveContact, *remove,
                   v1::RemoveContactResponse());
      });
  AddText(*command, "CONTACT", remove, &Remove::set_contact_id<const std::string&>,
          "the waiting contact")
      ->required();
}

void AddQueueMode(CLI::App& group, Context& context) {
  using Request = v1::SetQueueModeRequest;
  auto request = std::make_shared<Request>();
  CLI::App* command =
      AddCommand(group, context, "set-mode",
                 "open; closed (takes nobody, serves who waits); emergency (serves nobody)",
                 [&context, request] {
                   return Act(context, request->queue(), &Client::Operations::SetQueueMode,
                              *request, v1::SetQueueModeResponse());
                 });
  AddText(*command, "QUEUE", request, &Request::set_queue<const std::string&>, "the queue")
      ->required();
  CLI::Option* const mode = AddWord(*command, "MODE", request, &Request::set_mode,
                                    Words<v1::QueueMode>(), "its mode from now on");
  command
      ->add_flag_callback(
          "--from-policy", [request] { request->set_from_policy(true); },
          "the policy's again: what was set at run time is forgotten")
      ->excludes(mode);
  command->require_option(2, 0);  // the queue, and which mode
}

}  // namespace

void AddActions(CLI::App& app, Context& context) {
  CLI::App* agent = AddGroup(app, "agent", "acts on an agent");
  AddAgentState(*agent, context);
  AddAgentSkills(*agent, context);
  AddContactActions(*AddGroup(app, "contact", "acts on a waiting contact"), context);
  AddQueueMode(*AddGroup(app, "queue", "acts on a queue"), context);
}

}  // namespace routerd::ctl
