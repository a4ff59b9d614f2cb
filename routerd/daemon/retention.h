// How long history stays: snapshots, one an hour, and the journal's segments since the oldest of
// them, for so long or until they take so much room, whichever is less.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/recovery.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::daemon {

struct KeptSnapshot {
  std::uint64_t sequence = 0;
  TimeMs time = 0;  // batch time
  std::uint64_t bytes = 0;
};
struct RetentionRules {
  SpanMs keep_ms = 0;
  std::uint64_t keep_bytes = 0;
};

// Which of `snapshots` (oldest first) go at batch time `now`. The newest two always stay.
[[nodiscard]] std::vector<std::uint64_t> ToBeRemoved(
    const std::vector<KeptSnapshot>& snapshots, const std::vector<journal::SegmentInfo>& segments,
    const RetentionRules& rules, TimeMs now);

// One thread.
class Retention {
 public:
  Retention(journal::Disk& disk, std::string directory, std::string domain, RetentionRules rules)
      : disk_(disk), directory_(std::move(directory)), domain_(std::move(domain)), rules_(rules) {}

  // Removes the snapshots that need not stay. How far segments may be trimmed then.
  Result<std::uint64_t> Apply(journal::SnapshotStore& store, TimeMs now);

 private:
  Result<std::vector<KeptSnapshot>> List(journal::SnapshotStore& store);

  journal::Disk& disk_;
  const std::string directory_;
  const std::string domain_;
  const RetentionRules rules_;
  std::map<std::uint64_t, TimeMs> times_;  // of snapshots, once they have been looked at
};

}  // namespace routerd::daemon
