// Customers who have gone silent, in chat and messaging. The contact stays its agent's; where its
// channel says so, it takes none of his room meanwhile. When the customer is back it takes its room
// at once, even if he has none: then he is offered nothing more until he has.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

// Of the present silence, what is his: not what went before his part, and not the time that it was
// parked. When it is over, or his part of it, `answered` moves on by that.
SpanMs CoreState::QuietFor(const Item& item) const {
  if (!item.contact.valid() || item.state == ItemState::kParked) return 0;
  const Contact& c = contacts_[static_cast<std::uint32_t>(item.contact.value)];
  return c.silent_since == 0 ? 0 : stamp_.now - std::max(c.silent_since, item.since);
}

// What has other work parked keeps its room, as a wrap-up does; what is parked itself has lent its
// units, and is as good as without.
void Core::FallSilent(AgentNo no, Item& item) {
  Agent& a = agents_[no.index()];
  if (model_->channels[item.channel.index()].frees_inactive && !HasParked(a, item)) {
    item.away = true;
    item.counts = false;
    if (item.lent_to == 0) {
      a.units_used -= item.units;
      item.lent_units = item.units;
      item.units = 0;
    }
  }
  Touch(no);
  const Contact& c = contacts_[static_cast<std::uint32_t>(item.contact.value)];
  Tell(ContactInactiveChanged{item.contact, no, true, c.silent_ms});
}

// The customer is back, or the conversation over: then it is written up.
void Core::TakeRoomBack(AgentNo no, Item& item) {
  if (!item.away) return;
  Agent& a = agents_[no.index()];
  item.away = false;
  item.counts = true;
  if (item.lent_to != 0) return;  // it has its units back when it goes on
  item.units = item.lent_units;
  item.lent_units = 0;
  a.units_used += item.units;
  a.over = a.over || a.units_used > limits::kUnitsPerAgent;
}

Applied Core::On(const ContactInactive& e) {
  Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (c->state != ContactState::kAssigned) return WrongState(*c);
  if (c->live) return {Refusal::kLive};
  if (c->parent != kNil) return {Refusal::kInConsult};  // its customer is a colleague
  Applied applied;
  applied.contact = e.contact;
  if ((c->silent_since != 0) == e.inactive) return applied;
  const SpanMs silent_ms = e.inactive ? 0 : stamp_.now - c->silent_since;
  c->silent_ms += silent_ms;
  for (const AgentNo no : {c->agent, c->second}) {
    if (!no.valid()) continue;
    Item& item = *FindWork(agents_[no.index()], e.contact);
    if (e.inactive) {
      FallSilent(no, item);
      continue;
    }
    item.answered += QuietFor(item);
    TakeRoomBack(no, item);
    Touch(no);
    Tell(ContactInactiveChanged{e.contact, no, false, c->silent_ms});
  }
  c->silent_since = e.inactive ? stamp_.now : 0;
  return applied;
}

}  // namespace routerd::core
