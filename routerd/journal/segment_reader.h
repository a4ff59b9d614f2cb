// Reads the frames of one segment, one after the other. Trusts no length before its checksum, and
// none that reaches beyond the file. The segment may be written while it is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/frame.h"
#include "routerd/journal/segment.h"

namespace routerd::journal {

class SegmentReader {
 public:
  enum class Found : std::uint8_t {
    kFrame,    // a valid frame: header(), records(), at()
    kEnd,      // zeros where a frame would begin, or no room for one
    kInvalid,  // something else: why()
    kFailed,   // it could not be read: status()
  };

  SegmentReader(std::unique_ptr<DiskFile> file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}
  static Result<SegmentReader> Open(Disk& disk, const std::string& path);

  // Reads the segment's header. Errors as DecodeSegmentHeader, or the disk's.
  Status Start();
  [[nodiscard]] const SegmentHeader& segment() const { return segment_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }

  // After Start at the first frame. Another place: where a frame begins.
  void Seek(std::uint64_t offset) { next_ = offset; }
  Found Next();
  // Looks at the header only: records() is empty, and nothing is known of the body.
  Found NextHeader();
  // What was found last; views are good until the next call.
  [[nodiscard]] std::uint64_t at() const { return at_; }
  [[nodiscard]] const FrameHeader& header() const { return header_; }
  [[nodiscard]] const std::vector<FrameRecord>& records() const { return records_; }
  // The bytes of a frame that Next found, without its padding: those that were checked.
  [[nodiscard]] std::string_view frame() const { return frame_; }
  [[nodiscard]] Batch ToBatch() const;
  [[nodiscard]] std::string_view why() const { return why_; }
  // Of kInvalid: it is whole, and of a version of the format that is not ours.
  [[nodiscard]] bool of_another_version() const { return of_another_version_; }
  [[nodiscard]] const Status& status() const { return status_; }

  // ---- For recovery ----
  // The first place from `from` on with a valid header of a frame.
  struct Place {
    std::uint64_t offset;
    FrameHeader header;
    bool of_another_version = false;  // then nothing is known of the header
  };
  Result<std::optional<Place>> FindHeader(std::uint64_t from);
  // Where the last byte from `from` on that is not zero has its end; `from`: there is none.
  Result<std::uint64_t> EndOfBytes(std::uint64_t from);

 private:
  Found Try(bool whole);
  Found TryBody();
  // `bytes` from `offset` on, fewer where the file ends; nothing: status_ says why.
  std::optional<std::string_view> View(std::uint64_t offset, std::size_t bytes);

  std::unique_ptr<DiskFile> file_;
  std::string path_;
  SegmentHeader segment_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t next_ = kSegmentHeaderBytes;

  std::string window_;  // bytes of the file from window_at_ on
  std::uint64_t window_at_ = 0;

  std::uint64_t at_ = 0;
  FrameHeader header_;
  std::vector<FrameRecord> records_;
  std::string_view frame_;
  std::string_view why_;
  bool of_another_version_ = false;
  Status status_;
};

}  // namespace routerd::journal
