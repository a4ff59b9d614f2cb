// Gateways come and go; their live contacts wait for them.
#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

Applied Core::On(const GatewayConnection& e) {
  if (e.gateway.index() >= limits::kMaxGateways) return {Refusal::kGatewayLimit};
  if (e.gateway.index() >= gateways_.size()) gateways_.resize(e.gateway.index() + 1);
  Gateway& gateway = gateways_[e.gateway.index()];
  if (gateway.known && gateway.connected == e.connected) return {};
  gateway.known = true;
  gateway.connected = e.connected;
  timers_.Cancel(gateway.grace);
  if (!e.connected) {
    gateway.grace = timers_.Set(stamp_.now + model_->gateway_grace_ms,
                                {TimerKind::kGatewayGrace, ContactNo(), e.gateway.value});
  }
  for (std::uint32_t slot = gateway.first; slot != kNil; slot = contacts_[slot].gateway_next) {
    const Contact& c = contacts_[slot];
    if (!c.live) continue;
    if (c.state == ContactState::kOffered) {
      if (e.connected) {
        ReviewRace(slot);
      } else {
        LeaveLanes(slot);
      }
    }
    if (c.state != ContactState::kQueued) continue;
    if (e.connected) {
      AdvanceSteps(slot);
      JoinLane(slot);
      servable_.push_back(slot);
      if (!c.bars.empty()) barred_.push_back(slot);
      JoinAlso(slot);
      if (queues_[c.queue.index()].has_conditions) NoteFigures(c.queue);  // it may have to leave
    } else {
      LeaveLanes(slot);
    }
  }
  return {};
}

// The gateway did not come back in time: whoever was on its lines is gone. So many at once; the
// agents of these have somebody else before the next are looked at.
void Core::LoseGateway(GatewayNo no) {
  Gateway& gateway = gateways_[no.index()];
  std::uint32_t slot = gateway.first;
  std::size_t may_end = limits::kMaxLostAtOnce;
  while (slot != kNil) {
    const Contact& c = contacts_[slot];
    const bool over =
        c.live && c.state != ContactState::kScheduled && c.state != ContactState::kWrapUp;
    if (over && may_end-- == 0) {
      gateway.grace = timers_.Set(stamp_.now + limits::kMoveEveryMs,
                                  {TimerKind::kGatewayGrace, ContactNo(), no.value});
      return;
    }
    if (over) EndConsultOf(slot);  // it ends with this one, and may be the next
    const std::uint32_t next = c.gateway_next;
    if (over) {
      On(ContactEnds{NumberOf(slot), ContactState::kAbandoned, EndReason::kGatewayLost});
    }
    slot = next;
  }
}

}  // namespace routerd::core
