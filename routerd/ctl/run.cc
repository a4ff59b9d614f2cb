#include "routerd/ctl/run.h"

#include <cstdlib>
#include <string>

#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"

namespace routerd::ctl {
namespace {

void AddGlobalOptions(CLI::App& app, Context& context) {
  app.set_help_flag("-h,--help", "print this text, or that of a command");
  app.set_version_flag("--version", std::string("routerctl ") + ROUTERD_VERSION);
  app.add_option("--address", context.target.address, "the daemon's gRPC address")
      ->envname("ROUTERD_ADDRESS")
      ->type_name("HOST:PORT|unix:/PATH")
      ->capture_default_str();
  AddSpan(app, "--timeout", context.target.timeout_ms, "wait so long for an answer; 5s");
  app.add_flag("--json", context.json, "JSON for scripts; errors too");
  app.add_option("--domain", context.target.domain, "routing domain; else the daemon's default")
      ->type_name("NAME");
  app.add_option("--client", context.target.client, "the calling program, owner of what it submits")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--actor", context.target.actor, "on whose behalf; else the user of this shell")
      ->envname("USER")
      ->type_name("NAME");
}

void AddCommands(CLI::App& app, Context& context) {
  AddStatus(app, context);
  AddQueues(app, context);
  AddAgents(app, context);
  AddContacts(app, context);
  AddWatch(app, context);
  AddEvents(app, context);
  AddSubmit(app, context);
  AddActions(app, context);
  AddPolicy(app, context);
}

}  // namespace

ExitCode Run(int argc, const char* const* argv, const Streams& streams) {
  Context context{streams.out, streams.err, streams.terminal, false, {}, {}};
  CLI::App app("routerctl: looks at a routerd and steers it", "routerctl");
  app.require_subcommand(1);
  AddGlobalOptions(app, context);
  AddCommands(app, context);
  app.footer("Exit codes:\n" + ExitCodeTable());
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // help or version were asked for
    app.exit(success, context.out, context.err);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    context.err << "routerctl: " << error.what() << "\nTry 'routerctl --help'.\n";
    return ExitCode::kUsage;
  }
  return context.command();
}

}  // namespace routerd::ctl
