#include "routerd/engine/outbox.h"

#include <utility>

namespace routerd::engine {

void Outbox::Push(OutboxItem item) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || overflowed_) return;
    if (items_.size() >= capacity_) {
      overflowed_ = true;
      items_.clear();
      wake = true;
    } else {
      wake = items_.empty();
      items_.push_back(std::move(item));
    }
  }
  if (wake) Wake();
}

void Outbox::Close(std::string reason) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    close_reason_ = std::move(reason);
  }
  Wake();
}

bool Outbox::overflowed() const {
  const std::lock_guard lock(mutex_);
  return overflowed_;
}

Outbox::Drained Outbox::Drain() {
  const std::lock_guard lock(mutex_);
  Drained drained;
  drained.items.swap(items_);
  drained.overflowed = overflowed_;
  drained.closed = closed_;
  drained.close_reason = close_reason_;
  return drained;
}

void Outbox::SetWaker(std::function<void()> waker) {
  const std::lock_guard lock(waker_mutex_);
  waker_ = std::move(waker);
}

void Outbox::Wake() {
  const std::lock_guard lock(waker_mutex_);
  if (waker_) waker_();
}

}  // namespace routerd::engine
