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
  FileRig rig;
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
  const auto report = BlankIdentity(rig.disk, kFolder, "default",
                                    [](std::uint64_t, const RecordView&) { return false; });
  EXPECT_EQ(report.status().reason(), "journal_damaged");
  EXPECT_EQ(rig.disk.Content(path), content);
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
