// The commands of routerd-load. Each returns the exit code: 0 done and every contact accounted for,
// 1 failed, 2 used wrongly.
#pragma once

#include "load-tests/options.h"

namespace routerd::load {

int RunCommand(const Options& options);         // run
int DemoCommand(const Options& options);        // demo
int ThroughputCommand(const Options& options);  // throughput

}  // namespace routerd::load
