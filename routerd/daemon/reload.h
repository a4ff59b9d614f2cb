// SIGHUP: the policy file is read again and put in force; a bad one changes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "routerd/engine/service.h"

namespace routerd::daemon {

// How a policy in force came there, for those who look at it later.
inline constexpr const char* kDaemonActor = "routerd";

// Reads, compiles and submits; may take seconds, so not on the loop's thread. What happened is
// logged. `done` is called exactly once, on any thread.
void ReloadPolicy(engine::Service& service, const std::string& path, std::function<void()> done);

// At a start that goes on with an older state: the file, whose text hashes to `file_hash`, is put
// in force if it is another than when it was last read. A bad one changes nothing.
void TakeChangedPolicy(engine::Service& service, const std::string& path, std::uint64_t file_hash);

}  // namespace routerd::daemon
