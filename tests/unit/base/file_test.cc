#include "routerd/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace routerd {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "file_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string Path(const char* name) const { return (directory_ / name).string(); }

  std::filesystem::path directory_;
};

TEST_F(FileTest, ReadsBackWhatWasWritten) {
  const std::string content("line\n\0binary\xff", 13);
  ASSERT_TRUE(ReplaceFile(Path("a"), content).ok());
  const auto read = ReadFile(Path("a"), 100);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), content);
}

TEST_F(FileTest, ReplacesTheWholeContentAndLeavesNothingBeside) {
  ASSERT_TRUE(ReplaceFile(Path("a"), std::string(100'000, 'x')).ok());
  ASSERT_TRUE(ReplaceFile(Path("a"), "short").ok());
  EXPECT_EQ(ReadFile(Path("a"), 100).value(), "short");
  EXPECT_FALSE(std::filesystem::exists(Path("a.tmp")));
}

TEST_F(FileTest, ALeftOverTemporaryOfACrashDoesNotDisturb) {
  std::ofstream(Path("a.tmp")) << "half of a fi";
  ASSERT_TRUE(ReplaceFile(Path("a"), "whole").ok());
  EXPECT_EQ(ReadFile(Path("a"), 100).value(), "whole");
}

TEST_F(FileTest, OnlyItsOwnerMayReadIt) {
  ASSERT_TRUE(ReplaceFile(Path("a"), "secret").ok());
  struct stat status {};
  ASSERT_EQ(stat(Path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600);
}

TEST_F(FileTest, AMissingFileIsNotFoundAndNamed) {
  const auto read = ReadFile(Path("missing"), 100);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.status().code(), Code::kNotFound);
  EXPECT_NE(read.status().message().find("missing"), std::string::npos);
}

TEST_F(FileTest, AFileOverTheLimitIsRefused) {
  ASSERT_TRUE(ReplaceFile(Path("a"), std::string(101, 'x')).ok());
  EXPECT_EQ(ReadFile(Path("a"), 100).status().code(), Code::kResourceExhausted);
  EXPECT_TRUE(ReadFile(Path("a"), 101).ok());
}

TEST_F(FileTest, ADirectoryCannotBeRead) {
  EXPECT_EQ(ReadFile(directory_.string(), 100).status().code(), Code::kInternal);
}

TEST_F(FileTest, AMissingDirectoryIsToldAndNothingIsMade) {
  const Status status = ReplaceFile(Path("no/such/file"), "x");
  EXPECT_EQ(status.code(), Code::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(Path("no")));
}

TEST_F(FileTest, AFailedReplaceKeepsTheOldContent) {
  ASSERT_TRUE(ReplaceFile(Path("a"), "old").ok());
  std::filesystem::create_directory(Path("a.tmp"));  // the temporary cannot be opened
  EXPECT_FALSE(ReplaceFile(Path("a"), "new").ok());
  EXPECT_EQ(ReadFile(Path("a"), 100).value(), "old");
}

TEST_F(FileTest, AnEmptyFileIsEmpty) {
  ASSERT_TRUE(ReplaceFile(Path("a"), "").ok());
  EXPECT_EQ(ReadFile(Path("a"), 0).value(), "");
}

}  // namespace
}  // namespace routerd
