// The seam for the journal's files. Nothing else in this folder asks the system for a file.
//
// Codes of what fails: kNotFound, kAlreadyExists; kResourceExhausted: no space, or a quota is
// reached; kPermissionDenied: permissions, or a read-only file system; kInternal: anything else.
// Messages have what was tried, the path and the system's reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/status.h"

namespace routerd::journal {

// An open file; closed when it goes. Offsets and sizes in bytes.
class DiskFile {
 public:
  virtual ~DiskFile() = default;
  // As many bytes as `into` holds, fewer only where the file ends.
  [[nodiscard]] virtual Result<std::size_t> Read(std::uint64_t offset,
                                                 std::span<char> into) const = 0;
  // All of `bytes`; the file grows as needed. After an error any of them may be there.
  virtual Status Write(std::uint64_t offset, std::string_view bytes) = 0;
  // Space for the first `bytes` bytes, so that writing there needs none; zeros where nothing was
  // written. The file is not made shorter.
  virtual Status Allocate(std::uint64_t bytes) = 0;
  virtual Status Truncate(std::uint64_t bytes) = 0;
  // Returns when content and size are durable, in a file that still has a name. After an error
  // nobody can tell what is: the file must not be written and synced again by the same process as
  // if nothing had been.
  virtual Status Sync() = 0;
  [[nodiscard]] virtual Result<std::uint64_t> Size() const = 0;
};

// Held until it goes, or the process ends.
class DiskLock {
 public:
  virtual ~DiskLock() = default;
};

enum class OpenMode : std::uint8_t {
  kRead,    // an existing file, to be read
  kWrite,   // an existing file, to be read and written
  kCreate,  // a file that is not there yet, to be read and written; for its owner alone (0600)
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::unique_ptr<DiskFile>> Open(const std::string& path, OpenMode mode) = 0;
  // Replaces what is called `to`. As with Open and Remove, durable only after SyncDirectory.
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  virtual Status Remove(const std::string& path) = 0;
  // For its owner alone (0700); one that is there is left as it is.
  virtual Status MakeDirectory(const std::string& path) = 0;
  virtual Status SyncDirectory(const std::string& path) = 0;
  // Names without the directory, sorted.
  virtual Result<std::vector<std::string>> List(const std::string& directory) = 0;
  // Never waits. kFailedPrecondition: another process holds it, named as far as it is known.
  virtual Result<std::unique_ptr<DiskLock>> Lock(const std::string& path) = 0;
  // What we may still allocate.
  virtual Result<std::uint64_t> FreeBytes(const std::string& directory) = 0;
};

// The whole of a small file; kResourceExhausted when it is larger than `max_bytes`.
Result<std::string> ReadWhole(Disk& disk, const std::string& path, std::size_t max_bytes);
// Replaces a small file durably: written beside it as `path`.tmp, synced, renamed, directory
// synced. After a crash the old or the new content is there.
Status ReplaceWhole(Disk& disk, const std::string& path, std::string_view content);
// Creates a file; what a crash has left under that name goes.
Result<std::unique_ptr<DiskFile>> CreateAnew(Disk& disk, const std::string& path);
// The directory that holds `path`.
std::string DirectoryOf(const std::string& path);

}  // namespace routerd::journal
