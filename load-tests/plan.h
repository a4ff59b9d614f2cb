// What a run plays: whom, how fast, against which router.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "load-tests/behaviour.h"
#include "load-tests/limits.h"
#include "load-tests/span.h"

namespace routerd::load {

struct Plan {
  std::string grpc;    // HOST:PORT
  std::string domain;  // empty = the router's default
  std::string run_id;  // part of contact and request ids; unique within 15 minutes
  std::uint64_t seed = 1;
  std::vector<ChannelBehaviour> channels;
  AgentBehaviour agents;
  std::vector<std::string> agent_ids;
  std::size_t streams = 1;         // desktop sessions that the agents are spread over
  Limits limits;                   // what the audit holds the router to
  Span drop_every = Span::zero();  // a connection is cut so often, in the mean; 0 = never
  Span reconnect = Span::zero();   // the router may be away for so long; 0 = it is not expected to
};

}  // namespace routerd::load
