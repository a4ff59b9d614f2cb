// Contacts that wait in several queues (`also`): in the one that they are in, and in further ones,
// where a stand-in waits for each. A stand-in has a place in its queue's lanes like a contact, of
// the same priority, age and arrival, and steps and delays of its own; nothing else is its own. Who
// is chosen for it is offered the contact, as one of that queue. It is there while the contact
// waits, rings or is being connected, and anybody may have it; it stands only while the contact
// waits, or rings through it and asks for more.
#include <algorithm>
#include <array>
#include <cassert>
#include <string>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

// ---- Which of its places -----------------------------------------------------------------------

// Of a contact that rings: through which of its places; kNil: that queue is none of its own any
// more.
std::uint32_t CoreState::OfferedFrom(std::uint32_t slot) const {
  const QueueNo via = contacts_[slot].via;
  if (!via.valid()) return slot;
  std::uint32_t place = contacts_[slot].also;
  while (place != kNil && contacts_[place].queue != via) place = contacts_[place].also;
  return place;
}

bool CoreState::Stands(std::uint32_t slot) const {
  for (std::uint32_t i = slot; i != kNil; i = contacts_[i].also) {
    if (contacts_[i].standing != Standing::kOut) return true;
  }
  return false;
}

void CoreState::MakeServable(std::uint32_t slot) {
  for (std::uint32_t i = slot; i != kNil; i = contacts_[i].also) {
    if (contacts_[i].standing != Standing::kOut) servable_.push_back(i);
  }
}

void Core::LeaveLanes(std::uint32_t slot) {
  for (std::uint32_t i = slot; i != kNil; i = contacts_[i].also) LeaveLane(i);
}

// Bars are the contact's, and are known wherever it stands. Before the first comes, after the
// last has gone.
void CoreState::LinkBars(std::uint32_t slot, bool has) {
  for (std::uint32_t i = slot; i != kNil; i = contacts_[i].also) {
    if (contacts_[i].standing != Standing::kSide) continue;
    has ? LinkBarred(i) : UnlinkBarred(i);
  }
}

// Where the contact waits, it waits in its further queues.
void Core::JoinAlso(std::uint32_t slot) {
  if (contacts_[slot].state != ContactState::kQueued) return;
  for (std::uint32_t i = contacts_[slot].also; i != kNil; i = contacts_[i].also) {
    if (contacts_[i].standing != Standing::kOut) continue;
    AdvanceSteps(i);
    JoinLane(i);
    servable_.push_back(i);
  }
}

// ---- Making and dropping them ------------------------------------------------------------------

const std::vector<QueueNo>& CoreState::AlsoOf(const Contact& c) const {
  return c.own_also.empty() ? model_->queues[c.queue.index()].also : c.own_also;
}

// Those that it lacks, in the order of the policy's list. Where there is no lane left, it does not
// wait as yet. False: it lacked none, or found no lane.
bool Core::MakeStandIns(std::uint32_t slot) {
  bool made = false;
  timers_.Cancel(contacts_[slot].also_timer);
  const std::vector<QueueNo>& also = AlsoOf(contacts_[slot]);
  std::uint32_t before = slot;
  for (std::size_t i = 0; i < also.size(); ++i) {
    const std::uint32_t next = contacts_[before].also;
    if (next != kNil && contacts_[next].queue == also[i]) {
      before = next;
      continue;
    }
    Needs& needs = asked_ = NeedsOf(contacts_[slot]);
    needs.queue = also[i];
    needs.delay_ms = 0;
    needs.step = 0;
    needs.opened = 0;
    needs.also = true;
    if (!LaneAvailable(needs)) {
      timers_.Cancel(contacts_[slot].also_timer);
      contacts_[slot].also_timer =
          timers_.Set(stamp_.now + limits::kNoLaneRetryMs, {TimerKind::kAlso, NumberOf(slot), 0});
      continue;
    }
    const LaneNo lane = FindOrMakeLane(needs);
    assert(!free_contacts_.empty() || contacts_.size() < contacts_.capacity());  // `ReserveSpare`
    const std::uint32_t place = TakeSlot();
    Contact& c = contacts_[place];
    const Contact& real = contacts_[slot];
    c.used = true;
    c.state = ContactState::kScheduled;  // in no queue's counters
    c.stands_for = slot;
    c.live = real.live;
    c.channel = real.channel;
    c.queue = also[i];
    c.gateway = real.gateway;
    c.lane = lane;
    c.priority = real.priority;
    c.arrival = real.arrival + i + 1;
    c.age_since = real.age_since;
    c.visit_since = c.state_since = stamp_.now;
    c.also = next;
    contacts_[before].also = place;
    RefLane(lane);
    ++stand_ins_;
    if (real.state == ContactState::kQueued) ++queues_[also[i].index()].also_waiting;
    ArmDelay(place);
    StartSteps(place);
    before = place;
    made = true;
  }
  return made;
}

// Where there was none left.
void Core::LookForLanes(std::uint32_t slot) {
  if (MakeStandIns(slot)) Tell(ContactChanged{NumberOf(slot)});
  JoinAlso(slot);
}

// The caller takes it out of the contact's list.
void Core::DropStandIn(std::uint32_t place) {
  Contact& c = contacts_[place];
  LeaveLane(place);
  if (RealOf(c).state == ContactState::kQueued) --queues_[c.queue.index()].also_waiting;
  timers_.Cancel(c.delay_timer);
  timers_.Cancel(c.step_timer);
  UnrefLane(c.lane);
  --stand_ins_;
  FreeSlot(place);
}

void Core::DropStandIns(std::uint32_t slot) {
  timers_.Cancel(contacts_[slot].also_timer);
  for (std::uint32_t place = contacts_[slot].also; place != kNil;) {
    const std::uint32_t next = contacts_[place].also;
    DropStandIn(place);
    place = next;
  }
  contacts_[slot].also = kNil;
}

// Priority, age and what it asks for are the contact's. False: there is no lane for that.
bool Core::Follow(std::uint32_t place, std::uint64_t arrival) {
  Contact& c = contacts_[place];
  const Contact& real = RealOf(c);
  const bool stands = c.standing != Standing::kOut;
  LeaveLane(place);
  Needs& needs = asked_ = NeedsOf(c);
  needs.priority = real.priority;
  needs.own = NeedsOf(real).own;
  if (!LaneAvailable(needs)) return false;
  MoveToLane(place, FindOrMakeLane(needs));
  c.priority = real.priority;
  c.age_since = real.age_since;
  c.arrival = arrival;
  if (stands) JoinLane(place);
  return true;
}

// What it brought itself, as far as the new policy still has it.
void CoreState::KeepOwnAlso(Contact& c) const {
  std::erase_if(c.own_also, [this](QueueNo queue) {
    return queue.index() >= model_->queues.size() || model_->queues[queue.index()].name.empty();
  });
}

// What the new policy lists stays as it is, in the new order; the rest ends, and what is new is
// added.
void Core::KeepStandIns(std::uint32_t slot) {
  const std::vector<QueueNo>& also = AlsoOf(contacts_[slot]);
  std::array<std::uint32_t, limits::kMaxAlsoQueues> kept;
  kept.fill(kNil);
  bool changed = false;
  std::size_t last = 0;
  for (std::uint32_t place = contacts_[slot].also; place != kNil;) {
    const std::uint32_t next = contacts_[place].also;
    const auto listed = std::find(also.begin(), also.end(), contacts_[place].queue);
    const auto i = static_cast<std::size_t>(listed - also.begin());
    if (listed != also.end() && Follow(place, contacts_[slot].arrival + i + 1)) {
      changed = changed || i < last;
      last = i;
      kept[i] = place;
    } else {
      DropStandIn(place);
      changed = true;
    }
    place = next;
  }
  std::uint32_t before = slot;
  for (const std::uint32_t place : kept) {
    if (place == kNil) continue;
    contacts_[before].also = place;
    before = place;
  }
  contacts_[before].also = kNil;
  for (const std::uint32_t place : kept) {
    if (place == kNil) continue;
    RestoreDelay(place);
    KeepSteps(place);
    ArmDelay(place);
  }
  if (MakeStandIns(slot) || changed) Tell(ContactChanged{NumberOf(slot)});
  JoinAlso(slot);
}

// ---- Recounting --------------------------------------------------------------------------------

std::string Core::CheckAlso() const {
  std::vector<std::uint32_t> counted(queues_.size(), 0);
  std::size_t reached = 0;
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    const Contact& c = contacts_[slot];
    if (!c.used || c.stands_for != kNil) continue;
    const std::string who = "contact " + std::to_string(slot);
    const bool waits = c.state == ContactState::kQueued;
    const bool has =
        (waits || c.state == ContactState::kOffered || c.state == ContactState::kConnecting) &&
        !c.personal;
    if (!has && c.also != kNil) return who + " waits in further queues and should not";
    if (!has) continue;
    const std::vector<QueueNo>& also = AlsoOf(c);
    std::uint32_t place = c.also;
    for (std::size_t i = 0; i < also.size(); ++i) {
      if (place == kNil || contacts_[place].queue != also[i]) {
        if (timers_.DeadlineOf(c.also_timer) == 0) return who + " lacks a further queue";
        continue;
      }
      const Contact& in = contacts_[place];
      ++reached;
      if (waits) ++counted[in.queue.index()];
      const Needs& needs = NeedsOf(in);
      if (in.stands_for != slot || in.arrival != c.arrival + i + 1 || !needs.also ||
          in.age_since != c.age_since || needs.priority != c.priority ||
          needs.own != NeedsOf(c).own || needs.queue != also[i] || needs.channel != c.channel) {
        return who + " is not itself in a further queue";
      }
      const bool rings = AsksMore(c) && OfferedFrom(slot) == place &&
                         (!c.live || gateways_[c.gateway.index()].connected);
      const bool stands = waits ? c.standing != Standing::kOut : rings;
      if ((in.standing != Standing::kOut) != stands) return who + " stands where it should not";
      place = in.also;
    }
    if (place != kNil) return who + " waits in a further queue that is none of its own";
    const bool elsewhere = !waits && c.via.valid() && c.standing != Standing::kOut;
    if (elsewhere) return who + " rings through one queue and stands in another";
  }
  if (reached != stand_ins_) return "stand-ins are miscounted";
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    if (counted[i] != queues_[i].also_waiting) {
      return "queue " + std::to_string(i) + " miscounts who also waits there";
    }
  }
  return "";
}

}  // namespace routerd::core
