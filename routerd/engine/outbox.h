// The bounded buffer between the writer and one session's stream.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "routerd/engine/event.h"

namespace routerd::engine {

// One thing to tell a session.
struct OutboxItem {
  std::shared_ptr<const Event> event;
  // kOfferMade and kContactConfirmed, to the contact's gateway: where the agent is to be reached on
  // the contact's channel.
  std::string endpoint;
};

// Thread-safe. The writer pushes and never waits; the session's stream drains.
class Outbox {
 public:
  explicit Outbox(std::size_t capacity) : capacity_(capacity) {}

  // Writer. Over capacity everything is dropped and the outbox is `overflowed` for good: the
  // session must be resynced. A closed outbox drops silently.
  void Push(OutboxItem item);
  // Writer: another connection has taken over the session, or its owner is shut out.
  void Close(std::string reason);

  struct Drained {
    std::vector<OutboxItem> items;
    bool overflowed = false;
    bool closed = false;
    std::string close_reason;
  };
  // Writer: whether something was lost here, so that the session cannot be resumed.
  [[nodiscard]] bool overflowed() const;
  // Stream: takes all there is.
  [[nodiscard]] Drained Drain();
  // Stream: called (on the writer's thread, outside the lock) after something came into an empty
  // outbox, when it closes and when it overflows. Replaced by an empty function to stop it.
  void SetWaker(std::function<void()> waker);

 private:
  void Wake();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::vector<OutboxItem> items_;
  bool overflowed_ = false;
  bool closed_ = false;
  std::string close_reason_;
  std::mutex waker_mutex_;
  std::function<void()> waker_;
};

}  // namespace routerd::engine
