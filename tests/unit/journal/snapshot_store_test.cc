#include "routerd/journal/snapshot_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/journal/bytes.h"
#include "routerd/journal/crc32c.h"
#include "routerd/journal/memory_disk.h"
#include "routerd/journal/posix_disk.h"
#include "tests/unit/journal/temp_folder.h"

namespace routerd::journal {
namespace {

const std::string kPlaceOfSnapshots = "state/journal";

std::string BodyOf(std::uint64_t sequence, std::size_t bytes = 300) {
  std::string body;
  while (body.size() < bytes) body += "state " + std::to_string(sequence) + ";";
  body.resize(bytes);
  return body;
}

Status Put(SnapshotStore& store, std::uint64_t sequence, std::size_t bytes = 300) {
  auto writer = store.Begin({3, sequence});
  if (!writer.ok()) return writer.status();
  const std::string body = BodyOf(sequence, bytes);
  for (std::size_t at = 0; at < body.size(); at += 99'991) {
    if (Status s = writer.value()->Write(std::string_view(body).substr(at, 99'991)); !s.ok()) {
      return s;
    }
  }
  return writer.value()->Commit(sequence * 11);
}

// The body, or what is wrong.
std::string Read(SnapshotReader& reader) {
  std::string body;
  while (true) {
    const auto chunk = reader.Next();
    if (!chunk.ok()) return chunk.status().message();
    if (chunk.value().empty()) return body;
    body += chunk.value();
  }
}

class SnapshotStoreTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string Path(std::uint64_t sequence) const {
    std::string digits = std::to_string(sequence);
    return kPlaceOfSnapshots + "/" + std::string(20 - digits.size(), '0') + digits + ".snapshot";
  }
  MemoryDisk disk_;
  SnapshotStore store_{disk_, kPlaceOfSnapshots, "default"};
};

TEST_F(SnapshotStoreTest, WithoutAnyThereIsNone) {
  const auto loaded = store_.LoadNewest();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.value().reader, nullptr);
  EXPECT_EQ(store_.MayTrim(100).value(), 0U);
}

TEST_F(SnapshotStoreTest, GivesTheNewestBack) {
  ASSERT_TRUE(Put(store_, 10).ok());
  ASSERT_TRUE(Put(store_, 20, 0).ok());
  ASSERT_TRUE(Put(store_, 30, 2 * limits::kSnapshotChunkBytes + 5).ok());
  auto loaded = store_.LoadNewest();
  ASSERT_TRUE(loaded.value().reader);
  EXPECT_TRUE(loaded.value().skipped.empty());
  EXPECT_EQ(loaded.value().reader->info().at, (Position{3, 30}));
  EXPECT_EQ(loaded.value().reader->info().state_hash, 330U);
  EXPECT_EQ(Read(*loaded.value().reader), BodyOf(30, 2 * limits::kSnapshotChunkBytes + 5));
  loaded = store_.LoadNewest(29);
  EXPECT_EQ(Read(*loaded.value().reader), "");
  EXPECT_EQ(loaded.value().skipped.size(), 1U);
  EXPECT_EQ(Read(*store_.LoadNewest(19).value().reader), BodyOf(10));
}

TEST_F(SnapshotStoreTest, WorksOnTheMachinesDisk) {
  const TempFolder folder;
  PosixDisk disk;
  SnapshotStore store(disk, folder.path(), "default");
  ASSERT_TRUE(Put(store, 7, 1'500'000).ok());
  EXPECT_EQ(Read(*store.LoadNewest().value().reader), BodyOf(7, 1'500'000));
  ASSERT_TRUE(Put(store, 8).ok());
  ASSERT_TRUE(store.Keep(1).ok());
  EXPECT_EQ(store.List().value().snapshots.size(), 1U);
}

TEST_F(SnapshotStoreTest, AnyBitThatFlipsMakesItSkippedAndTold) {
  ASSERT_TRUE(Put(store_, 10).ok());
  ASSERT_TRUE(Put(store_, 20).ok());
  const std::string sound = disk_.Content(Path(20));
  for (std::size_t byte = 0; byte < sound.size(); ++byte) {
    std::string damaged = sound;
    damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << (byte % 8)));
    disk_.SetContent(Path(20), damaged);
    auto loaded = store_.LoadNewest();
    ASSERT_TRUE(loaded.ok());
    ASSERT_TRUE(loaded.value().reader);
    ASSERT_EQ(loaded.value().reader->info().at.sequence, 10U) << byte;
    ASSERT_EQ(loaded.value().skipped.size(), 1U);
    EXPECT_TRUE(loaded.value().skipped[0].starts_with(Path(20))) << loaded.value().skipped[0];
    EXPECT_EQ(Read(*loaded.value().reader), BodyOf(10));
  }
}

TEST_F(SnapshotStoreTest, AtAnyLengthButItsOwnItIsSkipped) {
  ASSERT_TRUE(Put(store_, 20).ok());
  const std::string sound = disk_.Content(Path(20));
  for (std::size_t size = 0; size <= sound.size() + 1; ++size) {
    std::string cut = sound;
    cut.resize(size);
    disk_.SetContent(Path(20), cut);
    EXPECT_EQ(store_.LoadNewest().value().reader != nullptr, size == sound.size()) << size;
  }
}

TEST_F(SnapshotStoreTest, AnotherDomainsAndMisnamedOnesAreSkipped) {
  ASSERT_TRUE(Put(store_, 20).ok());
  SnapshotStore other(disk_, kPlaceOfSnapshots, "other");
  EXPECT_EQ(other.LoadNewest().value().reader, nullptr);
  disk_.SetContent(Path(21), disk_.Content(Path(20)));
  EXPECT_EQ(store_.LoadNewest().value().reader->info().at.sequence, 20U);
  EXPECT_EQ(store_.List().value().invalid.size(), 1U);
}

TEST_F(SnapshotStoreTest, KeepsTheNewestSoundOnes) {
  for (std::uint64_t sequence = 10; sequence <= 50; sequence += 10) {
    ASSERT_TRUE(Put(store_, sequence).ok());
  }
  disk_.SetContent(Path(50), "damaged");
  disk_.SetContent(Path(60) + ".tmp", "half");
  EXPECT_EQ(store_.MayTrim(100).value(), 10U);
  ASSERT_TRUE(store_.Keep(2).ok());
  const auto listed = store_.List();
  ASSERT_EQ(listed.value().snapshots.size(), 2U);
  EXPECT_EQ(listed.value().snapshots[0].at.sequence, 30U);
  EXPECT_EQ(listed.value().invalid.size(), 1U) << "what is damaged and newer is left for people";
  EXPECT_FALSE(disk_.Exists(Path(60) + ".tmp"));
  EXPECT_EQ(store_.MayTrim(100).value(), 30U);
  EXPECT_EQ(store_.MayTrim(7).value(), 7U);
}

TEST_F(SnapshotStoreTest, NeverLetsTheOnlyLoadableOneGo) {
  for (const std::uint64_t sequence : {5, 9, 12}) ASSERT_TRUE(Put(store_, sequence).ok());
  for (const std::uint64_t sequence : {9, 12}) {
    std::string content = disk_.Content(Path(sequence));
    content.back() = static_cast<char>(content.back() ^ 1);
    disk_.SetContent(Path(sequence), content);
  }
  EXPECT_EQ(store_.Keep(0).code(), Code::kInvalidArgument);
  ASSERT_TRUE(store_.Keep(1).ok());
  ASSERT_TRUE(store_.LoadNewest().value().reader);
  EXPECT_EQ(store_.LoadNewest().value().reader->info().at.sequence, 5U);
}

TEST_F(SnapshotStoreTest, AfterAFailedWriteNothingIsCommitted) {
  auto writer = store_.Begin({1, 5});
  disk_.Fail(DiskCall::kWrite, 3, Code::kResourceExhausted);
  const std::string body(3 * limits::kSnapshotChunkBytes, 'a');
  EXPECT_EQ(writer.value()->Write(body).code(), Code::kResourceExhausted);
  EXPECT_EQ(writer.value()->Write("more").code(), Code::kResourceExhausted);
  EXPECT_EQ(writer.value()->Commit(7).code(), Code::kResourceExhausted);
  EXPECT_EQ(store_.LoadNewest().value().reader, nullptr);
}

// It would end the check before what follows it.
TEST_F(SnapshotStoreTest, AnEmptyChunkIsDamage) {
  ASSERT_TRUE(Put(store_, 20).ok());
  std::string content = disk_.Content(Path(20));
  StoreNumber(content.data() + 40, std::uint32_t{2});
  StoreNumber(content.data() + 124, Crc32c(std::string_view(content).substr(0, 124)));
  std::string chunk(8, '\0');
  char place[16];
  StoreNumber(place, std::uint64_t{20});
  StoreNumber(place + 8, std::uint32_t{3});
  StoreNumber(place + 12, std::uint32_t{0});
  StoreNumber(chunk.data() + 4, Crc32c({place, sizeof place}));
  content.insert(128, chunk);
  disk_.SetContent(Path(20), content);
  const auto loaded = store_.LoadNewest();
  EXPECT_EQ(loaded.value().reader, nullptr);
  ASSERT_EQ(loaded.value().skipped.size(), 1U);
  EXPECT_NE(loaded.value().skipped[0].find("an empty chunk"), std::string::npos);
}

TEST_F(SnapshotStoreTest, OneThatIsNotCommittedLeavesNothing) {
  {
    auto writer = store_.Begin({1, 5});
    ASSERT_TRUE(writer.value()->Write("half").ok());
  }
  EXPECT_TRUE(disk_.Paths().empty());
}

TEST_F(SnapshotStoreTest, AFullDiskLeavesTheOneBefore) {
  ASSERT_TRUE(Put(store_, 10).ok());
  disk_.SetCapacity(1'000);
  EXPECT_EQ(Put(store_, 20, 5'000).code(), Code::kResourceExhausted);
  EXPECT_EQ(store_.LoadNewest().value().reader->info().at.sequence, 10U);
  EXPECT_EQ(disk_.Paths().size(), 1U);
}

// At each of its steps: the old one or the new one is there, whole.
TEST_F(SnapshotStoreTest, ACrashAtAnyStepLeavesTheOldOneOrTheNew) {
  for (const Crash how : {Crash::kProcess, Crash::kPower, Crash::kPowerBytes}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      for (std::uint64_t nth = 1; nth < 14; ++nth) {
        MemoryDisk disk(seed);
        SnapshotStore store(disk, kPlaceOfSnapshots, "default");
        ASSERT_TRUE(Put(store, 10).ok());
        disk.CrashAt(nth);
        const bool put = Put(store, 20, 2'000).ok();
        const bool kept = put && store.Keep(1).ok();
        if (!disk.stopped()) disk.Restart(how);
        disk.Restart(how);
        auto loaded = store.LoadNewest();
        ASSERT_TRUE(loaded.value().reader) << seed << " " << nth;
        const std::uint64_t sequence = loaded.value().reader->info().at.sequence;
        EXPECT_TRUE(sequence == 20 || (sequence == 10 && !put));
        EXPECT_EQ(Read(*loaded.value().reader), sequence == 20 ? BodyOf(20, 2'000) : BodyOf(10));
        EXPECT_TRUE(loaded.value().skipped.empty());
        if (kept) {
          EXPECT_EQ(disk.Paths().size(), 1U);
        }
      }
    }
  }
}

}  // namespace
}  // namespace routerd::journal
