// How the projection into Redis is doing, for gauges and GetStatus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "routerd/base/ids.h"

namespace routerd::publish {

enum class RedisState : std::uint8_t {
  kOff,      // not configured, or stopped
  kDown,     // no connection; tries again by itself
  kSyncing,  // connected; the whole state is being written
  kUp,       // current, but for what the lag says
};

struct RedisStatus {
  RedisState state = RedisState::kOff;
  std::string last_error;             // of the latest failure; kept after recovery
  SpanMs lag_ms = 0;                  // age of the oldest change that Redis has not confirmed
  std::size_t pending_commands = 0;   // sent and not answered
  std::uint64_t backlog_records = 0;  // history not yet in the stream
  std::uint64_t connects = 0;         // connections that got as far as writing
  std::uint64_t failures = 0;         // connections and attempts that failed
  std::uint64_t commands = 0;         // confirmed
  std::uint64_t events = 0;           // stream entries confirmed
  std::uint64_t gaps = 0;             // times history no longer held what the stream lacked
};

}  // namespace routerd::publish
