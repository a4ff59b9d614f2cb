// The command line.
#pragma once

#include <optional>
#include <string>

#include "load-tests/plan.h"
#include "load-tests/span.h"

namespace routerd::load {

enum class Mode { kRun, kDemo, kThroughput };

struct Options {
  Mode mode = Mode::kRun;
  // Channels without destinations, agents and limits not given (open_offers 0) are still to be
  // found out from the router.
  Plan plan;
  std::size_t agents = 0;    // take so many; 0 = all
  std::string agent_prefix;  // only agents whose id starts so; with `agents`, their ids are made
  std::optional<Span> arrivals;  // how long contacts arrive; demo: none = until Ctrl-C
  Span warm_up = Span::zero();
  Span drain = Span::zero();    // contacts may end by themselves for so long; then they are ended
  std::string json;             // file for the summary; empty = none
  bool allow_rejected = false;  // arrivals answered with an error do not fail the run

  // demo
  std::string metrics;
  std::string redis;

  // throughput
  double start_rate = 0;  // contacts/s of the first step
  double max_rate = 0;    // and of the last
  Span step = Span::zero();
  Span bound = Span::zero();    // of arrival_to_offer p99
  Span measure = Span::zero();  // at half of what was sustained
};

// nullopt: nothing is to be run (help, version, or a mistake); *exit_code is set then.
std::optional<Options> ParseOptions(int argc, char** argv, int* exit_code);

}  // namespace routerd::load
