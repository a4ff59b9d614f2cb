#include "routerd/engine/history.h"

#include <algorithm>
#include <utility>

namespace routerd::engine {
namespace {

// Epoch 0 = not known: sequences alone are compared.
bool Before(Position a, Position b) {
  if (a.epoch == 0 || b.epoch == 0) return a.sequence < b.sequence;
  return a < b;
}

// What a batch takes of the room for events.
std::size_t Weight(const EventBatch& batch) { return batch.events.size() + batch.hours.size(); }

}  // namespace

void History::Add(Position first, std::shared_ptr<const EventBatch> batch) {
  const std::lock_guard lock(mutex_);
  last_ = batch->last;
  if (Weight(*batch) == 0) return;
  events_ += Weight(*batch);
  batches_.push_back({first, std::move(batch)});
  while (events_ > max_events_ && batches_.size() > 1) {
    events_ -= Weight(*batches_.front().batch);
    dropped_ = batches_.front().batch->last;
    batches_.pop_front();
  }
}

EventPage History::Read(Position from, std::size_t max_batches) const {
  const std::lock_guard lock(mutex_);
  EventPage page;
  page.first_kept = batches_.empty() ? last_ : batches_.front().first;
  const bool from_the_oldest = from == Position{};
  page.out_of_range = !from_the_oldest && (Before(from, dropped_) || Before(last_, from));
  if (page.out_of_range) return page;
  auto it = from_the_oldest
                ? batches_.begin()
                : std::partition_point(batches_.begin(), batches_.end(), [from](const Kept& kept) {
                    return !Before(from, kept.batch->last);
                  });
  for (; it != batches_.end() && page.batches.size() < max_batches; ++it) {
    page.batches.push_back(it->batch);
  }
  return page;
}

}  // namespace routerd::engine
