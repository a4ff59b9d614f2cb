// The rooms as benchmarks, and those of them whose instructions are counted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load-tests/bench_room.h"

namespace routerd::bench {

// The room that is measured at the moment, with what is found out once about it: filling one takes
// longer than measuring it, and two of a million contacts do not fit into small machines.
class RoomInUse {
 public:
  // Empties the one before, fills this one and warms it up, if it is another.
  Room& Of(const RoomSize& size);
  void Leave() { room_.reset(); }
  [[nodiscard]] std::int64_t worst_ns() const { return worst_ns_; }

 private:
  std::optional<Room> room_;
  std::string name_;
  std::int64_t worst_ns_ =
      0;  // of one event, apart from the others, since asking for the time costs
};

// Registers room/NAME for every size that says something, or with `all` for every size. `use`
// outlives the run.
void RegisterRooms(bool all, RoomInUse& use);

// Those whose instructions are counted.
std::vector<RoomSize> CountedRooms();
// Of any size; absent: none is called so.
std::optional<RoomSize> RoomOf(const std::string& name);
// Runs one for callgrind; the events it applied meanwhile.
std::uint64_t CountRoom(const RoomSize& size);

}  // namespace routerd::bench
