// Why the process ends before it serves.
#pragma once

#include <string>

#include "routerd/daemon/exit_code.h"

namespace routerd::daemon {

struct EarlyExit {
  ExitCode code = ExitCode::kOk;
  std::string text;  // to standard output with kOk, else to standard error; ends with a line feed
};

}  // namespace routerd::daemon
