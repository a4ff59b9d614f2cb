#include "routerd/base/file_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace routerd {
namespace {

using testing::HasSubstr;

class FileLockTest : public ::testing::Test {
 public:
  ~FileLockTest() override { std::filesystem::remove_all(dir_); }

 protected:
  FileLockTest() : dir_(testing::TempDir() + "lock.XXXXXX") {
    if (mkdtemp(dir_.data()) == nullptr) ADD_FAILURE() << "no temporary directory";
  }

  std::string dir_;
};

TEST_F(FileLockTest, OneHoldsItAtATimeAndTheOtherLearnsWho) {
  {
    const auto first = FileLock::Take(dir_ + "/lock");
    ASSERT_TRUE(first.ok()) << first.status().message();
    const auto second = FileLock::Take(dir_ + "/lock");
    EXPECT_EQ(second.status().code(), Code::kFailedPrecondition);
    EXPECT_THAT(second.status().message(),
                HasSubstr("/lock is held by process " + std::to_string(getpid())));
  }
  EXPECT_TRUE(FileLock::Take(dir_ + "/lock").ok()) << "it goes with its holder, the file stays";
}

TEST_F(FileLockTest, MovesAndIsHeldOnce) {
  FileLock held;
  held = std::move(FileLock::Take(dir_ + "/lock")).value();
  EXPECT_FALSE(FileLock::Take(dir_ + "/lock").ok());
  FileLock other(std::move(held));
  EXPECT_FALSE(FileLock::Take(dir_ + "/lock").ok());
  other = FileLock();
  EXPECT_TRUE(FileLock::Take(dir_ + "/lock").ok());
}

TEST_F(FileLockTest, SaysWhyTheFileCannotBeMade) {
  const auto lock = FileLock::Take(dir_ + "/no/such/parent");
  EXPECT_EQ(lock.status().code(), Code::kInternal);
  EXPECT_THAT(lock.status().message(), HasSubstr("No such file"));
}

}  // namespace
}  // namespace routerd
