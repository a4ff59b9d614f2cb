#include "tests/unit/core/oracle.h"

namespace routerd::core {

// The visit is over; the next begins now, or later, and until then it grows no older.
void Oracle::CallBack(std::uint64_t no, SpanMs delay_ms) {
  OracleContact& c = contacts_[no];
  c.waited_before_ms += Waited(c);
  Leave(no);
  EndAlso(no);
  Fact("callback " + N(no) + " from " + N(c.queue));
  LeavesTheWaiting(c);
  EndWish(no);
  Cancel(Why::kMaxWait, no, 0);
  Cancel(Why::kDelay, no, 0);
  c.step = 0;
  c.opened.clear();
  c.delay_ms = 0;
  c.stuck = false;
  c.bars.clear();
  c.channel = model_->callback.value;
  c.live = false;
  if (delay_ms <= 0) return Enter(no);
  c.state = ContactState::kScheduled;
  c.age_since += delay_ms;
  Set(now_ + delay_ms, Why::kDue, no, 0);
}

void Oracle::On(const CallbackRequested& e) { CallBack(e.contact.value, e.delay_ms); }

}  // namespace routerd::core
