// States to begin a replay from: files beside the segments, each whole or not there.
//
// The body is the owner's; it is written and read piece by piece, so that it is in memory once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/journal/disk.h"

namespace routerd::journal {

struct SnapshotInfo {
  std::string path;
  Position at;                   // the last record that is in it
  std::uint64_t state_hash = 0;  // for its owner to check what he makes of the body
  std::uint64_t body_bytes = 0;
  std::uint32_t chunks = 0;
};

class SnapshotWriter {
 public:
  // Without Commit nothing is left.
  ~SnapshotWriter();
  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;

  // Appends to the body. kResourceExhausted: no space; others: the disk's.
  Status Write(std::string_view bytes);
  // Once; fails when a Write has. After success it is durable, under its name.
  Status Commit(std::uint64_t state_hash);

 private:
  friend class SnapshotStore;
  SnapshotWriter(Disk& disk, std::unique_ptr<DiskFile> file, SnapshotInfo info, std::string domain);
  Status WriteChunk(std::string_view bytes);
  [[nodiscard]] std::string temporary() const;

  Disk& disk_;
  std::unique_ptr<DiskFile> file_;
  SnapshotInfo info_;
  const std::string domain_;
  std::string chunk_;
  std::uint64_t end_;
  bool committed_ = false;
  Status status_;  // of the first Write that failed
};

class SnapshotReader {
 public:
  [[nodiscard]] const SnapshotInfo& info() const { return info_; }
  // The next piece of the body, at most kSnapshotChunkBytes; empty: that was all. A view is good
  // until the next call. kInternal: damaged; who has used what came before must let it go.
  Result<std::string_view> Next();
  // To the beginning again.
  void Rewind();

 private:
  friend class SnapshotStore;
  SnapshotReader(std::unique_ptr<DiskFile> file, SnapshotInfo info);

  std::unique_ptr<DiskFile> file_;
  SnapshotInfo info_;
  std::uint64_t next_;
  std::uint32_t index_ = 0;
  std::string chunk_;
};

// On any one thread at a time; the directory is the journal's, and must be there.
class SnapshotStore {
 public:
  SnapshotStore(Disk& disk, std::string directory, std::string domain)
      : disk_(disk), directory_(std::move(directory)), domain_(std::move(domain)) {}

  // `at` is durable in the journal (Journal::Sync): a snapshot must not know more than that.
  Result<std::unique_ptr<SnapshotWriter>> Begin(Position at);

  struct Loaded {
    std::unique_ptr<SnapshotReader> reader;  // null: there is none
    std::vector<std::string> skipped;        // newer ones and what is wrong with them, for people
  };
  // The newest one, of records up to `upto`, whose every byte matches its checksum.
  Result<Loaded> LoadNewest(std::uint64_t upto = std::numeric_limits<std::uint64_t>::max());

  struct Listed {
    std::vector<SnapshotInfo> snapshots;  // by age, the oldest first; bodies are not looked at
    std::vector<std::string> invalid;     // what is wrong with others
  };
  Result<Listed> List();
  // The newest `count` whose every byte is right stay, at least one, and what is newer; older ones
  // go, and what crashes have left. Reads those that stay.
  Status Keep(std::size_t count);
  // The first piece of the body of that record's; the rest is not looked at.
  Result<std::string> ReadBeginning(std::uint64_t sequence);
  // The one of this record goes; kFailedPrecondition: it is the newest.
  Status Remove(std::uint64_t sequence);
  // What crashes have left unfinished goes.
  Status RemoveLeftovers();
  // How far segments may be trimmed so that every snapshot that can be read can still be gone on
  // from; at most `upto`. Without a snapshot: 0, nothing may go.
  Result<std::uint64_t> MayTrim(std::uint64_t upto);

 private:
  Result<std::unique_ptr<SnapshotReader>> Open(const std::string& path, std::uint64_t sequence);
  Result<std::unique_ptr<SnapshotReader>> OpenSound(std::uint64_t sequence);
  Result<std::vector<std::uint64_t>> Sequences();
  [[nodiscard]] std::string PathOf(std::uint64_t sequence) const;

  Disk& disk_;
  const std::string directory_;
  const std::string domain_;
};

}  // namespace routerd::journal
