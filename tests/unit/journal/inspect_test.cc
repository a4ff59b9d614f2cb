// Tools look at a journal that is in use: verify, figures, tail, a copy.
#include "routerd/journal/inspect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "routerd/journal/copy_log.h"
#include "routerd/journal/log_reader.h"
#include "routerd/journal/posix_disk.h"
#include "tests/unit/journal/file_rig.h"
#include "tests/unit/journal/temp_folder.h"

namespace routerd::journal {
namespace {

TEST(Inspect, TellsTheFigures) {
  FileRig rig;
  EXPECT_EQ(Stats(rig.disk, kFolder).status().code(), Code::kNotFound);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(10, 2);
  ASSERT_TRUE(
      rig.journal->Blank([](std::uint64_t sequence, const RecordView&) { return sequence <= 3; })
          .ok());
  const auto stats = Stats(rig.disk, kFolder);
  ASSERT_TRUE(stats.ok()) << stats.status().message();
  EXPECT_EQ(stats.value().domain, "default");
  EXPECT_EQ(stats.value().segments, rig.Segments().size());
  EXPECT_EQ(stats.value().file_bytes, 1'024 * rig.Segments().size());
  EXPECT_EQ(stats.value().frames, 10U);
  EXPECT_EQ(stats.value().marks, 1U);
  EXPECT_EQ(stats.value().records, 20U);
  EXPECT_EQ(stats.value().blanked, 3U);
  EXPECT_EQ(stats.value().identity_bytes, 17U * 8);
  EXPECT_EQ(stats.value().first, (Position{1, 1}));
  EXPECT_EQ(stats.value().last, (Position{1, 20}));
  EXPECT_EQ(stats.value().records_of[static_cast<std::size_t>(RecordKind::kEvent)], 20U);
  EXPECT_EQ(stats.value().last_unix_ms, 1'003);
}

TEST(Inspect, VerifiesWithoutTheLockAndChangesNothing) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(10, 2);
  const std::uint64_t changes = rig.disk.changes();
  const auto report = Verify(rig.disk, kFolder);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report.value().problems.empty());
  EXPECT_FALSE(report.value().torn);
  EXPECT_EQ(report.value().stats.records, 20U);
  EXPECT_EQ(rig.disk.changes(), changes);
}

TEST(Inspect, FindsWhatIsDamagedAndWhatIsTorn) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(10, 2);
  SnapshotStore store(rig.disk, kFolder, "default");
  ASSERT_TRUE(std::move(store.Begin({1, 20})).value()->Commit(1).ok());
  const std::string last = rig.Segments().back();
  std::string content = rig.disk.Content(last);
  content.replace(content.find_last_not_of('\0') + 9, 4, "torn");
  rig.disk.SetContent(last, content);
  auto report = Verify(rig.disk, kFolder);
  EXPECT_TRUE(report.value().problems.empty());
  ASSERT_TRUE(report.value().torn);
  EXPECT_EQ(report.value().torn->sequence, 21U);

  const std::string first = rig.Segments().front();
  content = rig.disk.Content(first);
  content[300] = static_cast<char>(content[300] ^ 1);
  rig.disk.SetContent(first, content);
  const std::string snapshot = kFolder + "/" + NumberedName(20, kSnapshotSuffix);
  rig.disk.SetContent(snapshot, "RDSNAPSH");
  report = Verify(rig.disk, kFolder);
  ASSERT_EQ(report.value().problems.size(), 2U);
  EXPECT_TRUE(report.value().problems[0].starts_with(snapshot));
  EXPECT_TRUE(report.value().problems[1].starts_with(first + ": damaged at byte "));
  EXPECT_EQ(Stats(rig.disk, kFolder).status().reason(), "journal_damaged");
}

// Whatever the place in the last segment, a copy does not end there as if that were the end.
TEST(Inspect, DamageInTheLastSegmentIsToldByFiguresAndCopies) {
  FileRig rig(65'536);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20);
  const std::string path = rig.Segments().back();
  const std::string sound = rig.disk.Content(path);
  const std::size_t fifth = sound.find("decision5");
  for (const bool zeros : {false, true}) {
    std::string damaged = sound;
    if (zeros) {
      std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(fifth) - 90, 100, '\0');
    } else {
      damaged[fifth] = 'D';
    }
    rig.disk.SetContent(path, damaged);
    EXPECT_EQ(Stats(rig.disk, kFolder).status().reason(), "journal_damaged");
    const auto copied = CopyLog(rig.disk, kFolder, zeros ? "state/one" : "state/two");
    EXPECT_EQ(copied.status().reason(), "journal_damaged");
    EXPECT_EQ(Verify(rig.disk, kFolder).value().problems.size(), 1U);
  }
}

TEST(Inspect, ATailFollowsTheWriterThroughSegmentsAndTrims) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  LogReader tail(rig.disk, kFolder);
  std::vector<Batch> seen;
  const auto read_on = [&](int at_most) {
    for (int i = 0; i < at_most; ++i) {
      const auto found = tail.Next();
      ASSERT_TRUE(found.ok()) << found.status().message();
      if (!found.value()) return;
      if (tail.header().count > 0) seen.push_back(tail.ToBatch());
    }
  };
  std::vector<Batch> all;
  for (int i = 0; i < 60; ++i) {
    all.push_back(rig.Next(1 + static_cast<std::size_t>(i) % 3));
    ASSERT_EQ(rig.journal->Append(all.back()), Appended::kCommitted);
    read_on(i % 4);
  }
  read_on(100);
  EXPECT_EQ(seen, all);
  ASSERT_TRUE(rig.journal->Trim(rig.journal->head().sequence).ok());
  LogReader late(rig.disk, kFolder);
  EXPECT_EQ(late.Seek(1).code(), Code::kOutOfRange);
  ASSERT_TRUE(late.Seek(rig.journal->first_kept()).ok());
  EXPECT_TRUE(late.Next().value());
}

// The segment that only a mark was in was replaced, and others were begun, before it looked again.
TEST(Inspect, AReaderAtAMarkFindsWhatTookItsPlace) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  LogReader reader(rig.disk, kFolder);
  ASSERT_TRUE(reader.Next().value());
  ASSERT_EQ(rig.journal->Append(rig.Next(1, 2'000)), Appended::kCommitted);
  rig.AppendMany(20);
  std::uint64_t records = 0;
  Result<bool> found = reader.Next();
  for (; found.ok() && found.value(); found = reader.Next()) records += reader.records().size();
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(records, 21U);
}

TEST(Inspect, AReaderThatWasOvertakenByTheTrimIsTold) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(5);
  LogReader reader(rig.disk, kFolder);
  ASSERT_TRUE(reader.Next().value());
  rig.AppendMany(40);
  ASSERT_TRUE(rig.journal->Trim(35).ok());
  Result<bool> found = reader.Next();
  while (found.ok() && found.value()) found = reader.Next();
  EXPECT_EQ(found.status().code(), Code::kOutOfRange) << found.status().message();
}

// ---- Copies ----

TEST(CopyLog, HoldsWhatWasDurableWhileTheWriterWorks) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(25, 2);
  SnapshotStore store(rig.disk, kFolder, "default");
  ASSERT_TRUE(std::move(store.Begin({1, 20})).value()->Commit(1).ok());
  bool writing = false;
  std::vector<Batch> all = rig.All();
  rig.disk.OnCall([&](DiskCall call, const std::string&) {
    if (call != DiskCall::kRead || writing || all.size() > 200) return;
    writing = true;
    all.push_back(rig.Next());
    EXPECT_EQ(rig.journal->Append(all.back()), Appended::kCommitted);
    writing = false;
  });
  const auto copied = CopyLog(rig.disk, kFolder, "state/copy");
  rig.disk.OnCall(nullptr);
  ASSERT_TRUE(copied.ok()) << copied.status().message();
  EXPECT_GE(copied.value().last, 50U);
  EXPECT_EQ(copied.value().snapshots, 1U);
  EXPECT_EQ(CopyLog(rig.disk, kFolder, "state/copy").status().code(), Code::kAlreadyExists);

  rig.options.directory = "state/copy";
  rig.options.read_from = 21;
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_FALSE(rig.journal->recovered().torn);
  const std::vector<Batch> there = rig.All();
  ASSERT_GE(there.size(), 25U);
  EXPECT_EQ(there, std::vector<Batch>(all.begin(), all.begin() + static_cast<int>(there.size())));
  EXPECT_EQ(rig.Append(), Appended::kCommitted);
}

// A frame of several megabytes is blanked between two reads of the copying.
TEST(CopyLog, ACopyMadeWhileItIsBlankedOpens) {
  bool in_between = false;
  for (int at = 1; at < 12; ++at) {
    FileRig rig(8UL << 20);
    ASSERT_TRUE(rig.Open().ok());
    Batch batch;
    batch.header = rig.Next().header;
    for (int i = 0; i < 50; ++i) {
      batch.Add(RecordKind::kEvent, "d", std::string(60'000, 's'));
    }
    ASSERT_EQ(rig.journal->Append(batch), Appended::kCommitted);
    rig.AppendMany(2);
    int calls = 0;
    rig.disk.OnCall([&](DiskCall call, const std::string&) {
      if (call != DiskCall::kRead && call != DiskCall::kWrite) return;
      if (++calls != at) return;
      in_between = true;
      EXPECT_TRUE(rig.journal
                      ->Blank([](std::uint64_t, const RecordView& record) {
                        return record.identity.size() > 1'000;
                      })
                      .ok());
    });
    const auto copied = CopyLog(rig.disk, kFolder, "state/copy");
    rig.disk.OnCall(nullptr);
    ASSERT_TRUE(copied.ok()) << copied.status().message();
    EXPECT_EQ(copied.value().last, 52U);
    rig.options.directory = "state/copy";
    rig.Make();
    const Status opened = rig.Open();
    ASSERT_TRUE(opened.ok()) << at << " " << opened.message();
    EXPECT_EQ(rig.journal->head().sequence, 52U);
  }
  EXPECT_TRUE(in_between);
}

TEST(CopyLog, WhatIsBlankByItsStateOnlyIsWhollySoInTheCopy) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  const std::string path = rig.Segments().front();
  std::string content = rig.disk.Content(path);
  const std::size_t state = content.find("decision1") - 1;
  ASSERT_EQ(content[state], kIdentityKept);
  content[state] = kIdentityBlanked;
  rig.disk.SetContent(path, content);
  ASSERT_TRUE(CopyLog(rig.disk, kFolder, "state/copy").ok());
  const std::string copy = "state/copy" + path.substr(kFolder.size());
  EXPECT_NE(rig.disk.Content(copy).find("decision1"), std::string::npos);
  EXPECT_EQ(rig.disk.Content(copy).find("who1"), std::string::npos);
}

TEST(CopyLog, OneThatWasInterruptedDoesNotOpenAsAShorterOne) {
  bool reached_the_end = false;
  for (std::uint64_t nth = 1; !reached_the_end; ++nth) {
    FileRig rig;
    rig.disk = MemoryDisk(nth);
    ASSERT_TRUE(rig.Open().ok());
    rig.AppendMany(20);
    rig.disk.CrashAt(nth);
    const bool copied = CopyLog(rig.disk, kFolder, "state/copy").ok();
    reached_the_end = !rig.disk.stopped();
    rig.journal.reset();
    rig.disk.Restart(nth % 2 == 0 ? Crash::kPower : Crash::kPowerBytes);
    rig.options.directory = "state/copy";
    rig.Make();
    const bool begun = rig.disk.Exists("state/copy/00000000000000000001.segment");
    const Status opened = rig.Open();
    if (copied || (begun && opened.ok())) {
      EXPECT_TRUE(opened.ok()) << opened.message();
      EXPECT_EQ(rig.journal->head().sequence, 20U) << nth;
    }
  }
}

TEST(CopyLog, TheNewDirectoryIsDurable) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  bool synced = false;
  rig.disk.OnCall([&](DiskCall call, const std::string& path) {
    synced |= call == DiskCall::kSyncDirectory && path == "state";
  });
  ASSERT_TRUE(CopyLog(rig.disk, kFolder, "state/copy").ok());
  EXPECT_TRUE(synced);
}

// Whole files in the order of a directory's listing, while batches come between them.
TEST(CopyLog, FilesCopiedOneByOneOpenToo) {
  const TempFolder folder;
  PosixDisk disk;
  MemoryEpochStore epochs;
  ManualClock clock;
  FileJournalOptions options;
  options.directory = folder.path("journal");
  options.segment_bytes = 2'048;
  FileJournal journal(options, disk, epochs, clock);
  const std::uint32_t epoch = journal.Open().value();
  const auto append = [&] {
    Batch batch;
    batch.header = {.epoch = epoch, .first_sequence = journal.head().sequence + 1};
    batch.Add(RecordKind::kEvent, std::to_string(batch.header.first_sequence), "who");
    ASSERT_EQ(journal.Append(batch), Appended::kCommitted);
  };
  for (int i = 0; i < 60; ++i) append();
  const std::uint64_t durable = journal.head().sequence;
  std::filesystem::create_directory(folder.path("copy"));
  const std::vector<std::string> names = disk.List(options.directory).value();
  for (const std::string& name : names) {
    // One that has its name meanwhile is not there any more, and was empty.
    std::error_code gone;
    std::filesystem::copy_file(options.directory + "/" + name, folder.path("copy/" + name), gone);
    for (int i = 0; i < 7; ++i) append();
  }
  options.directory = folder.path("copy");
  FileJournal copy(options, disk, epochs, clock);
  const auto opened = copy.Open();
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  EXPECT_GE(copy.head().sequence, durable);
  const auto batches = copy.Read(1, 1'000).value();
  for (std::size_t i = 0; i < batches.size(); ++i) {
    EXPECT_EQ(batches[i].at(0).decision, std::to_string(i + 1));
  }
}

}  // namespace
}  // namespace routerd::journal
