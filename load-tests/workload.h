// The canonical workload: what runs where the command line says nothing. It suits
// policies/omnichannel.yaml and its sixty agents.
#pragma once

#include <string>
#include <vector>

#include "load-tests/behaviour.h"
#include "load-tests/plan.h"

namespace routerd::load {

// Voice, chat and email at a pace that can be watched: a day's handle times in half a minute.
std::vector<ChannelBehaviour> CanonicalChannels();
AgentBehaviour CanonicalAgents();

// For the search of what is sustained: contacts live their whole life in a fraction of a second, so
// that the router's work decides and not the number of agents. It suits
// load-tests/policies/throughput.yaml and its thousand agents.
std::vector<ChannelBehaviour> ShortChannels();
AgentBehaviour ShortAgents();

// Where contacts of a channel go when nobody said: the omnichannel policy's queues of the channel,
// as far as the router has them; else queues that carry the channel's name; else all.
std::vector<Destination> FindDestinations(const std::string& channel,
                                          const std::vector<std::string>& queues);

// All spans of the plan divided, all rates multiplied.
void SpeedUp(double factor, Plan* plan);

}  // namespace routerd::load
