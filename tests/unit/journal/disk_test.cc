// What both disks promise, and what the one in memory forgets.
#include "routerd/journal/disk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "routerd/journal/memory_disk.h"
#include "routerd/journal/posix_disk.h"
#include "tests/unit/journal/temp_folder.h"

namespace routerd::journal {
namespace {

std::string All(DiskFile& file) {
  std::string text(file.Size().value(), '?');
  text.resize(file.Read(0, text).value());
  return text;
}

struct PosixDiskHarness {
  TempFolder folder;
  PosixDisk disk;
  [[nodiscard]] std::string path(const std::string& name) const { return folder.path(name); }
};

struct MemoryDiskHarness {
  MemoryDisk disk;
  [[nodiscard]] static std::string path(const std::string& name) {
    return name.empty() ? "folder" : "folder/" + name;
  }
};

template <typename Harness>
class DiskTest : public ::testing::Test {
 protected:
  Disk& disk() { return harness_.disk; }
  Harness harness_;
};

using Harnesses = ::testing::Types<PosixDiskHarness, MemoryDiskHarness>;
TYPED_TEST_SUITE(DiskTest, Harnesses);

TYPED_TEST(DiskTest, ReadsWhatWasWritten) {
  const std::string path = this->harness_.path("a");
  auto file = std::move(this->disk().Open(path, OpenMode::kCreate)).value();
  ASSERT_TRUE(file->Write(0, "hello world").ok());
  ASSERT_TRUE(file->Write(6, "there").ok());
  EXPECT_EQ(All(*file), "hello there");
  ASSERT_TRUE(file->Sync().ok());
  char some[5];
  EXPECT_EQ(file->Read(8, some).value(), 3U);
  EXPECT_EQ(file->Read(100, some).value(), 0U);
  auto again = std::move(this->disk().Open(path, OpenMode::kRead)).value();
  EXPECT_EQ(All(*again), "hello there");
  ASSERT_TRUE(file->Truncate(5).ok());
  EXPECT_EQ(All(*again), "hello");
}

TYPED_TEST(DiskTest, AllocatesZerosAndKeepsWhatIsThere) {
  auto file = std::move(this->disk().Open(this->harness_.path("a"), OpenMode::kCreate)).value();
  ASSERT_TRUE(file->Write(0, "x").ok());
  ASSERT_TRUE(file->Allocate(3).ok());
  EXPECT_EQ(All(*file), std::string("x\0\0", 3));
  ASSERT_TRUE(file->Allocate(2).ok());
  EXPECT_EQ(file->Size().value(), 3U);
}

TYPED_TEST(DiskTest, SaysWhatIsNotThereAndWhatIs) {
  EXPECT_EQ(this->disk().Open(this->harness_.path("a"), OpenMode::kRead).status().code(),
            Code::kNotFound);
  EXPECT_EQ(this->disk().Open(this->harness_.path("a"), OpenMode::kWrite).status().code(),
            Code::kNotFound);
  EXPECT_EQ(this->disk().Remove(this->harness_.path("a")).code(), Code::kNotFound);
  EXPECT_EQ(this->disk().Rename(this->harness_.path("a"), this->harness_.path("b")).code(),
            Code::kNotFound);
  ASSERT_TRUE(this->disk().Open(this->harness_.path("a"), OpenMode::kCreate).ok());
  EXPECT_EQ(this->disk().Open(this->harness_.path("a"), OpenMode::kCreate).status().code(),
            Code::kAlreadyExists);
}

TYPED_TEST(DiskTest, ListsRenamesAndRemoves) {
  for (const char* name : {"b", "a", "c"}) {
    ASSERT_TRUE(this->disk().Open(this->harness_.path(name), OpenMode::kCreate).ok());
  }
  ASSERT_TRUE(this->disk().Rename(this->harness_.path("c"), this->harness_.path("a")).ok());
  EXPECT_EQ(this->disk().List(this->harness_.path("")).value(),
            (std::vector<std::string>{"a", "b"}));
  ASSERT_TRUE(this->disk().Remove(this->harness_.path("b")).ok());
  ASSERT_TRUE(this->disk().SyncDirectory(this->harness_.path("")).ok());
  EXPECT_EQ(this->disk().List(this->harness_.path("")).value(), (std::vector<std::string>{"a"}));
}

TYPED_TEST(DiskTest, ReplacesWholeFiles) {
  const std::string path = this->harness_.path("a");
  ASSERT_TRUE(ReplaceWhole(this->disk(), path, "one").ok());
  ASSERT_TRUE(ReplaceWhole(this->disk(), path, "two").ok());
  EXPECT_EQ(ReadWhole(this->disk(), path, 3).value(), "two");
  EXPECT_EQ(ReadWhole(this->disk(), path, 2).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(this->disk().List(this->harness_.path("")).value(), (std::vector<std::string>{"a"}));
}

TYPED_TEST(DiskTest, OneHoldsTheLock) {
  auto lock = this->disk().Lock(this->harness_.path("lock"));
  ASSERT_TRUE(lock.ok());
  const auto second = this->disk().Lock(this->harness_.path("lock"));
  EXPECT_EQ(second.status().code(), Code::kFailedPrecondition);
  EXPECT_NE(second.status().message().find("held by process"), std::string::npos);
  lock.value().reset();
  EXPECT_TRUE(this->disk().Lock(this->harness_.path("lock")).ok());
}

TYPED_TEST(DiskTest, KnowsItsRoom) {
  EXPECT_GT(this->disk().FreeBytes(this->harness_.path("")).value(), 0U);
}

TEST(PosixDisk, FilesAreTheirOwnersWhateverTheUmask) {
  const TempFolder folder;
  PosixDisk disk;
  for (const mode_t mask : {0777, 0000}) {
    const mode_t before = umask(mask);
    const bool made = disk.Open(folder.path("f"), OpenMode::kCreate).ok() &&
                      disk.MakeDirectory(folder.path("d")).ok();
    umask(before);
    ASSERT_TRUE(made);
    struct stat found {};
    ASSERT_EQ(stat(folder.path("f").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600U);
    ASSERT_EQ(stat(folder.path("d").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0700U);
    std::filesystem::remove_all(folder.path("f"));
    std::filesystem::remove_all(folder.path("d"));
  }
}

TEST(PosixDisk, AFullDeviceIsNoSpace) {
  PosixDisk disk;
  auto full = disk.Open("/dev/full", OpenMode::kWrite);
  if (!full.ok()) GTEST_SKIP() << full.status().message();
  EXPECT_EQ(full.value()->Write(0, "x").code(), Code::kResourceExhausted);
}

// ---- What a crash takes ----

std::unique_ptr<DiskFile> Made(MemoryDisk& disk, const std::string& name) {
  auto file = std::move(disk.Open(name, OpenMode::kCreate)).value();
  EXPECT_TRUE(disk.SyncDirectory("d").ok());
  return file;
}

TEST(MemoryDisk, KeepsEverythingWhenOnlyTheProcessEnds) {
  MemoryDisk disk;
  auto file = std::move(disk.Open("d/a", OpenMode::kCreate)).value();
  ASSERT_TRUE(file->Write(0, "x").ok());
  disk.Restart(Crash::kProcess);
  EXPECT_EQ(disk.Content("d/a"), "x");
  EXPECT_FALSE(file->Write(0, "y").ok()) << "its process is dead";
}

TEST(MemoryDisk, APowerCutTakesAnyOfWhatWasNotSyncedAndNothingElse) {
  std::set<std::string> ends;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    MemoryDisk disk(seed);
    auto file = Made(disk, "d/a");
    const std::string synced(3 * kSectorBytes, 's');
    ASSERT_TRUE(file->Write(0, synced).ok());
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_TRUE(file->Write(kSectorBytes, std::string(2 * kSectorBytes, 'n')).ok());
    disk.Restart(Crash::kPower);
    const std::string left = disk.Content("d/a");
    ASSERT_EQ(left.size(), synced.size());
    EXPECT_EQ(left.substr(0, kSectorBytes), synced.substr(0, kSectorBytes));
    std::string end;
    for (std::size_t s = 0; s < 3; ++s) {
      const std::string sector = left.substr(s * kSectorBytes, kSectorBytes);
      EXPECT_EQ(sector, std::string(kSectorBytes, sector[0])) << "sectors are whole";
      end += sector[0];
    }
    ends.insert(end);
  }
  EXPECT_EQ(ends, (std::set<std::string>{"sss", "sns", "ssn", "snn"}));
}

TEST(MemoryDisk, TearsSectorsAtAnyByte) {
  std::set<std::size_t> cuts;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    MemoryDisk disk(seed);
    auto file = Made(disk, "d/a");
    ASSERT_TRUE(file->Write(0, std::string(8, 'o')).ok());
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_TRUE(file->Write(0, std::string(8, 'n')).ok());
    disk.Restart(Crash::kPowerBytes);
    const std::string left = disk.Content("d/a");
    ASSERT_EQ(left.size(), 8U);
    cuts.insert(static_cast<std::size_t>(std::count(left.begin(), left.end(), 'n')));
  }
  EXPECT_EQ(cuts.size(), 9U);
}

TEST(MemoryDisk, ForgetsNamesThatWereNotSyncedLastFirst) {
  std::set<std::vector<std::string>> ends;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    MemoryDisk disk(seed);
    Made(disk, "d/a");
    ASSERT_TRUE(disk.Rename("d/a", "d/b").ok());
    ASSERT_TRUE(disk.Open("d/c", OpenMode::kCreate).ok());
    ASSERT_TRUE(disk.Remove("d/b").ok());
    disk.Restart(Crash::kPower);
    ends.insert(disk.Paths());
  }
  EXPECT_EQ(ends, (std::set<std::vector<std::string>>{{"d/a"}, {"d/b"}, {"d/b", "d/c"}, {"d/c"}}));
}

TEST(MemoryDisk, WhatAFailedSyncLostStaysLost) {
  bool lost = false;
  for (std::uint64_t seed = 0; seed < 50 && !lost; ++seed) {
    MemoryDisk disk(seed);
    auto file = Made(disk, "d/a");
    ASSERT_TRUE(file->Write(0, "old").ok());
    ASSERT_TRUE(file->Sync().ok());
    disk.Fail(DiskCall::kSync, 1, Code::kInternal);
    ASSERT_TRUE(file->Write(0, "new").ok());
    EXPECT_FALSE(file->Sync().ok());
    EXPECT_TRUE(file->Sync().ok()) << "the system has told it once";
    EXPECT_EQ(disk.Content("d/a"), "new");
    disk.Restart(Crash::kPower);
    lost = disk.Content("d/a") == "old";
  }
  EXPECT_TRUE(lost);
}

TEST(MemoryDisk, FailsTheCallItWasToldToOnceOrForEver) {
  MemoryDisk disk;
  auto file = Made(disk, "d/a");
  disk.Fail(DiskCall::kWrite, 2, Code::kResourceExhausted);
  EXPECT_TRUE(file->Write(0, "x").ok());
  EXPECT_EQ(file->Write(0, "x").code(), Code::kResourceExhausted);
  EXPECT_TRUE(file->Write(0, "x").ok());
  disk.Fail(DiskCall::kRead, 1, Code::kInternal, true);
  char one[1];
  EXPECT_FALSE(file->Read(0, one).ok());
  EXPECT_FALSE(file->Read(0, one).ok());
  disk.Heal();
  EXPECT_TRUE(file->Read(0, one).ok());
}

TEST(MemoryDisk, StopsAtTheChangeItWasToldTo) {
  MemoryDisk disk;
  auto file = Made(disk, "d/a");
  disk.CrashAt(2);
  EXPECT_TRUE(file->Write(0, "x").ok());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_TRUE(disk.stopped());
  EXPECT_FALSE(file->Write(0, "y").ok());
  disk.Restart(Crash::kPower);
  EXPECT_TRUE(disk.Open("d/a", OpenMode::kRead).ok());
}

TEST(MemoryDisk, IsFullAtItsCapacityAndWritesWhatFits) {
  MemoryDisk disk;
  auto file = Made(disk, "d/a");
  disk.SetCapacity(4);
  EXPECT_EQ(file->Allocate(5).code(), Code::kResourceExhausted);
  EXPECT_EQ(file->Write(0, "123456").code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.Content("d/a"), "1234");
  EXPECT_EQ(disk.FreeBytes("d").value(), 0U);
  ASSERT_TRUE(disk.Remove("d/a").ok());
  EXPECT_EQ(disk.FreeBytes("d").value(), 4U);
}

TEST(MemoryDisk, CallsCanBeWatchedAndStalled) {
  MemoryDisk disk;
  auto file = Made(disk, "d/a");
  int syncs = 0;
  disk.OnCall([&](DiskCall call, const std::string&) { syncs += call == DiskCall::kSync ? 1 : 0; });
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(syncs, 1);
}

TEST(DirectoryOf, IsTheOneThatHoldsItHoweverItEnds) {
  EXPECT_EQ(DirectoryOf("state/journal"), "state");
  EXPECT_EQ(DirectoryOf("state/journal/"), "state");
  EXPECT_EQ(DirectoryOf("state/journal//"), "state");
  EXPECT_EQ(DirectoryOf("/journal/"), "/");
  EXPECT_EQ(DirectoryOf("journal/"), ".");
  EXPECT_EQ(DirectoryOf("journal"), ".");
  EXPECT_EQ(DirectoryOf("/"), "/");
}

}  // namespace
}  // namespace routerd::journal
