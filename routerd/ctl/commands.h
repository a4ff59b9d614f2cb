// The subcommands. Each adds itself to the command line; `context` outlives the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/ctl/context.h"

namespace routerd::ctl {

void AddStatus(CLI::App& app, Context& context);
void AddQueues(CLI::App& app, Context& context);
void AddAgents(CLI::App& app, Context& context);
void AddContacts(CLI::App& app, Context& context);
void AddWatch(CLI::App& app, Context& context);
void AddEvents(CLI::App& app, Context& context);
void AddSubmit(CLI::App& app, Context& context);
void AddActions(CLI::App& app, Context& context);  // agent, contact, queue
void AddPolicy(CLI::App& app, Context& context);

// ---- Helpers that several of them use ----------------------------------------------------------

// A subcommand that runs `run` when it is the one chosen, and that takes the global options too.
CLI::App* AddCommand(CLI::App& app, Context& context, const std::string& name,
                     const std::string& description, std::function<ExitCode()> run);

// `20s`, `1m30s`.
CLI::Option* AddSpan(CLI::App& app, const std::string& name, SpanMs& out,
                     const std::string& description);

// One of `words`, or several.
CLI::Option* AddWords(CLI::App& app, const std::string& name, std::vector<std::string>& out,
                      const std::vector<std::string>& words, const std::string& description);

// `english:5` → {"english", 5}; the level may be left out where `level` is given. Throws
// CLI::ValidationError with the option's name.
struct SkillArgument {
  std::string skill;
  int level = 0;
};
SkillArgument ParseSkill(const std::string& option, const std::string& text, int default_level);

}  // namespace routerd::ctl
