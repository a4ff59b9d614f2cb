// Consultations: whoever holds an answered contact asks somebody else. A linked contact (`child`)
// looks for him like any other, while the parent is on hold. Then the one who was asked has it
// instead of whoever asked, or both have it, or the linked contact ends.
//
// The link lasts as long as the parent is assigned and the linked contact is not over.
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

// His desktop has not come back in time; what he still has is for others to decide.
bool IsLost(const Agent& a, const TimerWheel& timers) {
  return !a.connected && timers.DeadlineOf(a.grace) == 0;
}

}  // namespace

bool CoreState::Holds(const Contact& c, AgentNo agent) {
  return agent.valid() && (c.agent == agent || c.second == agent);
}

void Core::Unlink(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.parent != kNil) {
    contacts_[c.parent].child = kNil;
    contacts_[c.parent].second_asks = false;
  }
  if (c.child != kNil) contacts_[c.child].parent = kNil;
  c.parent = c.child = kNil;
  c.second_asks = false;
}

void Core::SetHeld(std::uint32_t slot, bool held) {
  Contact& c = contacts_[slot];
  if (c.held == held) return;
  c.held = held;
  for (const AgentNo no : {c.agent, c.second}) {
    if (!no.valid()) continue;
    Item* item = FindWork(agents_[no.index()], NumberOf(slot));
    if (item->state != ItemState::kParked) {
      item->answered += QuietFor(*item);
      item->state = held ? ItemState::kHeld : ItemState::kOnContact;
      item->since = stamp_.now;
    }
    Touch(no);
  }
  Tell(ContactHoldChanged{NumberOf(slot), c.agent, held});
}

Applied Core::On(const ConsultStarts& e) {
  const Contact* parent = Held(e.contact);
  if (parent == nullptr) return {Refusal::kUnknownContact};
  if (parent->state != ContactState::kAssigned) return WrongState(*parent);
  if (parent->child != kNil || parent->parent != kNil) return {Refusal::kInConsult};
  if (e.asking.valid() && !Holds(*parent, e.asking)) return {Refusal::kNotHolder};
  const bool second_asks = e.asking.valid() && e.asking == parent->second;
  ContactArrives arrival{.queue = e.queue,
                         .channel = parent->channel,
                         .gateway = parent->gateway,
                         .live = parent->live,
                         .priority = e.priority.value_or(parent->priority),
                         .requirements = e.requirements,
                         .direct = e.direct,
                         .preferred = {},
                         .last_agent = {},
                         .agents_wait_ms = e.agents_wait_ms,
                         .also = {}};
  const auto slot = static_cast<std::uint32_t>(e.contact.value);
  const Applied applied = Arrive(arrival, slot);
  if (applied.ok()) contacts_[slot].second_asks = second_asks;
  return applied;
}

// The contact is its holders' no longer, and so nobody wants to ask about it.
void Core::EndConsultOf(std::uint32_t slot) {
  const std::uint32_t child = contacts_[slot].child;
  if (child == kNil) return;
  On(ContactEnds{NumberOf(child), ContactState::kWithdrawn, EndReason::kGatewayWithdrew});
}

// The linked contact, and that its agent may take over what it is about.
Refusal Core::FindConsulted(ContactNo no, std::uint32_t* child, Applied* refused) {
  const Contact* c = Held(no);
  if (c == nullptr) return Refusal::kUnknownContact;
  if (c->parent == kNil) return Refusal::kNoConsult;
  if (c->state != ContactState::kAssigned) {
    *refused = WrongState(*c);
    return Refusal::kWrongState;
  }
  *child = static_cast<std::uint32_t>(no.value);
  return Refusal::kNone;
}

// The consulted agent's work on the linked contact becomes work on the parent; the linked one ends.
void Core::TakeOver(std::uint32_t child, bool as_second) {
  Contact& c = contacts_[child];
  const std::uint32_t slot = c.parent;
  Contact& parent = contacts_[slot];
  const AgentNo agent = c.agent;
  Item* item = FindWork(agents_[agent.index()], NumberOf(child));
  item->contact = NumberOf(slot);
  item->queue = ServingQueueOf(parent);
  if (item->state != ItemState::kParked) {  // else it goes on when what interrupted it has ended
    item->state = ItemState::kOnContact;
    item->since = stamp_.now;
  }
  Touch(agent);
  (as_second ? parent.second : parent.agent) = agent;
  if (!as_second) parent.offer = c.offer;
  if (!as_second) parent.terms = c.terms;
  Tell(HolderJoined{NumberOf(slot), agent, NumberOf(child)});
  if (parent.silent_since != 0) FallSilent(agent, *item);
  Unlink(child);
  c.agent = AgentNo();
  c.offer = OfferId();
  EndContact(child, ContactState::kCompleted, EndReason::kCompleted);
}

Applied Core::On(const ConsultCompletes& e) {
  Applied applied;
  std::uint32_t child = kNil;
  applied.refusal = FindConsulted(e.contact, &child, &applied);
  if (!applied.ok()) return applied;
  const std::uint32_t slot = contacts_[child].parent;
  applied.contact = NumberOf(slot);
  const bool second_asks = contacts_[slot].second_asks;
  const AgentNo second = contacts_[slot].second;
  const AgentNo asking = second_asks ? second : contacts_[slot].agent;
  const AgentNo consulted = contacts_[child].agent;
  const TimeMs silent_since = contacts_[slot].silent_since;
  const SpanMs silent_ms = contacts_[slot].silent_ms;
  SetHeld(slot, false);
  if (!second_asks) contacts_[slot].second = AgentNo();  // he stays what he is
  StartWrapUp(slot, asking);
  Tell(HolderLeft{applied.contact, asking});
  if (!second_asks) contacts_[slot].second = second;
  contacts_[slot].silent_since = silent_since;
  contacts_[slot].silent_ms = silent_ms;
  TakeOver(child, second_asks);
  if (IsLost(agents_[consulted.index()], timers_)) LoseAgent(consulted);
  return applied;
}

Applied Core::On(const ConsultJoins& e) {
  Applied applied;
  std::uint32_t child = kNil;
  applied.refusal = FindConsulted(e.contact, &child, &applied);
  if (!applied.ok()) return applied;
  const std::uint32_t slot = contacts_[child].parent;
  if (contacts_[slot].second.valid()) return {Refusal::kConferenceFull};
  applied.contact = NumberOf(slot);
  SetHeld(slot, false);
  const AgentNo consulted = contacts_[child].agent;
  TakeOver(child, true);
  for (const AgentNo no : {consulted, contacts_[slot].agent}) {
    if (IsLost(agents_[no.index()], timers_)) LoseAgent(no);
  }
  return applied;
}

Applied Core::On(const ConsultCanceled& e) {
  const Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (c->parent == kNil) return {Refusal::kNoConsult};
  const std::uint32_t slot = c->parent;
  Applied applied;
  applied.contact = NumberOf(slot);
  EndConsultOf(slot);
  SetHeld(slot, false);
  return applied;
}

// One of two holders leaves; the other goes on.
Applied Core::On(const HolderLeaves& e) {
  const Contact* c = Held(e.contact);
  if (c == nullptr) return {Refusal::kUnknownContact};
  if (c->state != ContactState::kAssigned) return WrongState(*c);
  if (!Holds(*c, e.agent) || !c->second.valid()) return {Refusal::kNoConference};
  // Whoever no longer asks may be asked.
  if (c->child != kNil && Stands(c->child)) barred_.push_back(c->child);
  StartWrapUp(static_cast<std::uint32_t>(e.contact.value), e.agent);
  Tell(HolderLeft{e.contact, e.agent});
  Applied applied;
  applied.contact = e.contact;
  return applied;
}

}  // namespace routerd::core
