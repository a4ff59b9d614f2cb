// The machine's files. Thread-safe; a file of it is for one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "routerd/journal/disk.h"

namespace routerd::journal {

class PosixDisk final : public Disk {
 public:
  Result<std::unique_ptr<DiskFile>> Open(const std::string& path, OpenMode mode) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status MakeDirectory(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Result<std::vector<std::string>> List(const std::string& directory) override;
  Result<std::unique_ptr<DiskLock>> Lock(const std::string& path) override;
  Result<std::uint64_t> FreeBytes(const std::string& directory) override;
};

}  // namespace routerd::journal
