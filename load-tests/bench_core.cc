// What the core costs: life cycles by size of the room, then adversaries, and on demand the
// instructions of five rooms. No journal, no network.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "load-tests/bench_adversaries.h"
#include "load-tests/bench_rooms.h"
#include "load-tests/bench_table.h"

namespace {

using routerd::bench::RoomInUse;

// Said before what the user says, who so has the last word.
constexpr std::array kDefaults = {"--benchmark_repetitions=5",
                                  "--benchmark_report_aggregates_only=true",
                                  "--benchmark_min_time=0.1"};

void Usage() {
  std::fputs(
      "Usage: bench_core [--all] [--benchmark_FLAG…]\n"
      "       bench_core --counted | --count ROOM\n"
      "  --all         every size of room, also those that no centre has\n"
      "  --counted     the rooms whose instructions are counted\n"
      "  --count ROOM  runs one, of any size, for callgrind, and says how many events it applied\n"
      "./dev bench core --instructions runs those that are counted under callgrind.\n"
      "Benchmarks are called room/… and adversary/…; times are the thread's own. The library's\n"
      "flags are, unless you say others,",
      stdout);
  for (const char* flag : kDefaults) std::printf(" %s", flag);
  std::fputs(":\n\n", stdout);
  benchmark::PrintDefaultHelp();
}

void RegisterAdversaries(RoomInUse& use) {
  for (const auto& adversary : routerd::bench::Adversaries()) {
    const auto measure = [adversary, &use](benchmark::State& state) {
      use.Leave();
      for ([[maybe_unused]] auto once : state) {
        const routerd::bench::AdversaryResult result = adversary.run();
        state.SetIterationTime(static_cast<double>(result.total_ns) / 1e9);
        state.counters[routerd::bench::kEventsPerSecond] =
            benchmark::Counter(static_cast<double>(result.events), benchmark::Counter::kIsRate);
        state.counters[routerd::bench::kWorstUs] = static_cast<double>(result.worst_ns) / 1e3;
      }
    };
    benchmark::RegisterBenchmark(("adversary/" + adversary.name).c_str(), measure)
        ->Iterations(1)  // of which each prepares its room
        ->UseManualTime();
  }
}

int ListCounted() {
  for (const auto& size : routerd::bench::CountedRooms()) std::puts(size.Name().c_str());
  return 0;
}

int Count(const std::string& name) {
  if (const auto size = routerd::bench::RoomOf(name)) {
    std::printf("%llu\n", static_cast<unsigned long long>(routerd::bench::CountRoom(*size)));
    return 0;
  }
  std::fprintf(stderr, "bench_core: no room is called '%s'\n", name.c_str());
  return 2;
}

int Run(bool all, bool own_table) {
  RoomInUse use;
  RegisterRooms(all, use);
  RegisterAdversaries(use);
  routerd::bench::Table table;
  const std::size_t matched = benchmark::RunSpecifiedBenchmarks(own_table ? &table : nullptr);
  benchmark::ClearRegisteredBenchmarks();  // they refer to `use`
  benchmark::Shutdown();
  return matched == 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(kDefaults.begin(), kDefaults.end());
  words.insert(words.begin(), argv[0]);
  words.insert(words.end(), argv + 1, argv + argc);
  std::vector<char*> flags;
  bool own_table = true;
  for (std::string& word : words) {
    flags.push_back(word.data());
    if (word.starts_with("--benchmark_format")) own_table = false;
  }
  int left = static_cast<int>(flags.size());
  flags.push_back(nullptr);
  benchmark::Initialize(&left, flags.data(), Usage);

  bool all = false;
  for (int i = 1; i < left; ++i) {
    const char* word = flags[static_cast<std::size_t>(i)];
    if (std::strcmp(word, "--all") == 0) {
      all = true;
    } else if (std::strcmp(word, "--counted") == 0) {
      return ListCounted();
    } else if (std::strcmp(word, "--count") == 0 && i + 1 < left) {
      return Count(flags[static_cast<std::size_t>(i) + 1]);
    } else {
      std::fprintf(stderr, "bench_core: unknown argument '%s'; see --help\n", word);
      return 2;
    }
  }
  return Run(all, own_table);
}
