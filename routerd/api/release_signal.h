// Tells readers of events that the engine has released more, and the runtime how far.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "routerd/api/runtime.h"

namespace routerd::api {

// Thread-safe. On the writer's thread a release costs a lock and, if somebody waits, one task.
class ReleaseSignal {
 public:
  explicit ReleaseSignal(Runtime& runtime);
  ~ReleaseSignal();
  ReleaseSignal(const ReleaseSignal&) = delete;
  ReleaseSignal& operator=(const ReleaseSignal&) = delete;

  // How many releases there have been; to be asked before looking at the events.
  [[nodiscard]] std::uint64_t count() const;
  // Runs `task` on the executor once, after the first release beyond `seen`; maybe that has been.
  void After(std::uint64_t seen, std::function<void()> task);

 private:
  void Released();

  Runtime& runtime_;
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::vector<std::function<void()>> tasks_;
  std::uint64_t token_ = 0;
};

}  // namespace routerd::api
