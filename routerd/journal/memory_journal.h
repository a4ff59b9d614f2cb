// A journal that lasts as long as its process: for simulation, tests, and until there is a disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/base/status.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/journal.h"

namespace routerd::journal {

// Keeps the last `max_records` records, in whole batches; older ones are forgotten by themselves,
// and first_kept() says so. `epochs` must outlive it.
class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(EpochStore& epochs,
                         std::size_t max_records = limits::kMemoryJournalRecords)
      : epochs_(epochs), max_records_(max_records) {}

  Result<std::uint32_t> Open() override;
  Appended Append(const Batch& batch) override;
  [[nodiscard]] Position head() const override { return head_; }
  [[nodiscard]] std::uint64_t first_kept() const override;
  [[nodiscard]] Result<std::vector<Batch>> Read(std::uint64_t from,
                                                std::size_t max_batches) const override;
  // There is nothing to be synced, prepared or closed.
  [[nodiscard]] std::optional<TimeMs> SyncDue() const override { return std::nullopt; }
  Status Sync() override { return failed_ ? trouble_ : Status::Ok(); }
  void Prepare() override {}
  [[nodiscard]] bool low_on_space() const override { return low_; }
  [[nodiscard]] const Status& trouble() const override { return trouble_; }
  Status Close() override;
  Status Trim(std::uint64_t upto) override;
  [[nodiscard]] std::string_view backend() const override { return "memory"; }
  [[nodiscard]] bool durable() const override { return false; }

  // ---- Faults, for simulation and tests ----
  // The next `times` appends end like this. kUnknown: `stored` says which it was. kFailed and
  // kFenced hold from then on, until the next Open.
  void Fail(Appended how, int times = 1, bool stored = false);
  // From now on every append is answered kNoSpace, or again as usual.
  void SetFull(bool full) { full_ = full; }
  void SetLowOnSpace(bool low) { low_ = low; }

 private:
  Appended TryAppend(const Batch& batch);
  Appended Store(const Batch& batch);
  void DropOldest();

  EpochStore& epochs_;
  const std::size_t max_records_;
  std::deque<Batch> batches_;
  std::size_t records_ = 0;
  std::uint32_t epoch_ = 0;
  Position head_;

  Appended fault_ = Appended::kCommitted;
  int fault_times_ = 0;
  bool fault_stored_ = false;
  Status trouble_;
  bool full_ = false;
  bool low_ = false;
  bool fenced_ = false;
  bool failed_ = false;
};

}  // namespace routerd::journal
