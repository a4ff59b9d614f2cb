#include "load-tests/bench_rooms.h"

#include <benchmark/benchmark.h>

#include "load-tests/bench_table.h"

namespace routerd::bench {
namespace {

// Until nearly all needs that contacts may have are known.
constexpr int kWarmUpCycles = 70'000;
constexpr int kTimedCycles = 20'000;
constexpr int kCountedCycles = 5'000;

// No more profiles than agents, no more queues than a centre of that size would have.
bool SaysSomething(const RoomSize& size) {
  return size.waiting <= size.agents * 100 && size.queues <= size.agents &&
         size.queues <= size.profiles * 100 && (size.queues != 1 || size.profiles == 1) &&
         (size.queues < 1'000 || size.profiles > 1);
}

std::vector<RoomSize> Sizes(bool all) {
  std::vector<RoomSize> sizes;
  for (const int agents : {10, 100, 1'000, 10'000, 100'000}) {
    for (const int queues : {1, 100, 1'000, 5'000}) {
      for (const int profiles : {1, 100, 5'000}) {
        if (profiles > agents) continue;
        for (const int waiting : {0, 1'000, 100'000, 1'000'000}) {
          const bool widest = queues == 5'000 && profiles == 5'000;
          const RoomSize size{agents, queues, profiles, waiting, widest ? 6 : 1};
          if (all || SaysSomething(size)) sizes.push_back(size);
        }
      }
    }
  }
  return sizes;
}

void MeasureRoom(benchmark::State& state, const RoomSize& size, RoomInUse& use) {
  Room& room = use.Of(size);
  const std::uint64_t before = room.desk().events();
  for ([[maybe_unused]] auto cycle : state) room.Cycle();
  state.counters[kEventsPerSecond] = benchmark::Counter(
      static_cast<double>(room.desk().events() - before), benchmark::Counter::kIsRate);
  state.counters[kCyclesPerSecond] =
      benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
  state.counters[kWorstUs] = static_cast<double>(use.worst_ns()) / 1e3;
  if (const std::int64_t bytes = room.bytes_per_waiting(); bytes != 0) {
    state.counters[kBytesPerWaiting] = static_cast<double>(bytes);
  }
}

// Named for callgrind, which collects inside of it only.
[[gnu::noinline]] void CountedCycles(Room& room) {
  for (int i = 0; i < kCountedCycles; ++i) room.Cycle();
}

}  // namespace

Room& RoomInUse::Of(const RoomSize& size) {
  if (room_ && name_ == size.Name()) return *room_;
  room_.reset();
  room_.emplace(size);
  name_ = size.Name();
  for (int i = 0; i < kWarmUpCycles; ++i) room_->Cycle();
  room_->desk().TimeEvents(true);
  for (int i = 0; i < kTimedCycles; ++i) room_->Cycle();
  worst_ns_ = room_->desk().worst_ns();
  room_->desk().TimeEvents(false);
  return *room_;
}

void RegisterRooms(bool all, RoomInUse& use) {
  for (const RoomSize& size : Sizes(all)) {
    benchmark::RegisterBenchmark(
        ("room/" + size.Name()).c_str(),
        [size, &use](benchmark::State& state) { MeasureRoom(state, size, use); });
  }
}

std::vector<RoomSize> CountedRooms() {
  return {{10, 1, 1, 0, 1},
          {1'000, 100, 100, 1'000, 1},
          {1'000, 100, 100, 100'000, 1},
          {100'000, 5'000, 5'000, 0, 6},
          {100'000, 5'000, 5'000, 1'000'000, 6}};
}

std::optional<RoomSize> RoomOf(const std::string& name) {
  for (const RoomSize& size : Sizes(true)) {
    if (size.Name() == name) return size;
  }
  return std::nullopt;
}

std::uint64_t CountRoom(const RoomSize& size) {
  Room room(size);
  for (int i = 0; i < kWarmUpCycles; ++i) room.Cycle();
  const std::uint64_t before = room.desk().events();
  CountedCycles(room);
  return room.desk().events() - before;
}

}  // namespace routerd::bench
