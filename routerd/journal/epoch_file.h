// The epoch in a small file of the state directory, so that it grows over restarts.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "routerd/base/status.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/posix_disk.h"

namespace routerd::journal {

// The file holds one line, `routerd-epoch 1 N` (1 = the format's version), and is replaced whole.
// No file yet: the first epoch is 1. The directory must exist.
class EpochFile final : public EpochStore {
 public:
  explicit EpochFile(std::string path) : disk_(machine_), path_(std::move(path)) {}
  EpochFile(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  EpochFile(const EpochFile&) = delete;
  EpochFile& operator=(const EpochFile&) = delete;
  Result<std::uint32_t> Next(std::uint32_t above) override;

 private:
  PosixDisk machine_;
  Disk& disk_;
  const std::string path_;
};

}  // namespace routerd::journal
