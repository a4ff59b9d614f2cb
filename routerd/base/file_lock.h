// One process at a time: an exclusive lock on a file, held until it goes out of scope or the
// process ends, however it ends.
#pragma once

#include <string>
#include <utility>

#include "routerd/base/status.h"

namespace routerd {

class FileLock {
 public:
  // Makes the file (mode 0600) if there is none, locks it and writes the process's number into it.
  // kFailedPrecondition: another process has it, named in the message as far as it is known;
  // kInternal: the system's reason. Never waits. The file stays when the lock goes.
  static Result<FileLock> Take(const std::string& path);

  FileLock() = default;
  ~FileLock();
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace routerd
