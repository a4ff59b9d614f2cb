#include "routerd/journal/log_reader.h"

#include <algorithm>
#include <utility>

#include "routerd/journal/recovery.h"

namespace routerd::journal {
namespace {

using Found = SegmentReader::Found;

constexpr int kSeekTries = 10;  // against a writer that trims
constexpr int kEndTries = 5;    // against one that appends

Status NotKept(std::uint64_t first) {
  return {Code::kOutOfRange,
          first == 0 ? "the journal holds no records"
                     : "the journal holds the records from " + std::to_string(first) + " on"};
}

}  // namespace

Result<std::vector<std::uint64_t>> LogReader::Firsts() {
  const auto names = disk_.List(directory_);
  if (!names.ok()) return names.status();
  std::vector<std::uint64_t> firsts;
  for (const std::string& name : names.value()) {
    if (const auto first = NumberOfName(name, kSegmentSuffix)) firsts.push_back(*first);
  }
  return firsts;
}

Status LogReader::OpenSegment(std::uint64_t first) {
  auto reader = SegmentReader::Open(disk_, directory_ + "/" + NumberedName(first, kSegmentSuffix));
  if (!reader.ok()) return reader.status();
  if (const Status s = reader.value().Start(); !s.ok()) {
    if (s.code() == Code::kInternal && reader.value().status().ok()) {
      return Damaged({reader.value().path(), 0, first, 0, s.message()});
    }
    return {s.code(), reader.value().path() + ": " + s.message()};
  }
  reader_.emplace(std::move(reader).value());
  next_ = first;
  return Status::Ok();
}

Status LogReader::Seek(std::uint64_t from) {
  Status opened;
  for (int i = 0; i < kSeekTries; ++i) {
    const auto firsts = Firsts();
    if (!firsts.ok()) return firsts.status();
    if (firsts.value().empty()) return NotKept(0);
    auto after = std::upper_bound(firsts.value().begin(), firsts.value().end(), from);
    if (from == 0) ++after;
    if (after == firsts.value().begin()) return NotKept(firsts.value().front());
    opened = OpenSegment(*std::prev(after));
    if (opened.code() != Code::kNotFound) break;
  }
  if (!opened.ok() || from == 0) return opened;
  // Only headers are looked at on the way: what is before the frame does not matter here.
  Found found = reader_->NextHeader();
  for (; found == Found::kFrame; found = reader_->NextHeader()) {
    if (reader_->header().count > 0 && reader_->header().last_sequence() >= from) break;
    next_ = reader_->header().next_sequence();
  }
  if (found == Found::kFailed) return reader_->status();
  reader_->Seek(reader_->at());
  return Status::Ok();
}

Result<bool> LogReader::Next() {
  if (!reader_) {
    if (Status s = Seek(0); !s.ok()) return s;
  }
  while (true) {
    Found found = reader_->Next();
    if (found == Found::kFrame) return Accept();
    if (found == Found::kFailed) return reader_->status();
    if (found == Found::kInvalid && reader_->of_another_version()) {
      return WrittenByAnother(reader_->path(), reader_->at());
    }
    Result<bool> moved = NextSegment();
    if (!moved.ok() || !moved.value()) return moved;
  }
}

Result<bool> LogReader::Accept() {
  const FrameHeader& h = reader_->header();
  if (h.batch.first_sequence != next_) {
    return HistoryDamaged(
        {reader_->path(), reader_->at(), next_, 0,
         "a frame of record " + std::to_string(h.batch.first_sequence) + " is there"});
  }
  next_ = h.next_sequence();
  return true;
}

// A writer may have gone on meanwhile: what seems to be missing is then there at the next look.
Status LogReader::CheckEnd() {
  Status status;
  for (int i = 0; i < kEndTries; ++i) {
    const Found found = reader_->Next();
    reader_->Seek(reader_->at());
    if (found == Found::kFrame) return Status::Ok();
    if (found == Found::kFailed) return reader_->status();
    status = EndOfTail(*reader_, found, next_).status();
    if (status.ok()) break;
  }
  return status;
}

// A segment without records is replaced by one that begins with the same.
Result<bool> LogReader::OtherOfThatName() {
  const SegmentHeader before = reader_->segment();
  const std::uint64_t at = reader_->at();
  if (Status s = OpenSegment(before.first_sequence); !s.ok()) return s;
  if (reader_->segment() != before) return true;
  reader_->Seek(at);
  return false;
}

Result<bool> LogReader::NextSegment() {
  const std::uint64_t here = reader_->segment().first_sequence;
  for (int i = 0; i < kSeekTries; ++i) {
    const auto firsts = Firsts();
    if (!firsts.ok()) return firsts.status();
    const auto after = std::upper_bound(firsts.value().begin(), firsts.value().end(), here);
    if (after == firsts.value().end()) return next_ == here ? OtherOfThatName() : false;
    if (*after != next_ && next_ == here) {
      Result<bool> other = OtherOfThatName();
      if (other.status().code() == Code::kNotFound) continue;
      if (!other.ok() || other.value()) return other;
    }
    if (*after != next_) {
      // Frames may have been written after we looked and before the next segment was begun.
      const Found found = reader_->Next();
      reader_->Seek(reader_->at());
      if (found == Found::kFrame) return true;
      if (found == Found::kFailed) return reader_->status();
      if (*after < next_ ||
          std::find(firsts.value().begin(), firsts.value().end(), here) == firsts.value().end()) {
        return NotKept(*after);
      }
      return HistoryDamaged(
          {reader_->path(), reader_->at(), next_, *after,
           found == Found::kInvalid ? std::string(reader_->why()) : "the frames end there"});
    }
    const Status opened = OpenSegment(*after);
    if (opened.ok()) return true;
    if (opened.code() != Code::kNotFound) return opened;
  }
  return NotKept(0);
}

}  // namespace routerd::journal
