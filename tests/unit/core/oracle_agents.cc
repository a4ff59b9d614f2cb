#include "tests/unit/core/oracle.h"

#include <algorithm>
#include <utility>

namespace routerd::core {

// ---- Agents ------------------------------------------------------------------------------------

void Oracle::RemoveItem(std::uint32_t agent, std::uint64_t contact, bool wrap_up, bool worked) {
  OracleAgent& a = agents_[agent];
  const auto it = std::find_if(a.items.begin(), a.items.end(), [&](const OracleItem& item) {
    return item.contact == contact && (item.state == ItemState::kWrapUp) == wrap_up;
  });
  if (worked) a.idle_since = a.clocks[it->channel].first = now_;
  const std::uint64_t number = it->number;
  const std::uint64_t lent_to = it->lent_to;
  a.items.erase(it);
  // What has lent its units away has none to give back: what it interrupted waits on.
  for (OracleItem& item : a.items) {
    if (lent_to != 0 && item.lent_to == number) item.lent_to = lent_to;
  }
  Unpark(agent, number);
  if (a.items.empty() && a.pending) SetPresence(agent, a.pending_presence, a.pending_reason);
}

void Oracle::SetPresence(std::uint32_t agent, Presence presence, ReasonNo reason) {
  OracleAgent& a = agents_[agent];
  if (presence == Presence::kReady && a.presence != presence) a.ready_since = now_;
  a.presence = presence;
  a.reason = reason;
  a.pending = false;
  if (presence == Presence::kLoggedOut) {
    a.connected = false;
    a.ready = 0;
    Cancel(Why::kAgentGrace, 0, agent);
  }
}

// His desktop has not come back in time.
bool Oracle::IsGone(std::uint32_t agent) const {
  const bool in_grace = std::any_of(timers_.begin(), timers_.end(), [&](const OracleTimer& t) {
    return t.why == Why::kAgentGrace && t.other == agent;
  });
  return !agents_.at(agent).connected && !in_grace;
}

void Oracle::RequestPresence(std::uint32_t agent, Presence presence, ReasonNo reason) {
  OracleAgent& a = agents_[agent];
  const bool leaves_work =
      presence == Presence::kNotReady &&
      (a.presence == Presence::kReady || a.presence == Presence::kNotResponding);
  if (!a.items.empty() && (presence == Presence::kLoggedOut || leaves_work)) {
    a.pending = true;
    a.pending_presence = presence;
    a.pending_reason = reason;
  } else {
    SetPresence(agent, presence, reason);
  }
}

void Oracle::Miss(std::uint32_t agent, int max_misses) {
  OracleAgent& a = agents_[agent];
  ++a.misses;
  if (a.pending || a.presence == Presence::kNotReady || a.presence == Presence::kLoggedOut) return;
  if (a.misses >= max_misses) {
    a.misses = 0;
    SetPresence(agent, Presence::kNotReady, model_->rona);
  } else {
    SetPresence(agent, Presence::kNotResponding, ReasonNo());
  }
}

void Oracle::On(const AgentLogsIn& e) {
  OracleAgent& a = agents_[e.agent.value];
  const bool fresh = a.presence == Presence::kLoggedOut;
  if (fresh) {
    a.idle_since = a.offered_since = now_;
    for (std::uint8_t c = 0; c < 32; ++c) a.clocks[c] = {now_, now_};
    a.talk_ms = 0;
    a.misses = 0;
  }
  a.own_skills = e.own_skills;
  a.profile = e.profile;
  a.channels = e.channels;
  a.connected = true;
  Cancel(Why::kAgentGrace, 0, e.agent.value);
  if (e.ready) a.ready = e.channels;
  const Presence asked = e.ready ? Presence::kReady : Presence::kNotReady;
  if (fresh) {
    SetPresence(e.agent.value, asked, e.reason);
  } else {
    RequestPresence(e.agent.value, asked, e.reason);
  }
}

void Oracle::On(const AgentSetsPresence& e) {
  OracleAgent& a = agents_[e.agent.value];
  if (e.ready) a.ready = e.channels & a.channels;
  RequestPresence(e.agent.value, e.ready ? Presence::kReady : Presence::kNotReady, e.reason);
}

void Oracle::On(const AgentBusyElsewhere& e) {
  OracleAgent& a = agents_[e.agent.value];
  const auto it = std::find_if(a.items.begin(), a.items.end(), [&](const OracleItem& item) {
    return item.contact == kExternal && item.channel == e.channel.value;
  });
  if (e.on == (it != a.items.end())) return;
  if (e.on) {
    const int units = Units(a, e.channel.value);
    a.items.push_back({kExternal, e.channel.value, ItemState::kOnContact, units, true});
    return;
  }
  a.items.erase(it);
  a.idle_since = a.clocks[e.channel.value].first = now_;
  if (a.items.empty() && a.pending) {
    SetPresence(e.agent.value, a.pending_presence, a.pending_reason);
  }
}

void Oracle::WrapUp(std::uint64_t no, const std::optional<model::WrapUp>& stated) {
  EndConsultOf(no);
  const std::uint32_t first = *contacts_[no].agent;
  const auto second = contacts_[no].second;
  WrapUpBy(first, no, stated);
  if (second) WrapUpBy(*second, no, stated);
}

void Oracle::WrapUpBy(std::uint32_t agent, std::uint64_t no,
                      const std::optional<model::WrapUp>& stated) {
  OracleContact& c = contacts_[no];
  OracleAgent& a = agents_[agent];
  const auto earlier = std::find_if(a.items.begin(), a.items.end(), [&](const OracleItem& item) {
    return item.contact == no && item.state == ItemState::kWrapUp;
  });
  if (earlier != a.items.end()) {  // one wrap-up of a contact is enough
    Handled(agent, earlier->queue, earlier->talked_ms + now_ - earlier->since);
    Cancel(Why::kWrapUp, no, agent);
    RemoveItem(agent, no, true, true);
    --c.wrap_ups;
  }
  const SpanMs talked_ms = Talked(agent, no);
  a.talk_ms += talked_ms;
  if (c.agent == agent) {
    c.agent = c.second;
    c.accepted = {};
  }
  c.second.reset();
  c.second_asks = false;
  if (!c.agent) {
    c.held = c.silent = false;
    c.silent_ms = 0;
  }
  model::WrapUp rule = model_->channels[c.channel].wrap_up;
  if (const auto& own = model_->queues[ServedIn(c)].wrap_up) rule = *own;
  if (const auto& his = a.profile.wrap_up) rule = *his;
  if (stated) rule = *stated;
  if (rule.mode == model::WrapUpMode::kNone || IsGone(agent)) {
    Handled(agent, ServedIn(c), talked_ms);
    RemoveItem(agent, no, false, true);
    return;
  }
  for (OracleItem& item : a.items) {
    if (item.contact != no || item.state == ItemState::kWrapUp) continue;
    if (item.silent) SpeaksAgain(item);
    item.state = ItemState::kWrapUp;
    item.talked_ms = talked_ms;
    item.since = now_;
    if (rule.mode != model::WrapUpMode::kMandatory) item.extend_ms = rule.extend_ms;
    item.forced = rule.mode == model::WrapUpMode::kTimedForced;
    const bool interrupts = std::any_of(a.items.begin(), a.items.end(), [&](const auto& other) {
      return other.lent_to != 0 && other.lent_to == item.number;
    });
    if (!rule.holds_room && !interrupts) {
      item.lent_units = 0;
      item.units = 0;
      item.counts = false;
    }
  }
  ++c.wrap_ups;
  Fact("wrap-up of " + N(no) + " by " + N(agent));
  if (rule.mode != model::WrapUpMode::kMandatory) {
    Set(now_ + rule.duration_ms, Why::kWrapUp, no, agent);
  }
}

void Oracle::EndWrapUp(std::uint32_t agent, std::uint64_t no) {
  Cancel(Why::kWrapUp, no, agent);
  for (const OracleItem& item : agents_[agent].items) {
    if (item.contact != no || item.state != ItemState::kWrapUp) continue;
    Handled(agent, item.queue, item.talked_ms + now_ - item.since);
  }
  RemoveItem(agent, no, true, true);
  OracleContact& c = contacts_[no];
  if (--c.wrap_ups != 0) return;
  if (c.state == ContactState::kWrapUp) {
    Finish(no, ContactState::kCompleted);
  } else if (IsTerminal(c.state)) {
    contacts_.erase(no);
  }
}

void Oracle::On(const AgentExtendsWrapUp& e) {
  const std::uint64_t no = e.contact.value;
  for (OracleItem& item : agents_[e.agent.value].items) {
    if (item.contact != no || item.state != ItemState::kWrapUp) continue;
    const SpanMs by_ms = std::min(e.by_ms, item.extend_ms);
    item.extend_ms -= by_ms;
    const auto ends = std::find_if(timers_.begin(), timers_.end(), [&](const OracleTimer& t) {
      return t.why == Why::kWrapUp && t.contact == no && t.other == e.agent.value;
    });
    const TimeMs until = ends->deadline + by_ms;
    Cancel(Why::kWrapUp, no, e.agent.value);
    Set(until, Why::kWrapUp, no, e.agent.value);
    Fact("wrap-up of " + N(no) + " until " + N(static_cast<std::uint64_t>(until)));
  }
}

void Oracle::On(const AgentEndsWrapUp& e) { EndWrapUp(e.agent.value, e.contact.value); }

void Oracle::EndOffersOf(std::uint32_t agent) {
  std::vector<std::uint64_t> offered;
  for (const OracleItem& item : agents_[agent].items) {
    if (item.state == ItemState::kOffered) offered.push_back(item.contact);
  }
  for (const std::uint64_t no : offered) {
    EndOffer(no, agent, OfferOutcome::kAgentGone);
    GoOn(no);
  }
}

void Oracle::Lose(std::uint32_t agent) {
  OracleAgent& a = agents_[agent];
  a.pending = true;
  a.pending_presence = Presence::kLoggedOut;
  a.pending_reason = ReasonNo();
  EndOffersOf(agent);
  const std::vector<OracleItem> items = a.items;
  for (const OracleItem& item : items) {
    if (item.state == ItemState::kWrapUp) {
      EndWrapUp(agent, item.contact);
    } else if (item.contact == kExternal) {
      On(AgentBusyElsewhere{AgentNo(agent), ChannelNo(item.channel), false});
    } else if (contacts_[item.contact].second) {
      On(HolderLeaves{ContactNo(item.contact), AgentNo(agent)});
    } else if (item.state == ItemState::kConnecting || !contacts_[item.contact].live) {
      Cancel(Why::kConnect, item.contact, 0);
      EndConsultOf(item.contact);
      if (item.answered != 0) a.talk_ms += Talked(agent, item.contact);
      RemoveItem(agent, item.contact, false, item.state != ItemState::kConnecting);
      Return(item.contact);
    } else {
      Fact("lost " + N(item.contact));
    }
  }
  if (a.items.empty()) SetPresence(agent, Presence::kLoggedOut, ReasonNo());
}

void Oracle::On(const AgentLogsOut& e) {
  if (agents_[e.agent.value].presence == Presence::kLoggedOut) return;
  EndOffersOf(e.agent.value);
  RequestPresence(e.agent.value, Presence::kLoggedOut, ReasonNo());
}

void Oracle::On(const AgentSkillsSet& e) {
  agents_[e.agent.value].own_skills = e.own_skills;
  agents_[e.agent.value].profile = e.profile;
}

void Oracle::On(const AgentConnection& e) {
  OracleAgent& a = agents_[e.agent.value];
  if (a.connected == e.connected) return;
  a.connected = e.connected;
  Cancel(Why::kAgentGrace, 0, e.agent.value);
  if (!e.connected) Set(now_ + model_->agent_grace_ms, Why::kAgentGrace, 0, e.agent.value);
}

}  // namespace routerd::core
