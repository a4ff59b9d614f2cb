// The bounded buffer between the writer and one projection (reads, Redis, metrics).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "routerd/engine/event.h"

namespace routerd::engine {

// The whole state, as of `at`: what a projection starts from, or starts again from.
struct Snapshot {
  Position at;
  TimeMs unix_ms = 0;
  TimeMs boot_ms = 0;         // batch time of the snapshot
  SpanMs wall_offset_ms = 0;  // as in EventBatch
  std::uint64_t policy_version = 0;
  std::vector<QueueView> queues;
  std::vector<std::shared_ptr<const AgentView>> agents;
  std::vector<ContactView> contacts;  // that have not ended
};

// Thread-safe. The writer pushes and never waits.
class Feed {
 public:
  explicit Feed(std::size_t capacity) : capacity_(capacity) {}

  // Writer. Over `capacity` batches, or limits::kFeedEvents events, everything is dropped, and
  // `lost` is told once: the reader goes on from history, or from a snapshot if he comes so late
  // that history no longer reaches back to him.
  void Push(std::shared_ptr<const EventBatch> batch);

  struct Drained {
    std::vector<std::shared_ptr<const EventBatch>> batches;
    bool lost = false;  // batches were dropped before these
  };
  [[nodiscard]] Drained Drain();
  // Called on the writer's thread, outside the lock, after something came into an empty feed.
  void SetWaker(std::function<void()> waker);
  [[nodiscard]] std::size_t depth() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const EventBatch>> batches_;
  std::size_t events_ = 0;  // in batches_
  bool lost_ = false;
  std::mutex waker_mutex_;
  std::function<void()> waker_;
};

}  // namespace routerd::engine
