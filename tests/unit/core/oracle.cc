#include "tests/unit/core/oracle.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace routerd::core {
namespace {

int Level(const model::AgentProfile& profile, SkillNo skill) {
  for (const auto& s : profile.skills) {
    if (s.skill == skill) return s.level;
  }
  return 0;
}

using Opened = std::vector<std::size_t>;

// What the opened steps leave of a level: 0 = nothing.
int Enough(const model::SkillLevel& need, const std::vector<model::Step>& steps,
           const Opened& opened, std::size_t from) {
  int level = need.level;
  for (const std::size_t i : opened) {
    if (i < from || i >= steps.size()) continue;
    for (const auto& lower : steps[i].lower) {
      if (lower.skill == need.skill) level = std::min<int>(level, lower.level);
    }
    for (const SkillNo drop : steps[i].drop) level = drop == need.skill ? 0 : level;
  }
  return level;
}

// `from`: earlier steps do not count, for that one replaced what they had changed.
bool MeetsAll(const model::AgentProfile& profile, const model::Requirements& needs,
              const std::vector<model::Step>& steps, const Opened& opened, std::size_t from) {
  const auto has = [&](const model::SkillLevel& need) {
    return Level(profile, need.skill) >= Enough(need, steps, opened, from);
  };
  for (const auto& need : needs.all) {
    if (!has(need)) return false;
  }
  bool any = needs.any.empty();
  for (const auto& need : needs.any) any = any || has(need);
  for (const auto& need : needs.none) {
    if (Level(profile, need.skill) >= need.level) return false;
  }
  return any;
}

bool MeetsAll(const model::AgentProfile& profile, const model::Requirements& needs) {
  return MeetsAll(profile, needs, {}, {}, 0);
}

bool IsIn(const model::AgentProfile& profile, const std::vector<GroupNo>& groups) {
  for (const GroupNo g : profile.groups) {
    if (std::count(groups.begin(), groups.end(), g) > 0) return true;
  }
  return false;
}

}  // namespace

// ---- The rules ---------------------------------------------------------------------------------

model::QueueMode Oracle::Mode(std::uint32_t queue) const {
  const auto it = modes_.find(queue);
  if (it != modes_.end()) return it->second;
  const model::Queue& policy = model_->queues[queue];
  if (policy.mode != model::QueueMode::kOpen || !policy.hours.valid()) return policy.mode;
  return open_hours_.count(policy.hours.value) != 0 ? model::QueueMode::kOpen
                                                    : model::QueueMode::kClosed;
}

bool Oracle::Serving(std::uint32_t queue) const {
  return Mode(queue) != model::QueueMode::kEmergency;
}

bool Oracle::ReadyFor(const OracleAgent& a, std::uint8_t channel) const {
  return a.presence == Presence::kReady && !a.pending && a.connected &&
         (a.ready >> channel & 1) != 0 && Limit(a, channel) > 0;
}

// Rank 0: never.
model::ProfileQueue Oracle::InProfile(const OracleAgent& a, std::uint32_t queue) const {
  if (!a.profile.profile.valid()) return {QueueNo(queue), 101, 0};
  const model::Profile& profile = model_->profiles[a.profile.profile.value];
  for (const auto& entry : profile.queues) {
    if (entry.queue.value == queue) return entry;
  }
  return {QueueNo(queue), profile.serves_others ? 101 : 0, 0};
}

bool Oracle::Meets(const OracleContact& c, const OracleAgent& a) const {
  const model::Queue& queue = model_->queues[c.queue];
  bool member = (queue.groups.empty() && !queue.members) || IsIn(a.profile, queue.groups) ||
                (queue.members && MeetsAll(a.profile, *queue.members));
  std::size_t from = 0;
  bool replaced = false;
  for (const std::size_t i : c.opened) {
    if (i >= queue.steps.size()) continue;
    member = member || IsIn(a.profile, queue.steps[i].groups);
    if (!queue.steps[i].require) continue;
    from = i;
    replaced = true;
  }
  const auto meets = [&](const model::Requirements& needs) {
    return MeetsAll(a.profile, needs, queue.steps, c.opened, from);
  };
  const model::ProfileQueue listed = InProfile(a, c.queue);
  if (!member || listed.rank == 0 || listed.delay_ms > c.delay_ms) return false;
  if (replaced) return meets(*queue.steps[from].require);
  return meets(queue.requirements) && meets(c.own);
}

// Who counts for the queue's conditions.
bool Oracle::Counts(std::uint32_t queue, const OracleAgent& a) const {
  OracleContact at_step_0;
  at_step_0.queue = queue;
  at_step_0.delay_ms = std::numeric_limits<SpanMs>::max();
  return Meets(at_step_0, a);
}

// Waits and asks nobody yet, or rings and may ask one more.
bool Oracle::AsksMore(const OracleContact& c) const {
  if (c.state == ContactState::kQueued) return true;
  if (c.state != ContactState::kOffered || c.overdue) return false;
  const model::OfferRule& rule = model_->queues[ServedIn(c)].offer;
  int most = 1;
  if (rule.mode == model::OfferMode::kRace) most = rule.most;
  if (rule.mode == model::OfferMode::kRingAll) most = 64;
  if (rule.mode == model::OfferMode::kProgressive) most = c.steps;
  return static_cast<int>(c.offers.size()) < most;
}

bool Oracle::MayServe(const OracleContact& c, std::uint32_t agent) const {
  const OracleAgent& a = agents_.at(agent);
  if (!AsksHere(c) || !ReadyFor(a, c.channel) ||
      RoomFor(a, c.channel, model_->queues[c.queue].labels) == Has::kNothing) {
    return false;
  }
  for (const OracleOffer& offer : c.offers) {
    if (offer.agent == agent) return false;
  }
  for (const OracleBar& bar : c.bars) {
    if (bar.agent == agent) return false;
  }
  const auto about = contacts_.find(c.about);
  if (about != contacts_.end() && (about->second.agent == agent || about->second.second == agent)) {
    return false;  // his own question
  }
  const bool wanted = std::any_of(c.wanted.begin(), c.wanted.end(),
                                  [&](const auto& w) { return w.agent.value == agent; });
  if (c.personal && !wanted) return false;
  const bool serves = c.place == 0 ? Serving(c.queue) : Mode(c.queue) == model::QueueMode::kOpen;
  return Meets(c, a) && serves && (!c.live || gateways_.at(c.gateway)) &&
         !(IsReserved(c.queue, a) && HoldsBack(c.queue)) && !IsBeyondShare(c.queue, a);
}

// By priority in 1/60,000,000 of a point: 1 point a minute is 1000 thousandths × 60,000 ms.
std::pair<__int128, std::int64_t> Oracle::Score(const OracleContact& c,
                                                const OracleAgent* by) const {
  const model::Queue& queue = model_->queues[c.queue];
  const __int128 age = now_ - c.age_since;
  if (model_->order == model::Order::kSla) return {age, queue.service_level_ms};
  if (model_->order == model::Order::kQueueRatio) return {Excess(c.queue), 1};
  if (model_->order == model::Order::kCost) {
    const SpanMs handle_ms = HandleTime(by != nullptr ? *by : OracleAgent(), c.queue);
    return {queue.cost_milli * (queue.cost_quadratic ? 2 * age : 60'000), handle_ms};
  }
  __int128 score = __int128{c.priority} * 60'000'000 + queue.acceleration_milli * age;
  if (queue.cap) score = std::min(score, __int128{*queue.cap} * 60'000'000);
  return {score, 1};
}

bool Oracle::ServedBefore(const OracleContact& a, const OracleContact& b,
                          const OracleAgent* by) const {
  const auto [x, x_over] = Score(a, by);
  const auto [y, y_over] = Score(b, by);
  if (x * y_over != y * x_over) return x * y_over > y * x_over;
  if (model_->order == model::Order::kQueueRatio && a.queue != b.queue) {
    return std::pair(model_->queues[a.queue].place, a.queue) <
           std::pair(model_->queues[b.queue].place, b.queue);
  }
  if (a.age_since != b.age_since) return a.age_since < b.age_since;
  if (a.arrival != b.arrival) return a.arrival < b.arrival;
  return a.place < b.place;
}

// His best contact.
std::optional<std::pair<std::uint64_t, std::size_t>> Oracle::BestFor(std::uint32_t agent) const {
  std::optional<std::pair<std::uint64_t, std::size_t>> best;
  OracleContact best_there;
  for (const auto& [no, c] : contacts_) {
    for (std::size_t i = 0; i <= c.also.size(); ++i) {
      const OracleContact there = In(c, i);
      if (!MayServe(there, agent)) continue;
      const int rank = InProfile(agents_.at(agent), there.queue).rank;
      const int of_best = best ? InProfile(agents_.at(agent), best_there.queue).rank : 0;
      if (best && (rank > of_best ||
                   (rank == of_best && !ServedBefore(there, best_there, &agents_.at(agent))))) {
        continue;
      }
      best = {no, i};
      best_there = there;
    }
  }
  return best;
}

// While anybody may be served: of the contacts that this event made servable and the best contact
// of each agent, the first in order. One made servable takes its best agent, another the best of
// those whose best contact it is.
void Oracle::Decide() {
  for (;;) {
    LookAtReserves();
    LookAtShares();
    std::map<std::pair<std::uint64_t, std::size_t>, std::vector<std::uint32_t>> takers;
    const auto in = [&](const auto& place) { return In(contacts_[place.first], place.second); };
    for (const auto& [agent, a] : agents_) {
      const auto best = BestFor(agent);
      if (best && !in(*best).made_servable) takers[*best].push_back(agent);
      for (const auto& [no, c] : contacts_) {
        for (std::size_t i = 0; i <= c.also.size(); ++i) {
          const OracleContact there = In(c, i);
          if (there.made_servable && MayServe(there, agent)) takers[{no, i}].push_back(agent);
        }
      }
    }
    if (takers.empty()) break;
    const auto best = std::min_element(takers.begin(), takers.end(), [&](auto& a, auto& b) {
      return ServedBefore(in(a.first), in(b.first));
    });
    Offer(best->first.first, best->first.second, Choose(in(best->first), best->second));
  }
  for (auto& [no, c] : contacts_) {
    c.made_servable = false;
    for (OraclePlace& p : c.also) p.made_servable = false;
  }
}

void Oracle::Offer(std::uint64_t no, std::size_t place, std::uint32_t agent) {
  OracleContact& c = contacts_[no];
  c.via.reset();
  if (place != 0) c.via = c.also[place - 1].queue;
  const bool first = c.state == ContactState::kQueued;
  LeavesTheWaiting(c);
  c.state = ContactState::kOffered;
  OracleAgent& a = agents_[agent];
  model::Channel channel = model_->channels[c.channel];
  for (const auto& own : a.profile.accepts) {
    if (own.channel.value != c.channel) continue;
    const auto by_hand =
        channel.accept_by == model::AcceptBy::kAuto ? channel.by_hand : channel.accept_by;
    channel.accept_by = own.automatic ? model::AcceptBy::kAuto : by_hand;
  }
  a.items.push_back({no, c.channel, ItemState::kOffered, Units(a, c.channel), true, ServedIn(c)});
  a.offered = ++offers_made_;
  a.items.back().number = offers_made_;
  Park(agent);
  a.offered_since = now_;
  a.clocks[c.channel].second = now_;
  const OfferId id = {record_, offer_index_++};
  leases_[id] = {no, agent};
  Fact("offer " + N(id) + " of " + N(no) + " to " + N(agent) + " after " +
       N(static_cast<std::uint64_t>(Waited(c))) + (c.via ? " through " + N(*c.via) : ""));
  c.offers.push_back({agent, channel, ShareOf(ServedIn(c), a), id});
  Set(now_ + channel.offer_ms, Why::kOffer, no, agent);
  if (channel.accept_by == model::AcceptBy::kAuto) {
    AcceptNow(no, agent);
    return;
  }
  if (first) {
    c.steps = 1;
    c.overdue = false;
    ArmRace(no);
  }
  if (!AsksMore(c)) Cancel(Why::kBars, no, 0);
}

// ---- Queues, policy ----------------------------------------------------------------------------

void Oracle::On(const QueueModeSet& e) {
  const model::QueueMode before = Mode(e.queue.value);
  modes_.erase(e.queue.value);
  if (e.mode) modes_[e.queue.value] = *e.mode;
  if (Mode(e.queue.value) != before) MakeServableIn(e.queue.value);
}

void Oracle::On(const PolicySwapped& e) {
  const std::shared_ptr<const model::Model> before = model_;
  model_ = e.model;
  if (e.calendar != nullptr) calendar_ = e.calendar;
  ReadAllHours();
  ForgetHandling();
  PlanRatios();
  TakeNewConditions();
  for (auto& [number, a] : agents_) {
    const auto skills = a.profile.skills;
    a.profile = {};
    for (std::size_t i = 0; i < e.agents.size(); ++i) {
      if (e.agents[i].value == number) a.profile = model_->agents[i].profile;
    }
    if (a.own_skills) a.profile.skills = skills;
  }
  TakeNewShares(*before);
  for (auto& [no, c] : contacts_) {
    if (!c.own_priority) c.priority = model_->queues[c.queue].priority;
    RestoreDelay(no);
    c.made_servable = true;
  }
  std::vector<std::uint64_t> all;
  for (const auto& [no, c] : contacts_) all.push_back(no);
  std::sort(all.begin(), all.end(),  // by slot, as the policy event is defined
            [](auto a, auto b) { return (a & 0xffffffff) < (b & 0xffffffff); });
  for (const std::uint64_t no : all) {
    if (IsTerminal(contacts_[no].state)) continue;
    KeepSteps(no);
    KeepAlso(no);
  }
  for (const std::uint64_t no : all) {
    OracleContact& c = contacts_[no];
    if (c.state != ContactState::kOffered) continue;
    const auto offers = c.offers;
    for (const OracleOffer& offer : offers) {
      const OracleAgent& a = agents_[offer.agent];
      int count = 0;
      for (const OracleItem& item : a.items) count += item.channel == c.channel && item.counts;
      bool lawful = MeetsSomewhere(c, a) && count <= Limit(a, c.channel);
      for (const LabelNo label : model_->queues[ServedIn(c)].labels) {
        lawful = lawful && Labelled(a, label) <= MostOf(a, label);
      }
      if (lawful) continue;
      EndOffer(no, offer.agent, OfferOutcome::kRescinded);
    }
    GoOn(no);
  }
  for (const std::uint64_t no : all) {
    if (contacts_.count(no) == 0) continue;
    OracleContact& c = contacts_[no];
    if (c.state == ContactState::kQueued || c.state == ContactState::kOffered ||
        c.state == ContactState::kConnecting) {
      Cancel(Why::kMaxWait, no, 0);
      c.overdue = false;
      if (const auto& max = model_->queues[c.queue].max_wait_ms) {
        const TimeMs over = Spared(c.visit_since + c.served_ms + *max);
        c.overdue = c.state == ContactState::kOffered && over <= now_;
        Set(over, Why::kMaxWait, no, 0);
      }
      if (c.state == ContactState::kOffered) ArmRace(no);
      if (!AsksMore(c)) Cancel(Why::kBars, no, 0);
      ArmDelay(no);
    }
  }
}

// ---- Time --------------------------------------------------------------------------------------

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
    Settle();
  }
}

void Oracle::TimeOut(std::uint64_t contact, std::uint32_t agent, bool heard) {
  const bool there = agents_[agent].connected;
  int max_misses = 0;
  for (const OracleOffer& offer : contacts_[contact].offers) {
    if (offer.agent == agent) max_misses = offer.terms.max_misses;
  }
  OfferOutcome outcome = there ? OfferOutcome::kTimedOut : OfferOutcome::kAgentGone;
  if (!heard) outcome = OfferOutcome::kRouterDown;
  EndOffer(contact, agent, outcome);
  if (outcome == OfferOutcome::kTimedOut) {
    Bar(contact, agent);
    Miss(agent, max_misses);
  }
  GoOn(contact);
}

void Oracle::Fire(const OracleTimer& t) {
  switch (t.why) {
    case Why::kOffer:
      TimeOut(t.contact, t.other, t.deadline > down_until_);
      break;
    case Why::kConnect:
      Fail(t.contact, *contacts_[t.contact].agent, contacts_[t.contact].terms.max_misses,
           ConnectFailure::kTimeout);
      break;
    case Why::kWrapUp:
      EndWrapUp(t.other, t.contact);
      break;
    case Why::kTreatment:
      GoOnAfter(t.contact, contacts_[t.contact].limit);
      break;
    case Why::kDue:
      Enter(t.contact);
      break;
    case Why::kMaxWait:
      if (contacts_[t.contact].state == ContactState::kQueued) {
        Overdue(t.contact);
      } else if (contacts_[t.contact].state == ContactState::kOffered) {
        contacts_[t.contact].overdue = true;
        Cancel(Why::kBars, t.contact, 0);
      }
      break;
    case Why::kStep:
    case Why::kDelay:
      FireIn(t);
      break;
    case Why::kTick:
      Tick();
      break;
    case Why::kPersonalEnd:
      if (contacts_[t.contact].personal) EndPersonal(t.contact);
      break;
    case Why::kRaceStep:
      ++contacts_[t.contact].steps;
      ArmRace(t.contact);
      MakeServable(contacts_[t.contact]);
      AdvanceRinging(t.contact);
      break;
    case Why::kAllocation:
      PassShares(t.other, t.deadline);
      break;
    case Why::kHours:
      ReadHours(t.other);
      break;
    case Why::kBars:          // all bars are reviewed after every event
    case Why::kRestartGrace:  // and all conditions looked at
      break;
    case Why::kAgentGrace:
      Lose(t.other);
      break;
    case Why::kGatewayGrace:
      LoseGateway(t.other);
      break;
  }
}

void Oracle::Apply(TimeMs now, const Event& event, ContactNo made) {
  now_ = now;
  made_ = made;
  std::visit([this](const auto& e) { On(e); }, event);
  Settle();
}

// What conditions open after the decisions of an event is decided in its turn.
void Oracle::Settle() {
  ReviewPersonal();
  do {
    ReviewAllBars();
    Decide();
  } while (EndNowOrNever() || LookAtConditions());
}

std::vector<std::string> Oracle::TakeFacts() { return std::exchange(facts_, {}); }

}  // namespace routerd::core
