// The way on when a journal is damaged: cut there, and what is cut kept beside.
#include "routerd/journal/truncate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "routerd/journal/log_reader.h"
#include "routerd/journal/snapshot_store.h"
#include "tests/unit/journal/file_rig.h"

namespace routerd::journal {
namespace {

class TruncateTest : public ::testing::Test {
 protected:
  TruncateTest() {
    EXPECT_TRUE(rig_.Open().ok());
    rig_.AppendMany(20, 2);
    all_ = rig_.All();
    rig_.journal.reset();
  }
  Result<TruncateReport> Cut(std::uint64_t sequence) {
    rig_.journal.reset();
    auto report = TruncateAt(rig_.disk, kFolder, "default", sequence);
    rig_.Make();
    return report;
  }
  // What is left is what was before the record, and it goes on with that one.
  void HoldsWhatIsBefore(std::uint64_t sequence) {
    const Status opened = rig_.Open();
    ASSERT_TRUE(opened.ok()) << opened.message();
    EXPECT_EQ(rig_.journal->head().sequence, sequence - 1);
    std::vector<Batch> expected = all_;
    std::erase_if(expected, [&](const Batch& b) { return b.last_sequence() >= sequence; });
    EXPECT_EQ(rig_.All(), expected);
    ASSERT_EQ(rig_.Append(3), Appended::kCommitted);
    ASSERT_TRUE(rig_.Crash().ok());
    EXPECT_EQ(rig_.journal->head().sequence, sequence + 2);
  }

  FileRig rig_{700};
  std::vector<Batch> all_;
};

TEST_F(TruncateTest, CutsAtEveryBatch) {
  for (std::uint64_t sequence = 39; sequence >= 1; sequence -= 2) {
    FileRig fresh(700);
    ASSERT_TRUE(fresh.Open().ok());
    fresh.AppendMany(20, 2);
    fresh.journal.reset();
    ASSERT_TRUE(TruncateAt(fresh.disk, kFolder, "default", sequence).ok()) << sequence;
    fresh.Make();
    ASSERT_TRUE(fresh.Open().ok()) << sequence;
    EXPECT_EQ(fresh.journal->head().sequence, sequence - 1);
    EXPECT_EQ(fresh.All().size(), (sequence - 1) / 2);
    EXPECT_EQ(fresh.Append(), Appended::kCommitted);
    if (sequence < 3) break;
  }
}

TEST_F(TruncateTest, WhatIsCutIsKeptBeside) {
  const auto report = Cut(13);
  ASSERT_TRUE(report.ok()) << report.status().message();
  ASSERT_GE(report.value().kept.size(), 2U);
  std::string kept;
  for (const std::string& path : report.value().kept) {
    EXPECT_TRUE(path.ends_with(".damaged")) << path;
    kept += rig_.disk.Content(path);
  }
  for (int number = 13; number <= 40; ++number) {
    EXPECT_NE(kept.find("decision" + std::to_string(number)), std::string::npos) << number;
  }
  HoldsWhatIsBefore(13);
}

TEST_F(TruncateTest, WithinABatchItSaysWhereItCanBeCut) {
  const auto report = Cut(14);
  EXPECT_EQ(report.status().code(), Code::kInvalidArgument);
  EXPECT_NE(report.status().message().find("but at record 15"), std::string::npos)
      << report.status().message();
  ASSERT_TRUE(rig_.Open().ok());
  EXPECT_EQ(rig_.All(), all_) << "nothing was changed";
}

// The record that Open names is the one that works.
TEST_F(TruncateTest, OpensWhereTheDamageSaid) {
  const std::vector<std::string> paths = rig_.Segments();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (const std::size_t byte : {0U, 20U, 130U, 230U, 400U}) {
      FileRig fresh(700);
      ASSERT_TRUE(fresh.Open().ok());
      fresh.AppendMany(20, 2);
      fresh.journal.reset();
      std::string damaged = fresh.disk.Content(paths[i]);
      damaged[byte] = static_cast<char>(damaged[byte] ^ 0x10);
      fresh.disk.SetContent(paths[i], damaged);
      fresh.Make();
      const Status opened = fresh.Open();
      if (opened.ok()) continue;
      const std::string_view option = "--truncate-at ";
      const std::size_t at = opened.message().find(option);
      ASSERT_NE(at, std::string::npos);
      const std::uint64_t sequence = std::stoull(opened.message().substr(at + option.size()));
      fresh.journal.reset();
      const auto cut = TruncateAt(fresh.disk, kFolder, "default", sequence);
      ASSERT_TRUE(cut.ok()) << opened.message() << "\n" << cut.status().message();
      fresh.Make();
      ASSERT_TRUE(fresh.Open().ok()) << opened.message();
      EXPECT_EQ(fresh.journal->head().sequence, sequence - 1);
      EXPECT_EQ(fresh.Append(), Appended::kCommitted);
    }
  }
}

TEST_F(TruncateTest, AMissingSegmentIsCutAt) {
  const std::string missing = rig_.Segments()[2];
  const std::uint64_t first =
      NumberOfName(missing.substr(kFolder.size() + 1), kSegmentSuffix).value();
  ASSERT_TRUE(rig_.disk.Remove(missing).ok());
  ASSERT_TRUE(Cut(first).ok());
  HoldsWhatIsBefore(first);
}

TEST_F(TruncateTest, BeyondTheEndItGoesOnThere) {
  const auto report = Cut(100);
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_GE(report.value().kept.size(), 3U);
  rig_.options.read_from = 100;
  rig_.Make();
  ASSERT_TRUE(rig_.Open().ok());
  EXPECT_EQ(rig_.journal->head().sequence, 99U);
  EXPECT_EQ(rig_.journal->first_kept(), 100U);
  EXPECT_EQ(rig_.Append(), Appended::kCommitted);
}

TEST_F(TruncateTest, WithoutAnySegmentItGoesOnThere) {
  for (const std::string& path : rig_.Segments()) ASSERT_TRUE(rig_.disk.Remove(path).ok());
  ASSERT_TRUE(Cut(41).ok());
  ASSERT_TRUE(rig_.Open().ok());
  EXPECT_EQ(rig_.journal->head().sequence, 40U);
  EXPECT_EQ(rig_.Append(), Appended::kCommitted);
}

// A snapshot of what was given up is none of the records that take their numbers.
TEST_F(TruncateTest, SnapshotsOfWhatIsGivenUpAreSetAside) {
  SnapshotStore store(rig_.disk, kFolder, "default");
  for (const std::uint64_t sequence : {12, 13, 20, 40}) {
    auto writer = store.Begin({1, sequence});
    ASSERT_TRUE(writer.value()->Write("state " + std::to_string(sequence)).ok());
    ASSERT_TRUE(writer.value()->Commit(sequence).ok());
  }
  EXPECT_EQ(Cut(14).status().code(), Code::kInvalidArgument);
  EXPECT_EQ(store.List().value().snapshots.size(), 4U) << "nothing was cut";
  // Before anything else: a crash must not leave them beside what is cut.
  std::vector<std::string> changed;
  rig_.disk.OnCall([&](DiskCall call, const std::string& path) {
    if (ChangesDisk(call) && call != DiskCall::kSyncDirectory) changed.push_back(path);
  });
  const auto report = Cut(13);
  rig_.disk.OnCall(nullptr);
  ASSERT_TRUE(report.ok()) << report.status().message();
  ASSERT_GT(changed.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(changed[i].ends_with(".snapshot")) << changed[i];
  const auto left = store.List().value().snapshots;
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front().at.sequence, 12U);
  for (const std::uint64_t sequence : {13, 20, 40}) {
    const std::string aside = kFolder + "/" + NumberedName(sequence, ".snapshot.damaged");
    EXPECT_EQ(std::ranges::count(report.value().kept, aside), 1) << aside;
    EXPECT_TRUE(rig_.disk.Exists(aside));
  }
  rig_.options.read_from = 13;
  HoldsWhatIsBefore(13);
  rig_.AppendMany(20);
  EXPECT_EQ(store.LoadNewest(rig_.journal->head().sequence).value().reader->info().at.sequence,
            12U);
}

TEST_F(TruncateTest, SnapshotsGoWithTheWholeJournalToo) {
  SnapshotStore store(rig_.disk, kFolder, "default");
  for (const std::uint64_t sequence : {40, 99, 100}) {
    ASSERT_TRUE(store.Begin({1, sequence}).value()->Commit(sequence).ok());
  }
  ASSERT_TRUE(Cut(100).ok());
  EXPECT_EQ(store.List().value().snapshots.size(), 2U);
  ASSERT_TRUE(Cut(100).ok());
  for (const std::string& path : rig_.Segments()) ASSERT_TRUE(rig_.disk.Remove(path).ok());
  ASSERT_TRUE(Cut(41).ok());
  ASSERT_EQ(store.List().value().snapshots.size(), 1U);
  EXPECT_EQ(store.List().value().snapshots.front().at.sequence, 40U);
}

// What was kept before is kept, also where it cannot be looked at.
TEST_F(TruncateTest, WhatWasKeptBeforeIsNeverReplaced) {
  const std::string last = rig_.Segments().back();
  const std::uint64_t first = NumberOfName(last.substr(kFolder.size() + 1), kSegmentSuffix).value();
  for (std::uint64_t nth = 1; nth < 20; ++nth) {
    FileRig fresh(700);
    ASSERT_TRUE(fresh.Open().ok());
    fresh.AppendMany(20, 2);
    fresh.journal.reset();
    fresh.disk.SetContent(last + ".damaged", "kept before");
    fresh.disk.Fail(DiskCall::kOpen, nth, Code::kPermissionDenied);
    static_cast<void>(TruncateAt(fresh.disk, kFolder, "default", first));
    EXPECT_EQ(fresh.disk.Content(last + ".damaged"), "kept before") << nth;
  }
}

TEST_F(TruncateTest, IsRefusedWhileTheJournalIsOpen) {
  rig_.Make();
  ASSERT_TRUE(rig_.Open().ok());
  EXPECT_EQ(TruncateAt(rig_.disk, kFolder, "default", 3).status().code(),
            Code::kFailedPrecondition);
}

TEST_F(TruncateTest, AnotherDomainsJournalIsNotCut) {
  EXPECT_EQ(TruncateAt(rig_.disk, kFolder, "other", 13).status().code(), Code::kFailedPrecondition);
  rig_.Make();
  ASSERT_TRUE(rig_.Open().ok());
  EXPECT_EQ(rig_.All(), all_);
}

TEST_F(TruncateTest, BeforeItsBeginningThereIsNothingToCut) {
  rig_.Make();
  ASSERT_TRUE(rig_.Open().ok());
  ASSERT_TRUE(rig_.journal->Trim(20).ok());
  EXPECT_EQ(Cut(1).status().code(), Code::kOutOfRange);
  EXPECT_EQ(Cut(0).status().code(), Code::kInvalidArgument);
}

// Crashed anywhere on the way, it is damaged as before or cut; done again, it is cut, and what was
// cut is still there.
TEST_F(TruncateTest, ACrashOnTheWayIsRunAgain) {
  for (const Crash how : {Crash::kProcess, Crash::kPower, Crash::kPowerBytes}) {
    for (std::uint64_t nth = 1; nth < 40; ++nth) {
      FileRig fresh(700);
      fresh.disk = MemoryDisk(nth);
      ASSERT_TRUE(fresh.Open().ok());
      fresh.AppendMany(20, 2);
      const std::vector<Batch> all = fresh.All();
      fresh.journal.reset();
      fresh.disk.CrashAt(nth);
      static_cast<void>(TruncateAt(fresh.disk, kFolder, "default", 15));
      fresh.disk.Restart(how);
      ASSERT_TRUE(TruncateAt(fresh.disk, kFolder, "default", 15).ok()) << nth;
      fresh.Make();
      ASSERT_TRUE(fresh.Open().ok()) << nth;
      EXPECT_EQ(fresh.All(), (std::vector<Batch>(all.begin(), all.begin() + 7)));
      std::string kept;
      for (const std::string& path : fresh.disk.Paths()) {
        if (path.ends_with(".damaged")) kept += fresh.disk.Content(path);
      }
      for (int number = 15; number <= 40; ++number) {
        EXPECT_NE(kept.find("decision" + std::to_string(number)), std::string::npos) << number;
      }
    }
  }
}

}  // namespace
}  // namespace routerd::journal
