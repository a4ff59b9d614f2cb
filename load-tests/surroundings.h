// What the gateways and desks of a run share. All of it outlives them.
#pragma once

#include "load-tests/api.h"
#include "load-tests/latency_book.h"
#include "load-tests/loop.h"
#include "load-tests/statistics.h"

namespace routerd::load {

struct Surroundings {
  Loop* loop;
  Statistics* statistics;
  LatencyBook* latencies;
  Tap<GatewayApi>* gateway_tap;
  Tap<DesktopApi>* desktop_tap;
};

}  // namespace routerd::load
