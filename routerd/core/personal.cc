// Contacts that ask for certain agents: direct to one, preferring some, or for the one who last
// served the customer. For a while only these may have it; it stands in a list of each of them
// instead of its lane, so that one who comes free finds it without looking at anybody else's.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

void TakeWish(const ContactArrives& e, Contact& c) {
  c.wish_wait_ms = e.agents_wait_ms;
  c.wanted.clear();
  if (e.direct.valid()) {
    c.wish = Wish::kDirect;
    c.wanted.push_back({e.direct, 0});
  } else if (!e.preferred.empty()) {
    c.wish = Wish::kPreferred;
    c.wanted = e.preferred;
  } else if (e.last_agent.valid()) {
    c.wish = Wish::kLastAgent;
    c.wanted.push_back({e.last_agent, 0});
  }
}

void TakeWish(const ContactTransferred& e, Contact& c) {
  if (!e.direct.valid()) return;
  c.wish = Wish::kDirect;
  c.wish_wait_ms = e.agents_wait_ms;
  c.wanted.push_back({e.direct, 0});
}

// How long it may wait for them; 0: they have it now or not before others.
SpanMs Core::WishWait(const Contact& c) const {
  const model::Queue& queue = model_->queues[c.queue.index()];
  switch (c.wish) {
    case Wish::kDirect:
      return c.wish_wait_ms.value_or(queue.direct_wait_ms);
    case Wish::kPreferred:
      return c.wish_wait_ms.value_or(queue.preferred_wait_ms);
    case Wish::kLastAgent:
      return queue.last_agent.wait_ms;
    case Wish::kNone:
      break;
  }
  return 0;
}

// He is there, and nothing that lasts keeps him from it: he may be busy, or on a break.
bool Core::CanCome(const Contact& c, AgentNo no) const {
  const Agent* a = FindAgent(no);
  if (a == nullptr || a->presence == Presence::kLoggedOut) return false;
  if (a->pending && a->pending_presence == Presence::kLoggedOut) return false;
  return (a->channels >> c.channel.value & 1) != 0 && LimitOf(*a, c.channel) > 0 &&
         lanes_[c.lane.index()].classes.Test(a->cls.index()) && !IsBarred(c, no) &&
         !IsAskedBy(c, no);
}

bool CoreState::Wants(const Contact& c, AgentNo agent) {
  return std::any_of(c.wanted.begin(), c.wanted.end(),
                     [agent](const WantedAgent& wanted) { return wanted.agent == agent; });
}

// At the entry to a queue. False: it waits like any other.
bool Core::StartPersonal(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  if (c.wish == Wish::kNone) return false;
  const bool never = model_->queues[c.queue.index()].last_agent.mode == model::LastAgent::kNever;
  if (c.wish == Wish::kLastAgent && never) return false;
  std::erase_if(c.wanted, [&](const WantedAgent& wanted) {
    return FindAgent(wanted.agent) == nullptr ||
           agents_[wanted.agent.index()].personal.size() >= limits::kMaxPersonalPerAgent;
  });
  const SpanMs wait = WishWait(c);
  if (wait == 0) {  // now or never: those whom this event has freed count as free already
    for (const AgentNo no : touched_) RefreshPlaces(no);
  }
  const auto comes = [&](const WantedAgent& wanted) {
    return wait > 0 ? CanCome(c, wanted.agent) : MayServe(NumberOf(slot), wanted.agent);
  };
  if (std::none_of(c.wanted.begin(), c.wanted.end(), comes)) return false;
  c.personal = true;
  if (wait > 0) {
    c.personal_timer =
        timers_.Set(ExpiryOf(stamp_.now + wait), {TimerKind::kPersonalEnd, NumberOf(slot), 0});
  } else {
    now_or_never_.push_back(slot);
  }
  return true;
}

// From now on whoever may serve it may have it.
void Core::EndPersonal(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  timers_.Cancel(c.personal_timer);
  if (!c.personal) return;
  const bool stands = c.standing == Standing::kPersonal;
  if (stands) LeaveLane(slot);
  c.personal = false;
  const bool waits = c.state == ContactState::kQueued;
  if (stands && waits) {
    StartWaiting(slot);
  } else {
    StartSteps(slot);
    MakeStandIns(slot);
    if (stands) ReviewRace(slot);
  }
  const bool elsewhere = waits && contacts_[slot].also != kNil;
  if (elsewhere) Tell(ContactChanged{NumberOf(slot)});
}

void Core::ReviewPersonal(std::uint32_t slot) {
  const Contact& c = contacts_[slot];
  if (c.standing != Standing::kPersonal) return;
  const bool now = c.state == ContactState::kQueued && timers_.DeadlineOf(c.personal_timer) == 0;
  const auto comes = [&](const WantedAgent& wanted) {
    return now ? MayServe(NumberOf(slot), wanted.agent) : CanCome(c, wanted.agent);
  };
  if (std::none_of(c.wanted.begin(), c.wanted.end(), comes)) EndPersonal(slot);
}

// In the order of arrival, in which their steps begin.
void Core::ReviewAllPersonal() {
  std::sort(personal_review_.begin(), personal_review_.end(),
            [this](std::uint32_t a, std::uint32_t b) {
              return contacts_[a].arrival < contacts_[b].arrival;
            });
  const std::size_t count = personal_review_.size();  // those that it lets go are added
  for (std::size_t i = 0; i < count; ++i) ReviewPersonal(personal_review_[i]);
  personal_review_.clear();
}

void Core::JoinPersonal(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  c.standing = Standing::kPersonal;
  for (const WantedAgent& wanted : c.wanted) {
    agents_[wanted.agent.index()].personal.push_back(slot);
  }
  Queue& own = queues_[c.queue.index()];
  ++own.personal;
  c.prev = kNil;
  c.next = own.first_personal;
  if (c.next != kNil) contacts_[c.next].prev = slot;
  own.first_personal = slot;
  if (own.pool != kNoPool) ++pools_[own.pool].personal;
  personal_review_.push_back(slot);
}

void Core::LeavePersonal(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  for (const WantedAgent& wanted : c.wanted) {
    std::erase(agents_[wanted.agent.index()].personal, slot);
  }
  Queue& own = queues_[c.queue.index()];
  --own.personal;
  (c.prev == kNil ? own.first_personal : contacts_[c.prev].next) = c.next;
  if (c.next != kNil) contacts_[c.next].prev = c.prev;
  c.prev = c.next = kNil;
  if (own.pool != kNoPool) --pools_[own.pool].personal;
}

// The greatest score first; among equals as among all agents.
AgentNo Core::BestWanted(const Contact& c) const {
  const std::size_t room = RoomFor(c.queue, c.channel);
  int score = 0;
  tied_.clear();
  const std::uint64_t held_back = HeldBack(c.queue);
  for (const WantedAgent& wanted : c.wanted) {
    const Agent& a = agents_[wanted.agent.index()];
    if ((classes_[a.cls.index()].pools & held_back) != 0) continue;
    if (IsBeyondShare(c.queue, a.cls)) continue;
    if (PlaceFor(a, room) == kNoPlace || !lanes_[c.lane.index()].classes.Test(a.cls.index()))
      continue;
    if (Excludes(c, wanted.agent)) continue;
    if (!tied_.empty() && wanted.score < score) continue;
    if (!tied_.empty() && wanted.score > score) tied_.clear();
    score = wanted.score;
    KeepIfBest(c, wanted.agent.value);
  }
  return DrawFromTied(c);
}

// The first of those that stand for him and of `best`, in the ordinary order.
std::uint32_t Core::BestPersonal(AgentNo no, std::uint32_t best) const {
  const Agent& a = agents_[no.index()];
  for (const std::uint32_t slot : a.personal) {
    const Contact& c = contacts_[slot];
    if (PlaceFor(a, RoomFor(c.queue, c.channel)) == kNoPlace || !Serves(c.queue)) continue;
    if (!lanes_[c.lane.index()].classes.Test(a.cls.index()) || Excludes(c, no)) continue;
    if ((classes_[a.cls.index()].pools & HeldBack(c.queue)) != 0) continue;
    if (IsBeyondShare(c.queue, a.cls)) continue;
    if (best == kNil || ServedBefore(c, contacts_[best], a)) best = slot;
  }
  return best;
}

std::string Core::CheckPersonal() const {
  std::vector<std::uint32_t> counted(queues_.size(), 0);
  std::size_t stand = 0;
  for (const Contact& c : contacts_) {
    if (!c.used || c.standing != Standing::kPersonal) continue;
    if (!c.personal) return "a contact stands for agents whom it does not ask for";
    ++counted[c.queue.index()];
    stand += c.wanted.size();
  }
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    if (counted[i] != queues_[i].personal)
      return "queue " + std::to_string(i) + " miscounts wishes";
  }
  for (const Agent& a : agents_) {
    for (const std::uint32_t slot : a.personal) {
      if (contacts_[slot].standing != Standing::kPersonal) return "an agent has a stale wish";
    }
    stand -= a.personal.size();
  }
  return stand == 0 ? "" : "wishes are miscounted";
}

}  // namespace routerd::core
