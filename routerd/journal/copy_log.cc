#include "routerd/journal/copy_log.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "routerd/journal/log_reader.h"

namespace routerd::journal {
namespace {

constexpr std::size_t kPieceBytes = 1024UL * 1024;

class LogCopy {
 public:
  LogCopy(Disk& disk, std::string from, std::string to)
      : disk_(disk), from_(std::move(from)), to_(std::move(to)) {}

  Status Run() {
    if (Status s = disk_.MakeDirectory(to_); !s.ok()) return s;
    const auto there = disk_.List(to_);
    if (!there.ok()) return there.status();
    for (const std::string& name : there.value()) {
      if (NumberOfName(name, kSegmentSuffix)) {
        return {Code::kAlreadyExists, to_ + ": there is a journal already"};
      }
    }
    // First the snapshots: the frames that are copied afterwards reach beyond every one of them.
    if (Status s = CopySnapshots(); !s.ok()) return s;
    if (Status s = CopyFrames(); !s.ok()) return s;
    return disk_.SyncDirectory(to_);
  }

  CopyReport report;

 private:
  Status CopySnapshots() {
    const auto names = disk_.List(from_);
    if (!names.ok()) return names.status();
    for (const std::string& name : names.value()) {
      const auto sequence = NumberOfName(name, kSnapshotSuffix);
      if (!sequence) continue;
      const auto source = disk_.Open(from_ + "/" + name, OpenMode::kRead);
      if (source.status().code() == Code::kNotFound) continue;
      if (!source.ok()) return source.status();
      const auto size = source.value()->Size();
      if (!size.ok()) return size.status();
      auto target = CreateAnew(disk_, to_ + "/" + name);
      if (!target.ok()) return target.status();
      if (Status s = CopyBytes(*source.value(), *target.value(), 0, size.value()); !s.ok())
        return s;
      if (Status s = target.value()->Sync(); !s.ok()) return s;
      oldest_snapshot_ = report.snapshots == 0 ? *sequence : oldest_snapshot_;
      ++report.snapshots;
    }
    return Status::Ok();
  }

  Status CopyFrames() {
    LogReader reader(disk_, from_);
    Result<bool> found = reader.Next();
    if (found.ok() && found.value() && report.snapshots > 0 &&
        reader.header().batch.first_sequence > oldest_snapshot_ + 1) {
      return Trimmed();
    }
    for (; found.ok() && found.value(); found = reader.Next()) {
      if (source_ == nullptr || reader.path() != path_) {
        if (Status s = NextSegment(reader.path()); !s.ok()) return s;
      }
      const std::uint64_t end = reader.offset() + reader.header().frame_bytes();
      if (Status s = CopyBytes(*source_, *target_, reader.offset(), end); !s.ok()) return s;
      if (reader.header().count > 0) report.last = reader.header().last_sequence();
    }
    if (found.status().code() == Code::kOutOfRange) return Trimmed();
    if (!found.ok()) return found.status();
    if (Status s = reader.CheckEnd(); !s.ok()) return s;
    return target_ ? target_->Sync() : Status::Ok();
  }

  [[nodiscard]] static Status Trimmed() {
    return {Code::kAborted, "the journal was trimmed while it was copied"};
  }

  Status NextSegment(const std::string& path) {
    if (target_) {
      if (Status s = target_->Sync(); !s.ok()) return s;
    }
    path_ = path;
    auto source = disk_.Open(path, OpenMode::kRead);
    if (source.status().code() == Code::kNotFound) return Trimmed();
    if (!source.ok()) return source.status();
    auto target = CreateAnew(disk_, to_ + path.substr(path.rfind('/')));
    if (!target.ok()) return target.status();
    source_ = std::move(source).value();
    target_ = std::move(target).value();
    ++report.segments;
    return CopyBytes(*source_, *target_, 0, kSegmentHeaderBytes);
  }

  Status CopyBytes(const DiskFile& source, DiskFile& target, std::uint64_t begin,
                   std::uint64_t end) {
    for (std::uint64_t at = begin; at < end; at += buffer_.size()) {
      buffer_.resize(std::min<std::uint64_t>(kPieceBytes, end - at));
      const auto read = source.Read(at, buffer_);
      if (!read.ok()) return read.status();
      if (read.value() == 0) return Status::Ok();  // only padding is missing
      buffer_.resize(read.value());
      if (Status s = target.Write(at, buffer_); !s.ok()) return s;
    }
    return Status::Ok();
  }

  Disk& disk_;
  const std::string from_;
  const std::string to_;
  std::uint64_t oldest_snapshot_ = 0;
  std::string path_;
  std::unique_ptr<DiskFile> source_;
  std::unique_ptr<DiskFile> target_;
  std::string buffer_;
};

}  // namespace

Result<CopyReport> CopyLog(Disk& disk, const std::string& from, const std::string& to) {
  LogCopy copy(disk, from, to);
  if (Status s = copy.Run(); !s.ok()) return s;
  return copy.report;
}

}  // namespace routerd::journal
