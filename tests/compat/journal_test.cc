// A journal that an earlier version has written is read to the same batches, and gone on with.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/inspect.h"
#include "routerd/journal/posix_disk.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::journal {
namespace {

const std::string kFixtures = ROUTERD_COMPAT_FIXTURES;
constexpr std::uint64_t kBatches = 16;
constexpr std::uint64_t kSecondEpochFrom = 9;  // its first batch, from 1
constexpr std::uint64_t kBlankedBatch = 4;     // the identity part of its first record

std::string Letters(char first, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(first + i % 20);
  return text;
}

// The batches of the fixture. Batch n has as many records as n modulo 4, and one more.
std::vector<Batch> Expected(bool blanked) {
  std::vector<Batch> batches;
  std::uint64_t sequence = 1;
  for (std::uint64_t n = 1; n <= kBatches; ++n) {
    Batch batch;
    batch.header = {.epoch = n < kSecondEpochFrom ? 1U : 2U,
                    .first_sequence = sequence,
                    .time = static_cast<TimeMs>(n * 1'000),
                    .wall_offset_ms = n % 2 == 0 ? -static_cast<SpanMs>(n) : 1'700'000'000'000,
                    .previous_digest = 0x0123456789abcdefULL * n};
    for (std::uint64_t i = 0; i <= n % 4; ++i) {
      const auto kind = static_cast<RecordKind>(1 + (n + i) % 5);
      const bool gone = blanked && n == kBlankedBatch && i == 0;
      batch.Add(kind, Letters('a', n * 3 % 50), gone ? "" : Letters('A', (n + i) * 5 % 40), gone);
    }
    sequence = batch.last_sequence() + 1;
    batches.push_back(batch);
  }
  return batches;
}

FileJournalOptions OptionsFor(const std::string& directory) {
  FileJournalOptions options;
  options.directory = directory;
  options.domain = "fixture";
  options.segment_bytes = 1'024;
  return options;
}

void WriteFixture(const std::string& directory) {
  PosixDisk disk;
  MemoryEpochStore epochs;
  ManualClock clock(1'000, 1'700'000'000'000);
  for (const std::uint64_t epoch : {1, 2}) {
    FileJournal journal(OptionsFor(directory), disk, epochs, clock);
    ASSERT_EQ(journal.Open().value(), epoch);
    for (const Batch& batch : Expected(false)) {
      if (batch.header.epoch != epoch) continue;
      ASSERT_EQ(journal.Append(batch), Appended::kCommitted);
    }
    if (epoch == 1) continue;
    const std::uint64_t blanked = Expected(false)[kBlankedBatch - 1].header.first_sequence;
    ASSERT_TRUE(
        journal
            .Blank([&](std::uint64_t sequence, const RecordView&) { return sequence == blanked; })
            .ok());
    ASSERT_TRUE(journal.Close().ok());
  }
  SnapshotStore store(disk, directory, "fixture");
  auto writer = store.Begin({1, 10});
  ASSERT_TRUE(writer.value()->Write("the state after record 10").ok());
  ASSERT_TRUE(writer.value()->Commit(0xabcdef).ok());
}

class JournalFixtureTest : public ::testing::Test {
 protected:
  JournalFixtureTest() {
    std::string name = (std::filesystem::temp_directory_path() / "routerd-compat-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::filesystem::copy(kFixtures + "/journal_v1", folder_ / "journal");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string directory() const { return (folder_ / "journal").string(); }

  std::filesystem::path folder_;
  PosixDisk disk_;
};

TEST_F(JournalFixtureTest, IsSoundAndOpensWithTheSameBatches) {
  const auto report = Verify(disk_, directory());
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_TRUE(report.value().problems.empty());
  EXPECT_EQ(report.value().stats.domain, "fixture");

  MemoryEpochStore epochs;
  const ManualClock clock;
  FileJournal journal(OptionsFor(directory()), disk_, epochs, clock);
  const auto epoch = journal.Open();
  ASSERT_TRUE(epoch.ok()) << epoch.status().message();
  EXPECT_EQ(epoch.value(), 3U);
  EXPECT_FALSE(journal.recovered().torn);
  EXPECT_GE(journal.recovered().segments.size(), 3U);
  EXPECT_EQ(journal.Read(1, 1'000).value(), Expected(true));

  Batch next = Expected(true).back();
  next.header.epoch = 3;
  next.header.first_sequence = journal.head().sequence + 1;
  EXPECT_EQ(journal.Append(next), Appended::kCommitted);
}

TEST_F(JournalFixtureTest, ItsSnapshotIsRead) {
  SnapshotStore store(disk_, directory(), "fixture");
  auto loaded = store.LoadNewest();
  ASSERT_TRUE(loaded.ok());
  ASSERT_TRUE(loaded.value().reader);
  EXPECT_EQ(loaded.value().reader->info().at, (Position{1, 10}));
  EXPECT_EQ(loaded.value().reader->info().state_hash, 0xabcdefU);
  EXPECT_EQ(loaded.value().reader->Next().value(), "the state after record 10");
}

// What this version writes is what the fixture has: else it is a new version of the format.
TEST_F(JournalFixtureTest, WritesWhatItReads) {
  const char* wanted = std::getenv("ROUTERD_COMPAT_WRITE");
  const std::string written = wanted != nullptr ? wanted : (folder_ / "written").string();
  WriteFixture(written);
  if (wanted != nullptr) return;
  MemoryEpochStore epochs;
  const ManualClock clock;
  FileJournal journal(OptionsFor(written), disk_, epochs, clock);
  ASSERT_TRUE(journal.Open().ok());
  EXPECT_EQ(journal.Read(1, 1'000).value(), Expected(true));
  for (const auto& entry : std::filesystem::directory_iterator(kFixtures + "/journal_v1")) {
    const std::string name = entry.path().filename().string();
    const auto now = ReadWhole(disk_, std::filesystem::path(written) / name, 1 << 20);
    ASSERT_TRUE(now.ok()) << now.status().message();
    EXPECT_TRUE(now.value() == ReadWhole(disk_, entry.path().string(), 1 << 20).value()) << name;
  }
}

}  // namespace
}  // namespace routerd::journal
