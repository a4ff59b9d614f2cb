// What has changed since somebody last looked: the buffer between the projection and one reader.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "routerd/publish/board.h"

namespace routerd::publish {

// Ids a watcher holds at most; beyond them it is told to look at everything.
inline constexpr std::size_t kWatchedIds = 65'536;

// Thread-safe. The projection notifies and never waits; the reader takes when it has time, and gets
// each id once however often it changed. A reader who does not come costs memory up to the bound
// and nobody else anything.
class Watcher {
 public:
  // `waker` is called on the projection's thread when something came into an empty watcher. It must
  // be quick and must not call the watcher.
  explicit Watcher(std::function<void()> waker) : waker_(std::move(waker)) {}

  void Notify(std::shared_ptr<const Changes> changes);

  struct Taken {
    std::set<std::string> queues;
    std::set<std::string> agents;
    bool domain = false;  // anything at all happened; the position moved
    bool all = false;     // more than is told here: look at everything
  };
  [[nodiscard]] Taken Take();
  // After it has returned the waker is not called again.
  void Stop();

 private:
  void Merge();

  std::mutex mutex_;
  // Batches as they came, shared with the other watchers; merged when they grow or are taken.
  std::vector<std::shared_ptr<const Changes>> pending_;
  std::size_t pending_ids_ = 0;
  Taken merged_;
  std::mutex waker_mutex_;
  std::function<void()> waker_;
};

}  // namespace routerd::publish
