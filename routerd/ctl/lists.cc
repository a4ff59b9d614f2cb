// queues, agents, contacts: all that match, or one.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/ctl/client.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/describe.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/table.h"
#include "routerd/ctl/tables.h"
#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

constexpr int kPageSize = 1'000;

// Asks page after page. `into` gets the first page's position and all elements.
template <typename Request, typename Response, typename Merge>
std::optional<Failure> ReadPages(const Context& context, Unary<Request, Response> method,
                                 Request request, Response& into, const Merge& merge) {
  const Client client(context.target);
  request.set_page_size(kPageSize);
  for (;;) {
    Response page;
    if (auto failure = client.Call(method, request, page)) return failure;
    if (!into.has_position()) *into.mutable_position() = page.position();
    merge(page, into);
    if (page.next_page_token().empty()) return std::nullopt;
    request.set_page_token(page.next_page_token());
  }
}

template <typename List>
ExitCode PrintIds(const Context& context, const List& list) {
  for (const auto& element : list) context.out << Printable(element.id()) << '\n';
  return ExitCode::kOk;
}

template <typename Request, typename Response, typename Get>
ExitCode ShowOne(const Context& context, Unary<Request, Response> method, const Request& request,
                 const Get& get) {
  Response response;
  if (auto failure = Client(context.target).Call(method, request, response)) {
    return context.Fail(*failure);
  }
  return context.Print(response, [&](const Response& answer) {
    return NameValueText(Describe(get(answer), NowUnixMs()));
  });
}

// What the command line says about one list.
struct RowsWanted {
  std::string id;
  bool ids = false;
  std::vector<std::string> states;
  v1::ListAgentsRequest agents;
  v1::ListContactsRequest contacts;
};

ExitCode ShowQueues(const Context& context, const RowsWanted& wanted) {
  if (!wanted.id.empty()) {
    v1::GetQueueRequest request;
    request.set_queue(wanted.id);
    return ShowOne(context, kGetQueue, request, [](const auto& answer) { return answer.queue(); });
  }
  v1::ListQueuesResponse all;
  const auto merge = [](auto& page, auto& into) {
    into.mutable_queues()->MergeFrom(page.queues());
  };
  if (auto failure = ReadPages(context, kListQueues, v1::ListQueuesRequest(), all, merge)) {
    return context.Fail(*failure);
  }
  if (wanted.ids) return PrintIds(context, all.queues());
  return context.Print(all, [](const auto& m) { return QueueTable(m.queues(), NowUnixMs()); });
}

ExitCode ShowAgents(const Context& context, const RowsWanted& wanted) {
  if (!wanted.id.empty()) {
    v1::GetAgentRequest request;
    request.set_agent_id(wanted.id);
    return ShowOne(context, kGetAgent, request, [](const auto& answer) { return answer.agent(); });
  }
  v1::ListAgentsRequest request = wanted.agents;
  for (const auto& word : wanted.states) {
    request.add_shown_states(Value<v1::AgentShownState>(word));
  }
  v1::ListAgentsResponse all;
  const auto merge = [](auto& page, auto& into) {
    into.mutable_agents()->MergeFrom(page.agents());
  };
  if (auto failure = ReadPages(context, kListAgents, request, all, merge)) {
    return context.Fail(*failure);
  }
  if (wanted.ids) return PrintIds(context, all.agents());
  return context.Print(all, [](const auto& m) { return AgentTable(m.agents(), NowUnixMs()); });
}

ExitCode ShowContacts(const Context& context, const RowsWanted& wanted) {
  if (!wanted.id.empty()) {
    v1::GetContactRequest request;
    request.set_contact_id(wanted.id);
    return ShowOne(context, kGetContact, request,
                   [](const auto& answer) { return answer.contact(); });
  }
  v1::ListContactsRequest request = wanted.contacts;
  for (const auto& word : wanted.states) request.add_states(Value<v1::ContactState>(word));
  v1::ListContactsResponse all;
  const auto merge = [](auto& page, auto& into) {
    into.mutable_contacts()->MergeFrom(page.contacts());
  };
  if (auto failure = ReadPages(context, kListContacts, request, all, merge)) {
    return context.Fail(*failure);
  }
  if (wanted.ids) return PrintIds(context, all.contacts());
  return context.Print(all, [](const auto& m) { return ContactTable(m.contacts(), NowUnixMs()); });
}

ExitCode ShowOverrides(const Context& context) {
  v1::ListOverridesResponse all;
  const auto merge = [](auto& page, auto& into) {
    into.mutable_overrides()->MergeFrom(page.overrides());
  };
  if (auto failure = ReadPages(context, kListOverrides, v1::ListOverridesRequest(), all, merge)) {
    return context.Fail(*failure);
  }
  return context.Print(all,
                       [](const auto& m) { return OverrideTable(m.overrides(), NowUnixMs()); });
}

CLI::App& AddList(CLI::App& app, Context& context, const std::string& name,
                  const std::string& description, const std::shared_ptr<RowsWanted>& wanted,
                  ExitCode (*show)(const Context&, const RowsWanted&)) {
  CLI::App& command = AddCommand(app, context, name, description,
                                 [&context, wanted, show] { return show(context, *wanted); });
  AddText(
      command, "ID", [wanted](const std::string& text) { wanted->id = text; },
      "only this one, with everything about it");
  AddFlag(
      command, "--ids", [wanted] { wanted->ids = true; }, "only the ids, one a line");
  return command;
}

// States by which a list is filtered.
template <typename Enum>
void AddStates(CLI::App& command, const std::shared_ptr<RowsWanted>& wanted,
               const std::string& description) {
  AddWords(
      command, "--state", Words<Enum>(),
      [wanted](const std::vector<std::string>& words) { wanted->states = words; }, description);
}

}  // namespace

void AddQueues(CLI::App& app, Context& context) {
  AddList(app, context, "queues", "queues and how they stand (* = mode set at run time)",
          std::make_shared<RowsWanted>(), ShowQueues);
}

void AddAgents(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<RowsWanted>();
  CLI::App& command =
      AddList(app, context, "agents", "agents and what they do", wanted, ShowAgents);
  AddText(
      command, "--group", [wanted](const std::string& text) { wanted->agents.set_group(text); },
      "only agents of this group");
  AddStates<v1::AgentShownState>(command, wanted, "only agents in one of these states");
}

void AddOverrides(CLI::App& app, Context& context) {
  AddCommand(app, context, "overrides", "what was set at run time over the policy, and by whom",
             [&context] { return ShowOverrides(context); });
}

void AddContacts(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<RowsWanted>();
  CLI::App& command =
      AddList(app, context, "contacts", "contacts that have not ended", wanted, ShowContacts);
  AddText(
      command, "--queue", [wanted](const std::string& text) { wanted->contacts.set_queue(text); },
      "only contacts of this queue");
  AddText(
      command, "--channel",
      [wanted](const std::string& text) { wanted->contacts.set_channel(text); },
      "only contacts of this channel");
  AddText(
      command, "--agent",
      [wanted](const std::string& text) { wanted->contacts.set_agent_id(text); },
      "only contacts that this agent has or is offered");
  AddStates<v1::ContactState>(command, wanted, "only contacts in one of these states");
}

}  // namespace routerd::ctl
