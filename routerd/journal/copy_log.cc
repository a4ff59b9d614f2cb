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
    if (Status s = disk_.SyncDirectory(DirectoryOf(to_)); !s.ok()) return s;
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
    return End();
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
      if (!target_ || reader.segment() != segment_) {
        if (Status s = BeginSegment(reader); !s.ok()) return s;
      }
      if (Status s = CopyFrame(reader); !s.ok()) return s;
      if (reader.header().count > 0) report.last = reader.header().last_sequence();
    }
    if (found.status().code() == Code::kOutOfRange) return Trimmed();
    if (!found.ok()) return found.status();
    if (Status s = reader.CheckEnd(); !s.ok()) return s;
    return Status::Ok();
  }

  [[nodiscard]] static Status Trimmed() {
    return {Code::kAborted, "the journal was trimmed while it was copied"};
  }

  // The first one's header is written last: until then what is there does not open.
  Status BeginSegment(const LogReader& reader) {
    if (target_) {
      if (Status s = target_->Sync(); !s.ok()) return s;
    }
    // One without records may have been replaced by another of that name.
    if (reader.path() != path_) ++report.segments;
    path_ = reader.path();
    segment_ = reader.segment();
    auto target = CreateAnew(disk_, to_ + path_.substr(path_.rfind('/')));
    if (!target.ok()) return target.status();
    target_ = std::move(target).value();
    const std::string header = EncodeSegmentHeader(segment_);
    if (report.segments > 1) return target_->Write(0, header);
    first_ = target_;
    first_header_ = header;
    return disk_.SyncDirectory(to_);
  }

  // The bytes that were checked: who reads again may meet a blanking half done. Parts that are
  // blank by their state only are wholly so in the copy, where nothing would finish them.
  Status CopyFrame(const LogReader& reader) {
    buffer_ = reader.frame();
    for (const FrameRecord& record : reader.records()) {
      if (!record.view.blanked) continue;
      const std::size_t crc = kFrameHeaderBytes + record.entry_at + kIdentityCrcAt;
      std::fill_n(buffer_.begin() + static_cast<std::ptrdiff_t>(crc), 4, '\0');
      const std::size_t part = kFrameHeaderBytes + record.identity_at;
      std::fill_n(buffer_.begin() + static_cast<std::ptrdiff_t>(part), record.identity_bytes, '\0');
    }
    buffer_.resize(reader.header().frame_bytes());
    return target_->Write(reader.offset(), buffer_);
  }

  Status End() {
    if (!target_) return disk_.SyncDirectory(to_);
    if (Status s = target_->Sync(); !s.ok()) return s;
    if (Status s = disk_.SyncDirectory(to_); !s.ok()) return s;
    if (Status s = first_->Write(0, first_header_); !s.ok()) return s;
    return first_->Sync();
  }

  Status CopyBytes(const DiskFile& source, DiskFile& target, std::uint64_t begin,
                   std::uint64_t end) {
    for (std::uint64_t at = begin; at < end; at += buffer_.size()) {
      buffer_.resize(std::min<std::uint64_t>(kPieceBytes, end - at));
      const auto read = source.Read(at, buffer_);
      if (!read.ok()) return read.status();
      if (read.value() == 0) return Status::Ok();  // it is damaged: loading it says so
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
  SegmentHeader segment_;
  std::shared_ptr<DiskFile> target_;  // where the frames go
  std::shared_ptr<DiskFile> first_;   // the first segment
  std::string first_header_;
  std::string buffer_;
};

}  // namespace

Result<CopyReport> CopyLog(Disk& disk, const std::string& from, const std::string& to) {
  LogCopy copy(disk, from, to);
  if (Status s = copy.Run(); !s.ok()) return s;
  return copy.report;
}

}  // namespace routerd::journal
