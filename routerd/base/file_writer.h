// The seam for large files: written piece by piece, and there whole or not at all.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "routerd/base/status.h"

namespace routerd {

// Writes beside the file, which is there as it was until Commit puts the new one in its place. What
// is no file (a device, a pipe) is written in place.
class FileWriter {
 public:
  static Result<std::unique_ptr<FileWriter>> Open(const std::string& path);
  // Without Commit nothing is left.
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  Status Write(std::string_view text);
  Status Commit();

 private:
  FileWriter(std::string path, std::string temporary, int fd)
      : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}
  void Close();

  const std::string path_;
  std::string temporary_;  // empty: written in place, or committed
  int fd_;
};

}  // namespace routerd
