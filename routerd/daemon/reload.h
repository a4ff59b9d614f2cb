// SIGHUP: the policy file is read again and put in force; a bad one changes nothing.
#pragma once

#include <functional>
#include <string>

#include "routerd/engine/service.h"

namespace routerd::daemon {

// How a policy in force came there, for those who look at it later.
inline constexpr const char* kDaemonActor = "routerd";

// Reads, compiles and submits; may take seconds, so not on the loop's thread. What happened is
// logged. `done` is called exactly once, on any thread.
void ReloadPolicy(engine::Service& service, const std::string& path, std::function<void()> done);

}  // namespace routerd::daemon
