// Numbers the starts of a router: each epoch is greater than every one before.
#pragma once

#include <cstdint>

#include "routerd/base/status.h"

namespace routerd::journal {

class EpochStore {
 public:
  virtual ~EpochStore() = default;
  // The next epoch, durable before it is returned. kInternal: it could not be made durable, or what
  // was stored cannot be read; a start without a sure epoch must not happen.
  virtual Result<std::uint32_t> Next() = 0;
};

// Counts for as long as it lives. For tests and simulation.
class MemoryEpochStore final : public EpochStore {
 public:
  explicit MemoryEpochStore(std::uint32_t last = 0) : last_(last) {}
  Result<std::uint32_t> Next() override { return ++last_; }

 private:
  std::uint32_t last_;
};

}  // namespace routerd::journal
