#include "routerd/journal/epoch_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "routerd/base/file.h"

namespace routerd::journal {
namespace {

class EpochFileTest : public ::testing::Test {
 protected:
  EpochFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "routerd-epoch-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return (folder_ / "epoch").string(); }

  std::filesystem::path folder_;
};

TEST_F(EpochFileTest, CountsOverRestarts) {
  for (std::uint32_t start = 1; start <= 3; ++start) {
    EpochFile file(path());
    const auto epoch = file.Next(0);
    ASSERT_TRUE(epoch.ok()) << epoch.status().message();
    EXPECT_EQ(epoch.value(), start);
  }
  EXPECT_EQ(ReadFile(path(), 100).value(), "routerd-epoch 1 3\n");
}

TEST_F(EpochFileTest, GoesBeyondWhatTheJournalHasSeen) {
  EpochFile file(path());
  EXPECT_EQ(file.Next(40).value(), 41U);
  EXPECT_EQ(file.Next(7).value(), 42U);
}

TEST_F(EpochFileTest, RefusesWhatItDidNotWrite) {
  for (const char* text :
       {"", "7\n", "routerd-epoch 1 \n", "routerd-epoch 1 x\n", "routerd-epoch 1 5",
        "routerd-epoch 1 0\n", "routerd-epoch 2 5\n", "routerd-epoch 1 5 \n",
        "routerd-epoch 1 4294967295\n", "routerd-epoch 1 99999999999\n"}) {
    ASSERT_TRUE(ReplaceFile(path(), text).ok());
    EpochFile file(path());
    const auto epoch = file.Next(0);
    EXPECT_EQ(epoch.status().code(), Code::kInternal) << text;
    EXPECT_EQ(ReadFile(path(), 100).value(), text) << "a damaged file is left as it is";
  }
}

TEST_F(EpochFileTest, WithoutItsDirectoryThereIsNoEpoch) {
  EpochFile file((folder_ / "missing" / "epoch").string());
  EXPECT_FALSE(file.Next(0).ok());
}

}  // namespace
}  // namespace routerd::journal
