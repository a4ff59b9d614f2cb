#include "load-tests/verdict.h"

namespace routerd::load {

std::vector<std::string> Shortcomings(const Statistics& statistics, Span lasted,
                                      bool allow_rejected) {
  std::vector<std::string> found;
  if (lasted >= kLongEnough && statistics.Arrived() > 0 && statistics.Answered() == 0) {
    found.push_back("none of " + std::to_string(statistics.Arrived()) +
                    " contacts was answered: the run shows nothing");
  }
  if (const std::uint64_t rejected = statistics.Rejected(); rejected > 0 && !allow_rejected) {
    found.push_back(std::to_string(rejected) + " arrivals were answered with an error");
  }
  return found;
}

}  // namespace routerd::load
