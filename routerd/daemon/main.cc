#include <cstdio>
#include <string>
#include <utility>
#include <variant>

#include "routerd/daemon/flags.h"
#include "routerd/daemon/load.h"
#include "routerd/daemon/log.h"
#include "routerd/daemon/process.h"
#include "routerd/daemon/wiring.h"

namespace {

using routerd::daemon::EarlyExit;
using routerd::daemon::ExitCode;

int End(const EarlyExit& exit) {
  std::fputs(exit.text.c_str(), exit.code == ExitCode::kOk ? stdout : stderr);
  return static_cast<int>(exit.code);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace routerd::daemon;  // NOLINT(google-build-using-namespace): this file is its shell
  HardenProcess();
  const auto flags = ParseFlags(argc, argv);
  if (const auto* exit = std::get_if<EarlyExit>(&flags)) return End(*exit);
  auto config = LoadConfig(std::get<Flags>(flags));
  if (const auto* exit = std::get_if<EarlyExit>(&config)) return End(*exit);
  if (std::get<Flags>(flags).check) return End(Check(std::get<Config>(config)));
  SetUpLog(std::get<Config>(config).log);
  App app(std::get<Config>(std::move(config)), std::get<Flags>(flags).ports_file,
          std::get<Flags>(flags).truncate_at);
  return static_cast<int>(app.Run());
}
