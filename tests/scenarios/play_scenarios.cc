// Plays the scenario files it is given; says which failed, and why.
#include <cstdio>
#include <span>

#include "routerd/sim/scenario_runner.h"

int main(int argc, char** argv) {
  int failed = 0;
  for (const char* path : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
    const routerd::sim::Played played = routerd::sim::PlayFile(path);
    if (played.ok) {
      std::printf("%s: as it should be, %zu offers\n", path, played.offers);
      continue;
    }
    ++failed;
    std::printf("%s\n", played.message.c_str());
  }
  if (argc < 2) std::puts("usage: play_scenarios FILE.scn…");
  return failed == 0 && argc > 1 ? 0 : 1;
}
