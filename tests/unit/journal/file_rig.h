// A file journal on the disk in memory, with small segments, for tests of one thing at a time.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/memory_disk.h"

namespace routerd::journal {

inline const std::string kFolder = "state/journal";

class FileRig {
 public:
  explicit FileRig(std::uint64_t segment_bytes = 1024, Durability durability = Durability::kSync) {
    options.directory = kFolder;
    options.segment_bytes = segment_bytes;
    options.durability = durability;
    Make();
  }

  // A new process on the same disk, not yet open.
  void Make() {
    journal.reset();
    journal = std::make_unique<FileJournal>(options, disk, epochs, clock);
  }
  Status Open() {
    const auto opened = journal->Open();
    epoch = opened.ok() ? opened.value() : 0;
    return opened.status();
  }
  // The machine goes down, and up again.
  Status Crash(Crash how = Crash::kPower) {
    journal.reset();
    disk.Restart(how);
    Make();
    return Open();
  }

  [[nodiscard]] Batch Next(std::size_t records = 1, std::size_t identity_bytes = 8) const {
    Batch batch;
    batch.header = {.epoch = epoch,
                    .first_sequence = journal->head().sequence + 1,
                    .time = 1'000,
                    .wall_offset_ms = 3,
                    .previous_digest = journal->head().sequence * 7};
    for (std::size_t i = 0; i < records; ++i) {
      const std::string number = std::to_string(batch.header.first_sequence + i);
      std::string identity = "who" + number;
      identity.resize(identity_bytes, '.');
      batch.Add(RecordKind::kEvent, "decision" + number, identity);
    }
    return batch;
  }
  Appended Append(std::size_t records = 1) const { return journal->Append(Next(records)); }
  void AppendMany(int batches, std::size_t records = 1) const {
    for (int i = 0; i < batches; ++i) ASSERT_EQ(Append(records), Appended::kCommitted);
  }
  [[nodiscard]] std::vector<Batch> All() const {
    auto read = journal->Read(journal->first_kept(), 1'000'000);
    EXPECT_TRUE(read.ok()) << read.status().message();
    return read.ok() ? read.value() : std::vector<Batch>();
  }
  [[nodiscard]] std::vector<std::string> Segments() const {
    std::vector<std::string> paths;
    for (const std::string& path : disk.Paths()) {
      if (path.ends_with(kSegmentSuffix)) paths.push_back(path);
    }
    return paths;
  }

  MemoryDisk disk;
  MemoryEpochStore epochs;
  ManualClock clock{1'000, 1'700'000'000'000};
  FileJournalOptions options;
  std::unique_ptr<FileJournal> journal;
  std::uint32_t epoch = 0;
};

}  // namespace routerd::journal
