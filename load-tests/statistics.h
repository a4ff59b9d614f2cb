// What a run has measured and counted.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "load-tests/histogram.h"

namespace routerd::load {

// All from the intended instant, not from when the generator got round to it.
struct Latencies {
  Histogram arrival_to_offer;       // Arrive → offer at the desktop; an agent was free at arrival
  Histogram arrival_to_offer_all;   // the same of all contacts: waiting for an agent counts
  Histogram arrival_to_accepted;    // Arrive → the router's answer to it
  Histogram accept_to_confirmed;    // AcceptOffer → `confirmed` at the desktop
  Histogram send_lag;               // Arrive → handed to gRPC: the generator's own lateness
  std::uint64_t never_offered = 0;  // ended first: in none of the above that end with the offer
};

inline constexpr std::array<int, 4> kPerMille = {500, 900, 990, 999};  // that are told

struct ChannelCounts {
  std::uint64_t arrived = 0;      // Arrive sent
  std::uint64_t taken = 0;        // the router answered OK
  std::uint64_t turned_away = 0;  // the router drains: to be brought to another one
  std::uint64_t rejected = 0;     // the router answered with another error, for good
  std::uint64_t answered = 0;     // connected, or assigned where there is nothing to connect
  std::uint64_t transferred = 0;
  std::uint64_t held = 0;                      // put on hold at least once
  std::map<std::string, std::uint64_t> ended;  // by terminal state
};

struct Statistics {
  Latencies latencies;
  std::map<std::string, ChannelCounts> channels;
  std::map<std::string, std::uint64_t> offers;  // by outcome, as desktops were told
  std::map<std::string, std::uint64_t> errors;  // answers that were none, by command and code
  std::uint64_t breaks = 0;
  std::uint64_t logouts = 0;
  std::uint64_t reconnects = 0;

  [[nodiscard]] std::uint64_t Arrived() const;
  [[nodiscard]] std::uint64_t Answered() const;
  [[nodiscard]] std::uint64_t Rejected() const;
  [[nodiscard]] std::uint64_t Ended() const;
};

}  // namespace routerd::load
