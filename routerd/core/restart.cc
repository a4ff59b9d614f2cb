// The router was down: no timer fired, nobody was heard. Those who were waited for get their time
// anew, and nobody loses his place because the router did not look.
#include <algorithm>
#include <string>

#include "routerd/core/core.h"

namespace routerd::core {
namespace {

// What ends, sends away or turns over a contact because it has waited so long.
bool IsExpiry(TimerKind kind) {
  return kind == TimerKind::kMaxWait || kind == TimerKind::kPersonalEnd ||
         kind == TimerKind::kTreatment;
}

}  // namespace

// It looks at every contact, agent and timer: it comes once in a process's life, not in the
// traffic. Offers that were over meanwhile end in their timers' turn, one by one.
Applied Core::On(const RouterRestarted&) {
  down_until_ = stamp_.now;
  RestartGraces();
  SpareWaits();
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    Contact& c = contacts_[slot];
    if (!c.used || c.state != ContactState::kConnecting) continue;
    const TimeMs deadline = stamp_.now + c.terms.announce_ms + c.terms.connect_timeout_ms;
    timers_.Cancel(c.timer);
    c.timer = timers_.Set(deadline, {TimerKind::kConnectTimeout, NumberOf(slot), 0});
  }
  return {};
}

// Of gateways and agents that were away already. Who was given up stays so.
void Core::RestartGraces() {
  for (std::uint32_t i = 0; i < gateways_.size(); ++i) {
    TimerId& grace = gateways_[i].grace;
    if (timers_.DeadlineOf(grace) == 0) continue;
    timers_.Cancel(grace);
    grace = timers_.Set(stamp_.now + model_->gateway_grace_ms,
                        {TimerKind::kGatewayGrace, ContactNo(), i});
  }
  for (std::uint32_t i = 0; i < agents_.size(); ++i) {
    TimerId& grace = agents_[i].grace;
    if (timers_.DeadlineOf(grace) == 0) continue;
    timers_.Cancel(grace);
    grace =
        timers_.Set(stamp_.now + model_->agent_grace_ms, {TimerKind::kAgentGrace, ContactNo(), i});
  }
}

// Until whoever comes back has come back. Of two restarts the later end counts.
void Core::SpareWaits() {
  const SpanMs grace_ms = std::max(model_->gateway_grace_ms, model_->agent_grace_ms);
  const TimeMs until = ExpiryOf(stamp_.now + grace_ms);
  timers_.Cancel(restart_grace_);
  restart_grace_ = timers_.Set(until, {TimerKind::kRestartGrace, ContactNo(), 0});
  timers_.Postpone(until, IsExpiry);
}

// Who waits where leave_if holds was not sent away; nothing else has to change for it.
void Core::EndRestartGrace() {
  for (std::uint32_t i = 0; i < model_->queues.size(); ++i) {
    if (model_->queues[i].leave_if) NoteFigures(QueueNo(i));
  }
}

std::string Core::CheckRestartGrace() const {
  for (std::uint32_t slot = 0; slot < contacts_.size() && InRestartGrace(); ++slot) {
    for (const TimerId timer : {contacts_[slot].max_wait_timer, contacts_[slot].personal_timer}) {
      const TimeMs due = timers_.DeadlineOf(timer);
      if (due != ExpiryOf(due) && due != 0) {
        return "contact " + std::to_string(slot) + " expires in the grace after a restart";
      }
    }
  }
  return "";
}

}  // namespace routerd::core
