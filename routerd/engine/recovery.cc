#include "routerd/engine/recovery.h"

#include <string>

namespace routerd::engine {
namespace {

constexpr std::size_t kReadBatches = 1'024;  // at once

Status Missing(std::uint64_t from, std::uint64_t first_kept) {
  return {Code::kFailedPrecondition,
          "records " + std::to_string(from) + " to " + std::to_string(first_kept - 1) +
              " are not in the journal, and no snapshot that can be loaded has them: restore the "
              "snapshot, or the directory from a backup"};
}

class Recovery {
 public:
  Recovery(Replayer replayer, const journal::Journal& journal, std::size_t told_records)
      : replayer_(std::move(replayer)), journal_(journal) {
    const std::uint64_t head = journal.head().sequence;
    tell_after_ = head > told_records ? head - told_records : 0;
  }

  Status Run() {
    const std::uint64_t head = journal_.head().sequence;
    const std::uint64_t from = replayer_.last().sequence + 1;
    if (from > head + 1) {
      return {Code::kFailedPrecondition, "the snapshot is of record " + std::to_string(from - 1) +
                                             ", the journal ends at record " +
                                             std::to_string(head) +
                                             ": they do not belong together"};
    }
    if (from <= head && journal_.first_kept() > from) return Missing(from, journal_.first_kept());
    while (replayer_.last().sequence < head) {
      const auto batches = journal_.Read(replayer_.last().sequence + 1, kReadBatches);
      if (!batches.ok()) return batches.status();
      for (const journal::Batch& batch : batches.value()) {
        Status done = Replay(batch);
        if (!done.ok()) return done;
      }
    }
    if (!telling_) Tell();
    return Status::Ok();
  }

  [[nodiscard]] Recovered Take() {
    recovered_.last = replayer_.last();
    recovered_.realm = replayer_.Take();
    return std::move(recovered_);
  }

 private:
  Status Replay(const journal::Batch& batch) {
    if (!telling_ && batch.last_sequence() > tell_after_) Tell();
    Status done = replayer_.Replay(batch);
    if (!done.ok()) return done;
    recovered_.records += batch.size();
    if (telling_) {
      recovered_.told.emplace_back(Position{batch.header.epoch, batch.header.first_sequence},
                                   replayer_.TakeEvents());
    }
    return Status::Ok();
  }

  void Tell() {
    telling_ = true;
    recovered_.told_from = replayer_.last();
    replayer_.StartTelling();
  }

  Replayer replayer_;
  const journal::Journal& journal_;
  std::uint64_t tell_after_ = 0;
  bool telling_ = false;
  Recovered recovered_;
};

}  // namespace

Result<Recovered> Recover(std::optional<StartSnapshot> snapshot, const journal::Journal& journal,
                          const Clock& clock, std::size_t told_records) {
  Recovery recovery(
      snapshot ? Replayer(clock, std::move(snapshot->loaded), snapshot->at) : Replayer(clock),
      journal, told_records);
  Status done = recovery.Run();
  if (!done.ok()) return done;
  return recovery.Take();
}

}  // namespace routerd::engine
