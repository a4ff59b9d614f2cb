// The one place that sets logging up. Everybody else calls spdlog::info("subsystem: …") and the
// like.
//
// What is logged has no personal data and no endpoint of a person: ids of queues, counts, addresses
// of our own parts, reasons.
#pragma once

#include <spdlog/sinks/sink.h>

#include <memory>

#include "routerd/daemon/config.h"

namespace routerd::daemon {

// From now on everything goes, one line a message, to standard error; gRPC's errors too, as
// warnings. What else gRPC says names peers and is dropped.
void SetUpLog(const Config::Log& log);
// The same, to another sink.
void SetUpLog(const Config::Log& log, std::shared_ptr<spdlog::sinks::sink> sink);

}  // namespace routerd::daemon
