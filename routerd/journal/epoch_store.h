// Numbers the starts of a router: each epoch is greater than every one before.
#pragma once

#include <algorithm>
#include <cstdint>

#include "routerd/base/status.h"

namespace routerd::journal {

class EpochStore {
 public:
  virtual ~EpochStore() = default;
  // The next epoch, greater than `above` too, durable before it is returned. Any error: it could
  // not be made durable, or what was stored cannot be read; a start without a sure epoch must not
  // happen.
  virtual Result<std::uint32_t> Next(std::uint32_t above) = 0;
};

// Counts for as long as it lives. For tests and simulation.
class MemoryEpochStore final : public EpochStore {
 public:
  explicit MemoryEpochStore(std::uint32_t last = 0) : last_(last) {}
  Result<std::uint32_t> Next(std::uint32_t above) override {
    return last_ = std::max(last_, above) + 1;
  }

 private:
  std::uint32_t last_;
};

}  // namespace routerd::journal
