#include "routerd/daemon/process.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "routerd/base/file.h"

namespace routerd::daemon {
namespace {

Status Failure(const std::string& what) {
  return {Code::kInternal, what + ": " + std::strerror(errno)};
}

// What systemd hands over as a credential shows rights of a group, root's, because it has an access
// list; nobody but root is in that.
std::string WrongWithSecret(const struct stat& info) {
  if ((info.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    return "everybody can read or change it; run chmod go-rw";
  }
  if (info.st_gid != 0 && (info.st_mode & (S_IRGRP | S_IWGRP)) != 0) {
    return "its group can read or change it; run chmod g-rw";
  }
  return {};
}

Status WriteFifo(const std::string& path, const std::string& content) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return Failure("open " + path);
  const ssize_t written = write(fd, content.data(), content.size());
  close(fd);
  if (written != static_cast<ssize_t>(content.size())) return Failure("write " + path);
  return Status::Ok();
}

}  // namespace

void HardenProcess() {
  umask(077);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  std::signal(SIGPIPE, SIG_IGN);
}

Result<std::string> ReadTrusted(const std::string& path, std::size_t max_bytes, FileKind kind) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
    const std::string wrong = kind == FileKind::kSecret ? WrongWithSecret(info)
                              : (info.st_mode & S_IWOTH) != 0
                                  ? "everybody can change it; run chmod o-w"
                                  : "";
    if (!wrong.empty()) return Status(Code::kPermissionDenied, path + ": " + wrong);
  }
  return ReadFile(path, max_bytes);
}

Status PrepareDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return Failure("create " + path);
  if (access(path.c_str(), W_OK | X_OK) != 0) return Failure("write into " + path);
  return Status::Ok();
}

Result<FileLock> TakeSocket(const std::string& path) { return FileLock::Take(path + ".lock"); }

Status OpenSocketToGroup(const std::string& path) {
  if (chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0) {
    return Failure("change the mode of " + path);
  }
  return Status::Ok();
}

Status WritePorts(const std::string& path, std::uint16_t grpc, std::uint16_t http) {
  const std::string content =
      "{\"grpc\":" + std::to_string(grpc) + ",\"http\":" + std::to_string(http) + "}\n";
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISFIFO(info.st_mode)) {
    // Opening waits for the reader, who may never come: nobody waits for this thread either.
    std::thread([path, content] {
      const Status written = WriteFifo(path, content);
      if (!written.ok()) spdlog::error("--ports-file: {}", written.message());
    }).detach();
    return Status::Ok();
  }
  return ReplaceFile(path, content);
}

}  // namespace routerd::daemon
