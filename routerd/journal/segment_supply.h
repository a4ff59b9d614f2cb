// Segments that are made before they are needed, and the space that is kept back.
//
// `next.prepared` becomes the next segment. When the disk has no room for another one,
// `reserve.prepared` takes its place: what is appended from then on lives from the reserve, and
// short() says so, until there is room for both again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "routerd/base/status.h"
#include "routerd/journal/disk.h"

namespace routerd::journal {

class SegmentSupply {
 public:
  SegmentSupply(Disk& disk, std::string directory, std::uint64_t segment_bytes)
      : disk_(disk), directory_(std::move(directory)), segment_bytes_(segment_bytes) {}

  // Takes away what a crash has left in them, and prepares both.
  Status Start();
  // Gives back the space that is kept, for something that a start cannot do without.
  Status Release();
  // Makes what is missing. kResourceExhausted: there is no room for it.
  Status Prepare();
  [[nodiscard]] bool complete() const { return has_next_ && has_reserve_; }
  [[nodiscard]] bool is_short() const { return short_; }

  // The next segment, of zeros, at least `bytes` long, under next_path(); from the reserve if need
  // be. kResourceExhausted: that is used up too.
  Result<std::unique_ptr<DiskFile>> Take(std::uint64_t bytes);
  [[nodiscard]] std::string next_path() const;
  // It has got its own name.
  void Taken() { has_next_ = false; }
  // Up to `bytes` of it may have been written, and it is not needed.
  void GiveBack(DiskFile& file, std::uint64_t bytes);

 private:
  Status Make(const std::string& path);
  Status TryPrepare();
  [[nodiscard]] std::string reserve_path() const;

  Disk& disk_;
  const std::string directory_;
  const std::uint64_t segment_bytes_;
  bool has_next_ = false;
  bool has_reserve_ = false;
  bool short_ = false;
};

}  // namespace routerd::journal
