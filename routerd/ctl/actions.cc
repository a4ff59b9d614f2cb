// What a supervisor does: agents' states and skills, contacts' places, queues' modes.
#include <google/protobuf/util/time_util.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/ctl/client.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/describe.h"
#include "routerd/ctl/failure.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/skill_argument.h"
#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

// Asks, and prints `SUBJECT: FIELDS`.
template <typename Request, typename Response>
ExitCode Act(const Context& context, const std::string& subject, Unary<Request, Response> method,
             const Request& request) {
  Response response;
  if (auto failure = Client(context.target).Call(method, request, response)) {
    return context.Fail(*failure);
  }
  return context.Print(response, [&](const Response& answer) {
    return Printable(subject) + ": " + Inline(DescribeStable(answer)) + "\n";
  });
}

// Puts a text into a field of the request.
template <typename Request>
TakeText Into(const std::shared_ptr<Request>& request, void (Request::*set)(const std::string&)) {
  return [request, set](const std::string& text) { (request.get()->*set)(text); };
}

// The same with a word for one of an enumeration's values.
template <typename Request, typename Enum>
TakeText Into(const std::shared_ptr<Request>& request, void (Request::*set)(Enum)) {
  return [request, set](const std::string& word) { (request.get()->*set)(Value<Enum>(word)); };
}

void AddAgentState(CLI::App& group, Context& context) {
  using Request = v1::SetAgentStateRequest;
  auto request = std::make_shared<Request>();
  CLI::App& command = AddCommand(
      group, context, "set-state", "ready, not ready or logged out, as he could himself",
      [&context, request] { return Act(context, request->agent_id(), kSetAgentState, *request); });
  AddText(command, "AGENT", Into(request, &Request::set_agent_id<const std::string&>), "the agent")
      .Required();
  AddWord(command, "STATE", {"ready", "not_ready", "logged_out"},
          Into(request, &Request::set_presence), "his presence from now on")
      .Required();
  AddText(command, "--reason", Into(request, &Request::set_reason<const std::string&>),
          "of not ready: one of the policy's");
}

// Of an override: how long it holds.
template <typename Request>
Option AddDuration(CLI::App& command, const std::shared_ptr<Request>& request) {
  return AddSpan(
      command, "--for",
      [request](SpanMs span_ms) {
        *request->mutable_duration() =
            google::protobuf::util::TimeUtil::MillisecondsToDuration(span_ms);
      },
      "how long, 1s to 400 days; without it, until it is cleared");
}

void AddAgentSkills(CLI::App& group, Context& context) {
  using Request = v1::SetAgentSkillsRequest;
  auto request = std::make_shared<Request>();
  const auto named = std::make_shared<bool>(false);
  CLI::App& command = AddCommand(
      group, context, "set-skills", "other skills at run time, over the policy's",
      [&context, request, named] {
        if (*named) return Act(context, request->agent_id(), kSetAgentSkills, *request);
        return context.Fail(UsageFailure("which skills? SKILL:LEVEL, --none or --from-policy"));
      });
  AddText(command, "AGENT", Into(request, &Request::set_agent_id<const std::string&>), "the agent")
      .Required();
  const Option skills = AddTexts(
      command, "SKILL:LEVEL",
      [request, named](const std::vector<std::string>& texts) {
        *named = true;
        for (const auto& text : texts) {
          const SkillArgument skill = ParseSkill("SKILL:LEVEL", text, 0);
          auto* const added = request->add_skills();
          added->set_skill(skill.skill);
          added->set_level(skill.level);
        }
      },
      "all of his skills from now on");
  const Option none = AddFlag(
                          command, "--none", [named] { *named = true; }, "none at all")
                          .Excludes(skills);
  const Option lasts = AddDuration(command, request);
  AddFlag(
      command, "--from-policy",
      [request, named] {
        *named = true;
        request->set_from_policy(true);
      },
      "the policy's again: what was set at run time is forgotten")
      .Excludes(skills)
      .Excludes(none)
      .Excludes(lasts);
  RequireOptions(command, 2);  // the agent, and which skills
}

void AddSetPriority(CLI::App& group, Context& context) {
  using Request = v1::SetContactPriorityRequest;
  auto request = std::make_shared<Request>();
  CLI::App& command =
      AddCommand(group, context, "set-priority", "another priority", [&context, request] {
        return Act(context, request->contact_id(), kSetContactPriority, *request);
      });
  AddText(command, "CONTACT", Into(request, &Request::set_contact_id<const std::string&>),
          "the waiting contact")
      .Required();
  AddNumber(
      command, "PRIORITY", {limits::kMinPriority, limits::kMaxPriority},
      [request](std::int64_t value) { request->set_priority(static_cast<std::int32_t>(value)); },
      "-1000 to 1000, greater is served first")
      .Required();
}

void AddMove(CLI::App& group, Context& context) {
  using Request = v1::MoveContactRequest;
  auto request = std::make_shared<Request>();
  CLI::App& command = AddCommand(group, context, "move", "to another queue", [&context, request] {
    return Act(context, request->contact_id(), kMoveContact, *request);
  });
  AddText(command, "CONTACT", Into(request, &Request::set_contact_id<const std::string&>),
          "the waiting contact")
      .Required();
  AddText(command, "QUEUE", Into(request, &Request::set_queue<const std::string&>), "where to")
      .Required();
}

void AddWithdraw(CLI::App& group, Context& context) {
  using Request = v1::RemoveContactRequest;
  auto request = std::make_shared<Request>();
  CLI::App& command = AddCommand(
      group, context, "withdraw", "out of its queue; its gateway is told", [&context, request] {
        return Act(context, request->contact_id(), kRemoveContact, *request);
      });
  AddText(command, "CONTACT", Into(request, &Request::set_contact_id<const std::string&>),
          "the waiting contact")
      .Required();
}

void AddQueueMode(CLI::App& group, Context& context) {
  using Request = v1::SetQueueModeRequest;
  auto request = std::make_shared<Request>();
  CLI::App& command = AddCommand(
      group, context, "set-mode",
      "open; closed (takes nobody, serves who waits); emergency (serves nobody)",
      [&context, request] {
        const bool named = request->from_policy() || request->mode() != v1::QUEUE_MODE_UNSPECIFIED;
        if (named) return Act(context, request->queue(), kSetQueueMode, *request);
        return context.Fail(UsageFailure("which mode? open, closed, emergency or --from-policy"));
      });
  AddText(command, "QUEUE", Into(request, &Request::set_queue<const std::string&>), "the queue")
      .Required();
  const Option mode = AddWord(command, "MODE", Words<v1::QueueMode>(),
                              Into(request, &Request::set_mode), "its mode from now on");
  const Option lasts = AddDuration(command, request);
  AddFlag(
      command, "--from-policy", [request] { request->set_from_policy(true); },
      "the policy's again: what was set at run time is forgotten")
      .Excludes(mode)
      .Excludes(lasts);
  RequireOptions(command, 2);  // the queue, and which mode
}

void AddQueueMove(CLI::App& group, Context& context) {
  using Request = v1::MoveQueueRequest;
  auto request = std::make_shared<Request>();
  CLI::App& command = AddCommand(
      group, context, "move", "all who wait to another queue",
      [&context, request] { return Act(context, request->queue(), kMoveQueue, *request); });
  AddText(command, "QUEUE", Into(request, &Request::set_queue<const std::string&>), "the queue")
      .Required();
  const Option to =
      AddText(command, "TO", Into(request, &Request::set_to_queue<const std::string&>), "where to");
  AddFlag(
      command, "--stop", [request] { request->set_stop(true); },
      "stops a move: who has not been moved yet stays")
      .Excludes(to);
  RequireOptions(command, 2);  // the queue, and where to
}

}  // namespace

void AddActions(CLI::App& app, Context& context) {
  CLI::App& agent = AddGroup(app, "agent", "acts on an agent");
  AddAgentState(agent, context);
  AddAgentSkills(agent, context);
  CLI::App& contact = AddGroup(app, "contact", "acts on a waiting contact");
  AddSetPriority(contact, context);
  AddMove(contact, context);
  AddWithdraw(contact, context);
  CLI::App& queue = AddGroup(app, "queue", "acts on a queue");
  AddQueueMode(queue, context);
  AddQueueMove(queue, context);
}

}  // namespace routerd::ctl
