// Gateways that come and go, the obvious way.
#include <algorithm>

#include "tests/unit/core/oracle.h"

namespace routerd::core {

void Oracle::On(const GatewayConnection& e) {
  const auto it = gateways_.find(e.gateway.value);
  if (it != gateways_.end() && it->second == e.connected) return;
  gateways_[e.gateway.value] = e.connected;
  Cancel(Why::kGatewayGrace, 0, e.gateway.value);
  if (!e.connected) Set(now_ + model_->gateway_grace_ms, Why::kGatewayGrace, 0, e.gateway.value);
  if (!e.connected) return;
  std::map<std::uint64_t, std::uint64_t> back;  // by arrival
  for (const auto& [no, c] : contacts_) {
    const bool his = c.gateway == e.gateway.value && c.live;
    if (his && AsksMore(c)) back[c.arrival] = no;
  }
  for (const auto& [arrival, no] : back) {
    MakeServable(contacts_[no]);
    if (contacts_[no].state != ContactState::kQueued) {
      AdvanceRinging(no);
      continue;
    }
    Advance(no);
    AdvanceAlso(no);
  }
}

void Oracle::LoseGateway(std::uint32_t gateway) {
  std::vector<std::uint64_t> live;
  for (const auto& [no, c] : contacts_) {
    const bool over = IsTerminal(c.state) || c.state == ContactState::kScheduled;
    if (c.gateway == gateway && c.live && !over) live.push_back(no);
  }
  std::sort(live.begin(), live.end(),
            [this](auto a, auto b) { return contacts_[a].arrival < contacts_[b].arrival; });
  for (const std::uint64_t no : live) {
    if (contacts_.count(no) == 0 || IsTerminal(contacts_[no].state))
      continue;  // ended with another
    On(ContactEnds{ContactNo(no), ContactState::kAbandoned, EndReason::kGatewayLost});
  }
}

}  // namespace routerd::core
