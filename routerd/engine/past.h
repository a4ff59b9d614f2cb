// Events that are no longer in memory: made again from a snapshot and the journal, on a thread of
// its own, for readers who ask that far back.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/base/status.h"
#include "routerd/engine/recovery.h"
#include "routerd/engine/replayer.h"
#include "routerd/engine/service.h"
#include "routerd/journal/batch.h"

namespace routerd::engine {

// All functions but `first_kept` are called on its thread.
struct PastOptions {
  // The newest snapshot of records up to `upto`; nothing: the journal's first record.
  std::function<Result<std::optional<StartSnapshot>>(std::uint64_t upto)> load;
  // The batch after record `after`; false: there is none.
  std::function<Result<bool>(std::uint64_t after, journal::Batch& batch)> next;
  // The oldest record from which on events can be made: any thread, quick.
  std::function<std::uint64_t()> first_kept;
  // Something that was asked for is there: ask again.
  std::function<void()> on_ready;
  // What was asked for cannot be made.
  std::function<void(const Status& why)> on_failure;
};

class Past {
 public:
  Past(const Clock& clock, PastOptions options);
  ~Past();
  Past(const Past&) = delete;
  Past& operator=(const Past&) = delete;

  // Any thread, never waits. As Service::ReadEvents; an empty page within the range: it is made,
  // and `on_ready` will be called.
  [[nodiscard]] EventPage Read(Position from, std::size_t max_batches);

 private:
  using Batches = std::vector<std::shared_ptr<const EventBatch>>;
  struct Window {
    std::uint64_t after = 0;  // the record before its first
    std::uint64_t upto = 0;
    Batches batches;
  };

  void Run();
  void Make(std::uint64_t after);
  Result<Window> Replay(std::uint64_t after);
  Status GoTo(std::uint64_t after);
  void Rest();

  const Clock& clock_;
  const PastOptions options_;

  std::mutex mutex_;
  std::condition_variable condition_;
  bool stop_ = false;
  std::deque<std::uint64_t> wanted_;  // records after which events are asked for
  std::list<Window> windows_;         // used latest first
  std::optional<std::uint64_t> failed_;
  // The thread's.
  std::unique_ptr<Replayer> replayer_;
  std::thread thread_;
};

}  // namespace routerd::engine
