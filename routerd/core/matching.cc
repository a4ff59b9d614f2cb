// Who gets whom. After every event: contacts made servable take their best agent, in the order in
// which they would be served; then agents made free take their best contact.
#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

bool Core::MayServe(ContactNo contact, AgentNo agent) const {
  return Judge(contact, agent) == Verdict::kMayServe;
}

// What holds in its own queue, unless a further one lets it.
Verdict Core::Judge(ContactNo contact, AgentNo agent) const {
  const Contact* c = FindContact(contact);
  if (c == nullptr) return Verdict::kNotWaiting;
  const Verdict own = JudgeIn(static_cast<std::uint32_t>(contact.value), agent);
  for (std::uint32_t i = c->also; i != kNil; i = contacts_[i].also) {
    if (JudgeIn(i, agent) == Verdict::kMayServe) return Verdict::kMayServe;
  }
  return own;
}

// `place`: the contact, or a stand-in of it.
Verdict Core::JudgeIn(std::uint32_t place, AgentNo agent) const {
  const std::uint32_t slot = RealOf(place);
  const Contact& c = contacts_[slot];
  const Agent* a = FindAgent(agent);
  const bool rings_here = AsksMore(c) && OfferedFrom(slot) == place;
  if (c.state != ContactState::kQueued && !rings_here) return Verdict::kNotWaiting;
  if (a != nullptr && Rings(c, agent)) return Verdict::kRingsHim;
  if (IsAskedBy(c, agent)) return Verdict::kAsksAnother;
  if (a == nullptr || !IsReadyFor(*a, c.channel)) return Verdict::kAgentNotReady;
  const QueueNo queue = contacts_[place].queue;
  if (!TakesOffers(*a) || RoomIn(*a, RoomFor(queue, c.channel)) == Room::kNone) {
    return Verdict::kAgentHasNoRoom;
  }
  const AgentClass& cls = classes_[a->cls.index()];
  const Lane& lane = lanes_[contacts_[place].lane.index()];
  if (!IsMember(model_->queues[queue.index()], lane.needs.opened, cls)) return Verdict::kNoMember;
  if (!InProfile(queue, cls)) return Verdict::kNotInProfile;
  if (!HasSkills(lane, cls)) return Verdict::kLacksSkill;
  if (c.personal && !Wants(c, agent)) return Verdict::kWaitsForAnother;
  if (DelayOf(queue, cls) > lane.needs.delay_ms) return Verdict::kDelayed;
  if (IsBarred(c, agent)) return Verdict::kBarred;
  if (!Serves(lane)) return Verdict::kQueueServesNobody;
  if (c.live && !gateways_[c.gateway.index()].connected) return Verdict::kGatewayAbsent;
  if ((cls.pools & HeldBack(queue)) != 0) return Verdict::kReserved;
  if (IsBeyondShare(queue, a->cls)) return Verdict::kBeyondShare;
  return Verdict::kMayServe;
}

// The first of the lane that does not exclude the agent.
std::uint32_t Core::FirstFor(const Lane& lane, AgentNo agent) const {
  std::uint32_t side = FirstInSide(lane);
  while (side != kNil && Excludes(contacts_[side], agent)) {
    ++work_;
    side = NextInSide(lane, side);
  }
  if (side == kNil || lane.head == kNil) return side == kNil ? lane.head : side;
  const SideNodes nodes{const_cast<std::vector<Contact>&>(contacts_)};
  return nodes.Less(side, lane.head) ? side : lane.head;
}

void Core::Settle() {
  may_open_ = limits::kMaxOpenedAtOnce;
  may_leave_ = limits::kMaxLeavingAtOnce;
  freed_more_ = false;
  // Reviewing wishes and bars makes contacts servable; it never touches an agent.
  for (const AgentNo no : touched_) Review(no);
  if (!personal_review_.empty()) ReviewAllPersonal();
  // Conditions read what decisions have left; what they open is decided in its turn.
  do {
    if (!barred_.empty()) ReviewBarred();
    if (!opened_.empty() || !opened_personal_.empty()) {
      // Whoever a policy let into a lane that was empty goes in the order of service with the rest.
      for (const std::uint32_t slot : servable_) {
        const Standing standing = contacts_[slot].standing;
        if (standing == Standing::kFifo || standing == Standing::kSide) {
          opened_.push_back(contacts_[slot].lane);
        }
      }
      ServeOpenedLanes();
    }
    // What a reserve or a share lets go is noticed there.
    const bool anybody = Withholds() || !servable_.empty() ||
                         std::any_of(touched_.begin(), touched_.end(), [this](AgentNo no) {
                           return agents_[no.index()].free_in != 0;
                         });
    if (anybody) Serve();
    if (!now_or_never_.empty()) {  // who was free for one of them may have gone to another contact
      personal_review_ = now_or_never_;
      now_or_never_.clear();
      ReviewAllPersonal();
    }
  } while (!servable_.empty() || (!noted_.empty() && LookAtConditions()));
  personal_review_.clear();
  TellAgents();
}

void Core::ReviewBarred() {
  std::sort(barred_.begin(), barred_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return contacts_[a].arrival < contacts_[b].arrival;
  });
  for (const std::uint32_t slot : barred_) {
    const Contact& c = contacts_[slot];
    if (!Stands(slot)) continue;
    const TimeMs own = timers_.DeadlineOf(c.bars_timer);
    if (own == 0 || own > stamp_.now) ReviewBars(slot);  // else its timer comes in its turn
  }
  barred_.clear();
}

void Core::Review(AgentNo no) {
  Recount(no);
  RefreshPlaces(no);
  CountForConditions(no);
  for (const std::uint32_t slot : agents_[no.index()].personal) personal_review_.push_back(slot);
}

// A decision that needed no accept has freed the others who rang, or has given its agent work that
// can be parked for other work: alone among decisions it leaves more agents free than before.
bool Core::FreedMore() {
  if (!std::exchange(freed_more_, false)) return false;
  for (const AgentNo no : touched_) {
    RefreshPlaces(no);
    CountForConditions(no);
  }
  return true;
}

// Contacts made servable, and the best contact of each agent made free, go in the order of service,
// ranks aside, for ranks are an agent's own: a contact made servable takes its best agent; another
// one the best of those made free whose best contact it is. Agents only get fewer meanwhile (but
// for FreedMore), so that a contact without an agent stays without.
void Core::Serve() {
  const bool withholds = Withholds();
  // One that an offer's end made servable may have ended with its next offer in the same event; an
  // answer ends stand-ins.
  const auto sort_from = [this](std::size_t first) {
    const auto begin = servable_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        std::remove_if(begin, servable_.end(), [this](std::uint32_t slot) { return IsOut(slot); });
    servable_.erase(end, servable_.end());
    std::sort(begin, servable_.end(), [this](std::uint32_t a, std::uint32_t b) {
      return a != b && ServedBefore(contacts_[a], contacts_[b]);
    });
  };
  if (servable_.size() > 1) sort_from(0);
  std::size_t freed = touched_.size();  // Offer touches more, who then take nothing more
  if (proposed_.size() < freed) proposed_.resize(freed);
  // What an agent would take changes only when somebody has taken it, in whichever of its queues,
  // or he has taken something; but for what is let go or put in order anew meanwhile.
  const bool by_length = model_->order == model::Order::kQueueRatio;
  const bool lasts = !withholds && !by_length;
  bool anew = true;
  std::uint32_t offered = kNil;
  AgentNo taker;
  for (std::size_t next = 0;;) {
    AgentNo agent;
    std::uint32_t best = withholds ? BestReleased(&agent) : kNil;
    for (; next < servable_.size(); ++next) {
      const Contact& c = contacts_[servable_[next]];
      if (c.standing == Standing::kOut || !Serves(lanes_[c.lane.index()])) continue;
      const AgentNo his = BestAgent(c);
      if (!his.valid()) continue;
      if (best != kNil && !ServedBefore(c, contacts_[best])) break;
      best = servable_[next];
      agent = his;
      break;
    }
    bool by_agent = false;
    for (std::size_t i = 0; i < freed; ++i) {
      const bool stale = proposed_[i] == offered || touched_[i] == taker;
      if (anew || stale || IsOut(proposed_[i])) proposed_[i] = BestContact(touched_[i]);
      const std::uint32_t slot = proposed_[i];
      if (slot == kNil || slot == best) continue;
      if (best != kNil && !ServedBefore(contacts_[slot], contacts_[best])) continue;
      best = slot;
      by_agent = true;
    }
    if (best == kNil) break;
    if (by_agent) {
      const bool released = queues_[contacts_[best].queue.index()].released;
      agent = released ? BestAgent(contacts_[best]) : BestProposer(best, freed);
    }
    Offer(best, agent);
    offered = best;
    taker = agent;
    anew = !lasts;
    if (FreedMore()) {
      anew = true;
      freed = touched_.size();
      if (proposed_.size() < freed) proposed_.resize(freed);
      next = 0;  // who was without an agent may find one now
      releasing_ = released_;
      releasing_personal_ = released_personal_;
    }
    // With every offer a queue gets shorter.
    if (by_length) sort_from(next);
  }
  servable_.clear();
  if (withholds) ForgetReleased();
}

bool Core::HasSomebodyFree(const Lane& lane) const {
  const std::uint64_t held_back = HeldBack(lane.needs.queue);
  bool has = false;
  for (std::size_t room = RoomFor(lane.needs.queue, lane.needs.channel); room < rooms_ && !has;
       room += plain_rooms_) {
    ForEachCommon(lane.classes, free_in_room_[room], [&](std::size_t cls) {
      has = (classes_[cls].pools & held_back) == 0 &&
            !IsBeyondShare(lane.needs.queue, ClassNo(static_cast<std::uint32_t>(cls)));
      return !has;
    });
  }
  return has;
}

// The lane's first contact that somebody free may take, and who. Contacts without bars share their
// fate, so only the first of them is looked at.
std::uint32_t Core::FirstServable(const Lane& lane, AgentNo* agent) const {
  std::uint32_t best = kNil;
  if (!HasSomebodyFree(lane)) return kNil;
  if (lane.head != kNil) {
    *agent = BestAgent(contacts_[lane.head]);
    if (agent->valid()) best = lane.head;
  }
  const SideNodes nodes{const_cast<std::vector<Contact>&>(contacts_)};
  for (std::uint32_t side = FirstInSide(lane); side != kNil; side = NextInSide(lane, side)) {
    if (best != kNil && nodes.Less(best, side)) break;
    const AgentNo his = BestAgent(contacts_[side]);
    if (!his.valid()) continue;
    *agent = his;
    return side;
  }
  return best;
}

// The first, in the order of service, of these lanes and of contacts that stand beside theirs, that
// somebody free may take. Who finds nobody is done with: agents only get fewer from here on.
std::uint32_t Core::BestOpened(std::vector<LaneNo>& lanes, std::vector<std::uint32_t>& personal,
                               AgentNo* agent) const {
  std::uint32_t best = kNil;
  const auto takes = [&](std::uint32_t slot, AgentNo his) {
    if (best != kNil && !ServedBefore(contacts_[slot], contacts_[best])) return;
    best = slot;
    *agent = his;
  };
  std::erase_if(lanes, [&](LaneNo no) {
    AgentNo his;
    if (!Serves(lanes_[no.index()])) return true;
    const std::uint32_t slot = FirstServable(lanes_[no.index()], &his);
    if (slot != kNil) takes(slot, his);
    return slot == kNil;
  });
  std::erase_if(personal, [&](std::uint32_t slot) {
    const Contact& c = contacts_[slot];
    if (c.standing != Standing::kPersonal || !Serves(c.queue)) return true;
    const AgentNo his = BestWanted(c);
    if (his.valid()) takes(slot, his);
    return !his.valid();
  });
  return best;
}

// Likewise of what reserves and shares have let go.
std::uint32_t Core::BestReleased(AgentNo* agent) {
  LookAtReserves();
  LookAtAllocations();
  return BestOpened(releasing_, releasing_personal_, agent);
}

// Many contacts became servable at once (a policy, a mode): in the order of service over all lanes,
// and over those that stand beside them.
void Core::ServeOpenedLanes() {
  LookAtAllocations();
  const std::vector<LaneNo> lanes = opened_;  // both empty, but for a policy or a mode
  const std::vector<std::uint32_t> personal = opened_personal_;
  while (!opened_.empty() || !opened_personal_.empty()) {
    AgentNo agent;
    const std::uint32_t best = BestOpened(opened_, opened_personal_, &agent);
    if (best == kNil) continue;
    Offer(best, agent);
    // An offer to one group may entitle another one again.
    const std::size_t released = releasing_.size() + releasing_personal_.size();
    LookAtAllocations();
    const bool more = releasing_.size() + releasing_personal_.size() != released;
    if (!FreedMore() && !more) continue;
    opened_ = lanes;
    opened_personal_ = personal;
  }
}

void Core::TellAgents() {
  for (const AgentNo no : touched_) {
    Agent& a = agents_[no.index()];
    a.touched = false;
    const ShownState shown = Shown(a);
    if (shown != a.shown) {
      a.shown = shown;
      a.shown_since = stamp_.now;
    }
    Tell(AgentChanged{no});
  }
  touched_.clear();
}

}  // namespace routerd::core
