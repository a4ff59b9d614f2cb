#include "routerd/journal/memory_journal.h"

#include <algorithm>
#include <string>

namespace routerd::journal {

Result<std::uint32_t> MemoryJournal::Open() {
  const Result<std::uint32_t> epoch = epochs_.Next(0);
  if (!epoch.ok()) return epoch.status();
  if (epoch.value() <= head_.epoch) {
    return Status(Code::kInternal, "the epoch store went back: " + std::to_string(epoch.value()) +
                                       " after " + std::to_string(head_.epoch));
  }
  epoch_ = epoch.value();
  fenced_ = failed_ = false;
  fault_times_ = 0;
  trouble_ = Status::Ok();
  return epoch_;
}

Appended MemoryJournal::Append(const Batch& batch) {
  const Appended how = TryAppend(batch);
  if (how == Appended::kNoSpace) {
    trouble_ = Status(Code::kResourceExhausted, "the journal is told to be full");
  } else if (how == Appended::kFailed) {
    trouble_ = Status(Code::kInternal, "the journal has failed, or the batch is not the next");
  }
  return how;
}

Appended MemoryJournal::TryAppend(const Batch& batch) {
  if (failed_) return Appended::kFailed;
  if (fenced_ || batch.header.epoch < epoch_) return Appended::kFenced;
  if (full_) return Appended::kNoSpace;
  if (fault_times_ > 0) {
    --fault_times_;
    fenced_ = fault_ == Appended::kFenced;
    failed_ = fault_ == Appended::kFailed;
    if (fault_ == Appended::kUnknown && fault_stored_) Store(batch);
    return fault_;
  }
  return Store(batch);
}

Status MemoryJournal::Close() {
  Status status = Sync();
  failed_ = true;
  trouble_ = Status(Code::kFailedPrecondition, "the journal is closed");
  return status;
}

Appended MemoryJournal::Store(const Batch& batch) {
  if (batch.empty() || batch.header.epoch != epoch_) return Appended::kFailed;
  if (!batches_.empty() && batches_.back() == batch) return Appended::kCommitted;
  if (batch.header.first_sequence != head_.sequence + 1) return Appended::kFailed;
  batches_.push_back(batch);
  records_ += batch.size();
  head_ = {batch.header.epoch, batch.last_sequence()};
  while (records_ > max_records_ && batches_.size() > 1) DropOldest();
  return Appended::kCommitted;
}

void MemoryJournal::DropOldest() {
  records_ -= batches_.front().size();
  batches_.pop_front();
}

std::uint64_t MemoryJournal::first_kept() const {
  return batches_.empty() ? head_.sequence + 1 : batches_.front().header.first_sequence;
}

Result<std::vector<Batch>> MemoryJournal::Read(std::uint64_t from, std::size_t max_batches) const {
  if (from < first_kept() || from > head_.sequence + 1) {
    return Status(Code::kOutOfRange, "the journal holds the records " +
                                         std::to_string(first_kept()) + " to " +
                                         std::to_string(head_.sequence));
  }
  const auto first =
      std::lower_bound(batches_.begin(), batches_.end(), from,
                       [](const Batch& b, std::uint64_t at) { return b.last_sequence() < at; });
  const auto count =
      std::min<std::size_t>(max_batches, static_cast<std::size_t>(batches_.end() - first));
  return std::vector<Batch>(first, first + static_cast<std::ptrdiff_t>(count));
}

Status MemoryJournal::Trim(std::uint64_t upto) {
  while (batches_.size() > 1 && batches_.front().last_sequence() <= upto) DropOldest();
  return Status::Ok();
}

void MemoryJournal::Fail(Appended how, int times, bool stored) {
  fault_ = how;
  fault_times_ = times;
  fault_stored_ = stored;
}

}  // namespace routerd::journal
