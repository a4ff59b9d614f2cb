// The demo's picture: queues, agents, contacts and latencies, as text.
#pragma once

#include <string>

#include "load-tests/board.h"
#include "load-tests/centre.h"

namespace routerd::load {

// Where people look further.
struct Addresses {
  std::string grpc;
  std::string metrics;  // empty = none
  std::string redis;    // empty = none
};

// All lines of the table; it fits 80 columns.
std::string DrawTable(const Addresses& addresses, const Board& board, Centre& centre, Span elapsed);

// The same in one line.
std::string DrawProgress(const Board& board, Centre& centre, Span elapsed);

}  // namespace routerd::load
