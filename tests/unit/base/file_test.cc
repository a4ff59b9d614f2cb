#include "routerd/base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
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
  [[nodiscard]] struct stat StatusOf(const char* name) const {
    struct stat status {};
    EXPECT_EQ(stat(Path(name).c_str(), &status), 0) << name;
    return status;
  }
  // Everything that is there, in order.
  [[nodiscard]] std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  std::filesystem::path directory_;
};

// No file may grow beyond `bytes`, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
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
  EXPECT_EQ(StatusOf("a").st_mode & 0777U, 0600U);
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

TEST_F(FileTest, AFailedReplaceLeavesNothingBeside) {
  ASSERT_TRUE(ReplaceFile(Path("a"), "old").ok());
  {
    const FullDisk full(10);
    EXPECT_FALSE(ReplaceFile(Path("a"), std::string(100, 'x')).ok());
  }
  EXPECT_EQ(ReadFile(Path("a"), 100).value(), "old");
  std::filesystem::create_directory(Path("b"));
  EXPECT_FALSE(ReplaceFile(Path("b"), "x").ok());  // a file cannot take a directory's place
  EXPECT_EQ(Names(), (std::set<std::string>{"a", "b"}));
}

TEST_F(FileTest, ASavedFileIsReadableAsTheUmaskSays) {
  const mode_t before = umask(027);
  EXPECT_TRUE(SaveFile(Path("a"), "x").ok());
  umask(022);
  EXPECT_TRUE(SaveFile(Path("b"), "x").ok());
  umask(before);
  EXPECT_EQ(StatusOf("a").st_mode & 07777U, 0640U);
  EXPECT_EQ(StatusOf("b").st_mode & 07777U, 0644U);
  EXPECT_EQ(Names(), (std::set<std::string>{"a", "b"}));
}

TEST_F(FileTest, SavingKeepsWhoMayReadAFile) {
  std::ofstream(Path("a")) << "old and longer";
  ASSERT_EQ(chmod(Path("a").c_str(), 0664), 0);
  constexpr uid_t kNobody = 65534;
  const bool given = chown(Path("a").c_str(), kNobody, kNobody) == 0;  // only root may
  ASSERT_TRUE(SaveFile(Path("a"), "new").ok());
  EXPECT_EQ(ReadFile(Path("a"), 100).value(), "new");
  EXPECT_EQ(StatusOf("a").st_mode & 07777U, 0664U);
  EXPECT_EQ(StatusOf("a").st_uid, given ? kNobody : geteuid());
  EXPECT_EQ(Names(), (std::set<std::string>{"a"}));
}

TEST_F(FileTest, SavingFollowsLinks) {
  std::ofstream(Path("file")) << "old";
  std::filesystem::create_symlink("file", Path("link"));
  std::filesystem::create_symlink("link", Path("link to link"));
  ASSERT_TRUE(SaveFile(Path("link to link"), "new").ok());
  EXPECT_EQ(ReadFile(Path("file"), 100).value(), "new");
  std::filesystem::create_symlink("made", Path("link to nothing"));
  ASSERT_TRUE(SaveFile(Path("link to nothing"), "made").ok());
  EXPECT_EQ(ReadFile(Path("made"), 100).value(), "made");
  for (const char* link : {"link", "link to link", "link to nothing"}) {
    EXPECT_TRUE(std::filesystem::is_symlink(Path(link))) << link;
  }
}

TEST_F(FileTest, SavingWritesIntoWhatIsNoFile) {
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  // Open at both ends, so that nobody waits for the other.
  const int pipe = open(Path("pipe").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  ASSERT_TRUE(SaveFile(Path("pipe"), "policy").ok());
  char buffer[100];
  EXPECT_EQ(read(pipe, buffer, sizeof buffer), 6);
  close(pipe);
  EXPECT_TRUE(S_ISFIFO(StatusOf("pipe").st_mode));
  EXPECT_TRUE(SaveFile("/dev/null", "policy").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_FALSE(SaveFile(directory_.string(), "x").ok());
}

TEST_F(FileTest, AFailedSaveLeavesEverythingAsItWas) {
  std::ofstream(Path("a")) << "old";
  std::ofstream(Path("a.tmp")) << "somebody's";
  {
    const FullDisk full(10);
    EXPECT_FALSE(SaveFile(Path("a"), std::string(100, 'x')).ok());
  }
  EXPECT_EQ(SaveFile(Path("no/such/file"), "x").code(), Code::kNotFound);
  EXPECT_EQ(ReadFile(Path("a"), 100).value(), "old");
  ASSERT_TRUE(SaveFile(Path("a"), "new").ok());
  EXPECT_EQ(ReadFile(Path("a.tmp"), 100).value(), "somebody's");
  EXPECT_EQ(Names(), (std::set<std::string>{"a", "a.tmp"}));
}

TEST_F(FileTest, AnEmptyFileIsEmpty) {
  ASSERT_TRUE(ReplaceFile(Path("a"), "").ok());
  EXPECT_EQ(ReadFile(Path("a"), 0).value(), "");
}

}  // namespace
}  // namespace routerd
