#include "routerd/journal/posix_disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "routerd/base/file_lock.h"

namespace routerd::journal {
namespace {

constexpr mode_t kOwnersFile = S_IRUSR | S_IWUSR;
constexpr mode_t kOwnersDirectory = S_IRWXU;

Code CodeOfError(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Code::kNotFound;
    case EEXIST:
      return Code::kAlreadyExists;
    case ENOSPC:
    case EDQUOT:
      return Code::kResourceExhausted;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::kPermissionDenied;
    default:
      return Code::kInternal;
  }
}

Status SystemError(const char* what, const std::string& path, int error = errno) {
  return {CodeOfError(error), std::string(what) + " " + path + ": " + std::strerror(error)};
}

template <typename Call>
auto Uninterrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

class PosixFile final : public DiskFile {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { close(fd_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  [[nodiscard]] Result<std::size_t> Read(std::uint64_t offset,
                                         std::span<char> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t n = Uninterrupted([&] {
        return pread(fd_, into.data() + done, into.size() - done,
                     static_cast<off_t>(offset + done));
      });
      if (n < 0) return SystemError("read", path_);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  Status Write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = Uninterrupted(
          [&] { return pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
      if (n < 0) return SystemError("write", path_);
      // Nothing written and no reason given: trying on could last for ever.
      if (n == 0) return SystemError("write", path_, EIO);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
    return Status::Ok();
  }

  Status Allocate(std::uint64_t bytes) override {
    int error = EINTR;
    while (error == EINTR) error = posix_fallocate(fd_, 0, static_cast<off_t>(bytes));
    return error == 0 ? Status::Ok() : SystemError("allocate", path_, error);
  }

  Status Truncate(std::uint64_t bytes) override {
    if (Uninterrupted([&] { return ftruncate(fd_, static_cast<off_t>(bytes)); }) != 0) {
      return SystemError("truncate", path_);
    }
    return Status::Ok();
  }

  // Interrupted is not failed: nothing was given up, so that asking again is no second try.
  Status Sync() override {
    if (Uninterrupted([&] { return fdatasync(fd_); }) != 0) return SystemError("sync", path_);
    struct stat found {};
    if (fstat(fd_, &found) != 0) return SystemError("stat", path_);
    if (found.st_nlink > 0) return Status::Ok();
    return {Code::kInternal, "sync " + path_ + ": somebody has removed it"};
  }

  [[nodiscard]] Result<std::uint64_t> Size() const override {
    struct stat found {};
    if (fstat(fd_, &found) != 0) return SystemError("stat", path_);
    return static_cast<std::uint64_t>(found.st_size);
  }

 private:
  const int fd_;
  const std::string path_;
};

class PosixLock final : public DiskLock {
 public:
  explicit PosixLock(FileLock lock) : lock_(std::move(lock)) {}

 private:
  FileLock lock_;
};

int FlagsOf(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kWrite:
      return O_RDWR;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

}  // namespace

Result<std::unique_ptr<DiskFile>> PosixDisk::Open(const std::string& path, OpenMode mode) {
  const int fd =
      Uninterrupted([&] { return open(path.c_str(), FlagsOf(mode) | O_CLOEXEC, kOwnersFile); });
  if (fd < 0) return SystemError(mode == OpenMode::kCreate ? "create" : "open", path);
  auto file = std::make_unique<PosixFile>(fd, path);
  // A umask may have taken from the owner what he needs.
  if (mode == OpenMode::kCreate && fchmod(fd, kOwnersFile) != 0) {
    return SystemError("set the mode of", path);
  }
  return std::unique_ptr<DiskFile>(std::move(file));
}

Status PosixDisk::Rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return SystemError("rename", from);
  return Status::Ok();
}

Status PosixDisk::Remove(const std::string& path) {
  if (unlink(path.c_str()) != 0) return SystemError("remove", path);
  return Status::Ok();
}

Status PosixDisk::MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), kOwnersDirectory) != 0) {
    if (errno == EEXIST) return Status::Ok();
    return SystemError("make directory", path);
  }
  if (chmod(path.c_str(), kOwnersDirectory) != 0) return SystemError("set the mode of", path);
  return Status::Ok();
}

Status PosixDisk::SyncDirectory(const std::string& path) {
  const int fd =
      Uninterrupted([&] { return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (fd < 0) return SystemError("open", path);
  Status status;
  if (Uninterrupted([&] { return fsync(fd); }) != 0) status = SystemError("sync", path);
  close(fd);
  return status;
}

Result<std::vector<std::string>> PosixDisk::List(const std::string& directory) {
  DIR* opened = opendir(directory.c_str());
  if (opened == nullptr) return SystemError("list", directory);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(opened)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  const int error = errno;
  closedir(opened);
  if (error != 0) return SystemError("list", directory, error);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::unique_ptr<DiskLock>> PosixDisk::Lock(const std::string& path) {
  Result<FileLock> lock = FileLock::Take(path);
  if (!lock.ok()) return lock.status();
  return std::unique_ptr<DiskLock>(std::make_unique<PosixLock>(std::move(lock).value()));
}

Result<std::uint64_t> PosixDisk::FreeBytes(const std::string& directory) {
  struct statvfs found {};
  if (statvfs(directory.c_str(), &found) != 0)
    return SystemError("ask for the space of", directory);
  return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

}  // namespace routerd::journal
