#include "routerd/ctl/run.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/failure.h"
#include "routerd/ctl/options.h"

namespace routerd::ctl {
namespace {

void AddGlobalOptions(CLI::App& app, Context& context) {
  Target& target = context.target;
  const auto text = [&](const char* name, std::string& out, const char* description) {
    return AddText(
        app, name, [&out](const std::string& value) { out = value; }, description);
  };
  text("--address", target.address, "the daemon's gRPC address")
      .Environment("ROUTERD_ADDRESS")
      .Type("HOST:PORT|unix:/PATH")
      .Default(target.address);
  AddSpan(app, "--timeout", target.timeout_ms, "wait so long for an answer; 5s");
  AddFlag(
      app, "--json", [&context] { context.json = true; }, "JSON for scripts; errors too");
  text("--domain", target.domain, "routing domain; else the daemon's default").Type("NAME");
  text("--client", target.client, "the calling program, owner of what it submits")
      .Type("NAME")
      .Default(target.client);
  text("--actor", target.actor, "on whose behalf; else the user of this shell")
      .Environment("USER")
      .Type("NAME");
}

void AddCommands(CLI::App& app, Context& context) {
  AddStatus(app, context);
  AddQueues(app, context);
  AddAgents(app, context);
  AddContacts(app, context);
  AddOverrides(app, context);
  AddWatch(app, context);
  AddEvents(app, context);
  AddSubmit(app, context);
  AddActions(app, context);
  AddPolicy(app, context);
  AddSimulate(app, context);
  AddJournal(app, context);
}

// Known before the rest, so that an error in the rest is told as JSON too.
bool AsksForJson(int argc, const char* const* argv) {
  return std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
}

}  // namespace

ExitCode Run(int argc, const char* const* argv, const Streams& streams) {
  Context context{streams.out, streams.err, streams.terminal, AsksForJson(argc, argv), {}, {}};
  const auto app =
      MakeCommandLine("routerctl", "routerctl: looks at a routerd and steers it", ROUTERD_VERSION);
  AddGlobalOptions(*app, context);
  AddCommands(*app, context);
  SetFooter(*app, "Exit codes:\n" + ExitCodeTable());
  try {
    if (const auto text = Parse(*app, argc, argv)) {
      context.out << *text;
      return ExitCode::kOk;
    }
  } catch (const UsageError& error) {
    return context.Fail(UsageFailure(error.what()));
  }
  return context.command();
}

}  // namespace routerd::ctl
