#include "routerd/base/file_writer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "routerd/base/file.h"

namespace routerd {
namespace {

class FileWriterTest : public testing::Test {
 public:
  ~FileWriterTest() override { std::filesystem::remove_all(dir_); }

 protected:
  FileWriterTest() : dir_(testing::TempDir() + "file_writer.XXXXXX") {
    if (mkdtemp(dir_.data()) == nullptr) ADD_FAILURE() << "no temporary directory";
    dir_ += '/';
  }
  [[nodiscard]] std::string Content() const { return ReadFile(Path(), 1'000'000).value(); }
  [[nodiscard]] std::string Path() const { return dir_ + "out"; }
  [[nodiscard]] std::size_t Files() const {
    const auto files = std::filesystem::directory_iterator(dir_);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
  std::string dir_;
};

TEST_F(FileWriterTest, TheFileIsThereOnceItIsCommitted) {
  auto writer = FileWriter::Open(Path());
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer.value()->Write("one ").ok());
  ASSERT_TRUE(writer.value()->Write("two").ok());
  EXPECT_FALSE(std::filesystem::exists(Path()));
  ASSERT_TRUE(writer.value()->Commit().ok());
  EXPECT_EQ(Content(), "one two");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(FileWriterTest, WithoutCommitWhatWasThereStays) {
  std::ofstream(Path()) << "before";
  {
    auto writer = FileWriter::Open(Path());
    ASSERT_TRUE(writer.value()->Write("after").ok());
  }
  EXPECT_EQ(Content(), "before");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(FileWriterTest, AFileThatIsReplacedKeepsItsMode) {
  std::ofstream(Path()) << "before";
  ASSERT_EQ(chmod(Path().c_str(), 0600), 0);
  auto writer = FileWriter::Open(Path());
  ASSERT_TRUE(writer.value()->Commit().ok());
  struct stat now {};
  ASSERT_EQ(stat(Path().c_str(), &now), 0);
  EXPECT_EQ(now.st_mode & 0777, 0600U);
  EXPECT_EQ(Content(), "");
}

TEST_F(FileWriterTest, ADeviceIsWrittenInPlace) {
  auto writer = FileWriter::Open("/dev/null");
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer.value()->Write("gone").ok());
  ASSERT_TRUE(writer.value()->Commit().ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(FileWriterTest, WhatCannotBeCreatedIsTold) {
  const auto writer = FileWriter::Open(dir_ + "no/such/folder");
  ASSERT_FALSE(writer.ok());
  EXPECT_NE(writer.status().message().find("no/such/folder"), std::string::npos);
}

}  // namespace
}  // namespace routerd
