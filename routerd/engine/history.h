// The latest released events, for readers who follow them from a position on.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

#include "routerd/base/ids.h"
#include "routerd/engine/event.h"
#include "routerd/engine/service.h"

namespace routerd::engine {

// Thread-safe: the writer adds, anybody reads.
class History {
 public:
  // `start`: the last position before this history.
  History(std::size_t max_events, Position start)
      : max_events_(max_events), dropped_(start), last_(start) {}

  // `first`: the batch's first record.
  void Add(Position first, std::shared_ptr<const EventBatch> batch);
  // As Service::ReadEvents says. A position beyond what was released is not of this history.
  [[nodiscard]] EventPage Read(Position from, std::size_t max_batches) const;

 private:
  struct Kept {
    Position first;
    std::shared_ptr<const EventBatch> batch;
  };
  const std::size_t max_events_;
  mutable std::mutex mutex_;
  std::deque<Kept> batches_;
  std::size_t events_ = 0;
  Position dropped_;  // last record that is not held any more
  Position last_;     // last record released
};

}  // namespace routerd::engine
