// Blanks identity parts in place, so that the bytes are gone and the history replays as before.
//
// In each segment first the states of all parts to be blanked are written and synced, then their
// bytes and checksums. A reader takes a part in that state for blank whatever its bytes are, so
// that a crash at any point leaves valid frames; as long as the file `blanking` is there,
// something was begun and maybe not finished: opening the journal finishes what has that state.
// Parts that a crash kept from getting it keep their bytes: who must forget something writes the
// request down first, and runs it again when it was not answered.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/journal/batch.h"
#include "routerd/journal/disk.h"

namespace routerd::journal {

// Which records' identity parts are to go. Blank ones are not asked about.
using RecordMatcher = std::function<bool(std::uint64_t sequence, const RecordView& record)>;

struct EraseRange {
  std::uint64_t from = 0;
  std::uint64_t upto = std::numeric_limits<std::uint64_t>::max();
};

struct EraseReport {
  std::uint64_t records = 0;             // blanked now
  std::vector<std::string> unreachable;  // files that may hold the bytes and were not touched
};

// One at a time, on any thread, while the journal is written, as long as `range.upto` is durable.
// Parts that are blank already are written again, so that a run after one that failed leaves them
// durably blank. `unreachable`: what damage has left behind, and snapshots; the owner puts a new
// one of these and lets the old go. Errors: the disk's: not all is blanked then; run it again.
// HistoryDamaged: what can be read is blanked, what lies behind the damage in its segment is not,
// and `blanking` stays.
Result<EraseReport> BlankIdentity(Disk& disk, const std::string& directory, std::string_view domain,
                                  const RecordMatcher& matches, EraseRange range = {});

struct ErasedSegment {
  std::uint64_t records = 0;  // blanked now
  std::uint64_t next = 0;     // the sequence after its last valid frame
  std::uint64_t end = 0;      // where that frame ends
};
// Of one segment. Without `matches`: finishes what was begun.
Result<ErasedSegment> EraseInSegment(Disk& disk, const std::string& path,
                                     const RecordMatcher& matches, EraseRange range = {});

// Whether a blanking was begun and not ended; and that it is ended.
Result<bool> IsBlanking(Disk& disk, const std::string& directory);
Status EndBlanking(Disk& disk, const std::string& directory);

}  // namespace routerd::journal
