#include "routerd/engine/feed.h"

#include <utility>

#include "routerd/base/limits.h"

namespace routerd::engine {

void Feed::Push(std::shared_ptr<const EventBatch> batch) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = batches_.empty();
    const std::size_t events = batch->events.size();
    if (!batches_.empty() &&
        (batches_.size() >= capacity_ || events_ + events > limits::kFeedEvents)) {
      batches_.clear();
      events_ = 0;
      lost_ = true;
    }
    events_ += events;
    batches_.push_back(std::move(batch));
  }
  if (!wake) return;
  const std::lock_guard lock(waker_mutex_);
  if (waker_) waker_();
}

Feed::Drained Feed::Drain() {
  const std::lock_guard lock(mutex_);
  Drained drained;
  drained.batches.swap(batches_);
  events_ = 0;
  drained.lost = std::exchange(lost_, false);
  return drained;
}

void Feed::SetWaker(std::function<void()> waker) {
  const std::lock_guard lock(waker_mutex_);
  waker_ = std::move(waker);
}

std::size_t Feed::depth() const {
  const std::lock_guard lock(mutex_);
  return batches_.size();
}

}  // namespace routerd::engine
