#include "routerd/publish/contact_table.h"

#include <utility>

namespace routerd::publish {

ContactEntry* ContactTable::Find(std::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

const ContactEntry* ContactTable::Find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

ContactEntry& ContactTable::Insert(engine::ContactView view, TimeMs arrived) {
  const auto [at, inserted] = by_id_.try_emplace(view.identity->id);
  ContactEntry& contact = at->second;
  contact.view = std::move(view);
  contact.arrived = arrived;
  // Nearly always the youngest, so the end is the right hint.
  by_arrival_.emplace_hint(by_arrival_.end(), Arrival{arrived, at->first}, &contact);
  return contact;
}

void ContactTable::Erase(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_arrival_.erase(Arrival{found->second.arrived, found->first});
  by_id_.erase(found);
}

void ContactTable::Clear() {
  by_arrival_.clear();
  by_id_.clear();
}

void ContactTable::Walk(const std::optional<ContactCursor>& after,
                        const std::function<bool(const ContactEntry&)>& visit) const {
  auto it =
      after ? by_arrival_.upper_bound(Arrival{after->arrived, after->id}) : by_arrival_.begin();
  while (it != by_arrival_.end() && visit(*it->second)) ++it;
}

void ContactTable::ForEach(const std::function<void(ContactEntry&)>& visit) {
  for (auto& [id, contact] : by_id_) visit(contact);
}

}  // namespace routerd::publish
