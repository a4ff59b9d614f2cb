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

void ContactDirectory::ForEach(const std::function<void(Contact&)>& f) {
  for (Contact& contact : contacts_) {
    if (contact.no.valid()) f(contact);
  }
}

const ContactDirectory::Ended* ContactDirectory::FindEnded(const std::string& id,
                                                           TimeMs now) const {
  const auto it = ended_.find(id);
  if (it == ended_.end() || it->second.since + limits::kEndedContactMs <= now) return nullptr;
  return &it->second;
}

void ContactDirectory::End(Contact& contact, GatewayNo gateway, TimeMs now) {
  contact.ended = true;
  by_id_.erase(contact.identity->id);
  AddRefused(contact.identity->id,
             {contact.no, gateway, contact.content, contact.first, contact.last.state, now}, now);
}

void ContactDirectory::AddRefused(const std::string& id, Ended ended, TimeMs now) {
  while (ended_.size() >= limits::kEndedContacts) ForgetOldestEnded();
  ended.since = now;
  const auto it = ended_.insert_or_assign(id, ended).first;
  ended_order_.push_back({now, &it->first});
}

void ContactDirectory::Answered(ContactNo no, const std::string& id, const FirstAnswer& answer) {
  if (Contact* contact = Find(no)) contact->first = answer;
  const auto ended = ended_.find(id);
  if (ended != ended_.end() && ended->second.no == no) ended->second.first = answer;
}

void ContactDirectory::Forget(ContactNo no) {
  if (Contact* contact = Find(no)) *contact = Contact{};
}

void ContactDirectory::ForgetEnded(TimeMs now) {
  for (std::size_t n = 0; n < limits::kForgetPerBatch && !ended_order_.empty(); ++n) {
    if (ended_order_.front().time + limits::kEndedContactMs > now) return;
    ForgetOldestEnded();
  }
}

// An id may have been used, and have ended, once more before its first end was let go: its place is
// the later end's then.
void ContactDirectory::ForgetOldestEnded() {
  const Order oldest = ended_order_.front();
  ended_order_.pop_front();
  const auto it = ended_.find(*oldest.id);
  if (it->second.since == oldest.time) ended_.erase(it);
}

}  // namespace routerd::engine
