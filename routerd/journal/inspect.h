// What a journal's directory holds and whether it is sound, for people and tools. Without its lock,
// also while it is written; nothing is changed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/journal/batch.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/recovery.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::journal {

struct LogStats {
  std::string domain;
  std::uint64_t segments = 0;
  std::uint64_t file_bytes = 0;  // of the segments, what is prepared in them included
  std::uint64_t frames = 0;      // with records
  std::uint64_t marks = 0;       // without: opens and closes
  std::uint64_t records = 0;
  std::array<std::uint64_t, kRecordKinds + 1> records_of{};  // by RecordKind; [0] is none's
  std::uint64_t blanked = 0;  // records whose identity part was blanked
  std::uint64_t decision_bytes = 0;
  std::uint64_t identity_bytes = 0;
  Position first;  // {0, 0}: there are no records
  Position last;
  TimeMs first_time = 0;  // batch times
  TimeMs last_time = 0;
  TimeMs first_unix_ms = 0;  // the same, as the wall clock said then
  TimeMs last_unix_ms = 0;
  SnapshotStore::Listed snapshots;
  std::vector<std::string> set_aside;  // *.damaged
};

struct VerifyReport {
  LogStats stats;                     // as far as it could be read
  std::optional<TornTail> torn;       // the next open will cut it
  std::vector<std::string> problems;  // empty: it is sound
};

// kNotFound: there is no journal. Every byte of segments and snapshots is read.
Result<VerifyReport> Verify(Disk& disk, const std::string& directory);
// Likewise, without bodies of snapshots. Errors: Damaged, too.
Result<LogStats> Stats(Disk& disk, const std::string& directory);

// As the first segment says.
Result<std::string> DomainOf(Disk& disk, const std::string& directory);

}  // namespace routerd::journal
