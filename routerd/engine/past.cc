#include "routerd/engine/past.h"

#include <algorithm>
#include <chrono>

#include "routerd/base/limits.h"

namespace routerd::engine {
namespace {

constexpr std::size_t kWindowEvents = 20'000;
constexpr std::size_t kWindows = 4;
constexpr std::size_t kWanted = 64;
// Nobody has asked for so long: what was made is let go.
constexpr std::chrono::seconds kRest{60};

}  // namespace

Past::Past(const Clock& clock, PastOptions options)
    : clock_(clock), options_(std::move(options)), thread_([this] { Run(); }) {}

Past::~Past() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  thread_.join();
}

EventPage Past::Read(Position from, std::size_t max_batches) {
  EventPage page;
  const std::uint64_t after = from.sequence;
  page.first_kept = {0, options_.first_kept()};
  const std::lock_guard lock(mutex_);
  page.out_of_range = after + 1 < page.first_kept.sequence || failed_ == after;
  if (page.out_of_range) {
    failed_.reset();
    return page;
  }
  const auto window = std::find_if(windows_.begin(), windows_.end(), [after](const Window& one) {
    return one.after <= after && after < one.upto;
  });
  if (window == windows_.end()) {
    const bool asked = std::find(wanted_.begin(), wanted_.end(), after) != wanted_.end();
    if (!asked && wanted_.size() < kWanted) wanted_.push_back(after);
    condition_.notify_one();
    page.pending = true;
    return page;
  }
  windows_.splice(windows_.begin(), windows_, window);
  for (const auto& batch : window->batches) {
    if (batch->last.sequence <= after) continue;
    if (page.batches.size() == max_batches) break;
    page.batches.push_back(batch);
  }
  return page;
}

void Past::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const bool asked =
        condition_.wait_for(lock, kRest, [this] { return stop_ || !wanted_.empty(); });
    if (stop_) return;
    if (!asked) {
      Rest();
      continue;
    }
    const std::uint64_t after = wanted_.front();
    lock.unlock();
    Make(after);
    lock.lock();
  }
}

void Past::Rest() {
  windows_.clear();
  replayer_.reset();
}

void Past::Make(std::uint64_t after) {
  Result<Window> window = Replay(after);
  {
    const std::lock_guard lock(mutex_);
    wanted_.pop_front();
    if (window.ok()) {
      windows_.push_front(std::move(window).value());
      if (windows_.size() > kWindows) windows_.pop_back();
    } else {
      failed_ = after;
      replayer_.reset();
    }
  }
  if (!window.ok()) options_.on_failure(window.status());
  options_.on_ready();
}

// A replayer that stands before it, and not before a snapshot that is nearer.
Status Past::GoTo(std::uint64_t after) {
  if (replayer_ != nullptr && replayer_->last().sequence <= after &&
      after - replayer_->last().sequence <= limits::kSnapshotRecords) {
    return Status::Ok();
  }
  replayer_.reset();
  auto snapshot = options_.load(after);
  if (!snapshot.ok()) return snapshot.status();
  std::optional<StartSnapshot>& start = snapshot.value();
  replayer_ = start ? std::make_unique<Replayer>(clock_, std::move(start->loaded), start->at)
                    : std::make_unique<Replayer>(clock_);
  return Status::Ok();
}

Result<Past::Window> Past::Replay(std::uint64_t after) {
  Status there = GoTo(after);
  if (!there.ok()) return there;
  Window window;
  window.after = after;
  window.upto = after + 1;
  std::size_t events = 0;
  journal::Batch batch;
  while (events < kWindowEvents) {
    const Result<bool> more = options_.next(replayer_->last().sequence, batch);
    if (!more.ok()) return more.status();
    if (!more.value()) break;
    replayer_->SetTelling(batch.last_sequence() > after);
    Status done = replayer_->Replay(batch);
    if (!done.ok()) return done;
    if (batch.last_sequence() <= after) continue;
    window.batches.push_back(replayer_->TakeEvents());
    window.upto = batch.last_sequence();
    events += window.batches.back()->events.size() + 1;
  }
  return window;
}

}  // namespace routerd::engine
