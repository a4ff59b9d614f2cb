// Treatments: what a limit has played or sent to a customer before it does what it does. Meanwhile
// the contact waits for nobody; its visit goes on. The gateway says when it is over, or its time
// is.
#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

// What waited leaves its place for good; what has just come begins its visit.
void Core::Treat(std::uint32_t slot, LimitKind limit) {
  Contact& c = contacts_[slot];
  const ContactNo no = NumberOf(slot);
  if (c.state == ContactState::kQueued) {
    LeaveVisit(slot);
    DropStandIns(slot);
    timers_.Cancel(c.max_wait_timer);
    timers_.Cancel(c.delay_timer);
    EndWish(c);
    DropBars(c);
  } else {
    c.visit_since = stamp_.now;
  }
  SetState(c, ContactState::kTreated);
  c.limit = limit;
  c.treating = AtLimitOf(c.queue, limit).treat;
  c.offer = OfferId{stamp_.at, next_offer_index_++};
  const TimeMs deadline = ExpiryOf(stamp_.now + model_->treatments[c.treating.index()].time_ms);
  c.timer = timers_.Set(deadline, {TimerKind::kTreatment, no, 0});
  Tell(ContactTreated{no, c.queue, c.treating, c.offer, deadline});
}

// What follows is as the policy in force says now.
void Core::EndTreatment(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (GoOnAfter(slot, c.limit)) return;
  timers_.Cancel(c.timer);
  c.timer =
      timers_.Set(stamp_.now + limits::kNoLaneRetryMs, {TimerKind::kTreatment, NumberOf(slot), 0});
}

// Told again, or after its time, it changes nothing; until an agent has it, and an offer has the
// place of its id.
Applied Core::On(const TreatmentDone& e) {
  const Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (!e.treatment.valid() || c->offer != e.treatment || c->agent.valid()) {
    return {Refusal::kNoTreatment};
  }
  if (c->state == ContactState::kTreated) {
    EndTreatment(static_cast<std::uint32_t>(e.contact.value));
  }
  Applied applied;
  applied.contact = e.contact;
  return applied;
}

}  // namespace routerd::core
