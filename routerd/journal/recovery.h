// What the journal's directory holds, and how a crash's traces are taken away.
//
// The rules, and why they hold, are in README.md, *Recovery*.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/journal/batch.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/segment.h"
#include "routerd/journal/segment_reader.h"

namespace routerd::journal {

struct SegmentInfo {
  std::string path;
  SegmentHeader header;
  std::uint64_t last = 0;  // sequence of its last record; one less than its first: it has none
  std::uint64_t file_bytes = 0;
  [[nodiscard]] std::uint64_t first() const { return header.first_sequence; }
};

// What was never surely durable and is not whole.
struct TornTail {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t sequence = 0;  // that the first record in it would have had
};

struct ScannedLog {
  std::vector<SegmentInfo> segments;
  Position head;                       // of the last record; {0, 0}: there was none ever
  BatchHeader last;                    // of the last batch, or all zero
  std::uint32_t max_epoch = 0;         // of any frame or segment
  std::uint64_t durable_upto = 0;      // as its last frame says
  bool confirmed = false;              // the last frame is a mark that says so of all before it
  std::uint64_t end = 0;               // where the next frame goes, in the last segment
  std::uint64_t unconfirmed_from = 0;  // where the frames begin that may not be durable yet
  bool blanking = false;               // a blanking was begun and not finished
  std::optional<TornTail> torn;
  std::uint64_t frames = 0;  // that were read
  std::uint64_t records = 0;
};

// Where the log cannot be read. `resumes`: the first sequence after it that can; 0: not known.
struct Damage {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t sequence = 0;  // the first that cannot be read
  std::uint64_t resumes = 0;
  std::string why;
};
// kFailedPrecondition, reason `journal_damaged`; the message says where, what is lost, how to go
// on.
[[nodiscard]] Status Damaged(const Damage& damage);

// Likewise, of what a start may not need: without the advice to give up what follows.
[[nodiscard]] Status HistoryDamaged(const Damage& damage);
// kFailedPrecondition: a frame there is whole, and of a version that is not ours: nothing is cut.
[[nodiscard]] Status WrittenByAnother(const std::string& path, std::uint64_t offset);

// In the last segment, where the reader has found no further frame and the record `next` would
// come: where the last byte is that is not zero. Errors: Damaged, when that frame was durable once;
// WrittenByAnother; the disk's.
Result<std::uint64_t> EndOfTail(SegmentReader& reader, SegmentReader::Found found,
                                std::uint64_t next);

// The segments in the directory, by their headers; errors as ScanLog.
Result<std::vector<SegmentInfo>> ListSegments(Disk& disk, const std::string& directory,
                                              std::string_view domain);

// Reads only. Segments that end before `scan_from` are looked at no further than their headers.
// Errors: Damaged; kFailedPrecondition: another domain's, or another version's; the disk's.
Result<ScannedLog> ScanLog(Disk& disk, const std::string& directory, std::string_view domain,
                           std::uint64_t scan_from);

// Makes durable what was found, finishes a blanking as far as segments can be read, and cuts what
// was torn off; what other crashes have left unnamed goes. After an error nothing may be appended.
Status RepairLog(Disk& disk, const std::string& directory, const ScannedLog& log);

// Zeros from `from` to `end`, not synced.
Status WriteZeros(DiskFile& file, std::uint64_t from, std::uint64_t end);

}  // namespace routerd::journal
