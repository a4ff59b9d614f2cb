#include "routerd/base/file_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace routerd {
namespace {

Status WriterFailure(const char* what, const std::string& path) {
  const int error = errno;
  return Status(error == ENOENT ? Code::kNotFound : Code::kInternal,
                std::string("cannot ") + what + " " + path + ": " + std::strerror(error));
}

}  // namespace

Result<std::unique_ptr<FileWriter>> FileWriter::Open(const std::string& path) {
  struct stat old {};
  const bool exists = stat(path.c_str(), &old) == 0;
  const bool in_place = exists && !S_ISREG(old.st_mode);
  std::string temporary = in_place ? "" : path + "." + std::to_string(getpid()) + ".tmp";
  const std::string& name = in_place ? path : temporary;
  const mode_t mode = exists ? old.st_mode & 0777 : 0644;
  const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return WriterFailure("create", name);
  return std::unique_ptr<FileWriter>(new FileWriter(path, std::move(temporary), fd));
}

FileWriter::~FileWriter() {
  Close();
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void FileWriter::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Status FileWriter::Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd_, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return WriterFailure("write", path_);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return Status::Ok();
}

Status FileWriter::Commit() {
  Close();
  if (temporary_.empty()) return Status::Ok();
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return WriterFailure("rename", path_);
  temporary_.clear();
  return Status::Ok();
}

}  // namespace routerd
