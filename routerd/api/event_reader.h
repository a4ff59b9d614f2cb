// Walks through the engine's history of events and cuts it into messages. No gRPC here.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "routerd/engine/service.h"
#include "routerd/v1/events.pb.h"

namespace routerd::api {

// Not thread-safe. Sequences alone are compared: they go on counting over epochs. Holds a few
// batches of history at a time, never more.
class EventReader {
 public:
  explicit EventReader(const engine::Service& service) : service_(service) {}

  // Where to begin. None: from now on. kOutOfRange: not held, or not of this history; `first_kept`.
  engine::Answer Begin(const std::optional<Position>& after);
  // The next events, whole records only; null when there are none. After a gap in history one `gap`
  // event comes first.
  std::shared_ptr<v1::StreamEventsResponse> Next();
  [[nodiscard]] const Position& position() const { return position_; }

 private:
  bool Fetch(v1::StreamEventsResponse* to);
  bool TakeRecord(v1::StreamEventsResponse* to, std::size_t* bytes);

  const engine::Service& service_;
  Position position_;  // everything up to here has been told
  std::deque<std::shared_ptr<const engine::EventBatch>> batches_;
  std::size_t next_ = 0;  // event of the first batch
};

}  // namespace routerd::api
