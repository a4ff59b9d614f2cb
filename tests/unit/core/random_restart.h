// Restarts in random traffic: how long the router was down, and what is told when it is back.
#pragma once

#include <deque>

#include "tests/unit/core/random_world.h"

namespace routerd::core {

// None at all, or up to some hours.
SpanMs RandomDowntime(Random& random);
// The restart and, before and after it, whose connections were lost by it: all at one time, before
// anything that was due has fired. Some agents decide about offers that are over by then, or not.
std::deque<Event> RandomRestart(Random& random, const Core& core, int agents, int gateways);

}  // namespace routerd::core
