// What a file journal does on a disk that works.
#include "routerd/journal/file_journal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "routerd/journal/epoch_file.h"
#include "routerd/journal/posix_disk.h"
#include "tests/unit/journal/file_rig.h"
#include "tests/unit/journal/temp_folder.h"

namespace routerd::journal {
namespace {

TEST(FileJournal, BeginsSegmentsNamedAfterTheirFirstRecord) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20);
  const std::vector<std::string> segments = rig.Segments();
  ASSERT_GT(segments.size(), 2U);
  EXPECT_EQ(segments.front(), "state/journal/00000000000000000001.segment");
  for (const std::string& path : segments) EXPECT_EQ(rig.disk.Content(path).size(), 1024U);
  const std::vector<Batch> before = rig.All();
  EXPECT_EQ(before.size(), 20U);
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_EQ(rig.All(), before);
}

TEST(FileJournal, ABatchLargerThanASegmentGetsOneOfItsOwn) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  ASSERT_EQ(rig.journal->Append(rig.Next(3, 5'000)), Appended::kCommitted);
  rig.AppendMany(2);
  const std::vector<Batch> before = rig.All();
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_EQ(rig.All(), before);
  EXPECT_EQ(before.size(), 3U);
}

// The segment that only the first open's mark is in makes room for one that begins with the same.
TEST(FileJournal, ASegmentWithoutRecordsIsReplaced) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  LogReader reader(rig.disk, kFolder);
  ASSERT_TRUE(reader.Next().value()) << "the mark";
  EXPECT_FALSE(reader.Next().value());
  ASSERT_EQ(rig.journal->Append(rig.Next(1, 2'000)), Appended::kCommitted);
  EXPECT_EQ(rig.Segments().size(), 1U);
  ASSERT_TRUE(reader.Next().value()) << "who has read the mark finds what follows it";
  EXPECT_EQ(reader.header().count, 1U);
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_EQ(rig.All().size(), 1U);
}

TEST(FileJournal, PreparesTheNextSegmentBeforeItIsNeeded) {
  FileRig rig(4'096);
  ASSERT_TRUE(rig.Open().ok());
  int made = 0;
  bool in_use = false;
  rig.disk.OnCall([&](DiskCall call, const std::string&) {
    made += call == DiskCall::kCreate || call == DiskCall::kAllocate ? 1 : 0;
    in_use |= call == DiskCall::kRename;
  });
  while (!in_use) {
    const int before = made;
    ASSERT_EQ(rig.Append(), Appended::kCommitted);
    if (in_use) {
      EXPECT_EQ(made, before) << "the append that needed it made none";
    }
  }
}

TEST(FileJournal, SyncsOncePerAppend) {
  FileRig rig(65'536);
  ASSERT_TRUE(rig.Open().ok());
  int syncs = 0;
  int writes = 0;
  rig.disk.OnCall([&](DiskCall call, const std::string&) {
    syncs += call == DiskCall::kSync ? 1 : 0;
    writes += call == DiskCall::kWrite ? 1 : 0;
  });
  rig.AppendMany(10, 16);
  EXPECT_EQ(syncs, 10);
  EXPECT_EQ(writes, 10);
}

TEST(FileJournal, WithAnIntervalTheOwnerIsToldWhenToSync) {
  FileRig rig(65'536, Durability::kInterval);
  rig.options.interval_ms = 20;
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  ASSERT_TRUE(rig.journal->Sync().ok());
  EXPECT_EQ(rig.journal->SyncDue(), std::nullopt);
  rig.AppendMany(1);
  rig.clock.Advance(7);
  rig.AppendMany(1);
  EXPECT_EQ(rig.journal->SyncDue(), 1'020);
  EXPECT_EQ(rig.journal->durable_upto(), 0U);
  ASSERT_TRUE(rig.journal->Sync().ok());
  EXPECT_EQ(rig.journal->durable_upto(), 2U);
  EXPECT_EQ(rig.journal->SyncDue(), std::nullopt);
}

TEST(FileJournal, SwitchedOffItSyncsNothingUntilASegmentIsFull) {
  FileRig rig(1'024, Durability::kOff);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(2);
  EXPECT_EQ(rig.journal->SyncDue(), std::nullopt);
  EXPECT_EQ(rig.journal->durable_upto(), 0U);
  while (rig.Segments().size() == 1) rig.AppendMany(1);
  EXPECT_EQ(rig.journal->durable_upto(), rig.journal->head().sequence);
}

TEST(FileJournal, ACloseWhoseMarkIsNotDurableFails) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  rig.disk.Fail(DiskCall::kSync, 1, Code::kInternal);
  EXPECT_EQ(rig.journal->Close().code(), Code::kInternal);
}

TEST(FileJournal, WhatACrashLeftWithoutANameGoes) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  const std::string left = kFolder + "/00000000000000000009";
  for (const char* suffix : {".segment.tmp", ".damaged.tmp", ".snapshot.tmp", ".damaged"}) {
    rig.disk.SetContent(left + suffix, "left");
  }
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_FALSE(rig.disk.Exists(left + ".segment.tmp"));
  EXPECT_FALSE(rig.disk.Exists(left + ".damaged.tmp"));
  EXPECT_TRUE(rig.disk.Exists(left + ".snapshot.tmp")) << "its store's";
  EXPECT_TRUE(rig.disk.Exists(left + ".damaged"));
}

// What the owner has synced, a snapshot goes on from: damage to it is no torn tail.
TEST(FileJournal, SwitchedOffItsSyncsAreConfirmed) {
  FileRig rig(65'536, Durability::kOff);
  ASSERT_TRUE(rig.Open().ok());
  Batch last;
  for (int i = 0; i < 100; ++i) {
    last = rig.Next();
    ASSERT_EQ(rig.journal->Append(last), Appended::kCommitted);
  }
  ASSERT_TRUE(rig.journal->Sync().ok());
  EXPECT_EQ(rig.journal->Append(last), Appended::kCommitted) << "it is still the last one";
  EXPECT_EQ(rig.journal->head().sequence, 100U);
  const std::string path = rig.Segments().back();
  std::string content = rig.disk.Content(path);
  ASSERT_TRUE(rig.journal->Sync().ok());
  EXPECT_EQ(rig.disk.Content(path), content) << "once is enough";
  content[content.find("decision10")] = 'D';
  rig.journal.reset();
  rig.disk.SetContent(path, content);
  rig.Make();
  EXPECT_EQ(rig.Open().reason(), "journal_damaged");
}

TEST(FileJournal, UntilItIsOpenItSaysSo) {
  FileRig rig;
  Batch batch = rig.Next();
  EXPECT_EQ(rig.journal->Append(batch), Appended::kFailed);
  EXPECT_EQ(rig.journal->trouble().code(), Code::kFailedPrecondition);
  EXPECT_FALSE(rig.journal->Trim(1).ok());
  rig.disk.Fail(DiskCall::kLock, 1, Code::kPermissionDenied);
  EXPECT_FALSE(rig.Open().ok());
  EXPECT_EQ(rig.journal->trouble().code(), Code::kPermissionDenied);
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_TRUE(rig.journal->trouble().ok());
}

TEST(FileJournal, TakesAnEpochAboveThoseInItsFrames) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  rig.journal.reset();
  rig.epochs = MemoryEpochStore(0);
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_EQ(rig.epoch, 2U);
}

TEST(FileJournal, KeepsItsEpochOnTheSameDisk) {
  FileRig rig;
  EpochFile epochs(rig.disk, "state/epoch");
  for (std::uint32_t expected = 1; expected <= 3; ++expected) {
    FileJournal journal(rig.options, rig.disk, epochs, rig.clock);
    EXPECT_EQ(journal.Open().value(), expected);
  }
}

TEST(FileJournal, ASecondProcessIsRefusedAndToldWhy) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  FileJournal second(rig.options, rig.disk, rig.epochs, rig.clock);
  const auto opened = second.Open();
  EXPECT_EQ(opened.status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(opened.status().message(),
            "state/journal/lock is held by process 1: end that one first, or give this one a "
            "directory of its own");
}

TEST(FileJournal, AnotherDomainsJournalIsRefused) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.options.domain = "other";
  rig.Make();
  const Status opened = rig.Open();
  EXPECT_EQ(opened.code(), Code::kFailedPrecondition);
  EXPECT_NE(opened.message().find("belongs to the domain default, not to other"),
            std::string::npos);
}

TEST(FileJournal, ReadsOnFromWhereItEndedAndFromAnywhere) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(30, 2);
  const std::vector<Batch> all = rig.All();
  std::vector<Batch> one_by_one;
  for (std::uint64_t at = 1; at <= rig.journal->head().sequence;) {
    const auto some = rig.journal->Read(at, 1);
    ASSERT_EQ(some.value().size(), 1U);
    one_by_one.push_back(some.value().front());
    at = one_by_one.back().last_sequence() + 1;
  }
  EXPECT_EQ(one_by_one, all);
  for (std::uint64_t at = 60; at >= 1; --at) {
    EXPECT_EQ(rig.journal->Read(at, 1).value().front(), all[(at - 1) / 2]);
  }
}

TEST(FileJournal, OneReadGivesNoMoreThanFitsInMemory) {
  FileRig rig(12UL << 20);
  ASSERT_TRUE(rig.Open().ok());
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(rig.journal->Append(rig.Next(1, limits::kMaxReadBytes / 2)), Appended::kCommitted);
  }
  const auto some = rig.journal->Read(1, 100);
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(some.value().size(), 2U);
  EXPECT_EQ(rig.journal->Read(3, 100).value().size(), 2U);
}

TEST(FileJournal, TrimsWholeSegmentsAndStartsFromWhatIsLeft) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(30);
  const std::size_t before = rig.Segments().size();
  ASSERT_TRUE(rig.journal->Trim(15).ok());
  EXPECT_LT(rig.Segments().size(), before);
  EXPECT_EQ(rig.journal->segments().size(), rig.Segments().size());
  const std::uint64_t first = rig.journal->first_kept();
  EXPECT_GT(first, 1U);
  EXPECT_LE(first, 16U);
  EXPECT_EQ(rig.journal->Read(first - 1, 1).status().code(), Code::kOutOfRange);
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_EQ(rig.journal->first_kept(), first);
  EXPECT_EQ(rig.All().size(), 31 - first);
}

TEST(FileJournal, ReadsOnlyTheHeadersOfWhatASnapshotHasMadeOld) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(40);
  ASSERT_GT(rig.Segments().size(), 4U);
  const Batch next = rig.Next();
  rig.options.read_from = next.header.first_sequence;
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_EQ(rig.journal->head().sequence, 40U);
  EXPECT_LT(rig.journal->recovered().frames, 20U);
  EXPECT_EQ(rig.All().size(), 40U);
}

TEST(FileJournal, ASnapshotThatTheJournalDoesNotReachIsNotPassedOver) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(30);
  for (const std::uint64_t from : {1, 31}) {
    rig.options.read_from = from;
    rig.Make();
    EXPECT_TRUE(rig.Open().ok()) << from;
  }
  rig.options.read_from = 32;
  rig.Make();
  EXPECT_EQ(rig.Open().reason(), "journal_damaged");
  rig.options.read_from = 0;
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  ASSERT_TRUE(rig.journal->Trim(20).ok());
  rig.options.read_from = 1;
  rig.Make();
  EXPECT_EQ(rig.Open().reason(), "journal_damaged");
}

TEST(FileJournal, ACleanEndIsWrittenDownOnce) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  ASSERT_TRUE(rig.journal->Close().ok());
  const std::string closed = rig.disk.Content(rig.Segments().front());
  for (int i = 0; i < 3; ++i) {
    rig.Make();
    ASSERT_TRUE(rig.Open().ok());
    ASSERT_TRUE(rig.journal->Close().ok());
  }
  EXPECT_EQ(rig.disk.Content(rig.Segments().front()), closed) << "no start adds anything";
}

// What is written into a file without a name is gone with the process.
TEST(FileJournal, ASegmentThatSomebodyRemovesIsNoticedAtTheNextAppend) {
  const TempFolder folder;
  PosixDisk disk;
  MemoryEpochStore epochs;
  const ManualClock clock;
  FileJournalOptions options;
  options.directory = folder.path("journal");
  options.segment_bytes = 65'536;
  FileJournal journal(options, disk, epochs, clock);
  Batch batch;
  batch.header = {.epoch = journal.Open().value(), .first_sequence = 1};
  batch.Add(RecordKind::kEvent, "d", "i");
  ASSERT_TRUE(std::filesystem::remove(folder.path("journal/00000000000000000001.segment")));
  EXPECT_EQ(journal.Append(batch), Appended::kFailed);
  EXPECT_NE(journal.trouble().message().find("somebody has removed it"), std::string::npos);
}

}  // namespace
}  // namespace routerd::journal
