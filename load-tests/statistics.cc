#include "load-tests/statistics.h"

namespace routerd::load {

std::uint64_t Statistics::Arrived() const {
  std::uint64_t sum = 0;
  for (const auto& [name, counts] : channels) sum += counts.arrived;
  return sum;
}

std::uint64_t Statistics::Answered() const {
  std::uint64_t sum = 0;
  for (const auto& [name, counts] : channels) sum += counts.answered;
  return sum;
}

std::uint64_t Statistics::Rejected() const {
  std::uint64_t sum = 0;
  for (const auto& [name, counts] : channels) sum += counts.rejected;
  return sum;
}

std::uint64_t Statistics::Ended() const {
  std::uint64_t sum = 0;
  for (const auto& [name, counts] : channels) {
    for (const auto& [state, count] : counts.ended) sum += count;
  }
  return sum;
}

}  // namespace routerd::load
