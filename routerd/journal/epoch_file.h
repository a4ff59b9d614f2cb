// The epoch in a small file of the state directory, so that it grows over restarts.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "routerd/base/status.h"
#include "routerd/journal/epoch_store.h"

namespace routerd::journal {

// The file holds one line, `routerd-epoch 1 N` (1 = the format's version), and is replaced whole.
// No file yet: the first epoch is 1. The directory must exist.
class EpochFile final : public EpochStore {
 public:
  explicit EpochFile(std::string path) : path_(std::move(path)) {}
  Result<std::uint32_t> Next() override;

 private:
  std::string path_;
};

}  // namespace routerd::journal
