// Where the history is kept: the journal and the snapshots in the state directory, or, with
// durability `memory`, nothing that outlives the process.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/base/clock.h"
#include "routerd/base/status.h"
#include "routerd/daemon/batch_source.h"
#include "routerd/daemon/config.h"
#include "routerd/daemon/retention.h"
#include "routerd/engine/engine_loop.h"
#include "routerd/engine/follower.h"
#include "routerd/engine/past.h"
#include "routerd/engine/recovery.h"
#include "routerd/journal/epoch_file.h"
#include "routerd/journal/journal.h"
#include "routerd/journal/posix_disk.h"
#include "routerd/journal/recovery.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::daemon {

// The daemon's thread, the journal aside, which is the writer's once the engine has started. What
// is worth telling people is logged.
class Storage {
 public:
  // The state directory must be there. `clock` outlives it.
  Storage(const Config& config, const Clock& clock);

  // Whether a journal was begun there.
  [[nodiscard]] bool HasHistory();
  // Gives up every record from `sequence` on, as an operator asked.
  Status TruncateAt(std::uint64_t sequence);
  // The newest snapshot that can be gone on from, if there is one; then makes the journal for it.
  // Errors: the disk's.
  Result<std::optional<engine::StartSnapshot>> Prepare();
  // After Prepare.
  [[nodiscard]] journal::Journal& journal() { return *journal_; }
  // Says what opening the journal has found.
  void LogRecovery(const engine::Engine& engine);

  // Snapshots are made from now on, unless the configuration says no. `engine` runs; it ends after
  // StopFollowing.
  void Follow(engine::EngineLoop& engine);
  void StopFollowing();
  // Events that are no longer in memory; null: nothing is kept. `engine` outlives it.
  [[nodiscard]] std::shared_ptr<engine::Past> MakePast(engine::EngineLoop& engine);

  // Of an engine that has ended and whose journal is closed: the next start need replay nothing.
  void SaveSnapshot(const engine::Engine& engine);

 private:
  // The newest one of records up to `upto`.
  Result<std::optional<engine::StartSnapshot>> LoadSnapshot(std::uint64_t upto = ~std::uint64_t{0});
  void LookForOldest();
  void Retain(TimeMs now);
  Status Write(Position at, std::string_view body, std::uint64_t state_hash);
  // ---- On the follower's thread ----
  Status Save(const engine::World& world, std::uint64_t digest, Position at);
  Status OnWriter(const std::function<Status(journal::Journal&)>& task);

  const Config& config_;
  const Clock& clock_;
  const std::string directory_;
  journal::PosixDisk disk_;
  journal::EpochFile epochs_;
  journal::SnapshotStore snapshots_;
  std::unique_ptr<journal::Journal> journal_;
  const journal::ScannedLog* recovered_ = nullptr;  // of a journal in files

  std::atomic<std::uint64_t> first_kept_{1};
  engine::EngineLoop* engine_ = nullptr;
  std::uint64_t waker_ = 0;
  // The follower's.
  Retention retention_;
  std::unique_ptr<engine::Follower> follower_;
};

}  // namespace routerd::daemon
