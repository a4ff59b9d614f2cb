// A disk in memory, for tests and simulation: it forgets what was not synced, tears writes, fails
// and stalls calls. The same seed and the same calls give the same disk.
//
// Paths are names with slashes; every directory is there. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "routerd/journal/disk.h"

namespace routerd::journal {

// A sector is what a disk writes at once, or not.
inline constexpr std::uint64_t kSectorBytes = 512;

enum class DiskCall : std::uint8_t {
  kOpen,
  kCreate,
  kRead,
  kWrite,
  kAllocate,
  kTruncate,
  kSync,
  kRename,
  kRemove,
  kMakeDirectory,
  kSyncDirectory,
  kList,
  kLock,
  kFreeBytes,
};

// What changes the disk. Reading does not, so that a crash there is one at the change after it.
[[nodiscard]] constexpr bool ChangesDisk(DiskCall call) {
  return call != DiskCall::kOpen && call != DiskCall::kRead && call != DiskCall::kList &&
         call != DiskCall::kLock && call != DiskCall::kFreeBytes;
}

enum class Crash : std::uint8_t {
  kProcess,     // the process ends; the system keeps all that was written
  kPower,       // of what was not synced, any sectors and any first directory changes survive
  kPowerBytes,  // likewise, and sectors are torn at any byte
};

class MemoryDisk final : public Disk {
 public:
  explicit MemoryDisk(std::uint64_t seed = 1);
  ~MemoryDisk() override;

  Result<std::unique_ptr<DiskFile>> Open(const std::string& path, OpenMode mode) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status MakeDirectory(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Result<std::vector<std::string>> List(const std::string& directory) override;
  Result<std::unique_ptr<DiskLock>> Lock(const std::string& path) override;
  Result<std::uint64_t> FreeBytes(const std::string& directory) override;

  // ---- Faults ----
  // The call that is the nth of its kind from now on (1 = the next) fails, and with `for_ever` all
  // of that kind after it. A failed write has written some of its bytes; what a failed sync was to
  // make durable counts as clean from then on, as Linux has it, and a power cut loses it.
  void Fail(DiskCall call, std::uint64_t nth, Code code, bool for_ever = false);
  void Heal() { failures_.clear(); }
  // At the nth change from now on the machine stops: that change is done in part, or not, or
  // wholly, and every call after it fails until Restart.
  void CrashAt(std::uint64_t nth) { crash_at_ = changes_ + nth; }
  // Changes so far.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  // Files and locks of before are dead. Faults are gone.
  void Restart(Crash how);
  // Called before each call: moves a clock for a stall, or looks on.
  void OnCall(std::function<void(DiskCall, const std::string& path)> hook) {
    hook_ = std::move(hook);
  }
  // All files together hold at most so many bytes.
  void SetCapacity(std::uint64_t bytes) { capacity_ = bytes; }
  // Before each change a sector that waits may reach the disk by itself, as with a real cache.
  void SetWriteback(bool on) { writeback_ = on; }

  // ---- For tests, without faults ----
  [[nodiscard]] bool Exists(const std::string& path) const { return names_.contains(path); }
  [[nodiscard]] std::string Content(const std::string& path) const;
  void SetContent(const std::string& path, std::string content);  // durable at once
  [[nodiscard]] std::vector<std::string> Paths() const;

 private:
  friend class MemoryFile;
  friend class MemoryLock;
  struct Inode {
    std::string cache;              // what a reader sees
    std::string disk;               // what is durable
    std::set<std::uint64_t> dirty;  // sectors in which the two differ
    bool resized = false;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  struct DirectoryChange {
    std::string directory;
    std::string gone;  // empty: none
    std::string there;
    std::shared_ptr<Inode> inode;
  };
  struct Failure {
    DiskCall call;
    std::uint64_t in;
    Code code;
    bool for_ever;
  };
  // What a call is to do: go on, fail with a code, or stop in the midst of it.
  struct Fate {
    std::optional<Status> failure;
    bool partly = false;
  };

  Fate Begin(DiskCall call, const std::string& path);
  void Change(DirectoryChange change);
  static void Apply(const DirectoryChange& change, Names& names);
  std::uint64_t Random(std::uint64_t below);
  void Put(Inode& inode, std::uint64_t offset, std::string_view bytes);
  static void FlushSector(Inode& inode, std::uint64_t sector);
  void SyncFully(Inode& inode);
  void SyncPartly(Inode& inode, bool tear);
  void WriteBackSome();
  [[nodiscard]] std::uint64_t Used() const;
  [[nodiscard]] std::uint64_t Room(const Inode& inode, std::uint64_t size) const;

  std::uint64_t random_;
  Names names_;
  Names durable_names_;
  std::vector<DirectoryChange> waiting_;
  std::set<std::string> locks_;
  std::vector<Failure> failures_;
  std::function<void(DiskCall, const std::string&)> hook_;
  std::uint64_t capacity_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t changes_ = 0;
  std::uint64_t crash_at_ = 0;
  std::uint64_t generation_ = 0;  // of files and locks: those of before a restart are dead
  bool stopped_ = false;
  bool writeback_ = false;
};

}  // namespace routerd::journal
