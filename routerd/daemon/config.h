// What the daemon is told: a YAML file, and flags that win over it. See README.md for every key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/compiler/finding.h"
#include "routerd/daemon/endpoint.h"

namespace routerd::daemon {

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError };
enum class LogFormat : std::uint8_t { kText, kJson };
// When what is accepted is safe, see README.md; the words of the key are in this order.
enum class Durability : std::uint8_t { kSync, kInterval, kOff, kMemory };

[[nodiscard]] const std::vector<std::string_view>& LogLevelWords();    // in the order of LogLevel
[[nodiscard]] const std::vector<std::string_view>& DurabilityWords();  // likewise

struct Config {
  std::string domain = "default";
  std::string state_dir = "/var/lib/routerd";
  std::string policy = "/etc/routerd/policy.yaml";

  struct Listen {
    Endpoint grpc{"127.0.0.1", 7770, ""};
    Endpoint http{"127.0.0.1", 7771, ""};
    bool insecure = false;  // other machines may connect, although nobody proves who he is
  } listen;

  struct Redis {
    bool enabled = true;
    Endpoint address{"127.0.0.1", 6379, ""};
    std::string username;
    std::string password_file;  // empty: no password
  } redis;

  struct Journal {
    Durability durability = Durability::kSync;
    SpanMs interval_ms = 5;  // of kInterval
    // History stays so long, or until it takes so much room, whichever is less.
    SpanMs keep_ms = 7LL * 24 * 3600 * 1000;
    std::uint64_t keep_bytes = 20'000'000'000;
    bool follow = true;  // a second core makes the snapshots
  } journal;

  struct Log {
    LogLevel level = LogLevel::kInfo;
    LogFormat format = LogFormat::kText;
  } log;

  struct Limits {
    SpanMs drain_ms = 20'000;  // SIGTERM waits so long for open offers
  } limits;
};

inline constexpr std::size_t kMaxConfigBytes = 1024 * 1024;
inline constexpr std::size_t kMaxPasswordBytes = 4 * 1024;

struct ParsedConfig {
  Config config;                            // complete also when there are findings
  std::vector<compiler::Finding> findings;  // everything wrong, by line and column
};

// Paths that are not absolute are taken from the folder of `file`. Does not look at what they name.
[[nodiscard]] ParsedConfig ParseConfig(const std::string& file, std::string_view text);

// What is wrong with the whole, flags applied: one sentence each, naming the key.
[[nodiscard]] std::vector<std::string> CheckConfig(const Config& config);

}  // namespace routerd::daemon
