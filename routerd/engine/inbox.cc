#include "routerd/engine/inbox.h"

#include <chrono>
#include <limits>
#include <utility>

namespace routerd::engine {

Inbox::Pushed Inbox::Push(Envelope& envelope) { return Push(envelope, capacity_); }

Inbox::Pushed Inbox::PushAlways(Envelope& envelope) {
  return Push(envelope, std::numeric_limits<std::size_t>::max());
}

Inbox::Pushed Inbox::Push(Envelope& envelope, std::size_t capacity) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Pushed::kClosed;
    if (pending_ >= capacity) return Pushed::kFull;
    first = waiting_.envelopes.empty();
    ++pending_;
    waiting_.envelopes.push_back(std::move(envelope));
  }
  if (first) condition_.notify_one();
  return Pushed::kTaken;
}

bool Inbox::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    waiting_.tasks.push_back(std::move(task));
  }
  condition_.notify_one();
  return true;
}

void Inbox::Wait(std::optional<SpanMs> timeout_ms, Taken& taken) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] {
    return woken_ || !waiting_.envelopes.empty() || !waiting_.tasks.empty();
  };
  if (timeout_ms) {
    condition_.wait_for(lock, std::chrono::milliseconds(*timeout_ms), ready);
  } else {
    condition_.wait(lock, ready);
  }
  woken_ = false;
  taken.envelopes.swap(waiting_.envelopes);
  taken.tasks.swap(waiting_.tasks);
}

void Inbox::Done(std::size_t n) {
  const std::lock_guard lock(mutex_);
  pending_ -= n;
}

void Inbox::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  condition_.notify_one();
}

void Inbox::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

std::size_t Inbox::depth() const {
  const std::lock_guard lock(mutex_);
  return pending_;
}

}  // namespace routerd::engine
