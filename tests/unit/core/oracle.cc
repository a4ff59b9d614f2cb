#include "oracle.h"

#include <algorithm>
#include <utility>

namespace routerd::core {
namespace {

std::string N(std::uint64_t n) { return std::to_string(n); }

int Level(const model::AgentProfile& profile, SkillNo skill) {
  for (const auto& s : profile.skills) {
    if (s.skill == skill) return s.level;
  }
  return 0;
}

bool MeetsAll(const model::AgentProfile& profile, const model::Requirements& needs) {
  for (const auto& need : needs.all) {
    if (Level(profile, need.skill) < need.level) return false;
  }
  bool any = needs.any.empty();
  for (const auto& need : needs.any) any = any || Level(profile, need.skill) >= need.level;
  for (const auto& need : needs.none) {
    if (Level(profile, need.skill) >= need.level) return false;
  }
  return any;
}

}  // namespace

// ---- The rules ---------------------------------------------------------------------------------

bool Oracle::Serving(std::uint32_t queue) const {
  const auto it = modes_.find(queue);
  const auto mode = it != modes_.end() ? it->second : model_->queues[queue].mode;
  return mode != model::QueueMode::kEmergency;
}

bool Oracle::ReadyFor(const OracleAgent& a, std::uint8_t channel) const {
  return a.presence == Presence::kReady && !a.pending && a.connected &&
         (a.ready >> channel & 1) != 0;
}

bool Oracle::Meets(const OracleContact& c, const OracleAgent& a) const {
  const model::Queue& queue = model_->queues[c.queue];
  bool member = queue.groups.empty();
  for (const GroupNo g : a.profile.groups) {
    member = member || std::count(queue.groups.begin(), queue.groups.end(), g) > 0;
  }
  return member && MeetsAll(a.profile, queue.requirements) && MeetsAll(a.profile, c.own);
}

bool Oracle::Room(const OracleAgent& a, std::uint8_t channel) const {
  int units = model_->channels[channel].units;
  int count = 0;
  int open_offers = 0;
  for (const OracleItem& item : a.items) {
    units += item.units;
    if (item.channel == channel && item.counts) ++count;
    if (item.state == ItemState::kOffered) ++open_offers;
  }
  int limit = model_->channels[channel].max_per_agent;
  for (const auto& own : a.profile.limits) {
    if (own.channel.value == channel) limit = own.max_per_agent;
  }
  return units <= 100 && count < limit && open_offers < model_->max_open_offers &&
         a.items.size() < 16;
}

bool Oracle::MayServe(const OracleContact& c, std::uint32_t agent) const {
  const OracleAgent& a = agents_.at(agent);
  if (c.state != ContactState::kQueued || !ReadyFor(a, c.channel) || !Room(a, c.channel)) {
    return false;
  }
  for (const OracleBar& bar : c.bars) {
    if (bar.agent == agent) return false;
  }
  return Meets(c, a) && Serving(c.queue) && (!c.live || gateways_.at(c.gateway));
}

// In 1/60,000,000 of a priority point: 1 point a minute is 1000 thousandths × 60,000 ms.
std::int64_t Oracle::Score(const OracleContact& c) const {
  const model::Queue& queue = model_->queues[c.queue];
  std::int64_t score = std::int64_t{c.priority} * 60'000'000;
  if (now_ > c.age_since) score += queue.acceleration_milli * (now_ - c.age_since);
  if (queue.cap) score = std::min(score, std::int64_t{*queue.cap} * 60'000'000);
  return score;
}

bool Oracle::ServedBefore(const OracleContact& a, const OracleContact& b) const {
  if (Score(a) != Score(b)) return Score(a) > Score(b);
  if (a.age_since != b.age_since) return a.age_since < b.age_since;
  return a.arrival < b.arrival;
}

// While anybody may be served: the first contact in order takes the best agent.
void Oracle::Decide() {
  for (;;) {
    std::optional<std::uint64_t> best;
    for (const auto& [no, c] : contacts_) {
      if (c.state != ContactState::kQueued) continue;
      bool servable = false;
      for (const auto& [agent, a] : agents_) servable = servable || MayServe(c, agent);
      if (servable && (!best || ServedBefore(c, contacts_[*best]))) best = no;
    }
    if (!best) return;
    OracleContact& c = contacts_[*best];
    std::optional<std::uint32_t> chosen;
    for (const auto& [agent, a] : agents_) {
      if (!MayServe(c, agent)) continue;
      const auto key = [this](std::uint32_t n) {
        return std::tuple(!agents_[n].items.empty(), agents_[n].idle_since, n);
      };
      if (!chosen || key(agent) < key(*chosen)) chosen = agent;
    }
    Cancel(Why::kBars, *best, 0);
    c.state = ContactState::kOffered;
    c.agent = *chosen;
    const model::Channel& channel = model_->channels[c.channel];
    agents_[*chosen].items.push_back({*best, c.channel, ItemState::kOffered, channel.units, true});
    Fact("offer " + N(*best) + " to " + N(*chosen) + " after " +
         N(static_cast<std::uint64_t>(now_ - c.visit_since)));
    Set(now_ + channel.offer_ms, Why::kOffer, *best, 0);
    if (channel.accept_by == model::AcceptBy::kAuto) AcceptNow(*best);
  }
}

// ---- Contacts
// ------------------------------------------------------------------------------------

void Oracle::On(const ContactArrives& e) {
  OracleContact c;
  c.queue = e.queue.value;
  c.channel = e.channel.value;
  c.gateway = e.gateway.value;
  c.live = e.live;
  c.priority = e.priority ? *e.priority : model_->queues[c.queue].priority;
  c.own = e.requirements;
  c.arrival = next_arrival_++;
  c.age_since = now_ + e.delay_ms - e.credit_ms;
  c.visit_since = now_;
  gateways_.emplace(c.gateway, true);
  contacts_[made_.value] = c;
  if (e.delay_ms > 0) {
    Set(now_ + e.delay_ms, Why::kDue, made_.value, 0);
  } else {
    Enter(made_.value);
  }
}

void Oracle::Enter(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  c.state = ContactState::kQueued;
  c.visit_since = now_;
  c.answered = 0;
  c.agent.reset();
  Cancel(Why::kMaxWait, no, 0);
  if (const auto& max = model_->queues[c.queue].max_wait_ms) {
    Set(now_ + *max, Why::kMaxWait, no, 0);
  }
  Fact("queued " + N(no) + " in " + N(c.queue));
}

void Oracle::Return(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  c.state = ContactState::kQueued;
  c.agent.reset();
  c.held = false;
  c.answered = 0;
  const auto& max = model_->queues[c.queue].max_wait_ms;
  if (max && now_ >= c.visit_since + *max) {
    Finish(no, ContactState::kExpired);
    return;
  }
  const bool armed = std::any_of(timers_.begin(), timers_.end(), [&](const OracleTimer& t) {
    return t.why == Why::kMaxWait && t.contact == no;
  });
  if (max && !armed) Set(c.visit_since + *max, Why::kMaxWait, no, 0);
  Fact("returned " + N(no));
}

void Oracle::Leave(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  if (c.state == ContactState::kOffered) {
    EndOffer(no, OfferOutcome::kContactGone);
  } else if (c.state == ContactState::kConnecting) {
    RemoveItem(*c.agent, no, false, false);
    c.agent.reset();
  }
  Cancel(Why::kConnect, no, 0);
  Cancel(Why::kDue, no, 0);
  Cancel(Why::kBars, no, 0);
}

void Oracle::EndOffer(std::uint64_t no, OfferOutcome outcome) {
  OracleContact& c = contacts_[no];
  Cancel(Why::kOffer, no, 0);
  Fact("offer of " + N(no) + " to " + N(*c.agent) + " " + std::string(Name(outcome)));
  RemoveItem(*c.agent, no, false, false);
  c.agent.reset();
}

void Oracle::Finish(std::uint64_t no, ContactState state) {
  Leave(no);
  OracleContact& c = contacts_[no];
  Cancel(Why::kMaxWait, no, 0);
  c.bars.clear();
  c.state = state;
  c.agent.reset();
  Fact("end " + N(no) + " " + std::string(Name(state)));
  if (c.wrap_ups == 0) contacts_.erase(no);
}

void Oracle::On(const ContactUpdated& e) {
  OracleContact& c = contacts_[e.contact.value];
  if (e.priority) c.priority = *e.priority;
  if (e.requirements) c.own = *e.requirements;
  if (e.credit_ms) c.age_since -= *e.credit_ms;
}

void Oracle::On(const ContactTransferred& e) {
  const std::uint64_t no = e.contact.value;
  OracleContact& c = contacts_[no];
  if (c.state == ContactState::kAssigned) {
    WrapUp(no);
  } else {
    Leave(no);
  }
  Fact("moved " + N(no) + " from " + N(c.queue) + " to " + N(e.queue.value));
  c.queue = e.queue.value;
  if (e.priority) c.priority = *e.priority;
  if (e.requirements) c.own = *e.requirements;
  c.bars.clear();
  Cancel(Why::kBars, no, 0);
  Enter(no);
}

void Oracle::On(const ContactEnds& e) {
  const std::uint64_t no = e.contact.value;
  OracleContact& c = contacts_[no];
  if (c.state == ContactState::kWrapUp) return;
  if (c.state != ContactState::kAssigned) {
    Finish(no, e.unanswered);
    return;
  }
  WrapUp(no);
  c.state = ContactState::kWrapUp;
  if (c.wrap_ups == 0) Finish(no, ContactState::kCompleted);
}

void Oracle::AcceptNow(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  const model::Channel& channel = model_->channels[c.channel];
  Cancel(Why::kOffer, no, 0);
  agents_[*c.agent].misses = 0;
  Fact("offer of " + N(no) + " to " + N(*c.agent) + " accepted");
  if (!channel.connect) {
    Answer(no);
    return;
  }
  c.state = ContactState::kConnecting;
  for (OracleItem& item : agents_[*c.agent].items) {
    if (item.contact == no && item.state == ItemState::kOffered)
      item.state = ItemState::kConnecting;
  }
  Set(now_ + channel.connect_timeout_ms, Why::kConnect, no, 0);
}

void Oracle::Answer(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  Cancel(Why::kConnect, no, 0);
  Cancel(Why::kMaxWait, no, 0);
  Cancel(Why::kBars, no, 0);
  c.bars.clear();
  c.state = ContactState::kAssigned;
  c.answered = now_;
  for (OracleItem& item : agents_[*c.agent].items) {
    if (item.contact == no && item.state != ItemState::kWrapUp) item.state = ItemState::kOnContact;
  }
  Fact("answered " + N(no) + " by " + N(*c.agent));
}

void Oracle::On(const ContactConnected& e) {
  if (contacts_[e.contact.value].state == ContactState::kConnecting) Answer(e.contact.value);
}

void Oracle::On(const ContactConnectFailed& e) {
  const std::uint64_t no = e.contact.value;
  OracleContact& c = contacts_[no];
  const std::uint32_t agent = *c.agent;
  if (c.state == ContactState::kOffered) {
    EndOffer(no, OfferOutcome::kFailed);
  } else {
    Leave(no);
  }
  const bool customer = e.cause == ConnectFailure::kCustomerBusy ||
                        e.cause == ConnectFailure::kCustomerGone ||
                        e.cause == ConnectFailure::kCustomerNoAnswer;
  if (!customer) Bar(no, agent);
  const bool miss = e.cause == ConnectFailure::kNoAnswer || e.cause == ConnectFailure::kBusy ||
                    e.cause == ConnectFailure::kUnreachable;
  if (miss) Miss(agent, c.channel);
  Return(no);
}

void Oracle::On(const ContactHeld& e) {
  OracleContact& c = contacts_[e.contact.value];
  c.held = e.held;
  for (OracleItem& item : agents_[*c.agent].items) {
    if (item.contact == e.contact.value && item.state != ItemState::kWrapUp) {
      item.state = e.held ? ItemState::kHeld : ItemState::kOnContact;
    }
  }
}

void Oracle::Accept(TimeMs now, std::uint64_t contact) {
  now_ = now;
  AcceptNow(contact);
  ReviewAllBars();
  Decide();
}

void Oracle::Reject(TimeMs now, std::uint64_t contact) {
  now_ = now;
  const std::uint32_t agent = *contacts_[contact].agent;
  EndOffer(contact, OfferOutcome::kRejected);
  Bar(contact, agent);
  Return(contact);
  ReviewAllBars();
  Decide();
}

// ---- Bars
// ----------------------------------------------------------------------------------------

void Oracle::Bar(std::uint64_t no, std::uint32_t agent) {
  auto& bars = contacts_[no].bars;
  std::erase_if(bars, [&](const OracleBar& b) { return b.agent == agent; });
  if (bars.size() == 32) bars.erase(bars.begin());
  bars.push_back({agent, now_});
}

void Oracle::ReviewBars(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  if (c.bars.empty() || c.state != ContactState::kQueued) return;
  if (c.live && !gateways_.at(c.gateway)) return;  // looked at when the gateway is back
  const model::Queue& queue = model_->queues[c.queue];
  bool others = false;
  for (const auto& [number, a] : agents_) {
    const bool barred = std::any_of(c.bars.begin(), c.bars.end(),
                                    [&, n = number](const OracleBar& b) { return b.agent == n; });
    others = others || (!barred && ReadyFor(a, c.channel) && Meets(c, a));
  }
  if (now_ >= c.bars.back().since + queue.others_wait_ms || !others) {
    std::erase_if(c.bars,
                  [&](const OracleBar& b) { return now_ >= b.since + queue.retry_after_ms; });
  }
  if (c.bars.empty()) {
    Cancel(Why::kBars, no, 0);
    return;
  }
  TimeMs next = c.bars.back().since + queue.others_wait_ms;
  next = std::max(next, c.bars.front().since + queue.retry_after_ms);
  for (const OracleBar& b : c.bars) {
    if (b.since + queue.retry_after_ms > now_) {
      next = std::min(next, b.since + queue.retry_after_ms);
    }
  }
  for (const OracleTimer& t : timers_) {
    if (t.why == Why::kBars && t.contact == no && t.deadline == next) return;
  }
  Cancel(Why::kBars, no, 0);
  if (next > now_) Set(next, Why::kBars, no, 0);
}

// After every event, for everybody: the oracle does not ask whose bars may have ended. Those whose
// own timer is due wait for its turn.
void Oracle::ReviewAllBars() {
  std::vector<std::uint64_t> all;
  for (const auto& [no, c] : contacts_) {
    const bool due = std::any_of(timers_.begin(), timers_.end(), [&, n = no](const auto& t) {
      return t.why == Why::kBars && t.contact == n && t.deadline <= now_;
    });
    if (c.state == ContactState::kQueued && !c.bars.empty() && !due) all.push_back(no);
  }
  std::sort(all.begin(), all.end(),
            [this](auto a, auto b) { return contacts_[a].arrival < contacts_[b].arrival; });
  for (const std::uint64_t no : all) ReviewBars(no);
}

// ---- Agents
// --------------------------------------------------------------------------------------

void Oracle::RemoveItem(std::uint32_t agent, std::uint64_t contact, bool wrap_up, bool worked) {
  OracleAgent& a = agents_[agent];
  const auto it = std::find_if(a.items.begin(), a.items.end(), [&](const OracleItem& item) {
    return item.contact == contact && (item.state == ItemState::kWrapUp) == wrap_up;
  });
  a.items.erase(it);
  if (worked) a.idle_since = now_;
  if (a.items.empty() && a.pending) SetPresence(agent, a.pending_presence, a.pending_reason);
}

void Oracle::SetPresence(std::uint32_t agent, Presence presence, ReasonNo reason) {
  OracleAgent& a = agents_[agent];
  a.presence = presence;
  a.reason = reason;
  a.pending = false;
  if (presence == Presence::kLoggedOut) {
    a.connected = false;
    a.ready = 0;
    Cancel(Why::kAgentGrace, 0, agent);
  }
}

void Oracle::RequestPresence(std::uint32_t agent, Presence presence, ReasonNo reason) {
  OracleAgent& a = agents_[agent];
  const bool leaves_ready = presence == Presence::kNotReady && a.presence == Presence::kReady;
  if (!a.items.empty() && (presence == Presence::kLoggedOut || leaves_ready)) {
    a.pending = true;
    a.pending_presence = presence;
    a.pending_reason = reason;
  } else {
    SetPresence(agent, presence, reason);
  }
}

void Oracle::Miss(std::uint32_t agent, std::uint8_t channel) {
  OracleAgent& a = agents_[agent];
  ++a.misses;
  if (a.presence != Presence::kReady || a.pending) return;
  if (a.misses >= model_->channels[channel].max_misses) {
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
    a.idle_since = now_;
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
    int used = 0;
    for (const OracleItem& item : a.items) used += item.units;
    const int units = std::min(model_->channels[e.channel.value].units, 100 - used);
    a.items.push_back({kExternal, e.channel.value, ItemState::kOnContact, units, true});
    return;
  }
  a.items.erase(it);
  a.idle_since = now_;
  if (a.items.empty() && a.pending) {
    SetPresence(e.agent.value, a.pending_presence, a.pending_reason);
  }
}

void Oracle::WrapUp(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  const std::uint32_t agent = *c.agent;
  OracleAgent& a = agents_[agent];
  const auto earlier = std::find_if(a.items.begin(), a.items.end(), [&](const OracleItem& item) {
    return item.contact == no && item.state == ItemState::kWrapUp;
  });
  if (earlier != a.items.end()) {  // one wrap-up of a contact is enough
    Cancel(Why::kWrapUp, no, agent);
    RemoveItem(agent, no, true, true);
    --c.wrap_ups;
  }
  c.agent.reset();
  c.held = false;
  const auto& own = model_->queues[c.queue].wrap_up;
  const model::WrapUp& rule = own ? *own : model_->channels[c.channel].wrap_up;
  const bool gone = !a.connected && a.pending && a.pending_presence == Presence::kLoggedOut;
  if (rule.mode == model::WrapUpMode::kNone || gone) {
    RemoveItem(agent, no, false, true);
    return;
  }
  for (OracleItem& item : a.items) {
    if (item.contact != no || item.state == ItemState::kWrapUp) continue;
    item.state = ItemState::kWrapUp;
    if (rule.mode == model::WrapUpMode::kOptional) {
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
  RemoveItem(agent, no, true, true);
  OracleContact& c = contacts_[no];
  if (--c.wrap_ups != 0) return;
  if (c.state == ContactState::kWrapUp) {
    Finish(no, ContactState::kCompleted);
  } else if (IsTerminal(c.state)) {
    contacts_.erase(no);
  }
}

void Oracle::On(const AgentEndsWrapUp& e) { EndWrapUp(e.agent.value, e.contact.value); }

void Oracle::EndOffersOf(std::uint32_t agent) {
  std::vector<std::uint64_t> offered;
  for (const OracleItem& item : agents_[agent].items) {
    if (item.state == ItemState::kOffered) offered.push_back(item.contact);
  }
  for (const std::uint64_t no : offered) {
    EndOffer(no, OfferOutcome::kAgentGone);
    Return(no);
  }
}

void Oracle::On(const AgentLogsOut& e) {
  if (agents_[e.agent.value].presence == Presence::kLoggedOut) return;
  EndOffersOf(e.agent.value);
  RequestPresence(e.agent.value, Presence::kLoggedOut, ReasonNo());
}

void Oracle::On(const AgentSkillsSet& e) {
  agents_[e.agent.value].own_skills = true;
  agents_[e.agent.value].profile = e.profile;
}

void Oracle::On(const AgentConnection& e) {
  OracleAgent& a = agents_[e.agent.value];
  if (a.connected == e.connected) return;
  a.connected = e.connected;
  Cancel(Why::kAgentGrace, 0, e.agent.value);
  if (!e.connected) Set(now_ + model_->agent_grace_ms, Why::kAgentGrace, 0, e.agent.value);
}

// ---- Gateways, queues, policy
// ----------------------------------------------------------------------

void Oracle::On(const GatewayConnection& e) {
  const auto it = gateways_.find(e.gateway.value);
  if (it != gateways_.end() && it->second == e.connected) return;
  gateways_[e.gateway.value] = e.connected;
  Cancel(Why::kGatewayGrace, 0, e.gateway.value);
  if (!e.connected) Set(now_ + model_->gateway_grace_ms, Why::kGatewayGrace, 0, e.gateway.value);
}

void Oracle::On(const QueueModeSet& e) { modes_[e.queue.value] = e.mode; }

void Oracle::On(const PolicySwapped& e) {
  model_ = e.model;
  for (auto& [number, a] : agents_) {
    if (a.own_skills) continue;
    a.profile = {};
    for (std::size_t i = 0; i < e.agents.size(); ++i) {
      if (e.agents[i].value == number) a.profile = model_->agents[i].profile;
    }
  }
  std::vector<std::uint64_t> all;
  for (const auto& [no, c] : contacts_) all.push_back(no);
  std::sort(all.begin(), all.end(),  // by slot, as the policy event is defined
            [](auto a, auto b) { return (a & 0xffffffff) < (b & 0xffffffff); });
  for (const std::uint64_t no : all) {
    OracleContact& c = contacts_[no];
    if (c.state != ContactState::kOffered) continue;
    if (Meets(c, agents_[*c.agent]) && Serving(c.queue)) continue;
    EndOffer(no, OfferOutcome::kRescinded);
    Return(no);
  }
  for (const std::uint64_t no : all) {
    if (contacts_.count(no) == 0) continue;
    OracleContact& c = contacts_[no];
    if (c.state == ContactState::kQueued || c.state == ContactState::kOffered ||
        c.state == ContactState::kConnecting) {
      Cancel(Why::kMaxWait, no, 0);
      if (const auto& max = model_->queues[c.queue].max_wait_ms) {
        Set(c.visit_since + *max, Why::kMaxWait, no, 0);
      }
    }
  }
}

// ---- Time
// ------------------------------------------------------------------------------------------

void Oracle::Set(TimeMs deadline, Why why, std::uint64_t contact, std::uint32_t other) {
  timers_.push_back({deadline, next_timer_++, why, contact, other});
}

void Oracle::Cancel(Why why, std::uint64_t contact, std::uint32_t other) {
  std::erase_if(timers_, [&](const OracleTimer& t) {
    return t.why == why && t.contact == contact && t.other == other;
  });
}

std::optional<TimeMs> Oracle::NextDeadline() const {
  std::optional<TimeMs> next;
  for (const OracleTimer& t : timers_) next = std::min(next.value_or(t.deadline), t.deadline);
  return next;
}

bool Oracle::HasDue(TimeMs now) const {
  const auto next = NextDeadline();
  return next && *next <= now;
}

void Oracle::FireTimers(TimeMs now) {
  now_ = now;
  while (HasDue(now)) {
    const auto first =
        std::min_element(timers_.begin(), timers_.end(), [](const auto& a, const auto& b) {
          return std::tie(a.deadline, a.number) < std::tie(b.deadline, b.number);
        });
    const OracleTimer timer = *first;
    timers_.erase(first);
    Fire(timer);
    ReviewAllBars();
    Decide();
  }
}

void Oracle::Fire(const OracleTimer& t) {
  switch (t.why) {
    case Why::kOffer: {
      const std::uint32_t agent = *contacts_[t.contact].agent;
      const bool there = agents_[agent].connected;
      EndOffer(t.contact, there ? OfferOutcome::kTimedOut : OfferOutcome::kAgentGone);
      if (there) {
        Bar(t.contact, agent);
        Miss(agent, contacts_[t.contact].channel);
      }
      Return(t.contact);
      break;
    }
    case Why::kConnect:
      On(ContactConnectFailed{ContactNo(t.contact), ConnectFailure::kTimeout, OfferId()});
      break;
    case Why::kWrapUp:
      EndWrapUp(t.other, t.contact);
      break;
    case Why::kDue:
      Enter(t.contact);
      break;
    case Why::kMaxWait:
      if (contacts_[t.contact].state == ContactState::kQueued) {
        Finish(t.contact, ContactState::kExpired);
      }
      break;
    case Why::kBars:
      break;  // all bars are reviewed after every event
    case Why::kAgentGrace: {
      OracleAgent& a = agents_[t.other];
      a.pending = true;
      a.pending_presence = Presence::kLoggedOut;
      a.pending_reason = ReasonNo();
      EndOffersOf(t.other);
      const std::vector<OracleItem> items = a.items;
      for (const OracleItem& item : items) {
        if (item.state == ItemState::kWrapUp) {
          EndWrapUp(t.other, item.contact);
        } else if (item.contact == kExternal) {
          On(AgentBusyElsewhere{AgentNo(t.other), ChannelNo(item.channel), false});
        } else if (item.state == ItemState::kConnecting || !contacts_[item.contact].live) {
          Cancel(Why::kConnect, item.contact, 0);
          RemoveItem(t.other, item.contact, false, item.state != ItemState::kConnecting);
          Return(item.contact);
        } else {
          Fact("lost " + N(item.contact));
        }
      }
      if (a.items.empty()) SetPresence(t.other, Presence::kLoggedOut, ReasonNo());
      break;
    }
    case Why::kGatewayGrace: {
      std::vector<std::uint64_t> live;
      for (const auto& [no, c] : contacts_) {
        const bool over = IsTerminal(c.state) || c.state == ContactState::kScheduled;
        if (c.gateway == t.other && c.live && !over) live.push_back(no);
      }
      std::sort(live.begin(), live.end(),
                [this](auto a, auto b) { return contacts_[a].arrival < contacts_[b].arrival; });
      for (const std::uint64_t no : live) {
        On(ContactEnds{ContactNo(no), ContactState::kAbandoned, EndReason::kGatewayLost});
      }
      break;
    }
  }
}

void Oracle::Apply(TimeMs now, const Event& event, ContactNo made) {
  now_ = now;
  made_ = made;
  std::visit([this](const auto& e) { On(e); }, event);
  ReviewAllBars();
  Decide();
}

std::vector<std::string> Oracle::TakeFacts() { return std::exchange(facts_, {}); }

}  // namespace routerd::core
