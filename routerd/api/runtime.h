// What every part of the server works with. Made once, outlives every stream.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "routerd/api/executor.h"
#include "routerd/api/link.h"
#include "routerd/api/timers.h"
#include "routerd/base/clock.h"
#include "routerd/base/limits.h"
#include "routerd/engine/service.h"

namespace routerd::api {

struct Runtime {
  engine::Service& service;
  const Clock& clock;
  Timers& timers;
  Executor& executor;
  std::string version;  // of the software
  std::uint32_t rules_version = 0;
  // Sequence of the last record whose events all outboxes have.
  std::atomic<std::uint64_t> released{0};
  // Sessions that have a connection now.
  std::atomic<std::int64_t> gateway_sessions{0};
  std::atomic<std::int64_t> desktop_sessions{0};
  StreamSet sessions{limits::kMaxSessions};
  StreamSet readers{limits::kMaxReaders};
};

}  // namespace routerd::api
