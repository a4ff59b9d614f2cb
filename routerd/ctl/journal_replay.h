// Decides a journal's records once more, and compares with what was decided then.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/base/status.h"
#include "routerd/journal/disk.h"

namespace routerd::ctl {

struct JournalReplay {
  std::uint64_t from = 0;       // the first record that was replayed; 0: none was
  std::uint64_t records = 0;    // how many
  std::uint64_t snapshots = 0;  // that were compared on the way, or gone on from
  std::uint64_t digest = 0;     // of all decisions, at the end
  std::int64_t took_ns = 0;     // without the snapshots
  // Why it did not begin earlier: what stands before was decided by other rules.
  std::vector<std::string> left_out;
};

// From the first record if it is kept, else from the oldest snapshot that can be gone on from; the
// digest in every batch, and every snapshot on the way, must be what comes out. Also while a router
// writes. Errors: Replayer's; the reader's; kInternal: a snapshot differs; kFailedPrecondition:
// nothing of it can be replayed here.
Result<JournalReplay> ReplayJournal(journal::Disk& disk, const std::string& directory,
                                    const std::string& domain, const Clock& clock);

}  // namespace routerd::ctl
