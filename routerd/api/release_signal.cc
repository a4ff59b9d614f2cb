#include "routerd/api/release_signal.h"

#include <utility>

namespace routerd::api {

ReleaseSignal::ReleaseSignal(Runtime& runtime) : runtime_(runtime) {
  token_ = runtime_.service.AddReleaseWaker([this] { Released(); });
}

ReleaseSignal::~ReleaseSignal() { runtime_.service.RemoveReleaseWaker(token_); }

std::uint64_t ReleaseSignal::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void ReleaseSignal::After(std::uint64_t seen, std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (count_ == seen) {
      tasks_.push_back(std::move(task));
      return;
    }
  }
  runtime_.executor.Post(std::move(task));
}

void ReleaseSignal::Released() {
  runtime_.released = runtime_.service.figures().head.sequence;
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    ++count_;
    tasks.swap(tasks_);
  }
  if (tasks.empty()) return;
  runtime_.executor.Post([tasks = std::move(tasks)] {
    for (const auto& task : tasks) task();
  });
}

}  // namespace routerd::api
