// Work that interrupts other work. What is parked keeps its place in the channel's number and lends
// its units; when the interrupting work has ended, wrap-up included, it has them back.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

SpanMs Core::ParkedFor(const Item& item) const {
  return item.parked_ms + (item.state == ItemState::kParked ? stamp_.now - item.since : 0);
}

// Without the time that it was parked, or its customer silent.
SpanMs Core::Talked(const Item& item) const {
  return stamp_.now - item.answered - ParkedFor(item) - QuietFor(item);
}

// Makes room for `item`: parks what he began last, then what he began before it, until there is.
// What the parked lend beyond what it needs is nobody else's, or there might be no room when they
// go on.
void Core::ParkFor(AgentNo no, Item& item) {
  Agent& a = agents_[no.index()];
  int lent = 0;
  while (a.units_used - lent + item.units > limits::kUnitsPerAgent) {
    Item* newest = nullptr;
    for (Item& other : a.items) {
      if (!Lends(other, item.channel)) continue;
      if (newest == nullptr || other.serial > newest->serial) newest = &other;
    }
    if (newest == nullptr) break;
    lent += newest->units;
    newest->lent_to = item.serial;
    newest->lent_units = newest->units;
    newest->units = 0;
    newest->answered += QuietFor(*newest);
    newest->state = ItemState::kParked;
    newest->since = stamp_.now;
    Tell(ContactParkChanged{newest->contact, no, true, newest->parked_ms});
  }
  item.units = std::max(item.units, static_cast<std::int16_t>(lent));
  a.units_used -= lent;
}

bool HasParked(const Agent& a, const Item& item) {
  return std::any_of(a.items.begin(), a.items.end(), [&](const Item& other) {
    return other.lent_to != 0 && other.lent_to == item.serial;
  });
}

// The interrupting work is over. What it had parked goes on; unless it was parked itself, for
// `lent_to`: then all its units are there, and so its parked work waits for that. One whose
// conversation has ended meanwhile is being written up.
void Core::ResumeAfter(AgentNo no, std::uint64_t serial, std::uint64_t lent_to) {
  Agent& a = agents_[no.index()];
  for (Item& item : a.items) {
    if (serial == 0 || item.lent_to != serial) continue;
    item.lent_to = lent_to;
    if (lent_to != 0) continue;
    if (!item.away) {
      item.units = item.lent_units;
      item.lent_units = 0;
      a.units_used += item.units;
    }
    if (item.state != ItemState::kParked) continue;
    item.parked_ms = ParkedFor(item);
    const bool held = contacts_[static_cast<std::uint32_t>(item.contact.value)].held;
    item.state = held ? ItemState::kHeld : ItemState::kOnContact;
    item.since = stamp_.now;
    Tell(ContactParkChanged{item.contact, no, false, item.parked_ms});
  }
}

}  // namespace routerd::core
