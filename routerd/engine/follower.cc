#include "routerd/engine/follower.h"

#include <chrono>
#include <utility>

namespace routerd::engine {
namespace {

// It does what has gathered at once: nobody waits for it, and to wake it for each batch would cost
// more than the batch.
constexpr std::chrono::milliseconds kGather{200};

Status Ended() { return {Code::kUnavailable, "nothing follows the journal any more"}; }

}  // namespace

Follower::Follower(const Clock& clock, FollowerOptions options)
    : clock_(clock), options_(std::move(options)) {}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  ended_ = false;
  thread_ = std::thread([this] { Run(); });
}

void Follower::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Follower::Wake() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(woken_, true)) return;
  }
  condition_.notify_one();
}

void Follower::SaveSoon(std::function<void(const Status&)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!ended_ && !stop_) {
      waiting_.push_back(std::move(done));
      woken_ = true;
      condition_.notify_one();
      return;
    }
  }
  done(Ended());
}

std::uint64_t Follower::at() const {
  const std::lock_guard lock(mutex_);
  return at_;
}

std::uint64_t Follower::saved() const {
  const std::lock_guard lock(mutex_);
  return saved_;
}

bool Follower::stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void Follower::AnswerWaiting(const Status& status) {
  std::vector<std::function<void(const Status&)>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& done : waiting) done(status);
}

void Follower::Run() {
  const Status ended = Follow();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  AnswerWaiting(ended.ok() ? Ended() : ended);
  if (!ended.ok()) options_.on_end(ended);
}

Status Follower::Follow() {
  auto snapshot = options_.load();
  if (!snapshot.ok()) return snapshot.status();
  std::optional<StartSnapshot>& start = snapshot.value();
  const std::uint64_t from = start ? start->at.sequence : 0;
  Replayer replayer =
      start ? Replayer(clock_, std::move(start->loaded), start->at) : Replayer(clock_);
  start.reset();
  saved_at_ms_ = clock_.BootMs();
  {
    const std::lock_guard lock(mutex_);
    at_ = saved_ = from;
  }
  do {
    Status done = CatchUp(replayer);
    if (!done.ok()) return done;
  } while (WaitForMore());
  return Status::Ok();
}

Status Follower::CatchUp(Replayer& replayer) {
  journal::Batch batch;
  while (!stopping()) {
    const Result<bool> more = options_.next(replayer.last().sequence, batch);
    if (!more.ok()) return more.status();
    if (more.value()) {
      Status done = replayer.Replay(batch);
      if (!done.ok()) return done;
      const std::lock_guard lock(mutex_);
      at_ = replayer.last().sequence;
    }
    Status saved = SaveIfDue(replayer, !more.value());
    if (!saved.ok()) return saved;
    if (!more.value()) break;
  }
  return Status::Ok();
}

bool Follower::IsDue(std::uint64_t records) const {
  if (records == 0) return false;
  if (records >= options_.most_records) return true;
  const SpanMs since_ms = clock_.BootMs() - saved_at_ms_;
  return since_ms >= options_.every_ms ||
         (records >= options_.every_records && since_ms >= options_.not_before_ms);
}

// What cannot be saved now, for want of space, is tried again with the next one.
Status Follower::SaveIfDue(Replayer& replayer, bool caught_up) {
  const std::uint64_t at = replayer.last().sequence;
  bool asked = false;
  std::uint64_t saved = 0;
  {
    const std::lock_guard lock(mutex_);
    asked = caught_up && !waiting_.empty();
    saved = saved_;
  }
  if ((!asked && !IsDue(at - saved)) || replayer.world() == nullptr) return Status::Ok();
  saved_at_ms_ = clock_.BootMs();
  const Status done = options_.save(*replayer.world(), replayer.digest(), replayer.last());
  {
    const std::lock_guard lock(mutex_);
    saved_ = at;
  }
  if (asked) AnswerWaiting(done);
  return Status::Ok();
}

// False: it is told to stop.
bool Follower::WaitForMore() {
  std::unique_lock lock(mutex_);
  condition_.wait_for(lock, std::chrono::milliseconds(options_.every_ms),
                      [this] { return stop_ || woken_; });
  if (stop_) return false;
  if (waiting_.empty()) condition_.wait_for(lock, kGather, [this] { return stop_; });
  woken_ = false;
  return !stop_;
}

}  // namespace routerd::engine
