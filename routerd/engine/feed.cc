#include "routerd/engine/feed.h"

#include <utility>

namespace routerd::engine {

void Feed::Push(std::shared_ptr<const EventBatch> batch) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = batches_.empty();
    if (batches_.size() >= capacity_) {
      batches_.clear();
      lost_ = true;
    }
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
