// The way on when a journal is damaged and cannot be restored: what `--truncate-at` does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/journal/disk.h"

namespace routerd::journal {

struct TruncateReport {
  std::vector<std::string> kept;  // files that hold what was cut, all called *.damaged
};

// Gives up every record from `sequence` on, which must begin a batch, be the next to be written, or
// lie beyond: then all there is is given up, and the journal goes on with that record. Snapshots
// that have any of it in them are set aside first; one of the record before stays. Takes the
// directory's lock. A crash on the way leaves a journal that is damaged as before, or cut; run it
// again. kInvalidArgument says where it can be cut; kOutOfRange: it begins later.
Result<TruncateReport> TruncateAt(Disk& disk, const std::string& directory, std::string_view domain,
                                  std::uint64_t sequence);

}  // namespace routerd::journal
