// Blanked: the bytes are nowhere, and everything that decides is as it was.
#include "routerd/journal/erase.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "routerd/journal/segment_reader.h"
#include "tests/unit/journal/file_rig.h"

namespace routerd::journal {
namespace {

RecordMatcher Names(const std::string& name) {
  return [name](std::uint64_t, const RecordView& record) {
    return record.identity.find(name) != std::string_view::npos;
  };
}

std::string FileWith(const MemoryDisk& disk, const std::string& name) {
  for (const std::string& path : disk.Paths()) {
    if (disk.Content(path).find(name) != std::string::npos) return path;
  }
  return "";
}

TEST(Erase, TheBytesAreNowhereAndWhatDecidesIsAsItWas) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20, 2);
  const std::vector<Batch> before = rig.All();
  ASSERT_NE(FileWith(rig.disk, "who7."), "");
  const auto report = rig.journal->Blank(Names("who7."));
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(report.value().records, 1U);
  EXPECT_EQ(FileWith(rig.disk, "who7."), "");
  for (const bool restarted : {false, true}) {
    if (restarted) {
      ASSERT_TRUE(rig.Crash().ok());
    }
    const std::vector<Batch> after = rig.All();
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t b = 0; b < after.size(); ++b) {
      EXPECT_EQ(after[b].header, before[b].header);
      for (std::size_t r = 0; r < after[b].size(); ++r) {
        EXPECT_EQ(after[b].at(r).decision, before[b].at(r).decision);
        const bool gone = before[b].at(r).identity == "who7....";
        EXPECT_EQ(after[b].at(r).blanked, gone);
        EXPECT_EQ(after[b].at(r).identity, gone ? "" : before[b].at(r).identity);
      }
    }
  }
  EXPECT_EQ(rig.Append(), Appended::kCommitted);
}

TEST(Erase, OnlyWithinItsRange) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20);
  const auto all = [](std::uint64_t, const RecordView&) { return true; };
  const auto report = BlankIdentity(rig.disk, kFolder, "default", all, {.from = 5, .upto = 9});
  EXPECT_EQ(report.value().records, 5U);
  EXPECT_NE(FileWith(rig.disk, "who4."), "");
  EXPECT_EQ(FileWith(rig.disk, "who5."), "");
  EXPECT_EQ(FileWith(rig.disk, "who9."), "");
  EXPECT_NE(FileWith(rig.disk, "who10."), "");
}

TEST(Erase, WhatLiesBehindTheLastFrameOfAFullSegmentGoes) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20);
  const std::string path = rig.Segments().front();
  std::string content = rig.disk.Content(path);
  content.replace(content.size() - 7, 7, "who1...");
  rig.disk.SetContent(path, content);
  rig.Make();
  ASSERT_TRUE(rig.Open().ok()) << "it is no one's frame";
  ASSERT_TRUE(rig.journal->Blank(Names("who1.")).ok());
  EXPECT_EQ(FileWith(rig.disk, "who1."), "");
}

TEST(Erase, SaysWhatItCannotReach) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  const std::vector<std::string> out_of_reach = {kFolder + "/00000000000000000001.snapshot",
                                                 kFolder + "/00000000000000000009.damaged"};
  for (const std::string& path : out_of_reach) rig.disk.SetContent(path, "who1.");
  EXPECT_EQ(rig.journal->Blank(Names("who1.")).value().unreachable, out_of_reach);
}

TEST(Erase, DamageIsToldAndNotMadeWorse) {
  FileRig rig(500);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20);
  const std::string path = rig.Segments()[1];
  SegmentReader reader = SegmentReader::Open(rig.disk, path).value();
  ASSERT_TRUE(reader.Start().ok());
  ASSERT_EQ(reader.Next(), SegmentReader::Found::kFrame);
  ASSERT_EQ(reader.Next(), SegmentReader::Found::kFrame);
  std::string content = rig.disk.Content(path);
  content[reader.at() + 20] = static_cast<char>(content[reader.at() + 20] ^ 1);
  rig.disk.SetContent(path, content);
  // What lies elsewhere goes nevertheless, and the advice is not to cut the journal for that.
  const auto report = rig.journal->Blank(Names("who20."));
  EXPECT_EQ(report.status().reason(), "journal_damaged");
  EXPECT_EQ(report.status().message().find("--truncate-at"), std::string::npos);
  EXPECT_EQ(rig.disk.Content(path), content);
  EXPECT_EQ(FileWith(rig.disk, "who20."), "");
  const auto read = rig.journal->Read(1, 100);
  EXPECT_EQ(read.status().reason(), "journal_damaged");
  EXPECT_EQ(read.status().message().find("--truncate-at"), std::string::npos);
  // A start that does not need it finishes the rest, and does not say that all was done.
  rig.options.read_from = 21;
  ASSERT_TRUE(rig.Crash().ok());
  EXPECT_TRUE(rig.journal->recovered().blanking);
  EXPECT_TRUE(rig.disk.Exists(kFolder + "/blanking"));
  EXPECT_EQ(rig.disk.Content(path), content);
}

// What was begun in later segments is finished, whatever lies before.
TEST(Erase, AStartFinishesWhatWasBegunBehindDamage) {
  FileRig rig(500);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(20);
  rig.journal.reset();
  const std::vector<std::string> paths = rig.Segments();
  std::string content = rig.disk.Content(paths[0]);
  content[content.find("decision2")] = 'D';
  rig.disk.SetContent(paths[0], content);
  const std::string& later = paths[paths.size() - 3];
  SegmentReader reader = SegmentReader::Open(rig.disk, later).value();
  ASSERT_TRUE(reader.Start().ok());
  ASSERT_EQ(reader.Next(), SegmentReader::Found::kFrame);
  content = rig.disk.Content(later);
  content[reader.at() + kFrameHeaderBytes + kIdentityStateAt] = kIdentityBlanked;
  rig.disk.SetContent(later, content);
  rig.disk.SetContent(kFolder + "/blanking", "");
  const std::string name = "who" + std::to_string(reader.header().batch.first_sequence) + ".";
  rig.options.read_from = 21;
  rig.Make();
  ASSERT_TRUE(rig.Open().ok());
  EXPECT_EQ(FileWith(rig.disk, name), "");
  EXPECT_TRUE(rig.disk.Exists(kFolder + "/blanking"));
}

TEST(Erase, TheMarkOfABlankingIsNeverAway) {
  FileRig rig;
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  rig.disk.SetContent(kFolder + "/blanking", "");
  bool away = false;
  rig.disk.OnCall([&](DiskCall call, const std::string&) {
    away |= call == DiskCall::kCreate && !rig.disk.Exists(kFolder + "/blanking");
  });
  ASSERT_TRUE(rig.journal->Blank(Names("who1.")).ok());
  EXPECT_FALSE(away);
  EXPECT_FALSE(rig.disk.Exists(kFolder + "/blanking"));
}

// With an interval, a sync that fails in a blanking must not take what was appended with it.
TEST(Erase, AFailedSyncInItLosesNothingThatIsSaidToBeDurable) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (const std::uint64_t nth : {1, 2, 3}) {
      FileRig rig(65'536, Durability::kInterval);
      rig.disk = MemoryDisk(seed);
      ASSERT_TRUE(rig.Open().ok());
      rig.AppendMany(5);
      rig.disk.Fail(DiskCall::kSync, nth, Code::kInternal);
      EXPECT_FALSE(rig.journal->Blank(Names("who1.")).ok());
      static_cast<void>(rig.journal->Sync());
      const std::uint64_t durable = rig.journal->durable_upto();
      ASSERT_TRUE(rig.Crash(Crash::kPower).ok());
      EXPECT_GE(rig.journal->head().sequence, durable) << seed;
    }
  }
}

TEST(Erase, OnlyWhileTheJournalIsOpen) {
  FileRig rig;
  EXPECT_EQ(rig.journal->Blank(Names("who1.")).status().code(), Code::kFailedPrecondition);
  ASSERT_TRUE(rig.Open().ok());
  rig.AppendMany(1);
  ASSERT_TRUE(rig.journal->Close().ok());
  EXPECT_FALSE(rig.journal->Blank(Names("who1.")).ok());
  EXPECT_NE(FileWith(rig.disk, "who1."), "");
}

// Refused on a full disk that did not even take zeros, then a shorter batch in its place.
TEST(Erase, NothingOfARefusedBatchOutlivesIt) {
  int left = 0;
  for (const bool append : {false, true}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      FileRig rig(4'096);
      rig.disk = MemoryDisk(seed);
      ASSERT_TRUE(rig.Open().ok());
      rig.AppendMany(1);
      Batch batch = rig.Next();
      batch.Add(RecordKind::kNote, "", std::string(900, 'Z'));
      rig.disk.Fail(DiskCall::kWrite, 1, Code::kResourceExhausted);
      rig.disk.Fail(DiskCall::kWrite, 1, Code::kResourceExhausted);
      ASSERT_EQ(rig.journal->Append(batch), Appended::kNoSpace);
      left += FileWith(rig.disk, "ZZ").empty() ? 0 : 1;
      if (append) rig.AppendMany(1);
      if (!append) {
        ASSERT_TRUE(rig.journal->Blank(Names("ZZ")).ok());
      }
      EXPECT_EQ(FileWith(rig.disk, "ZZ"), "") << seed;
      rig.AppendMany(1);
    }
  }
  EXPECT_GT(left, 10);
}

// A sync that failed may have lost what the system holds for written: the next run writes it again.
TEST(Erase, ARunAfterOneThatFailedIsForGood) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    for (const std::uint64_t nth : {1, 2}) {
      FileRig rig;
      rig.disk = MemoryDisk(seed);
      ASSERT_TRUE(rig.Open().ok());
      rig.AppendMany(3);
      rig.disk.Fail(DiskCall::kSync, nth, Code::kInternal);
      EXPECT_FALSE(rig.journal->Blank(Names("who2.")).ok());
      ASSERT_TRUE(rig.journal->Blank(Names("who2.")).ok());
      rig.journal.reset();
      rig.disk.Restart(Crash::kPower);
      EXPECT_EQ(FileWith(rig.disk, "who2."), "") << seed;
      rig.Make();
      EXPECT_TRUE(rig.Open().ok());
    }
  }
}

}  // namespace
}  // namespace routerd::journal
