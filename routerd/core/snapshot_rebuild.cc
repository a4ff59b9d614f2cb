// The indexes of a core that has been read, made anew with what keeps them from event to event; and
// the proof that it is the state that was saved.
#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/core/nodes.h"
#include "routerd/core/snapshot_loader.h"

namespace routerd::core {

// Each step needs those before it.
void Snapshot::Loader::Rebuild() {
  core_.LookAtPools();
  MakeClasses();
  if (a_.ok()) MakeLanes();
  if (a_.ok()) SetTimers();
  if (!a_.ok()) return;
  CountContacts();
  OpenOffers();
  StandInLanes();
  LinkBars();
  TakePlaces();
  Finish();
}

void Snapshot::Loader::MakeClasses() {
  for (std::uint32_t i = 0; i < core_.agents_.size() && a_.ok(); ++i) {
    Agent& a = core_.agents_[i];
    if (!a.known) continue;
    a_.At("agent", i);
    a_.Require(core_.ClassAvailable(a.profile), "there are too many classes");
    if (!a_.ok()) return;
    a.cls = core_.FindOrMakeClass(a.profile);
    ++core_.classes_[a.cls.index()].agents;
    a.usable = core_.UsableChannels(a);
    a.counted_flags = Core::ReadyChannels(a);
    for (std::size_t ch = 0; ch < core_.model_->channels.size(); ++ch) {
      if ((a.counted_flags >> ch & 1) != 0) core_.CountReady(a.cls, ch, 1);
    }
    a.items.reserve(limits::kMaxItemsPerAgent);
    a.places.resize(core_.rooms_);
    for (const Item& item : a.items) {
      a.units_used += item.units;
      a.open_offers += item.state == ItemState::kOffered ? 1 : 0;
    }
  }
}

void Snapshot::Loader::MakeLanes() {
  std::vector<LaneNo> lanes;
  for (AgentClass& cls : core_.classes_) cls.lanes.Reserve(needs_.size());
  for (std::size_t i = 0; i < needs_.size() && a_.ok(); ++i) {
    a_.At("needs", i);
    a_.Require(!core_.LookUpLane(needs_[i], needs_[i].Hash()).valid(), "they are there twice");
    if (a_.ok()) lanes.push_back(core_.FindOrMakeLane(needs_[i]));
  }
  for (std::uint32_t slot = 0; slot < core_.contacts_.size() && a_.ok(); ++slot) {
    if (needs_of_[slot] == 0) continue;
    core_.contacts_[slot].lane = lanes[needs_of_[slot] - 1];
    core_.RefLane(core_.contacts_[slot].lane);
  }
  for (std::size_t i = 0; i < needs_.size() && a_.ok(); ++i) {
    a_.At("needs", i);
    a_.Require(core_.lanes_[lanes[i].index()].refs != 0, "they are nobody's");
  }
}

void Snapshot::Loader::SetTimers() {
  a_.At("timers");
  core_.timers_.HasDue(core_.stamp_.now);  // its hands stand there
  for (TimerWheel::Pending& one : pending_) {
    Timer& timer = one.timer;
    if (timer.contact.valid()) {
      const auto slot = static_cast<std::uint32_t>(timer.contact.value);
      const Contact& c = core_.contacts_[slot];
      timer.contact = core_.NumberOf(slot);
      const bool offer = timer.kind == TimerKind::kOfferDeadline && c.used;
      if (offer) timer.other = Owners::LeaseOf(core_, c, AgentNo(timer.other));
    }
    TimerId* owner = Owners::Of(core_, timer);
    a_.Require(owner != nullptr && !owner->set(), "one belongs to nothing, or is there twice");
    if (!a_.ok()) return;
    *owner = core_.timers_.Set(one.deadline, timer);
  }
}

// Each enters its state anew. The tick is set already.
void Snapshot::Loader::CountContacts() {
  for (const std::uint32_t slot : by_arrival_) {
    Contact& c = core_.contacts_[slot];
    if (c.stands_for != kNil) {
      ++core_.stand_ins_;
      continue;
    }
    core_.contact_count_ += IsTerminal(c.state) ? 0 : 1;
    const ContactState state = std::exchange(c.state, ContactState::kScheduled);
    const TimeMs since = c.state_since;
    core_.SetState(c, state);
    c.state_since = since;
  }
}

void Snapshot::Loader::OpenOffers() {
  a_.At("open offers");
  for (std::uint32_t i = 0; i < core_.leases_.size(); ++i) {
    const Lease& lease = core_.leases_[i];
    a_.Require(core_.offers_.Restore(lease.id, i), "one is there twice");
    core_.CountOpen(lease, 1);
  }
  for (const QueueNo no : core_.allocating_) {
    for (Allocated& group : core_.queues_[no.index()].allocation->groups) {
      for (const int part : group.parts) group.accepted += part;
    }
  }
}

// Who stands in a row stood there in order; personal ones where whoever they ask for looks.
void Snapshot::Loader::StandInLanes() {
  std::vector<std::uint32_t> order;
  for (const std::uint32_t slot : by_arrival_) {
    Contact& c = core_.contacts_[slot];
    if (c.standing == Standing::kPersonal) core_.JoinPersonal(slot);
    if (c.standing == Standing::kFifo || c.standing == Standing::kSide) order.push_back(slot);
  }
  SideNodes nodes{core_.contacts_};
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return core_.contacts_[a].age_since < core_.contacts_[b].age_since;
  });
  for (const std::uint32_t slot : order) {
    Contact& c = core_.contacts_[slot];
    Lane& lane = core_.lanes_[c.lane.index()];
    ++lane.waiting;
    if (c.standing == Standing::kFifo) {
      c.prev = lane.tail;
      (lane.tail == kNil ? lane.head : core_.contacts_[lane.tail].next) = slot;
      lane.tail = slot;
    } else {
      Treap<SideNodes>::Insert(nodes, lane.side, slot);
      if (!core_.RealOf(c).bars.empty()) core_.LinkBarred(slot);
    }
  }
  for (std::uint32_t i = 0; i < core_.lanes_.size(); ++i) {
    if (core_.lanes_[i].used) core_.RefreshLane(LaneNo(i));
  }
}

// Agents know their bars, oldest first.
void Snapshot::Loader::LinkBars() {
  std::vector<std::tuple<TimeMs, std::uint64_t, std::uint32_t, AgentNo>> bars;
  for (const std::uint32_t slot : by_arrival_) {
    const Contact& c = core_.contacts_[slot];
    for (const Bar& bar : c.bars) bars.emplace_back(bar.since, c.arrival, slot, bar.agent);
  }
  std::sort(bars.begin(), bars.end());
  for (const auto& [since, arrival, slot, no] : bars) {
    Agent& a = core_.agents_[no.index()];
    ++a.bars;
    a.declined.push_back({core_.NumberOf(slot), since});
  }
}

void Snapshot::Loader::TakePlaces() {
  for (std::uint32_t i = 0; i < core_.agents_.size(); ++i) {
    if (!core_.agents_[i].known) continue;
    core_.RefreshPlaces(AgentNo(i));
    core_.CountForConditions(AgentNo(i));
  }
}

// The last decision has seen everything; nothing is under way.
void Snapshot::Loader::Finish() {
  for (Pool& pool : core_.pools_) pool.looked = Core::FreeOf(pool);
  for (const QueueNo no : core_.allocating_) {
    Allocation& allocation = *core_.queues_[no.index()].allocation;
    allocation.looked = EntitledOf(allocation);
    allocation.next = core_.timers_.DeadlineOf(allocation.timer);
  }
  for (std::uint32_t i = 0; i < core_.queues_.size(); ++i) {
    Queue& queue = core_.queues_[i];
    queue.noted = queue.fresh = false;
    if (queue.has_conditions) queue.seen = core_.FiguresOf(QueueNo(i));
  }
  core_.noted_.clear();
  core_.personal_review_.clear();
  core_.work_ = core_.most_work_ = 0;
}

std::string Snapshot::Loader::Contradiction() const {
  // Timers that were due may not all have fired.
  const TimeMs now =
      pending_.empty() ? core_.stamp_.now : std::min(core_.stamp_.now, pending_.front().deadline);
  for (std::string wrong : {core_.CheckAgents(), core_.CheckQueues(), core_.CheckPersonal(),
                            core_.CheckAlso(), core_.CheckBarred(), core_.CheckRestartGrace()}) {
    if (!wrong.empty()) return wrong;
  }
  for (const std::uint32_t slot : by_arrival_) {
    const Contact& c = core_.contacts_[slot];
    if (!IsHeld(slot)) continue;
    std::string wrong = core_.CheckLinks(slot);
    if (wrong.empty()) wrong = core_.CheckOffers(slot, now);
    const bool has = c.state == ContactState::kConnecting || c.state == ContactState::kAssigned;
    if (wrong.empty() && has != c.agent.valid()) wrong = " has an agent, or lacks him";
    const bool timed = c.state == ContactState::kConnecting ||
                       c.state == ContactState::kScheduled || c.state == ContactState::kTreated;
    if (wrong.empty() && timed && !c.timer.set()) wrong = " has no deadline";
    const bool there = !c.live || core_.gateways_[c.gateway.index()].connected;
    const bool waits = c.state == ContactState::kQueued && there;
    if (wrong.empty() && waits && c.standing == Standing::kOut)
      wrong = " waits, and stands nowhere";
    if (!wrong.empty()) return "contact " + std::to_string(slot) + wrong;
  }
  return "";
}

Status Snapshot::Loader::Verify() {
  if (const std::string wrong = Contradiction(); !wrong.empty()) {
    return {Code::kInvalidArgument, "snapshot: " + wrong};
  }
  if (header_.rules == kRulesVersion && header_.hash != core_.StateHash()) {
    return {Code::kInvalidArgument, "snapshot: what it holds is not what was saved (its hash)"};
  }
  return Status::Ok();
}

}  // namespace routerd::core
