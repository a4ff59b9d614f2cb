#include "routerd/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace routerd {
namespace {

constexpr mode_t kReadableByOwner = S_IRUSR | S_IWUSR;
constexpr mode_t kReadableByAll = kReadableByOwner | S_IRGRP | S_IROTH;  // less the umask

Status Failure(const char* what, const std::string& path) {
  const int error = errno;
  const Code code = error == ENOENT ? Code::kNotFound : Code::kInternal;
  return {code, std::string(what) + " " + path + ": " + std::strerror(error)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// A file that is written to take the place of another; removed when it does not come to that.
class Temporary {
 public:
  Temporary(std::string name, int flags, mode_t mode)
      : name_(std::move(name)),
        fd_(open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode)) {}
  ~Temporary() {
    if (ok() && !moved_) unlink(name_.c_str());
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  [[nodiscard]] bool ok() const { return fd_.ok(); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::string& name() const { return name_; }

  Status WriteAndMove(std::string_view content, const std::string& to) {
    if (!WriteAll(fd(), content)) return Failure("write", name_);
    if (fsync(fd()) != 0) return Failure("sync", name_);
    moved_ = std::rename(name_.c_str(), to.c_str()) == 0;
    return moved_ ? Status::Ok() : Failure("rename", name_);
  }

 private:
  std::string name_;
  Descriptor fd_;
  bool moved_ = false;
};

Status WriteInPlace(const std::string& path, int flags, std::string_view content) {
  const Descriptor fd(open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | flags, kReadableByAll));
  if (!fd.ok()) return Failure("open", path);
  if (!WriteAll(fd.get(), content)) return Failure("write", path);
  // Pipes and devices have nothing to sync, and say so.
  if (fsync(fd.get()) != 0 && errno != EINVAL) return Failure("sync", path);
  return Status::Ok();
}

// Where the file is that `path` leads to; empty when that cannot be told.
std::string LinksFollowed(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real == nullptr ? "" : real.get();
}

// Owner, group and mode of the file whose place it takes. False: we may not.
bool MakeLike(const struct stat& old, int fd) {
  struct stat ours {};
  if (fstat(fd, &ours) != 0) return false;
  const bool owned = ours.st_uid == old.st_uid && ours.st_gid == old.st_gid;
  if (!owned && fchown(fd, old.st_uid, old.st_gid) != 0) return false;
  return fchmod(fd, old.st_mode & 07777) == 0;
}

Status SyncDirectoryOf(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string dir = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor fd(open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.ok()) return Failure("open", dir);
  if (fsync(fd.get()) != 0) return Failure("sync", dir);
  return Status::Ok();
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.ok()) return Failure("open", path);
  std::string content;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t n = read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failure("read", path);
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
    if (content.size() > max_bytes) {
      return Status(Code::kResourceExhausted,
                    path + ": larger than " + std::to_string(max_bytes) + " bytes");
    }
  }
}

Status ReplaceFile(const std::string& path, std::string_view content) {
  Temporary temporary(path + ".tmp", O_TRUNC, kReadableByOwner);
  if (!temporary.ok()) return Failure("create", temporary.name());
  if (Status moved = temporary.WriteAndMove(content, path); !moved.ok()) return moved;
  return SyncDirectoryOf(path);
}

Status SaveFile(const std::string& path, std::string_view content) {
  struct stat old {};
  struct stat link {};
  const bool exists = stat(path.c_str(), &old) == 0;
  const bool dangling = !exists && lstat(path.c_str(), &link) == 0;
  const bool replaceable =
      exists ? S_ISREG(old.st_mode) && access(path.c_str(), W_OK) == 0 : !dangling;
  const std::string target = exists ? LinksFollowed(path) : path;
  if (replaceable && !target.empty()) {
    // Nobody but its owner reads it before it is like the old one.
    Temporary temporary(target + "." + std::to_string(getpid()) + ".tmp", O_EXCL,
                        exists ? kReadableByOwner : kReadableByAll);
    if (temporary.ok() && (!exists || MakeLike(old, temporary.fd()))) {
      return temporary.WriteAndMove(content, target);
    }
  }
  return WriteInPlace(path, exists ? 0 : O_CREAT, content);
}

}  // namespace routerd
