// Routing profiles: in which order an agent serves his queues, which of them he never serves, and
// which only after a wait. A contact whose visit has waited a delay moves to another lane, which
// more classes may serve; so a delay costs one timer and nothing at a decision.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

constexpr std::uint8_t kNeverServed = 0;
constexpr std::uint8_t kUnlistedRank = limits::kMaxRank + 1;

const model::ProfileQueue* EntryOf(const model::Profile& profile, QueueNo queue) {
  const auto it = std::lower_bound(
      profile.queues.begin(), profile.queues.end(), queue,
      [](const model::ProfileQueue& entry, QueueNo no) { return entry.queue < no; });
  return it != profile.queues.end() && it->queue == queue ? &*it : nullptr;
}

}  // namespace

void Core::PlanProfiles() {
  const std::size_t queues = model_->queues.size();
  ranks_.assign(model_->profiles.size(), {});
  ranked_.assign(model_->profiles.size(), false);
  delays_.assign(queues, {});
  for (std::size_t p = 0; p < model_->profiles.size(); ++p) {
    const model::Profile& profile = model_->profiles[p];
    ranks_[p].assign(queues, profile.serves_others ? kUnlistedRank : kNeverServed);
    for (const model::ProfileQueue& entry : profile.queues) {
      ranks_[p][entry.queue.index()] = static_cast<std::uint8_t>(entry.rank);
      if (entry.delay_ms > 0) delays_[entry.queue.index()].push_back(entry.delay_ms);
    }
    int rank = kNeverServed;
    for (const std::uint8_t other : ranks_[p]) {
      if (other == kNeverServed) continue;
      ranked_[p] = ranked_[p] || (rank != kNeverServed && rank != other);
      rank = other;
    }
  }
  for (auto& of_queue : delays_) {
    std::sort(of_queue.begin(), of_queue.end());
    of_queue.erase(std::unique(of_queue.begin(), of_queue.end()), of_queue.end());
  }
}

int Core::RankOf(QueueNo queue, const AgentClass& cls) const {
  return cls.profile.valid() ? ranks_[cls.profile.index()][queue.index()] : kUnlistedRank;
}

bool Core::InProfile(QueueNo queue, const AgentClass& cls) const {
  return RankOf(queue, cls) != kNeverServed;
}

SpanMs Core::DelayOf(QueueNo queue, const AgentClass& cls) const {
  if (!cls.profile.valid() || delays_[queue.index()].empty()) return 0;
  const auto* entry = EntryOf(model_->profiles[cls.profile.index()], queue);
  return entry == nullptr ? 0 : entry->delay_ms;
}

SpanMs Core::PassedDelay(const Contact& c) const {
  const std::vector<SpanMs>& delays = delays_[c.queue.index()];
  const auto next = std::upper_bound(delays.begin(), delays.end(), Waited(c));
  return next == delays.begin() ? 0 : *(next - 1);
}

// As with max_wait, offers do not stop the clock, and the answer does.
void Core::ArmDelay(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  timers_.Cancel(c.delay_timer);
  const std::vector<SpanMs>& delays = delays_[c.queue.index()];
  const auto next = std::upper_bound(delays.begin(), delays.end(), NeedsOf(c).delay_ms);
  if (next == delays.end()) return;
  TimeMs due = c.visit_since + c.served_ms + *next;
  if (due <= stamp_.now) due = stamp_.now + limits::kNoLaneRetryMs;
  c.delay_timer = timers_.Set(due, {TimerKind::kDelay, NumberOf(slot), 0});
}

void Core::RestoreDelay(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  Needs& needs = asked_ = NeedsOf(c);
  needs.delay_ms = PassedDelay(c);
  if (needs.delay_ms == NeedsOf(c).delay_ms || !LaneAvailable(needs)) return;
  const bool waits = c.standing != Standing::kOut;
  if (waits) LeaveLane(slot);
  MoveToLane(slot, FindOrMakeLane(needs));
  if (waits) JoinLane(slot);
}

void Core::PassDelay(std::uint32_t slot) {
  RestoreDelay(slot);
  ArmDelay(slot);
  if (contacts_[slot].standing == Standing::kOut) return;
  servable_.push_back(slot);
  barred_.push_back(RealOf(slot));  // others may now be left
}

}  // namespace routerd::core
