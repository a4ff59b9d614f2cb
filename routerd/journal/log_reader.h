// The frames of a journal's directory in order, without its lock: for history, dump and tail, while
// a writer appends, begins segments and trims.
//
// It shows what was written, which may be a little more than what is durable: who must not be ahead
// stops at the writer's head. On any thread; one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/base/status.h"
#include "routerd/journal/batch.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/segment_reader.h"

namespace routerd::journal {

class LogReader {
 public:
  // `disk` outlives it.
  LogReader(Disk& disk, std::string directory) : disk_(disk), directory_(std::move(directory)) {}

  // Before the frame that holds `from`; 0: before the oldest. kOutOfRange: trimmed away, or nothing
  // is kept at all; the message says what is. Damage before that frame: as with Next. After an
  // error it stands nowhere: seek again.
  Status Seek(std::uint64_t from);
  // True: a frame, marks included. False: there is none yet after the last; ask again later.
  // Errors: Damaged; kOutOfRange: it was trimmed away meanwhile; the disk's.
  Result<bool> Next();

  // After Next gave false: whether the log ends there, or is damaged there. Reads the rest of the
  // segment, which is too much for every time that a tail finds nothing new. Errors: Damaged; the
  // disk's.
  Status CheckEnd();

  // What Next found; views are good until the next call.
  [[nodiscard]] const FrameHeader& header() const { return reader_->header(); }
  [[nodiscard]] const std::vector<FrameRecord>& records() const { return reader_->records(); }
  [[nodiscard]] std::string_view frame() const { return reader_->frame(); }
  [[nodiscard]] const SegmentHeader& segment() const { return reader_->segment(); }  // it is in
  [[nodiscard]] Batch ToBatch() const { return reader_->ToBatch(); }
  [[nodiscard]] const std::string& path() const { return reader_->path(); }
  [[nodiscard]] std::uint64_t offset() const { return reader_->at(); }
  // The sequence that the next record will have.
  [[nodiscard]] std::uint64_t next_sequence() const { return next_; }

 private:
  // The first sequences of the segments that are there, in order.
  Result<std::vector<std::uint64_t>> Firsts();
  Status OpenSegment(std::uint64_t first);
  Result<bool> Accept();
  // At the end of a segment: to the one after it. False: there is none.
  Result<bool> NextSegment();
  Result<bool> OtherOfThatName();

  Disk& disk_;
  const std::string directory_;
  std::optional<SegmentReader> reader_;
  std::uint64_t next_ = 1;
};

}  // namespace routerd::journal
