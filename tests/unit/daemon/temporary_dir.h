// A directory that is gone when the test is over.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace routerd::daemon {

class TemporaryDir {
 public:
  TemporaryDir() : path_(testing::TempDir() + "routerd.XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no temporary directory";
  }
  ~TemporaryDir() { std::filesystem::remove_all(path_); }
  TemporaryDir(const TemporaryDir&) = delete;
  TemporaryDir& operator=(const TemporaryDir&) = delete;

  [[nodiscard]] std::string Path(const std::string& name = "") const { return path_ + "/" + name; }
  // Writes a file and gives its path.
  [[nodiscard]] std::string File(const std::string& name, std::string_view content) const {
    std::ofstream(Path(name), std::ios::binary) << content;
    return Path(name);
  }

 private:
  std::string path_;
};

}  // namespace routerd::daemon
