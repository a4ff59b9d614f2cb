// Storage that does not hold what was written: a torn tail is cut and told, everything else stops
// the start, and nothing is silently different.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "routerd/base/hash.h"
#include "routerd/journal/bytes.h"
#include "routerd/journal/crc32c.h"
#include "routerd/journal/log_reader.h"
#include "routerd/journal/segment_reader.h"
#include "tests/unit/journal/file_rig.h"

namespace routerd::journal {
namespace {

// Where the frames of a segment begin, and where the last one ends.
std::vector<std::uint64_t> Frames(MemoryDisk& disk, const std::string& path) {
  SegmentReader reader = SegmentReader::Open(disk, path).value();
  EXPECT_TRUE(reader.Start().ok());
  std::vector<std::uint64_t> places;
  while (reader.Next() == SegmentReader::Found::kFrame) places.push_back(reader.at());
  places.push_back(reader.at());
  return places;
}

class DamageTest : public ::testing::Test {
 protected:
  // Several segments, and so many frames in the last.
  void Fill(bool closed, std::size_t frames = 3) {
    ASSERT_TRUE(rig_.Open().ok());
    rig_.AppendMany(8, 2);
    while (Frames(rig_.disk, rig_.Segments().back()).size() != frames + 1) rig_.AppendMany(1, 2);
    before_ = rig_.All();
    if (closed) {
      ASSERT_TRUE(rig_.journal->Close().ok());
    }
    rig_.journal.reset();
    for (const std::string& path : rig_.Segments()) contents_.push_back(rig_.disk.Content(path));
    paths_ = rig_.Segments();
    ASSERT_GE(paths_.size(), 3U);
  }
  void Restore() {
    rig_.journal.reset();
    for (const std::string& path : rig_.disk.Paths()) {
      if (!path.starts_with(kFolder)) continue;
      ASSERT_TRUE(rig_.disk.Remove(path).ok());
    }
    for (std::size_t i = 0; i < paths_.size(); ++i) rig_.disk.SetContent(paths_[i], contents_[i]);
    rig_.Make();
  }
  // Opens what is there; it must be refused with the place, or hold what was written, save for a
  // tail that is told.
  void OpensOrSaysWhere(const std::string& path, std::uint64_t byte, std::size_t may_lose) {
    const Status opened = rig_.Open();
    if (!opened.ok()) {
      ++refused_;
      EXPECT_EQ(opened.reason(), "journal_damaged") << opened.message();
      EXPECT_TRUE(opened.message().starts_with(kFolder + "/")) << opened.message();
      EXPECT_NE(opened.message().find("--truncate-at "), std::string::npos);
      return;
    }
    const std::vector<Batch> now = rig_.All();
    ASSERT_LE(now.size(), before_.size());
    ASSERT_LE(before_.size() - now.size(), may_lose) << path << " byte " << byte;
    EXPECT_TRUE(std::equal(now.begin(), now.end(), before_.begin())) << path << " byte " << byte;
    if (now.size() == before_.size()) return;
    ++cut_;
    ASSERT_TRUE(rig_.journal->recovered().torn) << path << " byte " << byte;
    EXPECT_EQ(rig_.journal->recovered().torn->sequence, now.back().last_sequence() + 1);
  }
  void FlipEveryBit(std::size_t may_lose, std::size_t from_file = 0) {
    for (std::size_t i = from_file; i < paths_.size(); ++i) {
      for (std::size_t byte = 0; byte < contents_[i].size(); ++byte) {
        for (const int bit : {0, 3, 7}) {
          Restore();
          std::string damaged = contents_[i];
          damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << bit));
          rig_.disk.SetContent(paths_[i], damaged);
          OpensOrSaysWhere(paths_[i], byte, i + 1 == paths_.size() ? may_lose : 0);
          if (HasFatalFailure()) return;
        }
      }
    }
  }

  FileRig rig_{700};
  std::vector<Batch> before_;
  std::vector<std::string> paths_;
  std::vector<std::string> contents_;
  int refused_ = 0;
  int cut_ = 0;
};

TEST_F(DamageTest, ABitThatFlipsIsRefusedOrWasInTheLastFrame) {
  Fill(false);
  FlipEveryBit(1);
  EXPECT_GT(refused_, 1'000);
  EXPECT_GT(cut_, 100);
}

// A clean end has confirmed the last batch: nothing can be taken for torn any more.
TEST_F(DamageTest, AfterACleanEndABitThatFlipsLosesNothing) {
  Fill(true);
  FlipEveryBit(0);
  EXPECT_EQ(cut_, 0);
}

// The first frame of a segment was durable before the segment got its name: nothing tears it.
TEST_F(DamageTest, TheOnlyFrameOfTheLastSegmentIsNeverTakenForTorn) {
  Fill(false, 1);
  FlipEveryBit(0, paths_.size() - 1);
  EXPECT_EQ(cut_, 0);
  EXPECT_GT(refused_, 300);
  Restore();
  rig_.disk.SetContent(paths_.back(),
                       contents_.back().substr(0, kSegmentHeaderBytes) + std::string(500, '\0'));
  OpensOrSaysWhere(paths_.back(), kSegmentHeaderBytes, 0);
  EXPECT_EQ(rig_.disk.Content(paths_.back()).size(), kSegmentHeaderBytes + 500);
}

TEST_F(DamageTest, ATornLastFrameIsCutAtEveryByteAndTold) {
  Fill(false);
  const std::vector<std::uint64_t> frames = Frames(rig_.disk, paths_.back());
  const std::uint64_t begin = frames[frames.size() - 2];
  const std::uint64_t end = contents_.back().find_last_not_of('\0') + 1;
  for (std::uint64_t cut = begin; cut < end; ++cut) {
    Restore();
    std::string torn = contents_.back();
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    rig_.disk.SetContent(paths_.back(), torn);
    ASSERT_TRUE(rig_.Open().ok()) << cut;
    std::vector<Batch> expected = before_;
    expected.pop_back();
    ASSERT_EQ(rig_.All(), expected) << cut;
    const auto& told = rig_.journal->recovered().torn;
    ASSERT_EQ(told.has_value(), cut > begin);
    if (told) {
      EXPECT_EQ(told->path, paths_.back());
      EXPECT_EQ(told->offset, begin);
      EXPECT_LE(told->bytes, cut - begin);
      EXPECT_EQ(told->sequence, before_.back().header.first_sequence);
    }
    // What comes next takes its place, and nothing of it ever comes back.
    ASSERT_EQ(rig_.Append(1), Appended::kCommitted);
    expected = rig_.All();
    ASSERT_TRUE(rig_.Crash().ok());
    ASSERT_EQ(rig_.All(), expected);
    EXPECT_FALSE(rig_.journal->recovered().torn);
  }
}

TEST_F(DamageTest, AFileThatEndsWithinItsLastFrameIsCutThere) {
  Fill(false);
  const std::vector<std::uint64_t> frames = Frames(rig_.disk, paths_.back());
  for (std::uint64_t size = frames[frames.size() - 2] + 1; size < frames.back() - 8; size += 3) {
    Restore();
    rig_.disk.SetContent(paths_.back(), contents_.back().substr(0, size));
    ASSERT_TRUE(rig_.Open().ok());
    EXPECT_EQ(rig_.All().size(), before_.size() - 1);
    EXPECT_EQ(rig_.Append(1), Appended::kCommitted);
  }
}

TEST_F(DamageTest, AFileThatEndsWithinItsLastPaddingIsWhole) {
  Fill(false);
  Batch odd;
  odd.header = before_.back().header;
  odd.header.first_sequence = before_.back().last_sequence() + 1;
  odd.Add(RecordKind::kNote, "", "x");
  ASSERT_NE((kFrameHeaderBytes + kRecordEntryBytes + 1) % kFrameAlignment, 0U);
  rig_.Make();
  ASSERT_TRUE(rig_.Open().ok());
  odd.header.epoch = rig_.epoch;
  ASSERT_EQ(rig_.journal->Append(odd), Appended::kCommitted);
  before_ = rig_.All();
  const std::string path = rig_.Segments().back();
  const std::string content = rig_.disk.Content(path);
  for (std::size_t size = content.find_last_not_of('\0') + 1;
       size <= Frames(rig_.disk, path).back(); ++size) {
    rig_.journal.reset();
    rig_.disk.SetContent(path, content.substr(0, size));
    rig_.Make();
    const Status opened = rig_.Open();
    ASSERT_TRUE(opened.ok()) << opened.message();
    EXPECT_EQ(rig_.All(), before_);
    EXPECT_FALSE(rig_.journal->recovered().torn);
    rig_.journal.reset();
    for (const std::string& later : rig_.Segments()) {
      if (later > path) {
        ASSERT_TRUE(rig_.disk.Remove(later).ok());
      }
    }
  }
}

TEST_F(DamageTest, WhateverStandsBehindTheTailIsCut) {
  Fill(false);
  const std::uint64_t end = Frames(rig_.disk, paths_.back()).back();
  const std::string all = contents_.back().substr(0, end);
  const std::uint64_t first = Frames(rig_.disk, paths_.back()).front();
  // The last sectors once more, a copy of valid frames, and noise.
  for (const std::string& behind : {all.substr(end / 2), all.substr(first), std::string(99, 'x')}) {
    Restore();
    std::string content = all + behind;
    content.resize(std::max<std::size_t>(content.size(), 2'048));
    rig_.disk.SetContent(paths_.back(), content);
    ASSERT_TRUE(rig_.Open().ok());
    EXPECT_EQ(rig_.All(), before_);
    ASSERT_TRUE(rig_.journal->recovered().torn);
    EXPECT_EQ(rig_.journal->recovered().torn->bytes, behind.find_last_not_of('\0') + 1);
  }
}

// Anything over anything: nothing but what was written comes back, and no end is lost untold.
TEST_F(DamageTest, WhateverIsWrittenOverItNothingElseIsRead) {
  Fill(false);
  std::uint64_t random = 1;
  const auto below = [&](std::uint64_t limit) {
    random += 0x9e3779b97f4a7c15ULL;
    return Mix64(random) % limit;
  };
  for (int i = 0; i < 3'000; ++i) {
    Restore();
    bool last_one = false;
    for (std::uint64_t times = 1 + below(3); times > 0; --times) {
      const std::size_t file = below(paths_.size());
      last_one |= file + 1 == paths_.size();
      std::string content = rig_.disk.Content(paths_[file]);
      const std::size_t at = below(content.size());
      const std::size_t size = std::min(1 + below(below(2) == 0 ? 8 : 400), content.size() - at);
      const std::string& other = contents_[below(contents_.size())];
      for (std::size_t b = 0; b < size; ++b) {
        const std::uint64_t how = times % 3;
        content[at + b] = how == 0   ? '\0'
                          : how == 1 ? static_cast<char>(below(256))
                                     : other[(at + b + 8 * (random % 64)) % other.size()];
      }
      rig_.disk.SetContent(paths_[file], content);
    }
    // Of the last segment's frames all but the first may look torn; of others, none.
    OpensOrSaysWhere("overwritten", static_cast<std::uint64_t>(i), last_one ? 2 : 0);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(refused_, 1'000);
}

TEST_F(DamageTest, AMissingSegmentIsNamed) {
  Fill(false);
  for (std::size_t i = 1; i + 1 < paths_.size(); ++i) {
    Restore();
    ASSERT_TRUE(rig_.disk.Remove(paths_[i]).ok());
    const Status opened = rig_.Open();
    EXPECT_EQ(opened.reason(), "journal_damaged");
    EXPECT_NE(opened.message().find(paths_[i].substr(kFolder.size() + 1)), std::string::npos)
        << opened.message();
  }
}

TEST_F(DamageTest, AZeroFilledSectorInTheMiddleIsRefusedWithWhatIsLost) {
  Fill(false);
  std::string content = contents_[1];
  const std::uint64_t at = Frames(rig_.disk, paths_[1])[1];
  std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(at), 72, '\0');
  Restore();
  rig_.disk.SetContent(paths_[1], content);
  const Status opened = rig_.Open();
  SegmentReader reader = SegmentReader::Open(rig_.disk, paths_[1]).value();
  ASSERT_TRUE(reader.Start().ok());
  ASSERT_EQ(reader.Next(), SegmentReader::Found::kFrame);
  const std::uint64_t lost = reader.header().next_sequence();
  EXPECT_EQ(opened.message(),
            paths_[1] + ": damaged at byte " + std::to_string(at) +
                " (the frames end there): the records " + std::to_string(lost) + " to " +
                std::to_string(lost + 1) +
                " cannot be read. Restore the journal from a backup, or start with --truncate-at " +
                std::to_string(lost) +
                ", which gives up everything from that record on and keeps it beside the journal, "
                "as *.damaged");
}

// ---- Frames that no writer of ours has left there ----

class ForgedTest : public ::testing::Test {
 protected:
  ForgedTest() {
    EXPECT_TRUE(rig_.Open().ok());
    rig_.AppendMany(2);
    path_ = rig_.Segments().back();
  }
  // A valid frame behind the last one, or `ahead` bytes behind that.
  void Forge(const Batch& batch, std::uint64_t durable_upto, std::uint64_t ahead = 0,
             const std::string& domain = "default") {
    SegmentReader reader = SegmentReader::Open(rig_.disk, path_).value();
    ASSERT_TRUE(reader.Start().ok());
    const std::uint64_t at = Frames(rig_.disk, path_).back() + ahead;
    std::string frame;
    EncodeFrame(batch, DomainTag(domain), durable_upto, {reader.segment().salt, at}, frame);
    if (version_ != kFormatVersion) {
      StoreNumber(frame.data() + 4, version_);
      char place[16];
      StoreNumber(place, reader.segment().salt);
      StoreNumber(place + 8, at);
      const std::uint32_t crc = Crc32c(frame.substr(0, 68), Crc32c({place, sizeof place}));
      StoreNumber(frame.data() + 68, crc);
    }
    std::string content = rig_.disk.Content(path_);
    content.replace(at, frame.size(), frame);
    rig_.journal.reset();
    rig_.disk.SetContent(path_, content);
    rig_.Make();
  }
  void IsRefused(const std::string& why) {
    const Status opened = rig_.Open();
    EXPECT_EQ(opened.reason(), "journal_damaged");
    EXPECT_NE(opened.message().find(why), std::string::npos) << opened.message();
  }

  void IsAnothers() {
    const std::string before = rig_.disk.Content(path_);
    const Status opened = rig_.Open();
    EXPECT_EQ(opened.code(), Code::kFailedPrecondition);
    EXPECT_NE(opened.message().find("another version"), std::string::npos) << opened.message();
    EXPECT_EQ(opened.message().find("--truncate-at"), std::string::npos) << opened.message();
    EXPECT_EQ(rig_.disk.Content(path_), before) << "nothing was cut";
    LogReader reader(rig_.disk, kFolder);
    Result<bool> found = reader.Next();
    while (found.ok() && found.value()) found = reader.Next();
    EXPECT_EQ((found.ok() ? reader.CheckEnd() : found.status()).message(), opened.message());
  }

  FileRig rig_{4'096};
  std::string path_;
  std::uint16_t version_ = kFormatVersion;
};

// Whole, and of a version that this one does not know: no torn tail.
TEST_F(ForgedTest, ARecordOfALaterVersionIsNeverCut) {
  Batch batch = rig_.Next();
  batch.Add(static_cast<RecordKind>(7), "later", "who");
  Forge(batch, 2);
  IsAnothers();
}

TEST_F(ForgedTest, AFrameOfALaterVersionIsNeverCut) {
  version_ = kFormatVersion + 1;
  Forge(rig_.Next(), 2);
  IsAnothers();
}

TEST_F(ForgedTest, NorIsOneBehindWhatIsTorn) {
  version_ = kFormatVersion + 1;
  Batch batch = rig_.Next();
  batch.header.first_sequence = 4;
  Forge(batch, 2, 200);
  IsAnothers();
}

TEST_F(ForgedTest, TheForgingItselfWorks) {
  const Batch batch = rig_.Next();
  Forge(batch, 2);
  ASSERT_TRUE(rig_.Open().ok());
  EXPECT_EQ(rig_.All().back(), batch);
}

TEST_F(ForgedTest, AGapInTheSequence) {
  Batch batch = rig_.Next();
  batch.header.first_sequence += 1;
  Forge(batch, 2);
  IsRefused("a frame of record 4 is there");
}

TEST_F(ForgedTest, AnEpochThatGoesBack) {
  ASSERT_TRUE(rig_.Crash().ok());
  Batch batch = rig_.Next();
  batch.header.epoch = 1;
  Forge(batch, 2);
  IsRefused("its epoch 1 follows epoch 2");
}

TEST_F(ForgedTest, AFrameOfAnotherDomain) {
  Forge(rig_.Next(), 2, 0, "other");
  IsRefused("a frame of another domain is there");
}

TEST_F(ForgedTest, AFrameThatKnowsTheFuture) {
  Forge(rig_.Next(), 9);
  IsRefused("speaks of records after it");
}

// Written without a sync, frames reach the disk in any order: those behind a missing one say
// themselves that it was never promised to anybody.
TEST_F(ForgedTest, FramesBehindOneThatWasNeverDurableAreCut) {
  Batch batch = rig_.Next();
  batch.header.first_sequence = 4;
  Forge(batch, 2, 200);
  ASSERT_TRUE(rig_.Open().ok());
  EXPECT_EQ(rig_.journal->head().sequence, 2U);
  ASSERT_TRUE(rig_.journal->recovered().torn);
  EXPECT_EQ(rig_.journal->recovered().torn->sequence, 3U);
  // Cut for good: a frame that ends where that one began is not followed by it.
  Batch filler = rig_.Next(1, 0);
  filler.Clear();
  filler.header = rig_.Next().header;
  filler.Add(RecordKind::kEvent, std::string(200 - 72 - 72 - 18, 'f'), "");
  ASSERT_EQ(rig_.journal->Append(filler), Appended::kCommitted);
  ASSERT_TRUE(rig_.Crash().ok());
  EXPECT_EQ(rig_.journal->head().sequence, 3U);
}

TEST_F(ForgedTest, FramesBehindOneThatWasDurableAreNot) {
  Batch batch = rig_.Next();
  batch.header.first_sequence = 4;
  Forge(batch, 3, 200);
  IsRefused("the record 3 cannot be read");
}

}  // namespace
}  // namespace routerd::journal
