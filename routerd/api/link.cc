#include "routerd/api/link.h"

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
}

void StreamSet::EndAll(const engine::Answer& why) {
  std::set<std::shared_ptr<Endable>> streams;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    streams = streams_;
  }
  for (const auto& stream : streams) stream->End(why);
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
