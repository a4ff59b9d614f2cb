// Rooms made to be hard on the core, by name; each step is what hurts, repeated.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace routerd::bench {

struct AdversaryResult {
  std::uint64_t events = 0;
  std::int64_t total_ns = 0;  // of those events, the thread's own time
  std::int64_t worst_ns = 0;  // of one event (or of one firing of timers)
};

struct Adversary {
  std::string name;
  std::function<AdversaryResult()> run;
};

std::vector<Adversary> Adversaries();

}  // namespace routerd::bench
