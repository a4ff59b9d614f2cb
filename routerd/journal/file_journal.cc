#include "routerd/journal/file_journal.h"

#include <algorithm>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/journal/segment.h"

namespace routerd::journal {

FileJournal::FileJournal(FileJournalOptions options, Disk& disk, EpochStore& epochs,
                         const Clock& clock)
    : options_(std::move(options)),
      domain_(DomainTag(options_.domain)),
      disk_(disk),
      epochs_(epochs),
      clock_(clock),
      supply_(disk, options_.directory, options_.segment_bytes),
      reader_(disk, options_.directory) {}

FileJournal::~FileJournal() = default;

// ---- Open ----

Result<std::uint32_t> FileJournal::Open() {
  epoch_ = 0;
  failed_ = false;
  trouble_ = Status::Ok();
  Status opened = Recover();
  if (opened.ok()) opened = Begin();
  if (opened.ok()) return epoch_;
  epoch_ = 0;
  trouble_ = opened;
  return opened;
}

Status FileJournal::TakeLock() {
  if (lock_) return Status::Ok();
  auto lock = disk_.Lock(options_.directory + "/" + std::string(kLockName));
  if (lock.ok()) {
    lock_ = std::move(lock).value();
    return Status::Ok();
  }
  if (lock.status().code() != Code::kFailedPrecondition) return lock.status();
  return {
      Code::kFailedPrecondition,
      lock.status().message() + ": end that one first, or give this one a directory of its own"};
}

Status FileJournal::Recover() {
  file_.reset();
  unsynced_since_.reset();
  prepare_at_.reset();
  last_ = {};
  reader_next_ = 0;
  refused_end_ = 0;
  confirmed_ = true;
  if (options_.domain.size() > limits::kMaxDomainBytes) {
    return {Code::kInvalidArgument, "the domain's name is too long"};
  }
  if (Status s = disk_.MakeDirectory(options_.directory); !s.ok()) return s;
  if (Status s = disk_.SyncDirectory(DirectoryOf(options_.directory)); !s.ok()) return s;
  if (Status s = TakeLock(); !s.ok()) return s;
  auto scanned = ScanLog(disk_, options_.directory, options_.domain, options_.read_from);
  if (!scanned.ok()) return scanned.status();
  recovered_ = std::move(scanned).value();
  if (Status s = CheckReadFrom(); !s.ok()) return s;
  return RepairLog(disk_, options_.directory, recovered_);
}

Status FileJournal::CheckReadFrom() const {
  const std::uint64_t wanted = options_.read_from;
  const std::uint64_t head = recovered_.head.sequence;
  const std::uint64_t first =
      recovered_.segments.empty() ? head + 1 : recovered_.segments.front().first();
  if (wanted == 0 || (wanted >= first && wanted <= head + 1)) return Status::Ok();
  return Status(Code::kFailedPrecondition,
                options_.directory + ": holds the records " + std::to_string(first) + " to " +
                    std::to_string(head) + ", and what follows the snapshot begins with record " +
                    std::to_string(wanted) +
                    ". Restore the journal or an older snapshot from a backup, or start with "
                    "--truncate-at " +
                    std::to_string(wanted) +
                    ", which goes on from the snapshot without what is missing")
      .WithReason("journal_damaged");
}

Status FileJournal::Begin() {
  segments_ = recovered_.segments;
  head_ = recovered_.head;
  last_batch_ = recovered_.last;
  durable_upto_ = head_.sequence;
  end_ = recovered_.end;
  if (!segments_.empty()) {
    auto file = disk_.Open(segments_.back().path, OpenMode::kWrite);
    if (!file.ok()) return file.status();
    file_ = std::move(file).value();
  }
  auto epoch = epochs_.Next(recovered_.max_epoch);
  if (epoch.status().code() == Code::kResourceExhausted) {
    if (Status s = supply_.Release(); !s.ok()) return s;
    epoch = epochs_.Next(recovered_.max_epoch);
  }
  if (!epoch.ok()) return epoch.status();
  if (epoch.value() <= recovered_.max_epoch) {
    return {Code::kInternal, "the epoch store went back: " + std::to_string(epoch.value()) +
                                 " after " + std::to_string(recovered_.max_epoch)};
  }
  epoch_ = epoch.value();
  if (Status s = supply_.Start(); !s.ok()) return s;
  if (!segments_.empty() && recovered_.confirmed) return Status::Ok();
  // A full disk does not keep us from reading, nor from ending what is open once there is room.
  const Appended marked = WriteMark();
  if (marked == Appended::kCommitted) return Status::Ok();
  if (marked == Appended::kNoSpace && !segments_.empty()) return Status::Ok();
  return trouble_;
}

// Says that all before it is durable, so that no later damage to that is taken for a torn tail.
Appended FileJournal::WriteMark() {
  Batch mark;
  mark.header = last_batch_;
  mark.header.epoch = epoch_;
  mark.header.first_sequence = head_.sequence + 1;
  mark.header.previous_digest = 0;
  return Store(mark);
}

// The batch that was appended last stays the one that may be appended again.
Status FileJournal::Confirm() {
  if (failed_) return trouble_;
  if (confirmed_) return Status::Ok();
  const Written last = last_;
  const std::string written = written_;
  const Appended marked = WriteMark();
  if (marked == Appended::kFailed) return trouble_;
  if (marked == Appended::kNoSpace) return Status::Ok();
  last_ = last;
  written_ = written;
  return SyncFile();
}

Status FileJournal::Close() {
  Status status = SyncFile();
  if (status.ok() && epoch_ != 0) status = Confirm();
  failed_ = true;
  if (trouble_.ok()) trouble_ = Status(Code::kFailedPrecondition, "the journal is closed");
  return status;
}

// ---- Append ----

Appended FileJournal::Append(const Batch& batch) {
  if (failed_ || epoch_ == 0) return Appended::kFailed;
  if (batch.header.epoch < epoch_) return Appended::kFenced;
  if (batch.empty() || batch.header.epoch > epoch_) {
    return Fail({Code::kInternal, "the batch is empty, or of an epoch that was not given"});
  }
  if (IsLast(batch)) return Appended::kCommitted;
  if (batch.header.first_sequence != head_.sequence + 1) {
    return Fail({Code::kInternal, "the batch begins with record " +
                                      std::to_string(batch.header.first_sequence) + " after " +
                                      std::to_string(head_.sequence)});
  }
  const Appended how = Store(batch);
  // Well before it is needed; what that costs is not added to the append that needs it.
  if (how == Appended::kCommitted && end_ > segments_.back().file_bytes / 2) Prepare();
  return how;
}

bool FileJournal::IsLast(const Batch& batch) {
  if (!last_.batch || batch.header.first_sequence != last_.first ||
      batch.last_sequence() != head_.sequence || FrameBytes(batch) != written_.size()) {
    return false;
  }
  EncodeFrame(batch, domain_, last_.durable_upto, last_.place, frame_);
  return frame_ == written_;
}

Appended FileJournal::Store(const Batch& batch) {
  const std::uint64_t bytes = FrameBytes(batch);
  if (bytes > limits::kMaxFrameBytes || batch.size() > limits::kMaxFrameRecords) {
    return Fail({Code::kInternal, "a batch of " + std::to_string(bytes) + " bytes and " +
                                      std::to_string(batch.size()) +
                                      " records is more than a frame may hold"});
  }
  if (const Status s = ClearRefused(); !s.ok()) {
    return s.code() == Code::kResourceExhausted ? Refuse(s) : Fail(s);
  }
  if (!file_ || end_ + bytes > segments_.back().file_bytes) return StoreInNext(batch, bytes);
  return StoreHere(batch);
}

Appended FileJournal::StoreHere(const Batch& batch) {
  const FramePlace place{segments_.back().header.salt, end_};
  Encode(batch, place);
  if (const Status s = file_->Write(end_, frame_); !s.ok()) {
    if (s.code() != Code::kResourceExhausted) return Fail(s);
    // A part of it may be there.
    if (!WriteZeros(*file_, end_, end_ + frame_.size()).ok()) {
      refused_end_ = std::max(refused_end_, end_ + frame_.size());
    }
    return Refuse(s);
  }
  if (options_.durability == Durability::kSync) {
    if (const Status s = file_->Sync(); !s.ok()) return Fail(s);
  }
  Commit(batch, place);
  return Appended::kCommitted;
}

// The frame is durable in a file of no name before that gets its name, and all before it was
// durable before: a segment that has its name is sound, and so is every one before it.
Appended FileJournal::StoreInNext(const Batch& batch, std::uint64_t frame_bytes) {
  if (unsynced_since_) {
    if (const Status s = file_->Sync(); !s.ok()) return Fail(s);
    durable_upto_ = head_.sequence;
    unsynced_since_.reset();
  }
  auto next = supply_.Take(kSegmentHeaderBytes + frame_bytes);
  if (!next.ok()) {
    return next.status().code() == Code::kResourceExhausted ? Refuse(next.status())
                                                            : Fail(next.status());
  }
  SegmentHeader header;
  header.first_sequence = batch.header.first_sequence;
  if (!segments_.empty()) {
    header.previous_sequence = segments_.back().last < segments_.back().first()
                                   ? segments_.back().header.previous_sequence
                                   : segments_.back().first();
  }
  header.epoch = epoch_;
  header.salt = NewSalt();
  header.domain = options_.domain;
  const FramePlace place{header.salt, kSegmentHeaderBytes};
  Encode(batch, place);
  frame_.insert(0, EncodeSegmentHeader(header));
  if (const Status s = next.value()->Write(0, frame_); !s.ok()) {
    if (s.code() != Code::kResourceExhausted) return Fail(s);
    supply_.GiveBack(*next.value(), frame_.size());
    return Refuse(s);
  }
  if (const Status s = next.value()->Sync(); !s.ok()) return Fail(s);
  const auto size = next.value()->Size();
  if (!size.ok()) return Fail(size.status());
  const std::string path =
      options_.directory + "/" + NumberedName(header.first_sequence, kSegmentSuffix);
  if (const Status s = disk_.Rename(supply_.next_path(), path); !s.ok()) {
    if (s.code() != Code::kResourceExhausted) return Fail(s);
    supply_.GiveBack(*next.value(), frame_.size());
    return Refuse(s);
  }
  if (const Status s = Named(path, header); !s.ok()) return Fail(s);
  file_ = std::move(next).value();
  segments_.back().file_bytes = size.value();
  frame_.erase(0, kSegmentHeaderBytes);
  Commit(batch, place);
  durable_upto_ = head_.sequence;
  unsynced_since_.reset();
  return Appended::kCommitted;
}

// A segment that nothing but a mark is in begins with the same sequence as the one after it: that
// one takes its name and its place.
Status FileJournal::Named(const std::string& path, const SegmentHeader& header) {
  supply_.Taken();
  if (Status s = disk_.SyncDirectory(options_.directory); !s.ok()) return s;
  if (!segments_.empty() && segments_.back().first() == header.first_sequence) segments_.pop_back();
  segments_.push_back({path, header, header.first_sequence - 1, 0});
  return Status::Ok();
}

void FileJournal::Encode(const Batch& batch, const FramePlace& place) {
  EncodeFrame(batch, domain_, durable_upto_, place, frame_);
}

void FileJournal::Commit(const Batch& batch, const FramePlace& place) {
  std::swap(frame_, written_);
  last_ = {batch.header.first_sequence, durable_upto_, place, !batch.empty()};
  end_ = place.offset + written_.size();
  confirmed_ = batch.empty();
  if (!batch.empty()) {
    head_ = {batch.header.epoch, batch.last_sequence()};
    last_batch_ = batch.header;
    segments_.back().last = head_.sequence;
  }
  if (options_.durability == Durability::kSync) {
    durable_upto_ = head_.sequence;
  } else if (!unsynced_since_) {
    unsynced_since_ = clock_.BootMs();
  }
}

// A shorter batch would leave them behind it for ever, where no blanking looks.
Status FileJournal::ClearRefused() {
  if (refused_end_ <= end_) return Status::Ok();
  if (Status s = WriteZeros(*file_, end_, refused_end_); !s.ok()) return s;
  if (Status s = file_->Sync(); !s.ok()) {
    Fail(s);
    return {Code::kInternal, s.message()};
  }
  refused_end_ = 0;
  return Status::Ok();
}

Appended FileJournal::Refuse(const Status& why) {
  trouble_ = why;
  return Appended::kNoSpace;
}

Appended FileJournal::Fail(const Status& why) {
  failed_ = true;
  trouble_ = why;
  return Appended::kFailed;
}

std::uint64_t FileJournal::NewSalt() {
  Hasher hasher;
  hasher.AddText(options_.domain);
  hasher.Add(epoch_);
  hasher.Add(++salts_);
  hasher.Add(head_.sequence);
  hasher.AddSigned(clock_.BootNs());
  hasher.AddSigned(clock_.WallMs());
  return hasher.digest();
}

// ---- Everything else ----

std::optional<TimeMs> FileJournal::SyncDue() const {
  if (options_.durability != Durability::kInterval || failed_ || !unsynced_since_)
    return std::nullopt;
  return *unsynced_since_ + std::clamp<SpanMs>(options_.interval_ms, 0, limits::kMaxSyncIntervalMs);
}

// Switched off, no frame to come may say for long that this was durable; the others do soon.
Status FileJournal::Sync() {
  if (Status s = SyncFile(); !s.ok()) return s;
  return options_.durability == Durability::kOff && epoch_ != 0 ? Confirm() : Status::Ok();
}

Status FileJournal::SyncFile() {
  if (failed_) return trouble_;
  if (!unsynced_since_) return Status::Ok();
  if (Status s = file_->Sync(); !s.ok()) {
    Fail(s);
    return s;
  }
  durable_upto_ = head_.sequence;
  unsynced_since_.reset();
  return Status::Ok();
}

void FileJournal::Prepare() {
  if (failed_ || epoch_ == 0 || supply_.complete()) return;
  const TimeMs now = clock_.BootMs();
  if (prepare_at_ && now < *prepare_at_) return;
  prepare_at_.reset();
  // Why it fails, the append will say that needs it.
  if (!supply_.Prepare().ok()) prepare_at_ = now + limits::kSpaceRetryMs;
}

std::uint64_t FileJournal::first_kept() const {
  return segments_.empty() ? head_.sequence + 1 : segments_.front().first();
}

Result<std::vector<Batch>> FileJournal::Read(std::uint64_t from, std::size_t max_batches) const {
  if (from < first_kept() || from > head_.sequence + 1) {
    return Status(Code::kOutOfRange, "the journal holds the records " +
                                         std::to_string(first_kept()) + " to " +
                                         std::to_string(head_.sequence));
  }
  std::vector<Batch> batches;
  if (from > head_.sequence) return batches;
  const bool goes_on = reader_next_ == from;
  reader_next_ = 0;  // until this has succeeded: it may end anywhere
  if (!goes_on) {
    if (Status s = reader_.Seek(from); !s.ok()) return s;
  }
  std::uint64_t bytes = 0;
  while (batches.size() < max_batches && bytes < limits::kMaxReadBytes &&
         reader_.next_sequence() <= head_.sequence) {
    const Result<bool> found = reader_.Next();
    if (!found.ok()) return found.status();
    if (!found.value()) {
      return HistoryDamaged({reader_.path(), reader_.offset(), reader_.next_sequence(), 0,
                             "a frame that was appended is not there"});
    }
    if (reader_.records().empty()) continue;
    batches.push_back(reader_.ToBatch());
    bytes += reader_.frame().size();
  }
  reader_next_ = reader_.next_sequence();
  return batches;
}

Result<EraseReport> FileJournal::Blank(const RecordMatcher& matches) {
  if (failed_ || epoch_ == 0) return trouble_;
  if (Status s = ClearRefused(); !s.ok()) return s;
  // Once all that was appended is durable, a sync that fails in there loses nothing of it.
  if (Status s = Sync(); !s.ok()) return s;
  reader_next_ = 0;
  return BlankIdentity(disk_, options_.directory, options_.domain, matches,
                       {.from = 0, .upto = head_.sequence});
}

// The oldest first, each for good before the next, so that no crash leaves a gap.
Status FileJournal::Trim(std::uint64_t upto) {
  if (failed_ || epoch_ == 0) return trouble_;
  const std::uint64_t keep = std::max<std::uint64_t>(last_batch_.first_sequence, 1);
  while (segments_.size() > 1 && segments_.front().last <= upto && segments_.front().last < keep) {
    if (Status s = disk_.Remove(segments_.front().path); !s.ok()) return s;
    segments_.erase(segments_.begin());
    if (Status s = disk_.SyncDirectory(options_.directory); !s.ok()) return s;
  }
  return Status::Ok();
}

}  // namespace routerd::journal
