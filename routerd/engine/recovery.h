// The state as it was when the router went down, from a snapshot and the journal's records after
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/base/status.h"
#include "routerd/engine/event.h"
#include "routerd/engine/replayer.h"
#include "routerd/engine/world_snapshot.h"
#include "routerd/journal/journal.h"

namespace routerd::engine {

struct StartSnapshot {
  LoadedWorld loaded;
  Position at;  // the last record that it knows
};

struct Recovered {
  Realm realm;  // world null: the journal has not begun
  Position last;
  std::uint64_t records = 0;  // that were replayed
  // The events of the last records, for readers and sessions that were not told of them yet: all
  // after this one.
  Position told_from;
  std::vector<std::pair<Position, std::shared_ptr<const EventBatch>>> told;
};

// `journal` is open. `told_records`: of so many last records the events are made anew. Errors: the
// journal's; Replayer's; kFailedPrecondition: records are missing between the snapshot (or the
// beginning) and what the journal keeps.
Result<Recovered> Recover(std::optional<StartSnapshot> snapshot, const journal::Journal& journal,
                          const Clock& clock, std::size_t told_records);

}  // namespace routerd::engine
