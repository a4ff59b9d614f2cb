#include "routerd/daemon/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>

#include "routerd/base/file.h"
#include "tests/unit/daemon/temporary_dir.h"

namespace routerd::daemon {
namespace {

TEST(Process, LeavesNoCoreDumpsAndNoReadableFiles) {
  HardenProcess();
  rlimit core{};
  ASSERT_EQ(getrlimit(RLIMIT_CORE, &core), 0);
  EXPECT_EQ(core.rlim_max, 0U);
  EXPECT_EQ(prctl(PR_GET_DUMPABLE), 0);
  EXPECT_EQ(umask(077), 077U);
}

TEST(Process, OutlivesThoseWhoDoNotReadWhatItWrites) {
  std::signal(SIGPIPE, SIG_DFL);
  HardenProcess();
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

TEST(ReadTrusted, RefusesWhatOthersCanChange) {
  const TemporaryDir dir;
  const std::string path = dir.File("policy.yaml", "text");
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(ReadTrusted(path, 100, FileKind::kPlain).value(), "text");
  EXPECT_EQ(ReadTrusted(path, 100, FileKind::kSecret).status().code(), Code::kPermissionDenied);
  ASSERT_EQ(chmod(path.c_str(), 0646), 0);
  EXPECT_EQ(ReadTrusted(path, 100, FileKind::kPlain).status().code(), Code::kPermissionDenied);
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(ReadTrusted(path, 100, FileKind::kSecret).value(), "text");
}

TEST(ReadTrusted, ASecretIsNotForAGroupUnlessItIsRoots) {
  const TemporaryDir dir;
  const std::string path = dir.File("password", "text");
  // Root makes files of its own group, others cannot; as systemd's credentials look.
  const bool root = geteuid() == 0;
  for (const unsigned mode : {0640U, 0620U, 0440U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    if (root) {
      ASSERT_EQ(chown(path.c_str(), 0, 0), 0);
      EXPECT_EQ(ReadTrusted(path, 100, FileKind::kSecret).value(), "text");
      ASSERT_EQ(chown(path.c_str(), 0, 1), 0);
    }
    const Status refused = ReadTrusted(path, 100, FileKind::kSecret).status();
    EXPECT_EQ(refused.code(), Code::kPermissionDenied);
    EXPECT_THAT(refused.message(), testing::HasSubstr("run chmod g-rw"));
  }
  EXPECT_EQ(ReadTrusted(path, 100, FileKind::kPlain).value(), "text");
}

TEST(ReadTrusted, SaysThatAFileIsNotThere) {
  const TemporaryDir dir;
  EXPECT_EQ(ReadTrusted(dir.Path("none"), 100, FileKind::kPlain).status().code(), Code::kNotFound);
}

TEST(PrepareDirectory, MakesItForUsAlone) {
  const TemporaryDir dir;
  ASSERT_TRUE(PrepareDirectory(dir.Path("state")).ok());
  struct stat info {};
  ASSERT_EQ(stat(dir.Path("state").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_TRUE(PrepareDirectory(dir.Path("state")).ok());
  EXPECT_FALSE(PrepareDirectory(dir.Path("no/such/parent")).ok());
}

TEST(WritePorts, ReplacesAFile) {
  const TemporaryDir dir;
  const std::string path = dir.File("ports", "old, and longer than what comes");
  ASSERT_TRUE(WritePorts(path, 1, 65535).ok());
  EXPECT_EQ(ReadFile(path, 100).value(), "{\"grpc\":1,\"http\":65535}\n");
  EXPECT_FALSE(WritePorts(dir.Path("no/such/parent"), 1, 2).ok());
}

TEST(WritePorts, WritesIntoAFifo) {
  const TemporaryDir dir;
  const std::string path = dir.Path("ports");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = ReadFile(path, 100).value(); });
  EXPECT_TRUE(WritePorts(path, 7770, 7771).ok());
  reader.join();
  EXPECT_EQ(read, "{\"grpc\":7770,\"http\":7771}\n");
}

}  // namespace
}  // namespace routerd::daemon
