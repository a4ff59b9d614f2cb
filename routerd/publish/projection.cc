#include "routerd/publish/projection.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"

namespace routerd::publish {

namespace {
constexpr std::size_t kCatchUpBatches = 64;  // read from history at a time
}  // namespace

std::shared_ptr<Projection> Projection::Create(engine::Service& service, Post post) {
  return std::shared_ptr<Projection>(new Projection(service, std::move(post)));
}

Projection::Projection(engine::Service& service, Post post)
    : service_(service),
      post_(std::move(post)),
      feed_(std::make_shared<engine::Feed>(limits::kFeedBatches)),
      board_([&service]() -> std::shared_ptr<const model::Model> {
        const auto policy = service.policy();
        return policy ? policy->model : nullptr;
      }) {}

// A member to be run on the loop, if the projection is still there by then.
std::function<void()> Projection::Bound(void (Projection::*step)()) {
  return [weak = weak_from_this(), step] {
    if (const auto self = weak.lock()) (self.get()->*step)();
  };
}

void Projection::Start(std::function<void()> ready) {
  on_ready_ = std::move(ready);
  catching_up_ = true;
  feed_->SetWaker([post = post_, wake = Bound(&Projection::Wake)] { post(wake); });
  service_.AddFeed(feed_, SnapshotTaker());
}

void Projection::Stop() {
  stopped_ = true;
  feed_->SetWaker(nullptr);
  backlog_.clear();
}

void Projection::Wake() {
  if (step_posted_ || stopped_) return;
  step_posted_ = true;
  Step();
}

// Applies what there is, up to kMaxStepEvents, and lets the loop turn before it goes on.
void Projection::Step() {
  step_posted_ = false;
  if (stopped_ || catching_up_) return;
  std::size_t events = 0;
  while (events < kMaxStepEvents) {
    if (backlog_.empty()) {
      engine::Feed::Drained drained = feed_->Drain();
      backlog_.assign(drained.batches.begin(), drained.batches.end());
      if (drained.lost) {
        {
          const std::lock_guard lock(mutex_);
          ++figures_.catch_ups;
        }
        catching_up_ = true;
        CatchUp();
        return;
      }
      if (backlog_.empty()) return;
    }
    const auto batch = std::move(backlog_.front());
    backlog_.pop_front();
    if (batch->last <= position()) continue;  // read from history or snapshot already
    ApplyBatch(*batch);
    events += batch->events.size() + 1;
  }
  step_posted_ = true;
  post_(Bound(&Projection::Step));
}

// The feed has dropped batches: history has them still, unless it is even shorter than that.
void Projection::CatchUp() {
  if (stopped_) return;
  const engine::EventPage page = service_.ReadEvents(position(), kCatchUpBatches);
  if (page.out_of_range || page.pending) {
    Resync();
    return;
  }
  for (const auto& batch : page.batches) ApplyBatch(*batch);
  if (page.batches.empty()) {
    catching_up_ = false;
    step_posted_ = true;
    post_(Bound(&Projection::Step));
    return;
  }
  post_(Bound(&Projection::CatchUp));
}

void Projection::Resync() {
  {
    const std::lock_guard lock(mutex_);
    ++figures_.resyncs;
  }
  service_.TakeSnapshot(SnapshotTaker());
}

// Brings a snapshot to the loop, if the projection is still there by then.
std::function<void(std::shared_ptr<const engine::Snapshot>)> Projection::SnapshotTaker() {
  return [weak = weak_from_this(), post = post_](std::shared_ptr<const engine::Snapshot> snapshot) {
    post([weak, snapshot = std::move(snapshot)] {
      if (const auto self = weak.lock()) self->OnSnapshot(snapshot);
    });
  };
}

void Projection::OnSnapshot(const std::shared_ptr<const engine::Snapshot>& snapshot) {
  if (snapshot != nullptr) {
    Reset(*snapshot);
  } else if (!stopped_) {
    spdlog::warn("projection: the engine ended before it could be caught up with");
    Stop();
  }
}

void Projection::Reset(const engine::Snapshot& snapshot) {
  if (stopped_) return;
  Changes changes;
  {
    const std::lock_guard lock(mutex_);
    board_.Reset(snapshot);
    changes = board_.TakeChanges();
    ready_ = true;
  }
  catching_up_ = false;
  Notify(std::move(changes));
  if (const auto ready = std::exchange(on_ready_, nullptr)) ready();
  Wake();
}

void Projection::ApplyBatch(const engine::EventBatch& batch) {
  Changes changes;
  std::vector<SpanMs> waits;
  {
    const std::lock_guard lock(mutex_);
    board_.Apply(batch);
    changes = board_.TakeChanges();
    waits = board_.TakeFirstOfferWaits();
    ++figures_.batches;
  }
  if (observer_) observer_(batch, waits);
  Notify(std::move(changes));
}

void Projection::Notify(Changes changes) {
  std::vector<std::shared_ptr<Watcher>> told;
  {
    const std::lock_guard lock(watchers_mutex_);
    std::erase_if(watchers_, [&](const std::weak_ptr<Watcher>& weak) {
      auto watcher = weak.lock();
      if (!watcher) return true;
      told.push_back(std::move(watcher));
      return false;
    });
  }
  const auto shared = std::make_shared<const Changes>(std::move(changes));
  for (const auto& watcher : told) watcher->Notify(shared);
}

std::shared_ptr<Watcher> Projection::Watch(std::function<void()> waker) {
  const std::lock_guard lock(watchers_mutex_);
  std::erase_if(watchers_, [](const auto& weak) { return weak.expired(); });
  if (watchers_.size() >= kMaxWatchers) return nullptr;
  auto watcher = std::make_shared<Watcher>(std::move(waker));
  watchers_.push_back(watcher);
  return watcher;
}

}  // namespace routerd::publish
