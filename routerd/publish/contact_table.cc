#include "routerd/publish/contact_table.h"

#include <utility>

namespace routerd::publish {

ContactEntry* ContactTable::Find(std::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second.entry;
}

const ContactEntry* ContactTable::Find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second.entry;
}

ContactEntry& ContactTable::Insert(engine::ContactView view) {
  const TimeMs arrived = view.status.arrived_unix_ms;
  const auto [slot, inserted] = by_id_.try_emplace(view.identity->id);
  slot->second.arrived_unix_ms = arrived;
  slot->second.entry.view = std::move(view);
  // Nearly always the youngest, so the end is the right hint.
  by_arrival_.emplace_hint(by_arrival_.end(), Arrival{arrived, slot->first}, &slot->second.entry);
  return slot->second.entry;
}

void ContactTable::Erase(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_arrival_.erase(Arrival{found->second.arrived_unix_ms, found->first});
  by_id_.erase(found);
}

void ContactTable::Clear() {
  by_arrival_.clear();
  by_id_.clear();
}

void ContactTable::Walk(const std::optional<ContactCursor>& after,
                        const std::function<bool(const ContactEntry&)>& visit) const {
  auto it = after ? by_arrival_.upper_bound(Arrival{after->arrived_unix_ms, after->id})
                  : by_arrival_.begin();
  while (it != by_arrival_.end() && visit(*it->second)) ++it;
}

}  // namespace routerd::publish
