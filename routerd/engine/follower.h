// A second world that follows the committed journal on a thread of its own and is saved as
// snapshots, so that the writer is never held up by one. It decides everything again: if it decides
// otherwise than the writer did, it stops and says so.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/base/status.h"
#include "routerd/engine/recovery.h"
#include "routerd/engine/replayer.h"
#include "routerd/journal/batch.h"

namespace routerd::engine {

// All functions are called on the follower's thread.
struct FollowerOptions {
  // What it begins with; nothing: the journal's first record.
  std::function<Result<std::optional<StartSnapshot>>()> load;
  // The batch after record `after`; false: there is none yet, or it is not released yet.
  std::function<Result<bool>(std::uint64_t after, journal::Batch& batch)> next;
  // Keeps the world as a snapshot of record `at`.
  std::function<Status(const World& world, std::uint64_t digest, Position at)> save;
  // It has ended: there are no more snapshots.
  std::function<void(const Status& why)> on_end;
  // As the limits say.
  std::uint64_t every_records = limits::kSnapshotRecords;
  SpanMs not_before_ms = limits::kSnapshotNotBeforeMs;
  std::uint64_t most_records = limits::kSnapshotMostRecords;
  SpanMs every_ms = limits::kSnapshotEveryMs;
};

class Follower {
 public:
  // `clock` outlives it.
  Follower(const Clock& clock, FollowerOptions options);
  // Ends the thread, after the snapshot under way.
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void Start();
  void Stop();
  // Any thread; quick. Something was released.
  void Wake();
  // Any thread: a snapshot as soon as it has caught up, whatever the time; `done` on its thread,
  // or at once when there will be none.
  void SaveSoon(std::function<void(const Status&)> done);

  // Any thread. The last record that it has done again, and that of its last snapshot.
  [[nodiscard]] std::uint64_t at() const;
  [[nodiscard]] std::uint64_t saved() const;

 private:
  void Run();
  Status Follow();
  Status CatchUp(Replayer& replayer);
  Status SaveIfDue(Replayer& replayer, bool caught_up);
  [[nodiscard]] bool IsDue(std::uint64_t records) const;
  [[nodiscard]] bool WaitForMore();
  [[nodiscard]] bool stopping() const;
  void AnswerWaiting(const Status& status);

  const Clock& clock_;
  const FollowerOptions options_;
  TimeMs saved_at_ms_ = 0;  // boot time

  mutable std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
  bool stop_ = false;
  bool ended_ = true;
  std::uint64_t at_ = 0;
  std::uint64_t saved_ = 0;
  std::vector<std::function<void(const Status&)>> waiting_;
  std::thread thread_;
};

}  // namespace routerd::engine
