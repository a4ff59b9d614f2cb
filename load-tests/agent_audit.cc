#include "load-tests/agent_audit.h"

#include <algorithm>

#include "load-tests/words.h"

namespace routerd::load {
namespace {

constexpr int kUnits = 100;  // of every agent

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
  item->second = {.channel = offer.channel(), .offer_id = offer.offer_id(), .offered = true};
  holds_->Begin(offer.contact_id(), agent, sequence);
}

void AgentAudit::Cancelled(const std::string& agent, std::uint64_t sequence,
                           const v1::AgentOfferCancelledEvent& cancelled) {
  Agent& his = Touch(agent);
  const auto item = his.work.find(cancelled.contact_id());
  const bool open = item != his.work.end() && item->second.offered &&
                    item->second.offer_id == cancelled.offer_id();
  if (!open || cancelled.outcome() == v1::OFFER_OUTCOME_ACCEPTED) {
    violations_->Add(Violation::kOfferEnd, "offer " + cancelled.offer_id() + " to " + agent +
                                               " ended (" + Word(cancelled.outcome()) +
                                               ") and was not open");
  }
  if (!open) return;
  his.work.erase(item);
  holds_->End(cancelled.contact_id(), agent, sequence);
}

void AgentAudit::Confirmed(const std::string& agent, const v1::AgentConfirmedEvent& confirmed) {
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
  holds_->ConfirmedToDesktop(confirmed.offer_id());
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
  EndWork(agent, his, ended.contact_id(), sequence);
  if (IsTerminal(ended.state())) his.wrap_ups.erase(ended.contact_id());
}

void AgentAudit::WrapUp(const std::string& agent, std::uint64_t sequence,
                        const v1::AgentWrapUpStartedEvent& started) {
  Agent& his = Touch(agent);
  EndWork(agent, his, started.contact_id(), sequence);
  his.wrap_ups[started.contact_id()] = his.gone[started.contact_id()];
}

void AgentAudit::EndWork(const std::string& id, Agent& agent, const std::string& contact,
                         std::uint64_t sequence) {
  const auto item = agent.work.find(contact);
  if (item == agent.work.end()) return;
  if (item->second.offered) {
    violations_->Add(Violation::kOfferEnd, "offer " + item->second.offer_id + " to " + id +
                                               " was open when " + contact + " left him");
  }
  agent.gone[contact] = item->second;
  agent.work.erase(item);
  holds_->End(contact, id, sequence);
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
  holds_->Missed();
}

void AgentAudit::Held(const v1::AgentStatus& status, std::uint64_t sequence) {
  Superseded(status.agent_id());
  Agent& his = Touch(status.agent_id());
  for (const v1::AgentItem& told : status.items()) {
    if (told.contact_id().empty() || told.state() == v1::ITEM_STATE_OFFERED) continue;
    const Item item = {.channel = told.channel(), .offer_id = ""};
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
    agent.gone.clear();
    Judge(id, agent);
  }
  touched_.clear();
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
      if (items == &agent.wrap_ups && !limit->second.wrap_up_holds) continue;
      units += limit->second.units;
      const int most = limits_->Most(id, item.channel);
      if (++counts[item.channel] != most + 1) continue;
      violations_->Add(Violation::kOverCapacity,
                       id + " has more than " + std::to_string(most) + " of " + item.channel);
    }
  }
  if (units > kUnits) {
    violations_->Add(Violation::kOverCapacity,
                     id + " has work of " + std::to_string(units) + " units");
  }
  if (offers > limits_->open_offers) {
    violations_->Add(Violation::kOverCapacity,
                     id + " has " + std::to_string(offers) + " open offers");
  }
}

void AgentAudit::Finish() {
  RecordDone();
  for (const auto& [id, agent] : agents_) {
    for (const auto& [contact, item] : agent.work) {
      if (!item.offered) continue;
      violations_->Add(Violation::kOfferEnd,
                       "offer " + item.offer_id + " to " + id + " never ended");
    }
  }
}

}  // namespace routerd::load
