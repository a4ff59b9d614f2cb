// What the router's absence does, the obvious way.
#include <algorithm>
#include <tuple>

#include "tests/unit/core/oracle.h"

namespace routerd::core {

// When it expires, which would be at `over`: not before those who were away had time to come back.
TimeMs Oracle::Spared(TimeMs over) const {
  for (const OracleTimer& t : timers_) {
    if (t.why == Why::kRestartGrace) over = std::max(over, t.deadline);
  }
  return over;
}

void Oracle::On(const RouterRestarted&) {
  down_until_ = now_;
  for (auto& [gateway, connected] : gateways_) {
    if (connected) continue;
    for (OracleTimer& t : timers_) {
      if (t.why != Why::kGatewayGrace || t.other != gateway) continue;
      t.deadline = now_ + model_->gateway_grace_ms;
      t.number = next_timer_++;
    }
  }
  for (auto& [agent, a] : agents_) {
    if (a.connected) continue;
    for (OracleTimer& t : timers_) {
      if (t.why != Why::kAgentGrace || t.other != agent) continue;
      t.deadline = now_ + model_->agent_grace_ms;
      t.number = next_timer_++;
    }
  }
  const TimeMs grace = now_ + std::max(model_->gateway_grace_ms, model_->agent_grace_ms);
  const TimeMs until = Spared(grace);
  Cancel(Why::kRestartGrace, 0, 0);
  Set(until, Why::kRestartGrace, 0, 0);
  std::vector<OracleTimer*> early;
  for (OracleTimer& t : timers_) {
    const bool expires =
        t.why == Why::kMaxWait || t.why == Why::kPersonalEnd || t.why == Why::kTreatment;
    if (expires && t.deadline < until) early.push_back(&t);
  }
  std::sort(early.begin(), early.end(), [](const OracleTimer* a, const OracleTimer* b) {
    return std::tie(a->deadline, a->number) < std::tie(b->deadline, b->number);
  });
  for (OracleTimer* t : early) {
    t->deadline = until;
    t->number = next_timer_++;
  }
  std::vector<std::uint64_t> all;
  for (const auto& [no, c] : contacts_) all.push_back(no);
  std::sort(all.begin(), all.end(),  // by slot, as with a policy
            [](auto a, auto b) { return (a & 0xffffffff) < (b & 0xffffffff); });
  for (const std::uint64_t no : all) {
    OracleContact& c = contacts_[no];
    if (c.state == ContactState::kConnecting) {
      const bool is_auto = c.terms.accept_by == model::AcceptBy::kAuto;
      Cancel(Why::kConnect, no, 0);
      Set(now_ + (is_auto ? c.terms.announce_ms : 0) + c.terms.connect_timeout_ms, Why::kConnect,
          no, 0);
    }
  }
}

// An offer that nobody could answer while the router was down.
bool Oracle::WasUnheard(const OracleLease& lease) const {
  return std::any_of(timers_.begin(), timers_.end(), [&](const OracleTimer& t) {
    return t.why == Why::kOffer && t.contact == lease.contact && t.other == lease.agent &&
           t.deadline <= down_until_;
  });
}

}  // namespace routerd::core
