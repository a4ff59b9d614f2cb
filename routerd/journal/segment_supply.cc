#include "routerd/journal/segment_supply.h"

#include <utility>

#include "routerd/journal/recovery.h"
#include "routerd/journal/segment.h"

namespace routerd::journal {

std::string SegmentSupply::next_path() const { return directory_ + "/" + std::string(kNextName); }

std::string SegmentSupply::reserve_path() const {
  return directory_ + "/" + std::string(kReserveName);
}

// What is called next may have been written to; the reserve never is under that name.
Status SegmentSupply::Start() {
  has_next_ = has_reserve_ = short_ = false;
  Status removed = disk_.Remove(next_path());
  if (!removed.ok() && removed.code() != Code::kNotFound) return removed;
  if (auto reserve = disk_.Open(reserve_path(), OpenMode::kWrite); reserve.ok()) {
    const auto size = reserve.value()->Size();
    if (!size.ok()) return size.status();
    // Its size alone does not say that it has the space: a copy or a restore may have left holes.
    has_reserve_ = size.value() == segment_bytes_ && reserve.value()->Allocate(segment_bytes_).ok();
  }
  const Status made = Prepare();
  return made.code() == Code::kResourceExhausted ? Status::Ok() : made;
}

Status SegmentSupply::Release() {
  for (const std::string& path : {next_path(), reserve_path()}) {
    Status removed = disk_.Remove(path);
    if (!removed.ok() && removed.code() != Code::kNotFound) return removed;
  }
  has_next_ = has_reserve_ = false;
  return disk_.SyncDirectory(directory_);
}

Status SegmentSupply::Prepare() {
  Status status = TryPrepare();
  // What fails for another reason says nothing about space.
  if (status.ok()) short_ = false;
  if (status.code() == Code::kResourceExhausted) short_ = true;
  return status;
}

Status SegmentSupply::TryPrepare() {
  if (!has_next_) {
    if (Status s = Make(next_path()); !s.ok()) return s;
    has_next_ = true;
  }
  if (!has_reserve_) {
    if (Status s = Make(reserve_path()); !s.ok()) return s;
    has_reserve_ = true;
  }
  return Status::Ok();
}

Status SegmentSupply::Make(const std::string& path) {
  auto file = CreateAnew(disk_, path);
  if (!file.ok()) return file.status();
  Status allocated = file.value()->Allocate(segment_bytes_);
  if (allocated.ok()) return allocated;
  // What it got before it failed is of no use to us.
  file.value().reset();
  static_cast<void>(disk_.Remove(path));
  return allocated;
}

Result<std::unique_ptr<DiskFile>> SegmentSupply::Take(std::uint64_t bytes) {
  if (!has_next_) {
    Status made = Make(next_path());
    if (made.code() == Code::kResourceExhausted) {
      short_ = true;
      if (!has_reserve_) return made;
      made = disk_.Rename(reserve_path(), next_path());
      has_reserve_ = !made.ok();
    }
    if (!made.ok()) return made;
    has_next_ = true;
  }
  auto file = disk_.Open(next_path(), OpenMode::kWrite);
  if (!file.ok() || bytes <= segment_bytes_) return file;
  if (Status s = file.value()->Allocate(bytes); !s.ok()) {
    // What it got before it failed would be missing elsewhere, and the file stays as large.
    if (s.code() == Code::kResourceExhausted) short_ = true;
    static_cast<void>(file.value()->Truncate(segment_bytes_));
    return s;
  }
  return file;
}

void SegmentSupply::GiveBack(DiskFile& file, std::uint64_t bytes) {
  if (WriteZeros(file, 0, bytes).ok()) return;
  has_next_ = false;
  static_cast<void>(disk_.Remove(next_path()));
}

}  // namespace routerd::journal
