// What is played to those whom a limit stops.
#include "tests/unit/core/oracle.h"

namespace routerd::core {

void Oracle::Treat(std::uint64_t no, LimitKind limit) {
  OracleContact& c = contacts_[no];
  if (c.state == ContactState::kQueued) {  // it has waited, and waits no more
    Leave(no);
    EndAlso(no);
    LeavesTheWaiting(c);
    Cancel(Why::kMaxWait, no, 0);
    Cancel(Why::kDelay, no, 0);
    EndWish(no);
    c.bars.clear();
    c.stuck = false;
  } else {
    c.visit_since = now_;
  }
  c.state = ContactState::kTreated;
  c.limit = limit;
  c.treatment = {record_, offer_index_++};
  const TreatmentNo treatment = At(c.queue, limit).treat;
  Fact("treated " + N(no) + " by " + N(c.treatment) + " in " + N(c.queue) + " with " +
       N(treatment.value));
  const SpanMs time_ms = model_->treatments[treatment.value].time_ms;
  Set(Spared(now_ + time_ms), Why::kTreatment, no, 0);
}

void Oracle::GoOnAfter(std::uint64_t no, LimitKind limit) {
  const bool arrival = limit != LimitKind::kWaited && limit != LimitKind::kLeft;
  const QueueNo to = At(contacts_[no].queue, limit).overflow;
  std::vector<std::uint32_t> way;
  if (to.valid()) way = WayIn(to.value, false).queues;
  if (way.empty() && to.valid() && !arrival) way = {to.value};  // nobody who was in is sent away
  if (way.empty()) {
    return Finish(no, arrival ? ContactState::kRefused : ContactState::kExpired);
  }
  MoveTo(no, to.value, "overflowed");
  Overflow(no, way);
  Enter(no);
}

void Oracle::On(const TreatmentDone& e) {
  const std::uint64_t no = e.contact.value;
  if (contacts_[no].state == ContactState::kTreated) GoOnAfter(no, contacts_[no].limit);
}

}  // namespace routerd::core
