#include "routerd/publish/watcher.h"

#include <utility>

namespace routerd::publish {

void Watcher::Notify(std::shared_ptr<const Changes> changes) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = !merged_.domain;
    merged_.domain = true;
    pending_ids_ += changes->queues.size() + changes->agents.size() + 1;
    pending_.push_back(std::move(changes));
    if (pending_ids_ > kWatchedIds) Merge();
  }
  if (!wake) return;
  const std::lock_guard lock(waker_mutex_);
  if (waker_) waker_();
}

void Watcher::Merge() {
  for (const auto& changes : pending_) {
    merged_.all = merged_.all || changes->all;
    merged_.queues.insert(changes->queues.begin(), changes->queues.end());
    merged_.agents.insert(changes->agents.begin(), changes->agents.end());
  }
  pending_.clear();
  pending_ids_ = 0;
  if (merged_.queues.size() + merged_.agents.size() > kWatchedIds) merged_.all = true;
  if (merged_.all) {
    merged_.queues.clear();
    merged_.agents.clear();
  }
}

Watcher::Taken Watcher::Take() {
  const std::lock_guard lock(mutex_);
  Merge();
  return std::exchange(merged_, {});
}

void Watcher::Stop() {
  const std::lock_guard lock(waker_mutex_);
  waker_ = nullptr;
}

}  // namespace routerd::publish
