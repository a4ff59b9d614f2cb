#include "routerd/journal/disk.h"

namespace routerd::journal {

Result<std::string> ReadWhole(Disk& disk, const std::string& path, std::size_t max_bytes) {
  auto file = disk.Open(path, OpenMode::kRead);
  if (!file.ok()) return file.status();
  std::string text(max_bytes + 1, '\0');
  const Result<std::size_t> read = file.value()->Read(0, text);
  if (!read.ok()) return read.status();
  if (read.value() > max_bytes) {
    return Status(Code::kResourceExhausted,
                  path + ": larger than " + std::to_string(max_bytes) + " bytes");
  }
  text.resize(read.value());
  return text;
}

Status ReplaceWhole(Disk& disk, const std::string& path, std::string_view content) {
  const std::string temporary = path + ".tmp";
  auto file = CreateAnew(disk, temporary);
  if (!file.ok()) return file.status();
  if (Status s = file.value()->Write(0, content); !s.ok()) return s;
  if (Status s = file.value()->Sync(); !s.ok()) return s;
  if (Status s = disk.Rename(temporary, path); !s.ok()) return s;
  return disk.SyncDirectory(DirectoryOf(path));
}

Result<std::unique_ptr<DiskFile>> CreateAnew(Disk& disk, const std::string& path) {
  auto file = disk.Open(path, OpenMode::kCreate);
  if (file.ok() || file.status().code() != Code::kAlreadyExists) return file;
  if (Status s = disk.Remove(path); !s.ok()) return s;
  return disk.Open(path, OpenMode::kCreate);
}

std::string DirectoryOf(const std::string& path) {
  const std::size_t name_end = path.find_last_not_of('/');  // a directory may end in slashes
  const std::size_t slash = path.rfind('/', name_end);
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace routerd::journal
