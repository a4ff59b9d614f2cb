// The daemon's command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "routerd/daemon/config.h"
#include "routerd/daemon/early_exit.h"

namespace routerd::daemon {

// What was given; what was not is absent and leaves the configuration as it is.
struct Flags {
  std::optional<std::string> config;
  std::optional<std::string> policy;
  std::optional<std::string> state_dir;
  std::optional<Durability> durability;
  std::optional<std::uint64_t> truncate_at;
  std::optional<Endpoint> grpc;
  std::optional<Endpoint> http;
  std::optional<Endpoint> redis;  // switches Redis on
  bool no_redis = false;
  bool insecure_listen = false;
  std::optional<LogLevel> log_level;
  std::optional<std::string> ports_file;
  bool check = false;
};

// EarlyExit: it was asked for a text, or the command line is wrong.
std::variant<Flags, EarlyExit> ParseFlags(int argc, const char* const* argv);

// Flags win over the file.
void ApplyFlags(const Flags& flags, Config& config);

}  // namespace routerd::daemon
