// A new policy takes the old one's place between two events: what waits and who is there is judged
// anew, nothing is lost, nobody is refused.
#include <algorithm>

#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

void Core::GrowChannels() {
  const std::size_t n = model_->channels.size();
  waiting_lanes_.resize(plain_rooms_);
  free_in_room_.resize(rooms_);
  ready_by_channel_.resize(n);
  class_orders_.resize(rooms_);
  for (AgentClass& cls : classes_) {
    if (!cls.used) continue;
    cls.ready_count.resize(n, 0);
  }
  for (Agent& a : agents_) {
    if (!a.known) continue;
    a.clocks.resize(n, {a.idle_since, a.offered_since});
  }
}

// Whether every queue and channel that a contact is in is still there.
bool Core::KeepsWhatIsHeld(const model::Model& next) const {
  return std::all_of(contacts_.begin(), contacts_.end(), [&](const Contact& c) {
    // One that has ended is in no queue, though whoever transferred it may still write it up.
    if (!c.used || IsTerminal(c.state) || c.stands_for != kNil) return true;
    return c.queue.index() < next.queues.size() && !next.queues[c.queue.index()].name.empty() &&
           c.channel.index() < next.channels.size() &&
           !next.channels[c.channel.index()].name.empty();
  });
}

// Agents whom the policy no longer lists bring nothing; those with skills of their own keep them,
// and have the policy's groups and limits like everybody.
void Core::SwapAgents(const PolicySwapped& e) {
  std::vector<const model::AgentProfile*> profiles(agents_.size(), nullptr);
  for (std::size_t i = 0; i < e.agents.size(); ++i) {
    if (FindAgent(e.agents[i]) != nullptr) {
      profiles[e.agents[i].index()] = &model_->agents[i].profile;
    }
  }
  static const model::AgentProfile kNobody;
  for (std::uint32_t i = 0; i < agents_.size(); ++i) {
    if (!agents_[i].known) continue;
    model::AgentProfile profile = profiles[i] != nullptr ? *profiles[i] : kNobody;
    if (agents_[i].own_skills) profile.skills = agents_[i].profile.skills;
    SetProfile(AgentNo(i), profile);
  }
}

bool Core::IsLawful(const Lease& lease) const {
  const Contact& c = contacts_[lease.contact];
  const Agent& a = agents_[lease.agent.index()];
  const auto of_channel = std::count_if(a.items.begin(), a.items.end(), [&](const Item& item) {
    return item.channel == c.channel && item.counts;
  });
  const auto& labels = model_->queues[ServingQueueOf(c).index()].labels;
  const std::uint32_t place = OfferedFrom(lease.contact);
  return place != kNil && Related(lanes_[contacts_[place].lane.index()], classes_[a.cls.index()]) &&
         of_channel <= LimitOf(a, c.channel) &&
         std::all_of(labels.begin(), labels.end(), [&](LabelNo label) {
           return CountOfLabel(a, label) <= LabelLimitOf(a, label);
         });
}

// A queue that now serves nobody offers nobody anything; what rings may be answered, as when a
// supervisor sets the mode.
void Core::RescindUnlawfulOffers() {
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    const Contact& c = contacts_[slot];
    if (!c.used || c.state != ContactState::kOffered) continue;
    bool ended = false;
    for (std::uint32_t lease = c.first_lease; lease != kNil;) {
      const std::uint32_t next = leases_[lease].next;
      if (!IsLawful(leases_[lease])) {
        EndOffer(lease, OfferOutcome::kRescinded);
        ended = true;
      }
      lease = next;
    }
    if (ended) GoOn(slot);
  }
}

// A contact that brought no priority follows its queue's.
void Core::TakeQueuesPriority(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  const int priority = model_->queues[c.queue.index()].priority;
  if (c.own_priority || c.priority == priority) return;
  Needs needs = NeedsOf(c);
  needs.priority = priority;
  if (!LaneAvailable(needs)) return;
  const bool waits = c.standing != Standing::kOut;
  if (waits) LeaveLane(slot);
  MoveToLane(slot, FindOrMakeLane(needs));
  c.priority = priority;
  if (waits) JoinLane(slot);
  Tell(ContactChanged{NumberOf(slot)});
}

Applied Core::On(const PolicySwapped& e) {
  if (!KeepsWhatIsHeld(*e.model)) return {Refusal::kQueueHasContacts};
  model_ = e.model;
  queues_.resize(std::max(queues_.size(), model_->queues.size()));
  PlanProfiles();
  PlanHandling();
  PlanRatios();
  PlanOrders();
  PlanRooms();
  PlanLaneOrder();
  PlanReserves();
  PlanHours(e.calendar);
  EmptyPlaces();
  GrowChannels();
  Watch();
  for (std::uint32_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].used) RelateLane(LaneNo(i));
  }
  SwapAgents(e);
  PlanAllocations();
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    const Contact& c = contacts_[slot];
    if (!c.used || IsTerminal(c.state) || c.stands_for != kNil) continue;
    const bool served = c.state < ContactState::kQueued || c.state > ContactState::kConnecting;
    const bool everybodys = !served && !c.personal;
    KeepOwnAlso(contacts_[slot]);
    TakeQueuesPriority(slot);
    if (!served) RestoreDelay(slot);
    KeepSteps(slot);
    if (everybodys) KeepStandIns(slot);
  }
  RescindUnlawfulOffers();
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    Contact& c = contacts_[slot];
    if (!c.used || IsTerminal(c.state) || c.state > ContactState::kConnecting ||
        c.state == ContactState::kScheduled) {
      continue;
    }
    ArmMaxWait(slot);
    if (c.state == ContactState::kOffered) {
      ArmRace(slot);
      ReviewRace(slot);
    }
    ArmDelay(slot);
    if (!c.bars.empty()) barred_.push_back(slot);
    if (c.standing == Standing::kPersonal) personal_review_.push_back(slot);
  }
  ReviewAllPersonal();
  for (const Agent& a : agents_) {
    opened_personal_.insert(opened_personal_.end(), a.personal.begin(), a.personal.end());
  }
  for (std::uint32_t i = 0; i < lanes_.size(); ++i) {
    if (!lanes_[i].used) continue;
    RefreshLane(LaneNo(i));
    if (lanes_[i].waiting != 0) opened_.push_back(LaneNo(i));
  }
  Tell(PolicyChanged{model_->version});
  TellHours();
  EndMovesToNowhere();
  return {};
}

Applied Core::On(const QueueModeSet& e) {
  if (!e.queue.valid() || e.queue.index() >= queues_.size() ||
      model_->queues[e.queue.index()].name.empty()) {
    return {Refusal::kUnknownQueue};
  }
  Queue& queue = queues_[e.queue.index()];
  const model::QueueMode before = ModeOf(e.queue);
  queue.mode_set = e.mode.has_value();
  queue.mode = e.mode.value_or(model::QueueMode::kOpen);
  Tell(QueueModeChanged{e.queue});
  NoteMode(e.queue, before);
  return {};
}

// Those whom it concerns: its own contacts when it begins, or ceases, to serve; others' that wait
// here as well when it opens, or is open no longer.
void Core::NoteMode(QueueNo no, model::QueueMode before) {
  const model::QueueMode now = ModeOf(no);
  const auto changes = [&](model::QueueMode mode) { return (before == mode) != (now == mode); };
  const bool own = changes(model::QueueMode::kEmergency);
  const bool others = changes(model::QueueMode::kOpen);
  if (!own && !others) return;
  LookAtPools();
  const Queue& queue = queues_[no.index()];
  for (const LaneNo lane_no : queue.lanes) {
    const Lane& lane = lanes_[lane_no.index()];
    if (!(lane.needs.also ? others : own)) continue;
    RefreshLane(lane_no);
    if (lane.waiting != 0) opened_.push_back(lane_no);
  }
  for (std::uint32_t slot = own ? queue.first_personal : kNil; slot != kNil;
       slot = contacts_[slot].next) {
    opened_personal_.push_back(slot);
  }
}

}  // namespace routerd::core
