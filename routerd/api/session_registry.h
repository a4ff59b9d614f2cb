// The sessions of one kind, those included whose connection is away.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "routerd/api/session.h"

namespace routerd::api {

// Thread-safe. A client has one: the next takes the place of the one before, which the engine has
// ended. Bounded as the engine's are: one whose connection is away goes when its grace is over.
template <typename Kind>
class SessionRegistry {
 public:
  using SessionPtr = std::shared_ptr<Session<Kind>>;

  // Null when the client has another one, or none.
  [[nodiscard]] SessionPtr Find(const std::string& id, const std::string& client) const {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(client);
    return found != sessions_.end() && found->second->id() == id ? found->second : nullptr;
  }
  // Of two that were opened at the same time the engine's later one is the client's, whichever
  // comes here first.
  void Add(SessionPtr session) {
    const std::lock_guard lock(mutex_);
    SessionPtr& place = sessions_[session->client()];
    if (!place || place->opened_at() <= session->opened_at()) place.swap(session);
  }
  void Remove(const SessionPtr& session) {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(session->client());
    if (found != sessions_.end() && found->second == session) sessions_.erase(found);
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, SessionPtr> sessions_;  // by client
};

}  // namespace routerd::api
