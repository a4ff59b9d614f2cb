#include "routerd/daemon/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/compiler/nearest.h"
#include "routerd/daemon/version.h"

namespace routerd::daemon {
namespace {

void AddAddress(CLI::App& app, const std::string& name, std::optional<Endpoint>& out,
                const std::string& description) {
  app.add_option_function<std::string>(
         name,
         [name, &out](const std::string& text) {
           auto endpoint = ParseEndpoint(text);
           if (!endpoint.ok()) throw CLI::ValidationError(name, endpoint.status().message());
           out = std::move(endpoint).value();
         },
         description)
      ->type_name("ADDRESS");
}

// One of `words`, in the order of `Word`; `told`: the words for people.
template <typename Word>
void AddWord(CLI::App& app, const std::string& name, const std::vector<std::string_view>& words,
             const std::string& told, std::optional<Word>& out) {
  app.add_option_function<std::string>(
         name,
         [name, told, &words, &out](const std::string& word) {
           const auto found = std::find(words.begin(), words.end(), word);
           if (found == words.end()) {
             throw CLI::ValidationError(
                 name, "is " + told + "; " + compiler::DidYouMean(compiler::Nearest(word, words)));
           }
           out = static_cast<Word>(found - words.begin());
         },
         told)
      ->type_name("WORD");
}

void AddOptions(CLI::App& app, Flags& flags) {
  app.add_option("--config", flags.config, "configuration (YAML); without it the defaults hold")
      ->type_name("FILE");
  app.add_option("--policy", flags.policy, "policy (YAML)")->type_name("FILE");
  app.add_option("--state-dir", flags.state_dir, "where routerd keeps what must outlive it")
      ->type_name("DIR");
  AddAddress(app, "--grpc", flags.grpc, "serve gRPC there; port 0 = any free one");
  AddAddress(app, "--http", flags.http, "serve /metrics, /healthz, /readyz there");
  AddAddress(app, "--redis", flags.redis, "publish to this Redis");
  app.add_flag("--no-redis", flags.no_redis, "publish to no Redis")->excludes("--redis");
  app.add_flag("--insecure-listen", flags.insecure_listen,
               "let other machines connect, although clients are not asked who they are");
  app.add_option("--ports-file", flags.ports_file,
                 "once serving, write {\"grpc\":PORT,\"http\":PORT} there (a file or a FIFO)")
      ->type_name("FILE");
  AddWord(app, "--log-level", LogLevelWords(), "trace, debug, info, warn or error",
          flags.log_level);
  AddWord(app, "--durability", DurabilityWords(), "sync, interval, off or memory",
          flags.durability);
  app.add_option("--truncate-at", flags.truncate_at,
                 "give up every journal record from this one on, where the journal is damaged, and "
                 "end; what was accepted in them is lost")
      ->type_name("SEQUENCE");
  app.add_flag("--check", flags.check, "check configuration and policy, serve nothing");
}

EarlyExit Usage(const CLI::ParseError& error) {
  return {ExitCode::kUsage, "routerd: " + std::string(error.what()) + "\nTry 'routerd --help'.\n"};
}

}  // namespace

std::variant<Flags, EarlyExit> ParseFlags(int argc, const char* const* argv) {
  Flags flags;
  bool version = false;
  CLI::App app("routerd: real-time routing daemon for contact centres", "routerd");
  app.option_defaults()->take_last();  // what is said later wins, as for a wrapper's arguments
  app.set_help_flag("-h,--help", "print this text");
  app.add_flag("--version", version, "print the versions of routerd, its rules and its parts");
  AddOptions(app, flags);
  app.footer(
      "ADDRESS is HOST:PORT, [IPV6]:PORT or unix:/PATH.\n"
      "SIGTERM and SIGINT drain, a second one stops at once; SIGHUP reads the policy again.\n\n"
      "Exit codes:\n" +
      ExitCodeTable());
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{ExitCode::kOk, app.help()};
  } catch (const CLI::ParseError& error) {
    return Usage(error);
  }
  if (version) return EarlyExit{ExitCode::kOk, VersionText()};
  return flags;
}

void ApplyFlags(const Flags& flags, Config& config) {
  if (flags.policy) config.policy = *flags.policy;
  if (flags.state_dir) config.state_dir = *flags.state_dir;
  if (flags.durability) config.journal.durability = *flags.durability;
  if (flags.grpc) config.listen.grpc = *flags.grpc;
  if (flags.http) config.listen.http = *flags.http;
  if (flags.insecure_listen) config.listen.insecure = true;
  if (flags.log_level) config.log.level = *flags.log_level;
  if (flags.redis) {
    config.redis.enabled = true;
    config.redis.address = *flags.redis;
  }
  if (flags.no_redis) config.redis.enabled = false;
}

}  // namespace routerd::daemon
