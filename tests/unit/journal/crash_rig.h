// A journal under random work on a disk that may stop at any change, and an auditor that knows only
// what was answered.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/journal/epoch_file.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/memory_disk.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::journal {

class CrashRig {
 public:
  explicit CrashRig(std::uint64_t seed, Durability durability = Durability::kSync);

  MemoryDisk& disk() { return disk_; }
  std::uint64_t Random(std::uint64_t below);

  // Each returns what is wrong, empty when nothing is. A disk that has stopped is nothing wrong.
  // A new process: opens, and audits what is there against what was answered.
  std::string Start();
  // One random thing that a journal's owner does.
  std::string Work();
  // The process or the machine ends.
  void Crash(routerd::journal::Crash how);

  [[nodiscard]] std::uint64_t committed() const { return total_; }
  // Of all that was answered and found so far; the same for the same seed.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  std::string Append();
  std::string SyncFails();
  std::string Copy();
  std::string BlankOne();
  std::string Forget(const std::string& name);
  std::string PutSnapshot();
  std::string TrimSome();
  std::string CloseAndStart();
  std::string AuditSnapshots();
  std::string Audit();
  std::string AuditForgotten();
  [[nodiscard]] std::string FindForgotten() const;
  std::string AuditBatch(const Batch& found);
  std::string AuditAppend(const Batch& batch, Appended how);
  [[nodiscard]] Batch MakeBatch();
  void Note(std::uint64_t value);
  [[nodiscard]] bool Mine(const std::set<std::string>& names, std::string_view identity) const;

  MemoryDisk disk_;
  EpochFile epochs_;
  ManualClock clock_{1'000, 1'700'000'000'000};
  FileJournalOptions options_;
  std::unique_ptr<FileJournal> journal_;
  SnapshotStore snapshots_;
  std::uint64_t random_;

  std::uint32_t epoch_ = 0;
  std::map<std::uint64_t, Batch> told_;  // by first sequence: committed, or what was tried last
  std::uint64_t promised_ = 0;           // the last record that no crash may take
  std::uint64_t answered_ = 0;           // the last record that was committed
  std::uint64_t trimmed_ = 0;            // up to here records may be gone
  std::set<std::string> forgotten_;      // names that must be nowhere
  std::set<std::string> asked_;          // of these, what a crash came between
  std::set<std::string> forgetting_;     // names that may be blank
  std::map<std::uint64_t, std::string> states_;  // of snapshots that were begun
  std::uint64_t snapshot_ = 0;                   // the last one that was committed
  std::uint64_t total_ = 0;
  std::uint64_t digest_ = 0;
};

}  // namespace routerd::journal
