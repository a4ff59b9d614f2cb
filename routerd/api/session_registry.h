// The sessions of one kind by id, those included whose connection is away.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "routerd/api/session.h"

namespace routerd::api {

// Thread-safe. Bounded: the engine opens at most limits::kMaxSessions, and each entry goes when its
// grace is over.
template <typename Kind>
class SessionRegistry {
 public:
  using SessionPtr = std::shared_ptr<Session<Kind>>;

  // Null when there is none, or another client's.
  [[nodiscard]] SessionPtr Find(const std::string& id, const std::string& client) const {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || found->second->client() != client) return nullptr;
    return found->second;
  }
  void Add(const SessionPtr& session) {
    const std::lock_guard lock(mutex_);
    sessions_[session->id()] = session;
  }
  void Remove(const SessionPtr& session) {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(session->id());
    if (found != sessions_.end() && found->second == session) sessions_.erase(found);
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, SessionPtr> sessions_;
};

}  // namespace routerd::api
