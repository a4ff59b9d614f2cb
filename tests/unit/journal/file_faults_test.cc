// What a file journal does on a disk that is full, read-only, slow or broken.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/journal/epoch_file.h"
#include "tests/unit/journal/file_rig.h"

namespace routerd::journal {
namespace {

TEST(FileFaults, AFailedSyncIsTheEndAndIsNeverTriedAgain) {
  for (const bool next_segment : {false, true}) {
    FileRig rig;
    ASSERT_TRUE(rig.Open().ok());
    rig.AppendMany(1);
    rig.disk.Fail(DiskCall::kSync, 1, Code::kInternal);
    const Batch batch = next_segment ? rig.Next(1, 3'000) : rig.Next();
    EXPECT_EQ(rig.journal->Append(batch), Appended::kFailed);
    EXPECT_FALSE(rig.journal->trouble().ok());
    int calls = 0;
    rig.disk.OnCall([&](DiskCall, const std::string&) { ++calls; });
    EXPECT_EQ(rig.journal->Append(batch), Appended::kFailed);
    EXPECT_FALSE(rig.journal->Sync().ok());
    EXPECT_FALSE(rig.journal->Close().ok());
    EXPECT_FALSE(rig.journal->Trim(1).ok());
    EXPECT_EQ(calls, 0) << "no second try";
    EXPECT_EQ(rig.journal->head().sequence, 1U);
  }
}

TEST(FileFaults, AFailedSyncOfTheIntervalIsTheEndToo) {
  FileRig rig(65'536, Durability::kInterval);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  rig.disk.Fail(DiskCall::kSync, 1, Code::kInternal);
  EXPECT_FALSE(rig.journal->Sync().ok());
  EXPECT_EQ(rig.Append(), Appended::kFailed);
}

// Linux takes pages that it could not write for written: the next process reads them, and would
// lose them with the next power cut, had it not written them again.
TEST(FileFaults, WhatAFailedSyncLeftIsWrittenAgainBeforeItCounts) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FileRig rig;
    rig.disk = MemoryDisk(seed);
    ASSERT_TRUE(rig.Open().ok());
    rig.AppendMany(1);
    rig.disk.Fail(DiskCall::kSync, 1, Code::kInternal);
    EXPECT_EQ(rig.Append(), Appended::kFailed);
    ASSERT_TRUE(rig.Crash(Crash::kProcess).ok());
    const std::uint64_t head = rig.journal->head().sequence;
    ASSERT_TRUE(rig.Crash(Crash::kPower).ok());
    EXPECT_EQ(rig.journal->head().sequence, head) << "seed " << seed;
  }
}

TEST(FileFaults, AFullDiskStoresNothingAndGoesOnWhenThereIsSpace) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  const std::vector<Batch> before = rig.All();
  for (int i = 0; i < 3; ++i) {
    rig.disk.Fail(DiskCall::kWrite, 1, Code::kResourceExhausted);
    EXPECT_EQ(rig.Append(), Appended::kNoSpace);
    EXPECT_EQ(rig.All(), before);
  }
  EXPECT_EQ(rig.journal->trouble().code(), Code::kResourceExhausted);
  ASSERT_EQ(rig.Append(), Appended::kCommitted);
  const std::vector<Batch> after = rig.All();
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_EQ(rig.All(), after);
  EXPECT_EQ(after.size(), 2U);
}

// Nothing of what was refused stays behind the last frame.
TEST(FileFaults, WhatWasRefusedIsNotLeftInTheFile) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  Batch batch = rig.Next();
  batch.Add(RecordKind::kNote, "", std::string(300, 'Z'));
  for (int i = 0; i < 5; ++i) {
    rig.disk.Fail(DiskCall::kWrite, 1, Code::kResourceExhausted);
    ASSERT_EQ(rig.journal->Append(batch), Appended::kNoSpace);
    for (const std::string& path : rig.disk.Paths()) {
      EXPECT_EQ(rig.disk.Content(path).find('Z'), std::string::npos) << path;
    }
  }
}

TEST(FileFaults, TheReserveLetsOpenWorkEnd) {
  FileRig rig(1'024);
  rig.disk.SetCapacity(5 * 1'024 + 300);
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_FALSE(rig.journal->low_on_space());
  std::uint64_t until_low = 0;
  std::uint64_t from_reserve = 0;
  while (rig.Append() == Appended::kCommitted) {
    ++(rig.journal->low_on_space() ? from_reserve : until_low);
  }
  EXPECT_TRUE(rig.journal->low_on_space());
  EXPECT_GT(until_low, 10U);
  EXPECT_GE(from_reserve, 7U) << "a segment's worth at least";
  EXPECT_EQ(rig.Append(), Appended::kNoSpace);
  EXPECT_EQ(rig.journal->trouble().code(), Code::kResourceExhausted);
  // Space returns: nothing has to be restarted, and the reserve is kept again.
  rig.disk.SetCapacity(100 * 1'024);
  ASSERT_EQ(rig.Append(), Appended::kCommitted);
  rig.clock.Advance(limits::kSpaceRetryMs);
  rig.journal->Prepare();
  EXPECT_FALSE(rig.journal->low_on_space());
  EXPECT_TRUE(rig.disk.Exists(kFolder + "/reserve.prepared"));
  const std::vector<Batch> all = rig.All();
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_EQ(rig.All(), all);
}

// A batch that no room is found for takes none from those that would fit.
TEST(FileFaults, AnOversizedBatchThatIsRefusedKeepsNoSpace) {
  FileRig rig(1'024);
  ASSERT_TRUE(rig.Open().ok());
  rig.journal->Prepare();
  std::uint64_t used = 0;
  for (const std::string& path : rig.disk.Paths()) used += rig.disk.Content(path).size();
  rig.disk.SetCapacity(used + 600);
  EXPECT_EQ(rig.journal->Append(rig.Next(1, 5'000)), Appended::kNoSpace);
  EXPECT_TRUE(rig.journal->low_on_space());
  EXPECT_EQ(rig.disk.Content(kFolder + "/next.prepared").size(), 1'024U);
  rig.AppendMany(3);
}

TEST(FileFaults, AReserveThatHasNoSpaceIsNone) {
  FileRig rig(1'024);
  ASSERT_TRUE(rig.Open().ok());
  rig.journal->Prepare();
  ASSERT_TRUE(rig.disk.Exists(kFolder + "/reserve.prepared"));
  int allocated = 0;
  rig.disk.OnCall([&](DiskCall call, const std::string& path) {
    allocated += call == DiskCall::kAllocate && path.ends_with("reserve.prepared") ? 1 : 0;
  });
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  rig.disk.OnCall(nullptr);
  EXPECT_EQ(allocated, 1);
  EXPECT_FALSE(rig.journal->low_on_space());
}

TEST(FileFaults, AnotherFailureDoesNotSayThatThereIsSpace) {
  FileRig rig(1'024);
  rig.disk.SetCapacity(3 * 1'024);
  ASSERT_TRUE(rig.Open().ok());
  while (!rig.journal->low_on_space()) ASSERT_EQ(rig.Append(), Appended::kCommitted);
  rig.clock.Advance(limits::kSpaceRetryMs);
  rig.disk.Fail(DiskCall::kCreate, 1, Code::kInternal);
  rig.journal->Prepare();
  EXPECT_TRUE(rig.journal->low_on_space());
}

TEST(FileFaults, SpaceIsAskedForOnceASecond) {
  FileRig rig(1'024);
  rig.disk.SetCapacity(3 * 1'024);
  ASSERT_TRUE(rig.Open().ok());
  while (!rig.journal->low_on_space()) ASSERT_EQ(rig.Append(), Appended::kCommitted);
  int asked = 0;
  rig.disk.OnCall(
      [&](DiskCall call, const std::string&) { asked += call == DiskCall::kAllocate ? 1 : 0; });
  for (int i = 0; i < 10; ++i) rig.journal->Prepare();
  EXPECT_EQ(asked, 0);
  rig.clock.Advance(limits::kSpaceRetryMs);
  for (int i = 0; i < 10; ++i) rig.journal->Prepare();
  EXPECT_EQ(asked, 1);
}

TEST(FileFaults, AFullDiskDoesNotKeepItFromOpening) {
  FileRig rig(1'024);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(3);
  const std::vector<Batch> all = rig.All();
  rig.journal.reset();
  rig.disk.SetCapacity(1);
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_TRUE(rig.journal->low_on_space());
  EXPECT_EQ(rig.All(), all);
}

TEST(FileFaults, NoRoomForTheNameOfASegmentIsNoSpace) {
  FileRig rig(700);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  rig.disk.Fail(DiskCall::kRename, 1, Code::kResourceExhausted);
  Appended how = Appended::kCommitted;
  while (how == Appended::kCommitted) how = rig.Append();
  EXPECT_EQ(how, Appended::kNoSpace);
  rig.AppendMany(20);
  const std::vector<Batch> all = rig.All();
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_EQ(rig.All(), all);
}

TEST(FileFaults, ADamagedEpochFileIsNotAFullDisk) {
  FileRig rig(700);
  EpochFile epochs(rig.disk, "state/epoch");
  {
    FileJournal journal(rig.options, rig.disk, epochs, rig.clock);
    ASSERT_TRUE(journal.Open().ok());
    journal.Prepare();
  }
  rig.disk.SetContent("state/epoch", std::string(100, 'x'));
  FileJournal journal(rig.options, rig.disk, epochs, rig.clock);
  const Status opened = journal.Open().status();
  EXPECT_EQ(opened.code(), Code::kInternal);
  EXPECT_NE(opened.message().find("not an epoch file"), std::string::npos) << opened.message();
  EXPECT_TRUE(rig.disk.Exists(kFolder + "/reserve.prepared"));
}

// A start needs a few bytes for its epoch: they come from what is kept back.
TEST(FileFaults, TheReserveAlsoLetsItStart) {
  FileRig rig(1'024);
  EpochFile epochs(rig.disk, "state/epoch");
  std::uint64_t used = 0;
  for (const std::uint32_t start : {1U, 2U, 3U}) {
    FileJournal journal(rig.options, rig.disk, epochs, rig.clock);
    const auto opened = journal.Open();
    ASSERT_TRUE(opened.ok()) << opened.status().message();
    EXPECT_EQ(opened.value(), start);
    EXPECT_EQ(journal.low_on_space(), start > 1);
    used = 0;
    for (const std::string& path : rig.disk.Paths()) used += rig.disk.Content(path).size();
    rig.disk.SetCapacity(used);
  }
}

TEST(FileFaults, AReadOnlyDiskSaysSo) {
  FileRig rig;
  rig.disk.Fail(DiskCall::kCreate, 1, Code::kPermissionDenied, true);
  EXPECT_EQ(rig.Open().code(), Code::kPermissionDenied);
  rig.disk.Heal();
  ASSERT_TRUE(rig.Open().ok());
  rig.disk.Fail(DiskCall::kWrite, 1, Code::kPermissionDenied, true);
  EXPECT_EQ(rig.Append(), Appended::kFailed);
  EXPECT_EQ(rig.journal->trouble().code(), Code::kPermissionDenied);
}

TEST(FileFaults, WhatCannotBeReadIsNotTakenForNothing) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20);
  std::uint64_t reads = 0;
  rig.disk.OnCall(
      [&](DiskCall call, const std::string&) { reads += call == DiskCall::kRead ? 1 : 0; });
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  rig.disk.OnCall(nullptr);
  ASSERT_GT(reads, 5U);
  const std::uint64_t all = reads;
  for (std::uint64_t nth = 1; nth <= all; ++nth) {
    rig.Make();
    rig.disk.Fail(DiskCall::kRead, nth, Code::kInternal);
    const Status opened = rig.Open();
    EXPECT_EQ(opened.code(), Code::kInternal) << nth;
    EXPECT_NE(opened.message().find("read " + kFolder), std::string::npos) << opened.message();
    rig.disk.Heal();
  }
}

// A read that failed once is a read that failed: it moves nothing for those after it.
TEST(FileFaults, AfterAReadThatFailedTheNextOneBeginsWhereItShould) {
  FileRig rig(6UL << 20);
  ASSERT_TRUE(rig.Open().ok());
  for (int i = 0; i < 30; ++i) {
    ASSERT_EQ(rig.journal->Append(rig.Next(1, 300'000)), Appended::kCommitted);
  }
  int failed = 0;
  for (std::uint64_t nth = 1; nth <= 8; ++nth) {
    ASSERT_TRUE(rig.journal->Read(1, 2).ok());
    rig.disk.Fail(DiskCall::kRead, nth, Code::kInternal);
    const auto once = rig.journal->Read(3, 15);
    failed += once.ok() ? 0 : 1;
    rig.disk.Heal();
    const auto again = rig.journal->Read(3, 15);
    ASSERT_TRUE(again.ok()) << again.status().message();
    ASSERT_EQ(again.value().size(), 15U);
    EXPECT_EQ(again.value().front().header.first_sequence, 3U) << nth;
    EXPECT_EQ(again.value().back().header.first_sequence, 17U) << nth;
  }
  EXPECT_GT(failed, 2);
}

TEST(FileFaults, WhoLooksForHisPlaceDoesNotTakeAFailedReadForIt) {
  FileRig rig(16UL << 20);
  ASSERT_TRUE(rig.Open().ok());
  for (int i = 0; i < 8; ++i) {
    ASSERT_EQ(rig.journal->Append(rig.Next(1, 1'500'000)), Appended::kCommitted);
  }
  int failed = 0;
  for (std::uint64_t nth = 1; nth <= 12; ++nth) {
    rig.disk.Fail(DiskCall::kRead, nth, Code::kInternal);
    const auto read = rig.journal->Read(7, 2);
    rig.disk.Heal();
    failed += read.ok() ? 0 : 1;
    if (!read.ok()) continue;
    ASSERT_EQ(read.value().size(), 2U);
    EXPECT_EQ(read.value().front().header.first_sequence, 7U) << nth;
  }
  EXPECT_GT(failed, 5);
}

TEST(FileFaults, ASlowSyncOnlyTakesItsTime) {
  FileRig rig(65'536, Durability::kInterval);
  rig.options.interval_ms = 5;
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  rig.disk.OnCall([&](DiskCall call, const std::string&) {
    if (call == DiskCall::kSync) rig.clock.Advance(60'000);
  });
  rig.AppendMany(3);
  ASSERT_TRUE(rig.journal->Sync().ok());
  EXPECT_EQ(rig.journal->durable_upto(), 3U);
  rig.AppendMany(1);
  EXPECT_EQ(rig.journal->SyncDue(), rig.clock.BootMs() + 5);
}

TEST(FileFaults, AnyOneFailureLosesNothingThatWasCommitted) {
  for (const DiskCall call :
       {DiskCall::kCreate, DiskCall::kWrite, DiskCall::kAllocate, DiskCall::kSync,
        DiskCall::kRename, DiskCall::kSyncDirectory, DiskCall::kRemove}) {
    for (const Code code : {Code::kInternal, Code::kResourceExhausted, Code::kPermissionDenied}) {
      for (std::uint64_t nth = 1; nth <= 20; ++nth) {
        FileRig rig;
        ASSERT_TRUE(rig.Open().ok());
        rig.disk.Fail(call, nth, code);
        std::uint64_t committed = 0;
        for (int i = 0; i < 40; ++i) {
          if (rig.Append() == Appended::kCommitted) committed = rig.journal->head().sequence;
        }
        ASSERT_TRUE(rig.Crash().ok()) << rig.journal->trouble().message();
        EXPECT_GE(rig.journal->head().sequence, committed);
        EXPECT_LE(rig.journal->head().sequence, committed + 1);
      }
    }
  }
}

}  // namespace
}  // namespace routerd::journal
