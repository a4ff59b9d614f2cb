// routerctl as a function: a command line in, text and an exit code out.
#pragma once

#include <ostream>

#include "routerd/ctl/exit_code.h"

namespace routerd::ctl {

struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;  // `out` is one
};

// Reads ROUTERD_ADDRESS and USER from the environment.
[[nodiscard]] ExitCode Run(int argc, const char* const* argv, const Streams& streams);

}  // namespace routerd::ctl
