// Plays the days of the seeds FIRST to LAST, each twice: whatever must always hold is looked at
// after every step, and the same seed must come to the same state.
#include <cstdio>
#include <cstdlib>

#include "tests/sim/random_day.h"

namespace {

constexpr int kSteps = 1500;

bool PlayDay(std::uint64_t seed, int steps) {
  const routerd::sim::DayResult day = routerd::sim::RandomDay(seed).Play(steps);
  if (!day.wrong.empty()) {
    std::printf("%s\nday %llu: %s\nwhat happened last:\n%s", day.rows.c_str(),
                static_cast<unsigned long long>(seed), day.wrong.c_str(), day.last.c_str());
    return false;
  }
  if (routerd::sim::RandomDay(seed).Play(steps).state_hash != day.state_hash) {
    std::printf("day %llu: played twice, it came to two different states\n",
                static_cast<unsigned long long>(seed));
    return false;
  }
  std::printf("day %llu: sound, %zu offers, %zu refusals\n", static_cast<unsigned long long>(seed),
              day.offers, day.refused);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::puts("usage: play_random_days FIRST LAST [STEPS]");
    return 2;
  }
  const std::uint64_t first = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t last = std::strtoull(argv[2], nullptr, 10);
  const int steps = argc > 3 ? std::atoi(argv[3]) : kSteps;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    if (!PlayDay(seed, steps)) return 1;
  }
  return 0;
}
