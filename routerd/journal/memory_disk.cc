#include "routerd/journal/memory_disk.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "routerd/base/hash.h"

namespace routerd::journal {
namespace {

std::string_view NameOfCall(DiskCall call) {
  constexpr std::string_view kNames[] = {
      "open",   "create", "read",           "write",          "allocate", "truncate", "sync",
      "rename", "remove", "make directory", "sync directory", "list",     "lock",     "free bytes"};
  return kNames[static_cast<std::size_t>(call)];
}

Status Missing(const std::string& path) { return {Code::kNotFound, path + ": no such file"}; }

}  // namespace

class MemoryFile final : public DiskFile {
 public:
  MemoryFile(MemoryDisk& disk, std::string path, std::shared_ptr<MemoryDisk::Inode> inode)
      : disk_(disk),
        generation_(disk.generation_),
        path_(std::move(path)),
        inode_(std::move(inode)) {}

  [[nodiscard]] Result<std::size_t> Read(std::uint64_t offset,
                                         std::span<char> into) const override {
    if (auto fate = Begin(DiskCall::kRead); fate.failure) return *fate.failure;
    const std::string& all = inode_->cache;
    if (offset >= all.size()) return std::size_t{0};
    const std::size_t n = std::min<std::size_t>(into.size(), all.size() - offset);
    std::memcpy(into.data(), all.data() + offset, n);
    return n;
  }

  Status Write(std::uint64_t offset, std::string_view bytes) override {
    const auto fate = Begin(DiskCall::kWrite);
    const std::uint64_t room = disk_.Room(*inode_, offset + bytes.size());
    if (!fate.failure && room >= offset + bytes.size()) {
      disk_.Put(*inode_, offset, bytes);
      return Status::Ok();
    }
    if (fate.failure && !fate.partly) return *fate.failure;
    const std::uint64_t some = fate.failure ? disk_.Random(bytes.size() + 1) : bytes.size();
    const std::uint64_t fits = room > offset ? std::min<std::uint64_t>(some, room - offset) : 0;
    disk_.Put(*inode_, offset, bytes.substr(0, fits));
    return fate.failure ? *fate.failure : NoRoom();
  }

  Status Allocate(std::uint64_t bytes) override {
    if (auto fate = Begin(DiskCall::kAllocate); fate.failure) return *fate.failure;
    // On a full disk it gets what there is, and keeps that.
    const std::uint64_t room = std::min(bytes, disk_.Room(*inode_, bytes));
    if (room > inode_->cache.size()) Resize(room);
    if (room < bytes) return NoRoom();
    return Status::Ok();
  }

  Status Truncate(std::uint64_t bytes) override {
    if (auto fate = Begin(DiskCall::kTruncate); fate.failure) return *fate.failure;
    if (disk_.Room(*inode_, bytes) < bytes) return NoRoom();
    Resize(bytes);
    return Status::Ok();
  }

  Status Sync() override {
    const auto fate = Begin(DiskCall::kSync);
    if (!fate.failure) {
      disk_.SyncFully(*inode_);
      return Status::Ok();
    }
    if (fate.partly) {
      disk_.SyncPartly(*inode_, false);
      // The system has told the error once, and takes what it holds for written.
      if (!disk_.stopped_) inode_->dirty.clear();
    }
    return *fate.failure;
  }

  [[nodiscard]] Result<std::uint64_t> Size() const override {
    if (auto fate = Begin(DiskCall::kOpen); fate.failure) return *fate.failure;
    return std::uint64_t{inode_->cache.size()};
  }

 private:
  [[nodiscard]] MemoryDisk::Fate Begin(DiskCall call) const {
    if (generation_ != disk_.generation_) {
      return {Status(Code::kInternal, path_ + ": its process has ended")};
    }
    return disk_.Begin(call, path_);
  }
  [[nodiscard]] Status NoRoom() const {
    return {Code::kResourceExhausted, "write " + path_ + ": no space left on device"};
  }
  void Resize(std::uint64_t bytes) {
    inode_->cache.resize(bytes);
    inode_->resized = true;
    std::erase_if(inode_->dirty,
                  [&](std::uint64_t sector) { return sector * kSectorBytes >= bytes; });
  }

  MemoryDisk& disk_;
  const std::uint64_t generation_;
  const std::string path_;
  const std::shared_ptr<MemoryDisk::Inode> inode_;
};

class MemoryLock final : public DiskLock {
 public:
  MemoryLock(MemoryDisk& disk, std::string path)
      : disk_(disk), generation_(disk.generation_), path_(std::move(path)) {}
  ~MemoryLock() override {
    if (generation_ == disk_.generation_) disk_.locks_.erase(path_);
  }
  MemoryLock(const MemoryLock&) = delete;
  MemoryLock& operator=(const MemoryLock&) = delete;

 private:
  MemoryDisk& disk_;
  const std::uint64_t generation_;
  const std::string path_;
};

MemoryDisk::MemoryDisk(std::uint64_t seed) : random_(Mix64(seed + 1)) {}
MemoryDisk::~MemoryDisk() = default;

std::uint64_t MemoryDisk::Random(std::uint64_t below) {
  random_ += 0x9e3779b97f4a7c15ULL;
  return below == 0 ? 0 : Mix64(random_) % below;
}

MemoryDisk::Fate MemoryDisk::Begin(DiskCall call, const std::string& path) {
  const std::string what = std::string(NameOfCall(call)) + " " + path;
  if (stopped_) return {Status(Code::kInternal, what + ": the machine has stopped")};
  if (hook_) hook_(call, path);
  if (ChangesDisk(call)) {
    ++changes_;
    if (writeback_) WriteBackSome();
    if (changes_ == crash_at_) {
      stopped_ = true;
      return {Status(Code::kInternal, what + ": the machine stops"), Random(4) != 0};
    }
  }
  for (auto failure = failures_.begin(); failure != failures_.end(); ++failure) {
    if (failure->call != call || (failure->in > 1 && --failure->in > 0)) continue;
    const Status status(failure->code, what + ": fails, as it was told to");
    if (!failure->for_ever) failures_.erase(failure);
    return {status, true};
  }
  return {};
}

void MemoryDisk::Fail(DiskCall call, std::uint64_t nth, Code code, bool for_ever) {
  failures_.push_back({call, nth, code, for_ever});
}

// ---- Content ----

std::uint64_t MemoryDisk::Used() const {
  std::uint64_t used = 0;
  for (const auto& [name, inode] : names_) used += inode->cache.size();
  return used;
}

// The size up to which a file may grow that is to have `size`.
std::uint64_t MemoryDisk::Room(const Inode& inode, std::uint64_t size) const {
  if (size <= inode.cache.size()) return size;
  const std::uint64_t used = Used();
  return inode.cache.size() + (used < capacity_ ? capacity_ - used : 0);
}

void MemoryDisk::Put(Inode& inode, std::uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  const std::uint64_t end = offset + bytes.size();
  if (end > inode.cache.size()) {
    inode.cache.resize(end);
    inode.resized = true;
  }
  std::memcpy(inode.cache.data() + offset, bytes.data(), bytes.size());
  for (std::uint64_t s = offset / kSectorBytes; s * kSectorBytes < end; ++s) inode.dirty.insert(s);
}

void MemoryDisk::FlushSector(Inode& inode, std::uint64_t sector) {
  const std::uint64_t begin = sector * kSectorBytes;
  if (begin >= inode.cache.size()) return;
  const std::uint64_t end = std::min<std::uint64_t>(begin + kSectorBytes, inode.cache.size());
  if (inode.disk.size() < end) inode.disk.resize(end);
  std::memcpy(inode.disk.data() + begin, inode.cache.data() + begin, end - begin);
}

void MemoryDisk::SyncFully(Inode& inode) {
  if (inode.resized) {
    inode.disk = inode.cache;
  } else {
    for (const std::uint64_t sector : inode.dirty) FlushSector(inode, sector);
  }
  inode.dirty.clear();
  inode.resized = false;
}

// What reaches the disk without a sync that succeeds: nothing, all, the first, or any.
void MemoryDisk::SyncPartly(Inode& inode, bool tear) {
  if (inode.resized && Random(2) == 0) inode.disk.resize(inode.cache.size());
  const std::uint64_t how = Random(4);
  std::uint64_t first = Random(inode.dirty.size() + 1);
  for (const std::uint64_t sector : inode.dirty) {
    const bool survives = how == 1 || (how == 2 && first > 0) || (how == 3 && Random(2) == 0);
    if (first > 0) --first;
    const std::uint64_t begin = sector * kSectorBytes;
    if (tear && how >= 2 && Random(2) == 0 && begin < inode.cache.size()) {
      // From here on the old bytes, or up to here.
      const std::uint64_t end = std::min<std::uint64_t>(begin + kSectorBytes, inode.cache.size());
      const std::uint64_t at = begin + Random(end - begin + 1);
      const auto [from, to] = Random(2) == 0 ? std::pair(begin, at) : std::pair(at, end);
      if (from == to) continue;
      if (inode.disk.size() < to) inode.disk.resize(to);
      std::memcpy(inode.disk.data() + from, inode.cache.data() + from, to - from);
    } else if (survives) {
      FlushSector(inode, sector);
    }
  }
}

void MemoryDisk::WriteBackSome() {
  for (auto& [name, inode] : names_) {
    if (inode->dirty.empty() || Random(4) != 0) continue;
    auto chosen = inode->dirty.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(Random(inode->dirty.size())));
    FlushSector(*inode, *chosen);
  }
}

// ---- Names ----

Result<std::unique_ptr<DiskFile>> MemoryDisk::Open(const std::string& path, OpenMode mode) {
  const bool create = mode == OpenMode::kCreate;
  const Fate fate = Begin(create ? DiskCall::kCreate : DiskCall::kOpen, path);
  const auto found = names_.find(path);
  if (create && found == names_.end() && fate.partly && stopped_) {
    Change({DirectoryOf(path), "", path, std::make_shared<Inode>()});
  }
  if (fate.failure) return *fate.failure;
  if (!create) {
    if (found == names_.end()) return Missing(path);
    return std::unique_ptr<DiskFile>(std::make_unique<MemoryFile>(*this, path, found->second));
  }
  if (found != names_.end()) return Status(Code::kAlreadyExists, path + ": is there already");
  auto inode = std::make_shared<Inode>();
  Change({DirectoryOf(path), "", path, inode});
  return std::unique_ptr<DiskFile>(std::make_unique<MemoryFile>(*this, path, inode));
}

void MemoryDisk::Apply(const DirectoryChange& change, Names& names) {
  if (!change.gone.empty()) names.erase(change.gone);
  if (!change.there.empty()) names[change.there] = change.inode;
}

void MemoryDisk::Change(DirectoryChange change) {
  Apply(change, names_);
  waiting_.push_back(std::move(change));
}

Status MemoryDisk::Rename(const std::string& from, const std::string& to) {
  const Fate fate = Begin(DiskCall::kRename, from);
  const auto found = names_.find(from);
  const bool exists = found != names_.end();
  // One that the machine stops in may have been done.
  if ((!fate.failure || (stopped_ && fate.partly)) && exists) {
    Change({DirectoryOf(to), from, to, found->second});
  }
  if (fate.failure) return *fate.failure;
  return exists ? Status::Ok() : Missing(from);
}

Status MemoryDisk::Remove(const std::string& path) {
  const Fate fate = Begin(DiskCall::kRemove, path);
  const bool exists = names_.contains(path);
  if ((!fate.failure || (stopped_ && fate.partly)) && exists) {
    Change({DirectoryOf(path), path, "", nullptr});
  }
  if (fate.failure) return *fate.failure;
  return exists ? Status::Ok() : Missing(path);
}

Status MemoryDisk::MakeDirectory(const std::string& path) {
  const Fate fate = Begin(DiskCall::kMakeDirectory, path);
  return fate.failure.value_or(Status::Ok());
}

Status MemoryDisk::SyncDirectory(const std::string& path) {
  const Fate fate = Begin(DiskCall::kSyncDirectory, path);
  // Changes of a directory reach the disk in their order.
  std::uint64_t count = 0;
  if (!fate.failure) count = waiting_.size();
  if (fate.failure && fate.partly) count = Random(waiting_.size() + 1);
  for (auto change = waiting_.begin(); change != waiting_.end() && count > 0; --count) {
    if (change->directory != path) {
      ++change;
      continue;
    }
    Apply(*change, durable_names_);
    change = waiting_.erase(change);
  }
  return fate.failure.value_or(Status::Ok());
}

Result<std::vector<std::string>> MemoryDisk::List(const std::string& directory) {
  if (auto fate = Begin(DiskCall::kList, directory); fate.failure) return *fate.failure;
  std::vector<std::string> names;
  for (const auto& [path, inode] : names_) {
    if (DirectoryOf(path) == directory) names.push_back(path.substr(directory.size() + 1));
  }
  return names;
}

Result<std::unique_ptr<DiskLock>> MemoryDisk::Lock(const std::string& path) {
  if (auto fate = Begin(DiskCall::kLock, path); fate.failure) return *fate.failure;
  if (!locks_.insert(path).second) {
    return Status(Code::kFailedPrecondition, path + " is held by process 1");
  }
  return std::unique_ptr<DiskLock>(std::make_unique<MemoryLock>(*this, path));
}

Result<std::uint64_t> MemoryDisk::FreeBytes(const std::string& directory) {
  if (auto fate = Begin(DiskCall::kFreeBytes, directory); fate.failure) return *fate.failure;
  const std::uint64_t used = Used();
  return used < capacity_ ? capacity_ - used : 0;
}

// ---- Crashes, and a look from outside ----

void MemoryDisk::Restart(Crash how) {
  ++generation_;
  stopped_ = false;
  crash_at_ = 0;
  locks_.clear();
  failures_.clear();
  if (how == Crash::kProcess) return;
  const std::uint64_t kept = Random(waiting_.size() + 1);
  for (std::uint64_t i = 0; i < kept; ++i) Apply(waiting_[i], durable_names_);
  waiting_.clear();
  names_ = durable_names_;
  for (auto& [name, inode] : names_) {
    SyncPartly(*inode, how == Crash::kPowerBytes);
    inode->cache = inode->disk;
    inode->dirty.clear();
    inode->resized = false;
  }
}

std::string MemoryDisk::Content(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? std::string() : found->second->cache;
}

void MemoryDisk::SetContent(const std::string& path, std::string content) {
  auto inode = std::make_shared<Inode>();
  inode->cache = inode->disk = std::move(content);
  std::erase_if(waiting_, [&](const DirectoryChange& change) {
    return change.gone == path || change.there == path;
  });
  names_[path] = durable_names_[path] = inode;
}

std::vector<std::string> MemoryDisk::Paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, inode] : names_) paths.push_back(path);
  return paths;
}

}  // namespace routerd::journal
