// A copy of a journal, also while it is written: what was durable when the copying began is in it.
#pragma once

#include <cstdint>
#include <string>

#include "routerd/base/status.h"
#include "routerd/journal/disk.h"

namespace routerd::journal {

struct CopyReport {
  std::uint64_t segments = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t last = 0;  // the last record in the copy
};

// Whole frames only, so that the copy's end is never damaged; a torn tail is left out, damage in
// the last segment is told as everywhere. `to` is made, or must hold no
// segment; a copy that was interrupted does not open, as damaged. kAborted: the writer trimmed
// meanwhile; run it again, into an empty directory. Errors: Damaged; the disk's.
Result<CopyReport> CopyLog(Disk& disk, const std::string& from, const std::string& to);

}  // namespace routerd::journal
