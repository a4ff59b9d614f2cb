#include "load-tests/contact_audit.h"

#include <algorithm>
#include <set>

#include "load-tests/words.h"

namespace routerd::load {

void ContactAudit::Sent(const std::string& contact) { open_.try_emplace(contact); }

void ContactAudit::Taken(const std::string& contact, v1::ContactState state) {
  const auto found = open_.find(contact);
  if (found == open_.end()) return;  // told by an event already that it has ended
  if (!found->second.taken) ++taken_;
  found->second.taken = true;
  // Given again after events were missed: the offer may be among them.
  found->second.promised = !found->second.missed && (state == v1::CONTACT_STATE_OFFERED ||
                                                     state == v1::CONTACT_STATE_CONNECTING ||
                                                     state == v1::CONTACT_STATE_ASSIGNED);
  if (!IsTerminal(state)) return;
  Close(contact);
  if (state == v1::CONTACT_STATE_REFUSED) refused_.insert(contact);
}

// A refusal is told twice by design: in the answer to the arrival, and to the session.
void ContactAudit::Refused(const std::string& contact) {
  if (refused_.erase(contact) == 0) Ended(contact, v1::CONTACT_STATE_REFUSED);
}

void ContactAudit::TurnedAway(const std::string& contact) {
  const auto found = open_.find(contact);
  if (found == open_.end()) return;
  if (found->second.taken) {
    violations_->Add(Violation::kUnknown, contact + " was taken and then turned away");
    --taken_;
  }
  open_.erase(found);
}

// Usually the event that tells the end follows; it was missed only if events were.
void ContactAudit::Told(const std::string& contact, v1::ContactState state) {
  const auto found = open_.find(contact);
  if (found == open_.end() || !IsTerminal(state)) return;
  if (found->second.missed) Close(contact);
}

void ContactAudit::Queued(const std::string& contact) {
  Contact* open = Touch(contact, "queued");
  if (open == nullptr) return;
  open->holder.clear();
  open->confirmed_offer.clear();
  open->wrapping_up = false;
}

void ContactAudit::Offer(const v1::ContactOfferEvent& offer) {
  Contact* open = Touch(offer.contact_id(), "offered");
  if (open == nullptr) return;
  open->offered = true;
  if (!open->holder.empty()) {
    violations_->Add(Violation::kTwoAgents, offer.contact_id() + " is with " + open->holder +
                                                " and is offered to " + offer.agent_id());
  }
  open->several = limits_->several.contains(offer.queue());
  if (!open->offers.emplace(offer.offer_id(), offer.agent_id()).second) {
    violations_->Add(Violation::kOfferEnd, "offer " + offer.offer_id() + " was made twice");
  }
}

void ContactAudit::OfferEnded(const v1::ContactOfferEndedEvent& ended) {
  // Of one record the end of the contact may be told before the end of its offer.
  const auto found = open_.find(ended.contact_id());
  const bool with_contact = found != open_.end() && found->second.ended;
  Contact* open = with_contact ? &found->second : Touch(ended.contact_id(), "no longer offered");
  if (open == nullptr) return;
  const bool was_open = open->offers.erase(ended.offer_id()) > 0 || open->missed;
  if (!was_open || ended.outcome() == v1::OFFER_OUTCOME_ACCEPTED) {
    violations_->Add(Violation::kOfferEnd, "offer " + ended.offer_id() + " of " +
                                               ended.contact_id() + " ended (" +
                                               Word(ended.outcome()) + ") and was not open");
  }
}

void ContactAudit::Confirmed(const v1::ContactConfirmedEvent& confirmed) {
  Contact* open = Touch(confirmed.contact_id(), "confirmed");
  if (open == nullptr) return;
  if (open->confirmed_offer == confirmed.offer_id()) {
    violations_->Add(Violation::kConfirmedTwice,
                     "offer " + confirmed.offer_id() + " was confirmed twice to the gateway");
    return;
  }
  if (!open->holder.empty()) {
    violations_->Add(Violation::kTwoAgents, confirmed.contact_id() + " is with " + open->holder +
                                                " and is confirmed to " + confirmed.agent_id());
  }
  if (open->offers.erase(confirmed.offer_id()) == 0 && !open->missed) {
    violations_->Add(Violation::kOfferEnd, "offer " + confirmed.offer_id() + " of " +
                                               confirmed.contact_id() +
                                               " was confirmed and was not open");
  }
  open->holder = confirmed.agent_id();
  open->confirmed_offer = confirmed.offer_id();
}

void ContactAudit::AgentLost(const std::string& contact) {
  if (Contact* open = Touch(contact, "without its agent")) open->holder.clear();
}

void ContactAudit::Ended(const std::string& contact, v1::ContactState state) {
  Contact* open = Touch(contact, "ended");
  if (open == nullptr) return;
  if (IsTerminal(state)) {
    open->ended = true;
    return;
  }
  if (open->wrapping_up) {
    violations_->Add(Violation::kEndedTwice, contact + " went to wrap-up twice");
  }
  open->wrapping_up = true;
}

ContactAudit::Contact ContactAudit::Missed(bool taken) {
  Contact contact;
  contact.taken = taken;
  contact.missed = true;
  return contact;
}

void ContactAudit::Missed() {
  RecordDone();
  for (auto& [id, contact] : open_) contact = Missed(contact.taken);
}

void ContactAudit::Held(const v1::HeldContact& held) {
  const auto found = open_.find(held.contact_id());
  if (found == open_.end()) {  // of an earlier run, or ended while nobody listened
    if (!ended_.Contains(held.contact_id())) strange_.insert(held.contact_id());
    return;
  }
  Contact& contact = found->second;
  contact = Missed(true);
  if (held.state() == v1::CONTACT_STATE_OFFERED) {
    contact.offers.emplace(held.offer_id(), held.agent_id());
    contact.several = limits_->several.contains(held.queue());
  }
  const bool with_agent =
      held.state() == v1::CONTACT_STATE_CONNECTING || held.state() == v1::CONTACT_STATE_ASSIGNED;
  if (with_agent) contact.holder = held.agent_id();
  if (with_agent) contact.confirmed_offer = held.offer_id();
  contact.wrapping_up = held.state() == v1::CONTACT_STATE_WRAP_UP;
}

ContactAudit::Contact* ContactAudit::Touch(const std::string& contact, const char* event) {
  const auto found = open_.find(contact);
  if (found == open_.end() && strange_.contains(contact)) return nullptr;
  if (found == open_.end() && !ended_.Contains(contact)) {
    violations_->Add(Violation::kUnknown, contact + " is " + event + " and never arrived");
    return nullptr;
  }
  if (found == open_.end() || found->second.ended) {
    violations_->Add(Violation::kEndedTwice, contact + " has ended and is " + event);
    return nullptr;
  }
  touched_.push_back(contact);
  return &found->second;
}

void ContactAudit::Close(const std::string& contact) {
  const auto found = open_.find(contact);
  if (!found->second.taken) ++taken_;  // the event overtook the answer
  open_.erase(found);
  ended_.Insert(contact);
  ++ended_count_;
}

void ContactAudit::RecordDone() {
  // Told of once, however many of the record's events are about it.
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  for (const std::string& id : touched_) {
    const auto found = open_.find(id);
    if (found == open_.end()) continue;
    Judge(id, found->second);
    if (found->second.ended) Close(id);
  }
  touched_.clear();
}

void ContactAudit::Judge(const std::string& id, const Contact& contact) {
  if (contact.ended && contact.promised && !contact.offered) {
    violations_->Add(Violation::kNeverOffered,
                     id + " was said to be offered when it arrived, and no offer was told");
  }
  if (contact.ended && !contact.offers.empty()) {
    violations_->Add(Violation::kOfferEnd, "offer " + contact.offers.begin()->first + " of " + id +
                                               " is open though the contact has ended");
  }
  std::set<std::string> agents;
  for (const auto& [offer, agent] : contact.offers) {
    if (agents.insert(agent).second) continue;
    std::string text = id;
    text += " is offered twice at a time to ";
    text += agent;
    violations_->Add(Violation::kTwoAgents, text);
  }
  if (agents.size() > 1 && !contact.several) {
    violations_->Add(Violation::kTwoAgents,
                     id + " has " + std::to_string(contact.offers.size()) + " open offers");
  }
  if (!contact.offers.empty() && !contact.holder.empty()) {
    violations_->Add(Violation::kTwoAgents,
                     id + " is with " + contact.holder + " and has an open offer");
  }
}

void ContactAudit::Finish(const std::unordered_map<std::string, v1::ContactState>& still_held) {
  RecordDone();
  for (const auto& [id, contact] : open_) {
    const auto held = still_held.find(id);
    if (held != still_held.end()) {
      violations_->Add(Violation::kStuck, id + " is still " + Word(held->second));
    } else if (contact.taken) {
      violations_->Add(Violation::kLost, id + " was taken, never ended, and the router has it not");
    } else {
      violations_->Add(Violation::kLost, id + " was sent and never answered");
    }
  }
  for (const auto& [id, state] : still_held) {
    if (ended_.Contains(id)) {
      violations_->Add(Violation::kStuck, id + " has ended and is still listed as " + Word(state));
    }
  }
}

}  // namespace routerd::load
