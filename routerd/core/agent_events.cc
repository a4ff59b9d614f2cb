// Events about agents: what desktops and supervisors ask.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/ahead.h"
#include "routerd/core/core.h"

namespace routerd::core {

// The agent, if he is logged in; else nullptr and the reason.
Agent* Core::LoggedIn(AgentNo no, Applied* refused) {
  if (FindAgent(no) == nullptr) {
    refused->refusal = Refusal::kUnknownAgent;
    return nullptr;
  }
  Agent& a = agents_[no.index()];
  if (a.presence == Presence::kLoggedOut) {
    refused->refusal = Refusal::kAgentLoggedOut;
    return nullptr;
  }
  return &a;
}

Applied Core::On(const AgentLogsIn& e) {
  if (!e.agent.valid() || e.agent.index() >= limits::kMaxAgents) return {Refusal::kAgentLimit};
  if (!ClassAvailable(e.profile)) return {Refusal::kClassLimit};
  if (e.agent.index() >= agents_.size()) {
    ReserveAll(agents_, limits::kMaxAgents);
    agents_.resize(e.agent.index() + 1);
  }
  Agent& a = agents_[e.agent.index()];
  const bool fresh = a.presence == Presence::kLoggedOut;
  if (!a.known) {
    a.known = true;
    a.items.reserve(limits::kMaxItemsPerAgent);
    a.places.resize(rooms_);
    a.clocks.resize(model_->channels.size());
  }
  if (fresh) {
    a.idle_since = a.offered_since = stamp_.now;
    for (IdleClock& clock : a.clocks) clock = {stamp_.now, stamp_.now};
    a.talk_ms = 0;
    a.misses = 0;
  }
  a.own_skills = e.own_skills;
  a.channels = e.channels;
  a.connected = true;
  timers_.Cancel(a.grace);
  SetProfile(e.agent, e.profile);
  if (e.ready) a.ready = e.channels;
  if (fresh) {
    SetPresence(e.agent, e.ready ? Presence::kReady : Presence::kNotReady, e.reason);
  } else {
    RequestPresence(e.agent, e.ready ? Presence::kReady : Presence::kNotReady, e.reason);
  }
  return {};
}

Applied Core::On(const AgentSetsPresence& e) {
  Applied refused;
  Agent* a = LoggedIn(e.agent, &refused);
  if (a == nullptr) return refused;
  if (e.ready) a->ready = e.channels & a->channels;
  RequestPresence(e.agent, e.ready ? Presence::kReady : Presence::kNotReady, e.reason);
  return {};
}

Applied Core::On(const AgentBusyElsewhere& e) {
  Applied refused;
  Agent* a = LoggedIn(e.agent, &refused);
  if (a == nullptr) return refused;
  Item* external = nullptr;
  for (Item& item : a->items) {
    if (!item.contact.valid() && item.channel == e.channel) external = &item;
  }
  if (e.on == (external != nullptr)) return {};
  if (!e.on) {
    RemoveItem(e.agent, external, true);
    return {};
  }
  if (a->items.size() >= limits::kMaxItemsPerAgent) return {Refusal::kAgentLimit};
  // Work that came from elsewhere is a fact: it comes on top of what he has in hand.
  const int units = UnitsOf(*a, e.channel);
  Item work;
  work.since = stamp_.now;
  work.units = static_cast<std::int16_t>(units);
  work.channel = e.channel;
  work.state = ItemState::kOnContact;
  a->items.push_back(work);
  a->units_used += units;
  Touch(e.agent);
  return {};
}

Applied Core::On(const AgentEndsWrapUp& e) {
  Applied refused;
  Agent* a = LoggedIn(e.agent, &refused);
  if (a == nullptr) return refused;
  const Item* item = FindWrapUp(*a, e.contact);
  if (item == nullptr) return {Refusal::kNotInWrapUp};
  if (item->wrap_up == model::WrapUpMode::kTimedForced) return {Refusal::kWrapUpForced};
  EndWrapUp(e.agent, e.contact);
  return {};
}

Applied Core::On(const AgentExtendsWrapUp& e) {
  Applied refused;
  Agent* a = LoggedIn(e.agent, &refused);
  if (a == nullptr) return refused;
  Item* item = FindWrapUp(*a, e.contact);
  if (item == nullptr) return {Refusal::kNotInWrapUp};
  if (item->extend_ms == 0) return {Refusal::kWrapUpNotExtended};
  ExtendWrapUp(e.agent, *item, e.by_ms);
  return {};
}

Applied Core::On(const AgentLogsOut& e) {
  Applied refused;
  Agent* a = LoggedIn(e.agent, &refused);
  if (a == nullptr) {
    // Told twice is told once.
    return refused.refusal == Refusal::kAgentLoggedOut ? Applied{} : refused;
  }
  EndOffersOf(e.agent, OfferOutcome::kAgentGone);
  RequestPresence(e.agent, Presence::kLoggedOut, ReasonNo());
  return {};
}

Applied Core::On(const AgentSkillsSet& e) {
  if (FindAgent(e.agent) == nullptr) return {Refusal::kUnknownAgent};
  if (!ClassAvailable(e.profile)) return {Refusal::kClassLimit};
  agents_[e.agent.index()].own_skills = e.own_skills;
  SetProfile(e.agent, e.profile);
  return {};
}

Applied Core::On(const AgentConnection& e) {
  Applied refused;
  Agent* a = LoggedIn(e.agent, &refused);
  if (a == nullptr) return refused;
  if (a->connected == e.connected) return {};
  a->connected = e.connected;
  timers_.Cancel(a->grace);
  if (!e.connected) {
    a->grace = timers_.Set(stamp_.now + model_->agent_grace_ms,
                           {TimerKind::kAgentGrace, ContactNo(), e.agent.value});
  }
  Touch(e.agent);
  return {};
}

}  // namespace routerd::core
