// Consultations and conferences, the obvious way: who asks about a contact is searched for.
#include "tests/unit/core/oracle.h"

namespace routerd::core {

std::optional<std::uint64_t> Oracle::ConsultOf(std::uint64_t no) const {
  for (const auto& [child, c] : contacts_) {
    if (c.about == no) return child;
  }
  return std::nullopt;
}

void Oracle::EndConsultOf(std::uint64_t no) {
  const auto child = ConsultOf(no);
  if (!child) return;
  On(ContactEnds{ContactNo(*child), ContactState::kWithdrawn, EndReason::kGatewayWithdrew});
}

void Oracle::Hold(std::uint64_t no, bool held) {
  OracleContact& c = contacts_[no];
  c.held = held;
  for (auto& [agent, a] : agents_) {
    for (OracleItem& item : a.items) {
      if (item.contact != no || item.state == ItemState::kWrapUp) continue;
      if (item.state == ItemState::kParked) continue;
      item.state = held ? ItemState::kHeld : ItemState::kOnContact;
    }
  }
}

void Oracle::On(const ConsultStarts& e) {
  const std::uint64_t parent = e.contact.value;
  ContactArrives arrival;
  arrival.queue = e.queue;
  arrival.channel = ChannelNo(contacts_[parent].channel);
  arrival.gateway = GatewayNo(contacts_[parent].gateway);
  arrival.live = contacts_[parent].live;
  arrival.priority = e.priority ? *e.priority : contacts_[parent].priority;
  arrival.requirements = e.requirements;
  arrival.direct = e.direct;
  arrival.agents_wait_ms = e.agents_wait_ms;
  contacts_[parent].second_asks = e.asking.valid() && contacts_[parent].second == e.asking.value;
  Hold(parent, true);
  contacts_[made_.value].about = parent;
  On(arrival);
}

void Oracle::TakeOver(std::uint64_t child, bool as_second) {
  const std::uint64_t parent = contacts_[child].about;
  OracleContact& c = contacts_[parent];
  const std::uint32_t agent = *contacts_[child].agent;
  for (OracleItem& item : agents_[agent].items) {
    if (item.contact != child || item.state == ItemState::kWrapUp) continue;
    item.contact = parent;
    item.queue = ServedIn(c);
    if (item.state != ItemState::kParked) item.state = ItemState::kOnContact;
    if (c.silent) FallsSilent(agent, item);
  }
  if (!as_second) c.terms = contacts_[child].terms;
  if (!as_second) c.accepted = contacts_[child].accepted;
  (as_second ? c.second : c.agent) = agent;
  Fact(N(parent) + " joined by " + N(agent));
  Finish(child, ContactState::kCompleted);
}

void Oracle::On(const ConsultCompletes& e) {
  const std::uint64_t child = e.contact.value;
  const std::uint64_t parent = contacts_[child].about;
  OracleContact& c = contacts_[parent];
  Hold(parent, false);
  const bool second_asks = c.second_asks;
  const bool silent = c.silent;
  const SpanMs silent_ms = c.silent_ms;
  const std::uint32_t asking = second_asks ? *c.second : *c.agent;
  const auto second = c.second;
  WrapUpBy(asking, parent);
  if (!second_asks) c.second = second;
  c.silent = silent;
  c.silent_ms = silent_ms;
  Fact(N(parent) + " left by " + N(asking));
  const std::uint32_t consulted = *contacts_[child].agent;
  TakeOver(child, second_asks);
  if (IsGone(consulted)) Lose(consulted);
}

void Oracle::On(const ConsultJoins& e) {
  const std::uint64_t parent = contacts_[e.contact.value].about;
  const std::uint32_t first = *contacts_[parent].agent;
  const std::uint32_t consulted = *contacts_[e.contact.value].agent;
  Hold(parent, false);
  TakeOver(e.contact.value, true);
  if (IsGone(consulted)) Lose(consulted);
  if (IsGone(first)) Lose(first);
}

void Oracle::On(const ConsultCanceled& e) {
  const std::uint64_t parent = contacts_[e.contact.value].about;
  EndConsultOf(parent);
  Hold(parent, false);
}

void Oracle::On(const HolderLeaves& e) {
  WrapUpBy(e.agent.value, e.contact.value);
  Fact(N(e.contact.value) + " left by " + N(e.agent.value));
}

}  // namespace routerd::core
