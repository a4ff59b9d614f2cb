// How routerctl ends.
#pragma once

#include <string>

namespace routerd::ctl {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,       // the daemon refused, the policy has errors, the contact was refused, no
                     // file, the journal is not sound
  kUsage = 2,        // the command line is wrong
  kUnreachable = 3,  // no daemon answered at the address in time
  kRetry = 4,        // the daemon is busy, starting or draining: try again later
  kNotFound = 5,     // no such queue, agent, contact, domain
};

// The table above for people, indented.
[[nodiscard]] std::string ExitCodeTable();

}  // namespace routerd::ctl
