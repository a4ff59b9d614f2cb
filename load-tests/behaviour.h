// How the people of a run behave: what a channel's customers and its gateway do, what agents do.
#pragma once

#include <string>
#include <vector>

#include "load-tests/distribution.h"

namespace routerd::load {

// Where contacts go, and what they ask for besides what the queue does.
struct Destination {
  std::string queue;
  double weight = 1;  // share of the channel's arrivals, relative to the others'
  std::vector<std::pair<std::string, int>> skills;  // name, least level
};

struct ChannelBehaviour {
  std::string channel;
  double per_second = 0;  // arrivals
  std::vector<Destination> destinations;
  Distribution handle = Distribution::Fixed(std::chrono::seconds(30));
  Distribution patience = Distribution::Fixed(std::chrono::minutes(10));
  Distribution connect = Distribution::Fixed(std::chrono::milliseconds(200));
  Distribution hold = Distribution::Fixed(std::chrono::seconds(5));
  double hold_share = 0;            // of the conversations
  double transfer_share = 0;        // of the conversations: end in another queue of the channel
  double connect_failed_share = 0;  // of the connections
};

struct AgentBehaviour {
  Distribution answer = Distribution::Fixed(std::chrono::seconds(2));
  double decline_share = 0;  // of the offers
  double miss_share = 0;     // of the offers
  Distribution wrap_up = Distribution::Fixed(std::chrono::seconds(5));
  Distribution ready_again = Distribution::Fixed(std::chrono::seconds(3));  // after a miss
  Distribution break_every = Distribution::Fixed(std::chrono::hours(1));
  Distribution break_length = Distribution::Fixed(std::chrono::minutes(1));
  bool breaks = false;
  double logout_share = 0;                 // of the breaks: logs out and in again
  std::vector<std::string> break_reasons;  // of the policy; empty = none given
  // Told at log-in. {agent} in an endpoint becomes the agent's id.
  std::vector<std::pair<std::string, std::string>> channels;  // name, endpoint
  std::vector<std::pair<std::string, int>> skills;  // name, level; empty = as the policy says
};

}  // namespace routerd::load
