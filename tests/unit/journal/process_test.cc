// The machine's own files: processes that are killed, and readers beside a writer.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/journal/epoch_file.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/posix_disk.h"
#include "tests/unit/journal/temp_folder.h"

namespace routerd::journal {
namespace {

FileJournalOptions OptionsIn(const TempFolder& folder) {
  FileJournalOptions options;
  options.directory = folder.path("journal");
  options.segment_bytes = 4'096;
  return options;
}

// The same for the same sequence, whoever asks.
Batch BatchFrom(std::uint32_t epoch, std::uint64_t first) {
  Batch batch;
  batch.header = {.epoch = epoch, .first_sequence = first, .time = static_cast<TimeMs>(first)};
  for (std::uint64_t i = first; i <= first + first % 3; ++i) {
    batch.Add(RecordKind::kEvent, "decision " + std::to_string(i), "who " + std::to_string(i));
  }
  return batch;
}

// Appends for ever, and tells what was committed.
[[noreturn]] void AppendAndTell(const TempFolder& folder, int tell) {
  PosixDisk disk;
  EpochFile epochs(folder.path("epoch"));
  const SystemClock clock;
  FileJournal journal(OptionsIn(folder), disk, epochs, clock);
  const auto epoch = journal.Open();
  if (!epoch.ok()) _exit(3);
  while (true) {
    const Batch batch = BatchFrom(epoch.value(), journal.head().sequence + 1);
    if (journal.Append(batch) != Appended::kCommitted) _exit(4);
    const std::uint64_t committed = batch.last_sequence();
    if (write(tell, &committed, sizeof committed) != sizeof committed) _exit(5);
  }
}

// The last sequence that a process told before it was killed, after `answers` of its answers.
std::uint64_t KillAfter(const TempFolder& folder, int answers) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    AppendAndTell(folder, ends[1]);
  }
  close(ends[1]);
  std::uint64_t told = 0;
  for (std::uint64_t next = 0; read(ends[0], &next, sizeof next) == sizeof next;) {
    told = next;
    if (--answers == 0) {
      EXPECT_EQ(kill(child, SIGKILL), 0);
    }
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit code " << WEXITSTATUS(status);
  return told;
}

TEST(Process, OneThatIsKilledLosesNothingThatItTold) {
  const TempFolder folder;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t told = KillAfter(folder, 3 + round * 2);
    PosixDisk disk;
    EpochFile epochs(folder.path("epoch"));
    const SystemClock clock;
    FileJournal journal(OptionsIn(folder), disk, epochs, clock);
    const auto epoch = journal.Open();
    ASSERT_TRUE(epoch.ok()) << epoch.status().message();
    EXPECT_EQ(epoch.value(), static_cast<std::uint32_t>(2 * round + 2));
    ASSERT_GE(journal.head().sequence, told);
    const auto batches = journal.Read(1, 1'000'000);
    ASSERT_TRUE(batches.ok());
    std::uint64_t next = 1;
    for (const Batch& batch : batches.value()) {
      ASSERT_EQ(batch, BatchFrom(batch.header.epoch, next));
      next = batch.last_sequence() + 1;
    }
    EXPECT_EQ(next, journal.head().sequence + 1);
  }
}

TEST(Process, AFileCutWithinItsLastFrameIsCutThere) {
  const TempFolder folder;
  PosixDisk disk;
  MemoryEpochStore epochs;
  const SystemClock clock;
  std::uint64_t end = 0;
  {
    FileJournal journal(OptionsIn(folder), disk, epochs, clock);
    const std::uint32_t epoch = journal.Open().value();
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(journal.Append(BatchFrom(epoch, journal.head().sequence + 1)),
                Appended::kCommitted);
    }
    end = ReadWhole(disk, folder.path("journal/00000000000000000001.segment"), 4'096)
              .value()
              .find_last_not_of('\0');
  }
  std::filesystem::resize_file(folder.path("journal/00000000000000000001.segment"), end);
  FileJournal journal(OptionsIn(folder), disk, epochs, clock);
  const std::uint32_t epoch = journal.Open().value();
  ASSERT_TRUE(journal.recovered().torn);
  EXPECT_EQ(journal.head().sequence, journal.recovered().torn->sequence - 1);
  EXPECT_EQ(journal.Append(BatchFrom(epoch, journal.head().sequence + 1)), Appended::kCommitted);
}

TEST(Process, AReaderOnAnotherThreadSeesEveryBatchOnce) {
  const TempFolder folder;
  PosixDisk disk;
  MemoryEpochStore epochs;
  const SystemClock clock;
  FileJournalOptions options = OptionsIn(folder);
  options.durability = Durability::kOff;
  FileJournal journal(options, disk, epochs, clock);
  const std::uint32_t epoch = journal.Open().value();
  constexpr std::uint64_t kRecords = 3'000;
  std::vector<Batch> seen;
  std::string wrong;
  std::thread reader([&] {
    LogReader log(disk, options.directory);
    while (log.next_sequence() <= kRecords) {
      const auto found = log.Next();
      if (!found.ok()) {
        wrong = found.status().message();
        return;
      }
      if (found.value() && log.header().count > 0) seen.push_back(log.ToBatch());
    }
  });
  while (journal.head().sequence < kRecords) {
    ASSERT_EQ(journal.Append(BatchFrom(epoch, journal.head().sequence + 1)), Appended::kCommitted);
  }
  reader.join();
  EXPECT_EQ(wrong, "");
  std::uint64_t next = 1;
  for (const Batch& batch : seen) {
    ASSERT_EQ(batch, BatchFrom(epoch, next));
    next = batch.last_sequence() + 1;
  }
  EXPECT_GT(next, kRecords);
}

}  // namespace
}  // namespace routerd::journal
