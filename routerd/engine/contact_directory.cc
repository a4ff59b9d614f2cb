#include "routerd/engine/contact_directory.h"

#include <utility>

namespace routerd::engine {
namespace {

std::uint32_t SlotOf(ContactNo no) { return static_cast<std::uint32_t>(no.value); }

}  // namespace

ContactDirectory::Contact& ContactDirectory::Add(ContactNo no,
                                                 std::shared_ptr<const ContactIdentity> identity) {
  const std::uint32_t slot = SlotOf(no);
  if (slot >= contacts_.size()) contacts_.resize(slot + 1);
  by_id_.emplace(identity->id, slot);
  Contact& contact = contacts_[slot];
  contact = Contact{};
  contact.no = no;
  contact.identity = std::move(identity);
  return contact;
}

const ContactDirectory::Contact* ContactDirectory::Find(ContactNo no) const {
  const std::uint32_t slot = SlotOf(no);
  return no.valid() && slot < contacts_.size() && contacts_[slot].no == no ? &contacts_[slot]
                                                                           : nullptr;
}

ContactDirectory::Contact* ContactDirectory::Find(ContactNo no) {
  return const_cast<Contact*>(std::as_const(*this).Find(no));
}

ContactDirectory::Contact* ContactDirectory::Find(const std::string& id) {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &contacts_[it->second];
}

ContactDirectory::Contact* ContactDirectory::FindSlot(std::uint32_t slot) {
  return slot < contacts_.size() && contacts_[slot].no.valid() ? &contacts_[slot] : nullptr;
}

const ContactDirectory::Ended* ContactDirectory::FindEnded(const std::string& id) const {
  const auto it = ended_.find(id);
  return it == ended_.end() ? nullptr : &it->second;
}

void ContactDirectory::End(Contact& contact, GatewayNo gateway, TimeMs now) {
  contact.ended = true;
  by_id_.erase(contact.identity->id);
  AddRefused(contact.identity->id,
             {contact.no, gateway, contact.content, contact.first, contact.last.state}, now);
}

void ContactDirectory::AddRefused(const std::string& id, const Ended& ended, TimeMs now) {
  while (ended_.size() >= limits::kEndedContacts) ForgetOldestEnded();
  const auto [it, added] = ended_.insert_or_assign(id, ended);
  if (added) ended_order_.push_back({now, &it->first});
}

void ContactDirectory::Forget(ContactNo no) {
  if (Contact* contact = Find(no)) *contact = Contact{};
}

void ContactDirectory::ForgetEnded(TimeMs now) {
  while (!ended_order_.empty() && ended_order_.front().time + limits::kEndedContactMs <= now) {
    ForgetOldestEnded();
  }
}

void ContactDirectory::ForgetOldestEnded() {
  ended_.erase(ended_.find(*ended_order_.front().id));
  ended_order_.pop_front();
}

}  // namespace routerd::engine
