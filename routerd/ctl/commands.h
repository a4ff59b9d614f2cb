// The subcommands. Each adds itself to the command line; `context` outlives the parser.
#pragma once

namespace CLI {
class App;
}

namespace routerd::ctl {

struct Context;

void AddStatus(CLI::App& app, Context& context);
void AddQueues(CLI::App& app, Context& context);
void AddAgents(CLI::App& app, Context& context);
void AddContacts(CLI::App& app, Context& context);
void AddOverrides(CLI::App& app, Context& context);
void AddWatch(CLI::App& app, Context& context);
void AddEvents(CLI::App& app, Context& context);
void AddSubmit(CLI::App& app, Context& context);
void AddActions(CLI::App& app, Context& context);  // agent, contact, queue
void AddPolicy(CLI::App& app, Context& context);
void AddSimulate(CLI::App& app, Context& context);
void AddJournal(CLI::App& app, Context& context);
void AddJournalRecords(CLI::App& group, Context& context);  // of `journal`: dump, tail

}  // namespace routerd::ctl
