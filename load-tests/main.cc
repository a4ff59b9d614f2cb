#include <optional>

#include "load-tests/commands.h"

int main(int argc, char** argv) {
  using routerd::load::Mode;
  int exit_code = 0;
  const auto options = routerd::load::ParseOptions(argc, argv, &exit_code);
  if (!options) return exit_code;
  switch (options->mode) {
    case Mode::kRun:
      return routerd::load::RunCommand(*options);
    case Mode::kDemo:
      return routerd::load::DemoCommand(*options);
    case Mode::kThroughput:
      return routerd::load::ThroughputCommand(*options);
  }
  return 2;
}
