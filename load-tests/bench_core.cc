// What the core costs: one table of life cycles by size, one of adversaries, and on demand the
// instructions of five named cells. Medians of repetitions; no journal, no network.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "load-tests/bench_adversaries.h"
#include "load-tests/bench_room.h"

namespace {

using routerd::bench::RoomSize;

constexpr RoomSize kNamed[] = {{10, 1, 1, 0, 1},
                               {1'000, 100, 100, 1'000, 1},
                               {1'000, 100, 100, 100'000, 1},
                               {100'000, 5'000, 5'000, 0, 6},
                               {100'000, 5'000, 5'000, 1'000'000, 6}};

// Those that say something: no more profiles than agents, no more queues than a centre of that size
// would have.
std::vector<RoomSize> Cells(bool all) {
  std::vector<RoomSize> cells;
  for (const int agents : {10, 100, 1'000, 10'000, 100'000}) {
    for (const int queues : {1, 100, 1'000, 5'000}) {
      for (const int profiles : {1, 100, 5'000}) {
        for (const int waiting : {0, 1'000, 100'000, 1'000'000}) {
          const bool widest = queues == 5'000 && profiles == 5'000;
          const RoomSize cell{agents, queues, profiles, waiting, widest ? 6 : 1};
          if (profiles > agents) continue;
          const bool sensible = waiting <= agents * 100 && queues <= agents &&
                                queues <= profiles * 100 && (queues != 1 || profiles == 1) &&
                                (queues < 1'000 || profiles > 1);
          if (all || sensible) cells.push_back(cell);
        }
      }
    }
  }
  return cells;
}

struct Figures {
  double ns_per_event = 0;
  double cycles_per_s = 0;
  std::int64_t worst_ns = 0;
  std::int64_t bytes = 0;
};

Figures MeasureCell(const RoomSize& size, int repetitions, int run_ms) {
  using Clock = std::chrono::steady_clock;
  routerd::bench::Room room(size);
  for (int i = 0; i < 1'000; ++i) room.Cycle();
  std::vector<Figures> all;
  for (int r = 0; r < repetitions; ++r) {
    const std::uint64_t before = room.desk().events();
    const auto start = Clock::now();
    std::uint64_t cycles = 0;
    std::chrono::nanoseconds took{};
    while (took < std::chrono::milliseconds(run_ms)) {
      for (int i = 0; i < 500; ++i) room.Cycle();
      cycles += 500;
      took = Clock::now() - start;
    }
    const auto ns = static_cast<double>(took.count());
    all.push_back({ns / static_cast<double>(room.desk().events() - before),
                   static_cast<double>(cycles) * 1e9 / ns, 0, room.bytes_per_waiting()});
  }
  std::sort(all.begin(), all.end(),
            [](const Figures& a, const Figures& b) { return a.ns_per_event < b.ns_per_event; });
  Figures median = all[all.size() / 2];
  room.desk().TimeEvents(true);
  for (int i = 0; i < 20'000; ++i) room.Cycle();
  median.worst_ns = room.desk().worst_ns();
  return median;
}

void Table(bool all, const std::string& filter, int repetitions, int run_ms) {
  std::printf("%-30s %10s %12s %12s %12s %14s\n", "room", "ns/event", "M events/s", "k cycles/s",
              "worst us", "bytes/waiting");
  for (const RoomSize& size : Cells(all)) {
    if (size.Name().find(filter) == std::string::npos) continue;
    const Figures f = MeasureCell(size, repetitions, run_ms);
    std::printf("%-30s %10.0f %12.2f %12.0f %12.1f", size.Name().c_str(), f.ns_per_event,
                1e3 / f.ns_per_event, f.cycles_per_s / 1e3, static_cast<double>(f.worst_ns) / 1e3);
    if (f.bytes != 0) std::printf(" %14lld", static_cast<long long>(f.bytes));
    std::printf("\n");
    std::fflush(stdout);
  }
}

void AdversaryTable(const std::string& filter, int repetitions) {
  std::printf("\n%-30s %10s %12s %12s\n", "adversary", "events", "ns/event", "worst us");
  for (const auto& adversary : routerd::bench::Adversaries()) {
    if (adversary.name.find(filter) == std::string::npos) continue;
    std::vector<routerd::bench::AdversaryResult> all;
    all.reserve(static_cast<std::size_t>(repetitions));
    for (int r = 0; r < repetitions; ++r) all.push_back(adversary.run());
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.total_ns < b.total_ns; });
    const auto& f = all[all.size() / 2];
    std::printf(
        "%-30s %10llu %12.0f %12.1f\n", adversary.name.c_str(),
        static_cast<unsigned long long>(f.events),
        static_cast<double>(f.total_ns) / static_cast<double>(std::max<std::uint64_t>(f.events, 1)),
        static_cast<double>(f.worst_ns) / 1e3);
    std::fflush(stdout);
  }
}

// Named for callgrind, which collects inside of it only.
[[gnu::noinline]] void CountedCycles(routerd::bench::Room& room, int cycles) {
  for (int i = 0; i < cycles; ++i) room.Cycle();
}

int RunCounted(const std::string& name) {
  for (const RoomSize& size : kNamed) {
    if (size.Name() != name) continue;
    routerd::bench::Room room(size);
    // Until nearly all needs that contacts may have are known.
    for (int i = 0; i < 60'000; ++i) room.Cycle();
    const std::uint64_t before = room.desk().events();
    CountedCycles(room, 5'000);
    std::printf("%llu\n", static_cast<unsigned long long>(room.desk().events() - before));
    return 0;
  }
  return 2;
}

int ListCounted() {
  for (const RoomSize& size : kNamed) std::printf("%s\n", size.Name().c_str());
  return 0;
}

constexpr char kUsage[] =
    "Usage: bench_core [--all] [--only TEXT] [--repetitions N] [--ms N]\n"
    "       bench_core --counted | --count ROOM\n"
    "  --all            every size, also those that no centre has\n"
    "  --only TEXT      rooms and adversaries whose name contains TEXT\n"
    "  --repetitions N  of which the median counts (5)\n"
    "  --ms N           of one repetition (200)\n"
    "  --counted        the rooms whose instructions are counted\n"
    "  --count ROOM     runs one of them for callgrind, and says how many events it applied\n"
    "./dev bench core --instructions runs those under callgrind.\n";

}  // namespace

int main(int argc, char** argv) {
  bool all = false;
  std::string only;
  int repetitions = 5;
  int run_ms = 200;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool more = i + 1 < argc;
    if (word == "--all") {
      all = true;
    } else if (word == "--counted") {
      return ListCounted();
    } else if (word == "--count" && more) {
      return RunCounted(argv[i + 1]);
    } else if (word == "--only" && more) {
      only = argv[++i];
    } else if (word == "--repetitions" && more) {
      repetitions = std::max(1, std::atoi(argv[++i]));
    } else if (word == "--ms" && more) {
      run_ms = std::max(1, std::atoi(argv[++i]));
    } else {
      std::fputs(kUsage, stderr);
      return 2;
    }
  }
  Table(all, only, repetitions, run_ms);
  AdversaryTable(only, std::min(repetitions, 3));
  return 0;
}
