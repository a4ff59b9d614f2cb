#include "routerd/api/link.h"

#include <chrono>
#include <utility>

namespace routerd::api {

bool StreamSet::Add(const std::shared_ptr<Endable>& stream) {
  const std::lock_guard lock(mutex_);
  if (ended_ || streams_.size() >= limit_) return false;
  streams_.insert(stream);
  return true;
}

void StreamSet::Remove(const std::shared_ptr<Endable>& stream) {
  const std::lock_guard lock(mutex_);
  streams_.erase(stream);
  if (streams_.empty()) empty_.notify_all();
}

std::set<std::shared_ptr<Endable>> StreamSet::Close() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  return streams_;
}

void StreamSet::EndWhenTold(const engine::Answer& why, SpanMs at_most_ms) {
  for (const auto& stream : Close()) stream->EndWhenTold(why);
  std::unique_lock lock(mutex_);
  empty_.wait_for(lock, std::chrono::milliseconds(at_most_ms), [this] { return streams_.empty(); });
}

void StreamSet::EndAll(const engine::Answer& why) {
  for (const auto& stream : Close()) stream->End(why);
}

bool StreamSet::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

std::size_t StreamSet::size() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

}  // namespace routerd::api
