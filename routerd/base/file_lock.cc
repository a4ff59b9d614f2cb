#include "routerd/base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace routerd {
namespace {

// "process 123", or less when the file does not say.
std::string Holder(int fd) {
  char text[16];
  const ssize_t n = pread(fd, text, sizeof text, 0);
  const std::string_view said(text, static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  const std::string_view digits = said.substr(0, said.find_first_not_of("0123456789"));
  return digits.empty() ? "another process" : "process " + std::string(digits);
}

}  // namespace

Result<FileLock> FileLock::Take(const std::string& path) {
  FileLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (lock.fd_ < 0) return Status(Code::kInternal, "open " + path + ": " + std::strerror(errno));
  while (flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) {
      return Status(Code::kInternal, "lock " + path + ": " + std::strerror(errno));
    }
    return Status(Code::kFailedPrecondition, path + " is held by " + Holder(lock.fd_));
  }
  // For people: on a full disk it is not there, and the lock is what counts.
  const std::string number = std::to_string(getpid()) + "\n";
  if (ftruncate(lock.fd_, 0) == 0) {
    const ssize_t written = pwrite(lock.fd_, number.data(), number.size(), 0);
    static_cast<void>(written);
  }
  return lock;
}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace routerd
