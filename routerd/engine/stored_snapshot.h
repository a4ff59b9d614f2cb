// Snapshots of the world in the journal's snapshot files.
#pragma once

#include <cstdint>

#include "routerd/base/clock.h"
#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/engine/recovery.h"
#include "routerd/engine/world.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::engine {

// All of the file is read. `clock` must outlive the world. Errors: the reader's; LoadWorld's.
Result<StartSnapshot> LoadSnapshot(journal::SnapshotReader& reader, const Clock& clock);

// Durable when it returns, in the place of one of the same record. `at` is durable in the journal.
// The bytes that it took.
Result<std::uint64_t> StoreSnapshot(journal::SnapshotStore& store, Position at, const World& world,
                                    std::uint64_t digest);

}  // namespace routerd::engine
