// Who declined or missed a contact, and when he may be asked again, the obvious way.
#include "tests/unit/core/oracle.h"

#include <algorithm>

namespace routerd::core {

void Oracle::ReviewBars(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  if (c.bars.empty() || !AsksMore(c) || c.personal) return;
  if (c.live && !gateways_.at(c.gateway)) return;  // looked at when the gateway is back
  const model::Queue& queue = model_->queues[c.queue];
  bool others = false;
  bool anybody = false;
  const auto about = contacts_.find(c.about);
  for (const auto& [number, a] : agents_) {
    // Who asks does not answer his own question.
    if (about != contacts_.end() &&
        (about->second.agent == number || about->second.second == number)) {
      continue;
    }
    anybody = anybody || (ReadyFor(a, c.channel) && MeetsSomewhere(c, a));
    const bool barred = std::any_of(c.bars.begin(), c.bars.end(),
                                    [&, n = number](const OracleBar& b) { return b.agent == n; });
    others = others || (!barred && ReadyFor(a, c.channel) && MeetsSomewhere(c, a));
  }
  const bool long_ago = now_ >= c.bars.back().since + queue.others_wait_ms;
  if (queue.retry == model::Retry::kAfterOthers && (long_ago || !others)) {
    const auto fell = std::erase_if(
        c.bars, [&](const OracleBar& b) { return now_ >= b.since + queue.retry_after_ms; });
    if (fell != 0) MakeServable(c);
  }
  if (queue.retry == model::Retry::kCooldown) {
    const auto fell = std::erase_if(
        c.bars, [&](const OracleBar& b) { return now_ >= b.since + queue.cooldown_ms; });
    if (fell != 0) MakeServable(c);
  }
  const bool stuck = queue.retry == model::Retry::kNever && !c.bars.empty() && anybody && !others;
  if (stuck != c.stuck) Fact(N(no) + (stuck ? " is stuck" : " is no longer stuck"));
  c.stuck = stuck;
  if (c.bars.empty() || queue.retry == model::Retry::kNever) {
    Cancel(Why::kBars, no, 0);
    return;
  }
  if (queue.retry == model::Retry::kCooldown) {
    const TimeMs next = c.bars.front().since + queue.cooldown_ms;
    for (const OracleTimer& t : timers_) {
      if (t.why == Why::kBars && t.contact == no && t.deadline == next) return;
    }
    Cancel(Why::kBars, no, 0);
    Set(next, Why::kBars, no, 0);
    return;
  }
  TimeMs next = c.bars.back().since + queue.others_wait_ms;
  next = std::max(next, c.bars.front().since + queue.retry_after_ms);
  for (const OracleBar& b : c.bars) {
    if (b.since + queue.retry_after_ms > now_) {
      next = std::min(next, b.since + queue.retry_after_ms);
    }
  }
  for (const OracleTimer& t : timers_) {
    if (t.why == Why::kBars && t.contact == no && t.deadline == next) return;
  }
  Cancel(Why::kBars, no, 0);
  if (next > now_) Set(next, Why::kBars, no, 0);
}

// After every event, for everybody: the oracle does not ask whose bars may have ended. Those whose
// own timer is due wait for its turn.
void Oracle::ReviewAllBars() {
  std::vector<std::uint64_t> all;
  for (const auto& [no, c] : contacts_) {
    const bool due = std::any_of(timers_.begin(), timers_.end(), [&, n = no](const auto& t) {
      return t.why == Why::kBars && t.contact == n && t.deadline <= now_;
    });
    if (AsksMore(c) && !c.bars.empty() && !c.personal && !due) all.push_back(no);
  }
  std::sort(all.begin(), all.end(),
            [this](auto a, auto b) { return contacts_[a].arrival < contacts_[b].arrival; });
  for (const std::uint64_t no : all) ReviewBars(no);
}

}  // namespace routerd::core
