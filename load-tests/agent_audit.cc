#include "load-tests/agent_audit.h"

#include <algorithm>

#include "load-tests/words.h"

namespace routerd::load {
namespace {

constexpr int kAgentUnits = 100;  // of every agent

std::string Key(const std::string& agent, const std::string& contact) {
  return agent + " " + contact;
}

}  // namespace

AgentAudit::Agent& AgentAudit::Touch(const std::string& agent) {
  touched_.insert(agent);
  return agents_[agent];
}

void AgentAudit::Offer(const std::string& agent, std::uint64_t sequence,
                       const v1::AgentOfferEvent& offer) {
  Agent& his = Touch(agent);
  const auto [item, added] = his.work.try_emplace(offer.contact_id());
  if (!added) {
    violations_->Add(Violation::kOfferEnd,
                     agent + " is offered " + offer.contact_id() + " which he has");
    return;
  }
  item->second = {.channel = offer.channel(),
                  .queue = offer.queue(),
                  .offer_id = offer.offer_id(),
                  .offered = true};
  // Where several are asked at a time, the contact is his from the accept on.
  if (!limits_->several.contains(offer.queue())) {
    holds_->Begin(offer.contact_id(), agent, sequence);
  }
}

void AgentAudit::Cancelled(const std::string& agent, std::uint64_t sequence,
                           const v1::AgentOfferCancelledEvent& cancelled) {
  Agent& his = Touch(agent);
  const auto offered = [&](const auto& items, const auto& item) {
    return item != items.end() && item->second.offered &&
           item->second.offer_id == cancelled.offer_id();
  };
  // Of one record the end of the work may be told before the end of its offer.
  if (const auto gone = his.gone.find(cancelled.contact_id()); offered(his.gone, gone)) {
    gone->second.offered = false;
    return;
  }
  const auto item = his.work.find(cancelled.contact_id());
  const bool open = offered(his.work, item);
  if (!open || cancelled.outcome() == v1::OFFER_OUTCOME_ACCEPTED) {
    violations_->Add(Violation::kOfferEnd, "offer " + cancelled.offer_id() + " to " + agent +
                                               " ended (" + Word(cancelled.outcome()) +
                                               ") and was not open");
  }
  if (!open) return;
  his.work.erase(item);
  holds_->End(cancelled.contact_id(), agent, sequence);
}

void AgentAudit::Confirmed(const std::string& agent, std::uint64_t sequence,
                           const v1::AgentConfirmedEvent& confirmed) {
  Agent& his = Touch(agent);
  const auto item = his.work.find(confirmed.contact_id());
  if (item == his.work.end() || item->second.offer_id != confirmed.offer_id()) {
    violations_->Add(Violation::kOfferEnd, "offer " + confirmed.offer_id() + " to " + agent +
                                               " was confirmed and was not open");
    return;
  }
  if (!item->second.offered) {
    violations_->Add(Violation::kConfirmedTwice,
                     "offer " + confirmed.offer_id() + " was confirmed twice to " + agent);
    return;
  }
  item->second.offered = false;
  if (limits_->several.contains(item->second.queue)) {
    holds_->Begin(confirmed.contact_id(), agent, sequence);
  }
}

void AgentAudit::Assigned(const std::string& agent, const v1::AgentAssignedEvent& assigned) {
  Agent& his = Touch(agent);
  const auto item = his.work.find(assigned.contact_id());
  if (item == his.work.end() || item->second.offered) {
    violations_->Add(Violation::kUnknown,
                     assigned.contact_id() + " is assigned to " + agent + " who was not confirmed");
  }
}

void AgentAudit::Ended(const std::string& agent, std::uint64_t sequence,
                       const v1::AgentContactEndedEvent& ended) {
  Agent& his = Touch(agent);
  const std::string& contact = ended.contact_id();
  const bool had = EndWork(agent, his, contact, sequence) || his.gone.contains(contact);
  if (IsTerminal(ended.state())) return TellEnd(agent, his, contact, had);
  if (had) return;
  violations_->Add(Violation::kUnknown,
                   contact + " leaves " + agent + " (" + Word(ended.state()) + ") who has it not");
}

// The end of a contact is told to who had it last, also when his wrap-up is over already.
void AgentAudit::TellEnd(const std::string& id, Agent& agent, const std::string& contact,
                         bool had) {
  had |= agent.wrap_ups.erase(contact) > 0 || had_.Contains(Key(id, contact));
  if (!had && !missed_) {
    violations_->Add(Violation::kUnknown, contact + " has ended for " + id + " who never had it");
  }
  if (ended_.Contains(Key(id, contact))) {
    violations_->Add(Violation::kEndedTwice, id + " was told twice that " + contact + " has ended");
  }
  ended_.Insert(Key(id, contact));
}

void AgentAudit::WrapUp(const std::string& agent, std::uint64_t sequence,
                        const v1::AgentWrapUpStartedEvent& started) {
  Agent& his = Touch(agent);
  EndWork(agent, his, started.contact_id(), sequence);
  const auto item = his.gone.find(started.contact_id());
  if (item == his.gone.end()) {
    violations_->Add(Violation::kUnknown,
                     agent + " is to wrap up " + started.contact_id() + " which he has not");
    return;
  }
  his.wrap_ups[started.contact_id()] = item->second;
}

bool AgentAudit::EndWork(const std::string& id, Agent& agent, const std::string& contact,
                         std::uint64_t sequence) {
  const auto item = agent.work.find(contact);
  if (item == agent.work.end()) return false;
  agent.gone[contact] = item->second;
  agent.work.erase(item);
  had_.Insert(Key(id, contact));
  holds_->End(contact, id, sequence);
  return true;
}

// The end of a wrap-up is told by the state that follows it.
void AgentAudit::State(const std::string& agent, const v1::AgentStatus& status) {
  Agent& his = Touch(agent);
  std::erase_if(his.wrap_ups, [&](const auto& entry) {
    return std::ranges::none_of(status.items(), [&](const v1::AgentItem& item) {
      return item.contact_id() == entry.first && item.state() == v1::ITEM_STATE_WRAP_UP;
    });
  });
  for (const v1::AgentItem& item : status.items()) {
    if (item.contact_id().empty() || his.wrap_ups.contains(item.contact_id())) continue;
    if (his.work.contains(item.contact_id())) continue;
    violations_->Add(Violation::kUnknown, agent + " is shown with " + item.contact_id() +
                                              " which he was never told to have");
  }
}

void AgentAudit::Superseded(const std::string& agent) {
  for (const auto& [contact, item] : agents_[agent].work) holds_->Forget(contact, agent);
  agents_.erase(agent);
  touched_.erase(agent);
}

void AgentAudit::Missed() {
  RecordDone();
  while (!agents_.empty()) Superseded(std::string(agents_.begin()->first));
  missed_ = true;
}

void AgentAudit::Held(const v1::AgentStatus& status, std::uint64_t sequence) {
  Superseded(status.agent_id());
  Agent& his = Touch(status.agent_id());
  for (const v1::AgentItem& told : status.items()) {
    if (told.contact_id().empty() || told.state() == v1::ITEM_STATE_OFFERED) continue;
    const Item item = {.channel = told.channel(),
                       .queue = told.queue(),
                       .offer_id = "",
                       .offered = false,
                       .listed = true};
    if (told.state() == v1::ITEM_STATE_WRAP_UP) {
      his.wrap_ups[told.contact_id()] = item;
    } else {
      his.work[told.contact_id()] = item;
      holds_->Begin(told.contact_id(), status.agent_id(), sequence);
    }
  }
}

void AgentAudit::RecordDone() {
  for (const std::string& id : touched_) {
    Agent& agent = agents_[id];
    for (const auto& [contact, item] : agent.gone) JudgeGone(id, contact, item);
    agent.gone.clear();
    Judge(id, agent);
  }
  touched_.clear();
}

void AgentAudit::JudgeGone(const std::string& id, const std::string& contact, const Item& item) {
  if (!item.offered) return;
  violations_->Add(Violation::kOfferEnd, "offer " + item.offer_id + " to " + id +
                                             " was open when " + contact + " left him");
}

// What is left when everything has ended.
void AgentAudit::JudgeLeft(const std::string& id, const std::string& contact, const Item& item,
                           const char* has) {
  if (item.listed) return;
  if (item.offered) {
    violations_->Add(Violation::kOfferEnd, "offer " + item.offer_id + " to " + id + " never ended");
  } else {
    violations_->Add(Violation::kStuck, id + has + contact);
  }
}

void AgentAudit::Judge(const std::string& id, const Agent& agent) {
  std::map<std::string, int> counts;
  int units = 0;
  int offers = 0;
  for (const auto* items : {&agent.work, &agent.wrap_ups}) {
    for (const auto& [contact, item] : *items) {
      const auto limit = limits_->channels.find(item.channel);
      if (item.offered) ++offers;
      if (limit == limits_->channels.end()) continue;
      const bool wraps_up = items == &agent.wrap_ups;
      if (wraps_up && !limits_->WrapUpHolds(item.channel, item.queue)) continue;
      units += limit->second.units;
      const int most = limits_->Most(id, item.channel);
      if (++counts[item.channel] != most + 1) continue;
      violations_->Add(Violation::kOverCapacity,
                       id + " has more than " + std::to_string(most) + " of " + item.channel);
    }
  }
  if (units > kAgentUnits) {
    violations_->Add(Violation::kOverCapacity,
                     id + " has work of " + std::to_string(units) + " units");
  }
  if (offers > limits_->open_offers) {
    violations_->Add(Violation::kOverCapacity,
                     id + " has " + std::to_string(offers) + " open offers");
  }
}

void AgentAudit::Finish(const std::function<bool(const std::string& contact)>& ours) {
  RecordDone();
  for (const auto& [id, agent] : agents_) {
    for (const auto& [contact, item] : agent.work) {
      if (ours(contact)) JudgeLeft(id, contact, item, " still has ");
    }
    for (const auto& [contact, item] : agent.wrap_ups) {
      if (ours(contact)) JudgeLeft(id, contact, item, " is still in wrap-up of ");
    }
  }
}

}  // namespace routerd::load
