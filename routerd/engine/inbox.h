// The one bounded way in: everything that may change state goes through it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/engine/command.h"

namespace routerd::engine {

// Many threads push, the writer's thread takes. Commands that the writer has taken and not yet run
// count against the capacity.
class Inbox {
 public:
  explicit Inbox(std::size_t capacity) : capacity_(capacity) {}

  // Whether it was taken; if not the envelope is as it was.
  enum class Pushed : std::uint8_t { kTaken, kFull, kClosed };
  Pushed Push(Envelope& envelope);
  // Also beyond the capacity: for what is bounded elsewhere and must not be lost.
  Pushed PushAlways(Envelope& envelope);
  // Runs on the writer's thread before the next commands; not bounded, for the engine's neighbours
  // only. False: closed.
  bool Post(std::function<void()> task);

  struct Taken {
    std::vector<Envelope> envelopes;
    std::vector<std::function<void()>> tasks;
  };
  // Writer: waits until there is something, until `timeout_ms` has passed, or until Wake; absent:
  // for as long as it takes. Swaps what there is into `taken`, which must be empty.
  void Wait(std::optional<SpanMs> timeout_ms, Taken& taken);
  // Writer: `n` of the commands taken have been run.
  void Done(std::size_t n);
  void Wake();
  // Nothing is pushed any more; what is in stays to be taken.
  void Close();

  [[nodiscard]] std::size_t depth() const;
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  Pushed Push(Envelope& envelope, std::size_t capacity);

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable condition_;
  Taken waiting_;
  std::size_t pending_ = 0;
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace routerd::engine
