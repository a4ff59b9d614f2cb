#include "routerd/journal/truncate.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/journal/recovery.h"
#include "routerd/journal/segment_reader.h"

namespace routerd::journal {
namespace {

constexpr std::size_t kSavedBytes = 1024UL * 1024;

class Truncation {
 public:
  Truncation(Disk& disk, std::string directory, std::string_view domain, std::uint64_t sequence)
      : disk_(disk), directory_(std::move(directory)), domain_(domain), sequence_(sequence) {}

  Status Run() {
    if (sequence_ == 0) return {Code::kInvalidArgument, "records are counted from 1"};
    if (Status s = ListFirsts(); !s.ok()) return s;
    if (firsts_.empty()) return SetAsideAll();
    const auto after = std::upper_bound(firsts_.begin(), firsts_.end(), sequence_);
    if (after == firsts_.begin()) {
      return {Code::kOutOfRange,
              "the journal begins with record " + std::to_string(firsts_.front())};
    }
    const auto index = static_cast<std::size_t>(after - firsts_.begin()) - 1;
    if (firsts_[index] == sequence_) {
      if (Status s = SetAsideSnapshots(); !s.ok()) return s;
      if (Status s = SetAsideFrom(index); !s.ok()) return s;
      return index == 0 ? BeginAnew() : Status::Ok();
    }
    return CutIn(index);
  }

  TruncateReport report;

 private:
  Status ListFirsts() {
    const auto names = disk_.List(directory_);
    if (!names.ok()) return names.status();
    for (const std::string& name : names.value()) {
      if (const auto first = NumberOfName(name, kSegmentSuffix)) firsts_.push_back(*first);
      const auto state_after = NumberOfName(name, kSnapshotSuffix);
      if (state_after && *state_after >= sequence_) snapshots_.push_back(directory_ + "/" + name);
    }
    // One that is begun anew is no older than what it takes the place of, as far as that says.
    for (std::size_t i = 0; i < firsts_.size(); ++i) {
      auto reader = SegmentReader::Open(disk_, SegmentPath(i));
      if (!reader.ok()) return reader.status();
      if (reader.value().Start().ok()) {
        if (const std::string& its = reader.value().segment().domain; its != domain_) {
          return {Code::kFailedPrecondition,
                  SegmentPath(i) + ": belongs to the domain " + its + ", not to " + domain_};
        }
        epoch_ = std::max(epoch_, reader.value().segment().epoch);
      }
    }
    return Status::Ok();
  }

  [[nodiscard]] std::string SegmentPath(std::size_t index) const {
    return directory_ + "/" + NumberedName(firsts_[index], kSegmentSuffix);
  }

  // Where the record would begin in that segment; the first to be set aside are those after it.
  Status CutIn(std::size_t index) {
    const std::string path = SegmentPath(index);
    auto opened = SegmentReader::Open(disk_, path);
    if (!opened.ok()) return opened.status();
    SegmentReader reader = std::move(opened).value();
    if (Status s = reader.Start(); !s.ok()) return Elsewhere(path, firsts_[index], s.message());
    std::uint64_t next = firsts_[index];
    SegmentReader::Found found = reader.Next();
    for (; found == SegmentReader::Found::kFrame && next < sequence_; found = reader.Next()) {
      if (reader.header().batch.first_sequence != next) break;
      epoch_ = std::max(epoch_, reader.header().batch.epoch);
      next = reader.header().next_sequence();
    }
    if (found == SegmentReader::Found::kFailed) return reader.status();
    if (next == sequence_) return Cut(reader, index);
    if (next > sequence_) {
      return Elsewhere(path, next, "the batch before ends with record " + std::to_string(next - 1));
    }
    if (found == SegmentReader::Found::kEnd && index + 1 == firsts_.size()) {
      return SetAsideAll();
    }
    return Elsewhere(path, next, "it cannot be read from there on");
  }

  [[nodiscard]] Status Elsewhere(const std::string& path, std::uint64_t where,
                                 const std::string& why) const {
    return {Code::kInvalidArgument, path + ": cannot be cut at record " +
                                        std::to_string(sequence_) + ", but at record " +
                                        std::to_string(where) + ": " + why};
  }

  // First what is cut is safe beside, then nothing follows any more, then it goes.
  Status Cut(SegmentReader& reader, std::size_t index) {
    if (Status s = SetAsideSnapshots(); !s.ok()) return s;
    const std::uint64_t begin = reader.at();
    const auto end = reader.EndOfBytes(begin);
    if (!end.ok()) return end.status();
    auto file = disk_.Open(reader.path(), OpenMode::kWrite);
    if (!file.ok()) return file.status();
    if (end.value() > begin) {
      if (Status s = Save(*file.value(), begin, end.value()); !s.ok()) return s;
    }
    if (Status s = SetAsideFrom(index + 1); !s.ok()) return s;
    if (Status s = WriteZeros(*file.value(), begin, end.value()); !s.ok()) return s;
    return file.value()->Sync();
  }

  Status Save(DiskFile& from, std::uint64_t begin, std::uint64_t end) {
    const auto unused = UnusedPath(directory_ + "/" + NumberedName(sequence_, ""));
    if (!unused.ok()) return unused.status();
    const std::string& path = unused.value();
    auto to = CreateAnew(disk_, path + std::string(kTemporarySuffix));
    if (!to.ok()) return to.status();
    std::string bytes;
    for (std::uint64_t at = begin; at < end; at += bytes.size()) {
      bytes.resize(std::min<std::uint64_t>(kSavedBytes, end - at));
      const auto read = from.Read(at, bytes);
      if (!read.ok()) return read.status();
      if (read.value() != bytes.size()) return {Code::kInternal, path + ": its source shrank"};
      if (Status s = to.value()->Write(at - begin, bytes); !s.ok()) return s;
    }
    if (Status s = to.value()->Sync(); !s.ok()) return s;
    if (Status s = disk_.Rename(path + std::string(kTemporarySuffix), path); !s.ok()) return s;
    report.kept.push_back(path);
    return disk_.SyncDirectory(directory_);
  }

  // Everything there is; the journal goes on with the record.
  Status SetAsideAll() {
    if (Status s = SetAsideSnapshots(); !s.ok()) return s;
    if (Status s = SetAsideFrom(0); !s.ok()) return s;
    return BeginAnew();
  }

  // A state after a record that is given up is of a history that is no more: with new records of
  // these numbers it would be taken for theirs.
  Status SetAsideSnapshots() {
    for (const std::string& path : snapshots_) {
      if (Status s = SetAside(path); !s.ok()) return s;
    }
    return Status::Ok();
  }

  // The last first: as long as one is there that the damage is before, the journal is not opened.
  Status SetAsideFrom(std::size_t index) {
    for (std::size_t i = firsts_.size(); i > index; --i) {
      if (Status s = SetAside(SegmentPath(i - 1)); !s.ok()) return s;
    }
    return Status::Ok();
  }

  Status SetAside(const std::string& path) {
    const auto aside = UnusedPath(path);
    if (!aside.ok()) return aside.status();
    if (Status s = disk_.Rename(path, aside.value()); !s.ok()) return s;
    report.kept.push_back(aside.value());
    return disk_.SyncDirectory(directory_);
  }

  // What cannot be looked at may hold what was cut before.
  [[nodiscard]] Result<std::string> UnusedPath(const std::string& path) const {
    std::string unused = path + std::string(kDamagedSuffix);
    for (int i = 2;; ++i) {
      const Status there = disk_.Open(unused, OpenMode::kRead).status();
      if (there.code() == Code::kNotFound) return unused;
      if (!there.ok()) return there;
      unused = path + "." + std::to_string(i) + std::string(kDamagedSuffix);
    }
  }

  // An empty segment that begins with the record. One that begins with the first need not be there.
  Status BeginAnew() {
    if (sequence_ == 1) return Status::Ok();
    SegmentHeader header;
    header.first_sequence = sequence_;
    header.epoch = epoch_;
    header.salt = Mix64(sequence_ ^ (std::uint64_t{epoch_} << 32));
    header.domain = domain_;
    return ReplaceWhole(disk_, directory_ + "/" + NumberedName(sequence_, kSegmentSuffix),
                        EncodeSegmentHeader(header));
  }

  Disk& disk_;
  const std::string directory_;
  const std::string domain_;
  const std::uint64_t sequence_;
  std::uint32_t epoch_ = 1;
  std::vector<std::uint64_t> firsts_;
  std::vector<std::string> snapshots_;  // of what is given up
};

}  // namespace

Result<TruncateReport> TruncateAt(Disk& disk, const std::string& directory, std::string_view domain,
                                  std::uint64_t sequence) {
  const auto lock = disk.Lock(directory + "/" + std::string(kLockName));
  if (!lock.ok()) return lock.status();
  Truncation truncation(disk, directory, domain, sequence);
  if (Status s = truncation.Run(); !s.ok()) return s;
  return std::move(truncation.report);
}

}  // namespace routerd::journal
