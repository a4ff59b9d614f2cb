// From the command line to what App runs: reads and checks configuration and policy.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "routerd/compiler/compile.h"
#include "routerd/daemon/config.h"
#include "routerd/daemon/early_exit.h"
#include "routerd/daemon/flags.h"

namespace routerd::daemon {

// The file that `flags` names, or the defaults, with the flags applied.
std::variant<Config, EarlyExit> LoadConfig(const Flags& flags);

struct LoadedPolicy {
  compiler::Compiled compiled;
  std::string source;
};

// EarlyExit: the file cannot be read or trusted, or has errors; `text` has every finding.
// `previous` as for compiler::Compile.
std::variant<LoadedPolicy, EarlyExit> LoadPolicy(const std::string& path,
                                                 const model::Model* previous);

// Empty where none is configured.
std::variant<std::string, EarlyExit> LoadRedisPassword(const Config& config);

// For --check: both; says that they are good, or what is wrong.
EarlyExit Check(const Config& config);

}  // namespace routerd::daemon
