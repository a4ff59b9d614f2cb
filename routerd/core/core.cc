#include "routerd/core/core.h"

#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/core/ahead.h"

namespace routerd::core {

Core::Core(std::shared_ptr<const model::Model> model) : CoreState(std::move(model)) {
  queues_.resize(model_->queues.size());
  PlanProfiles();
  PlanHandling();
  PlanRatios();
  PlanRooms();
  PlanOrders();
  PlanLaneOrder();
  PlanReserves();
  PlanHours(nullptr);
  PlanAllocations();
  for (const QueueNo no : allocating_) {
    queues_[no.index()].allocation->looked = EntitledOf(*queues_[no.index()].allocation);
  }
  for (Pool& pool : pools_) pool.looked = FreeOf(pool);
  GrowChannels();
  Watch();
  // Nobody is here, and so every figure is what conditions take it for.
  for (const QueueNo no : noted_) queues_[no.index()].noted = queues_[no.index()].fresh = false;
  noted_.clear();
}

// Stand-ins that one event may make for contacts while these are looked at: of as many as leave a
// queue, open a step, or are let go by an agent at once.
static constexpr std::size_t kSpareSlots = 8'192;
static_assert(kSpareSlots >=
              (limits::kMaxLeavingAtOnce + limits::kMaxPersonalPerAgent) * limits::kMaxAlsoQueues);

void Core::Begin(const Stamp& stamp, Effects& effects) {
  stamp_ = stamp;
  effects_ = &effects;
  next_offer_index_ = 0;
  work_ = 0;
}

Applied Core::Apply(const Stamp& stamp, const Event& event, Effects& effects) {
  Begin(stamp, effects);
  // Under a new policy all who wait may wait in further queues.
  const bool all = std::holds_alternative<PolicySwapped>(event);
  const std::size_t spare = all ? contact_count_ * limits::kMaxAlsoQueues : 0;
  ReserveSpare(contacts_, kSpareSlots + spare, limits::kMaxContacts + kSpareSlots + spare);
  Applied applied = std::visit([this](const auto& e) { return On(e); }, event);
  if (!applied.ok()) return applied;
  Settle();
  if (!std::holds_alternative<PolicySwapped>(event)) most_work_ = std::max(most_work_, work_);
  if (const Contact* c = FindContact(applied.contact)) applied.state = c->state;
  return applied;
}

std::size_t Core::FireTimers(const Stamp& stamp, Effects& effects) {
  Begin(stamp, effects);
  std::size_t fired = 0;
  while (fired < limits::kMaxTimersAtOnce) {
    const auto due = timers_.PopDue(stamp.now);
    if (!due) break;
    work_ = 0;
    ReserveSpare(contacts_, kSpareSlots, limits::kMaxContacts + kSpareSlots);
    Fire(*due);
    Settle();
    most_work_ = std::max(most_work_, work_);
    ++fired;
  }
  return fired;
}

void Core::Fire(const TimerWheel::Due& due) {
  const Timer& timer = due.timer;
  const auto slot = static_cast<std::uint32_t>(timer.contact.value);
  switch (timer.kind) {
    case TimerKind::kOfferDeadline:
      PassDeadline(timer.other, due.deadline);
      break;
    case TimerKind::kConnectTimeout:
      On(ContactConnectFailed{timer.contact, ConnectFailure::kTimeout, OfferId()});
      break;
    case TimerKind::kWrapUpEnd:
      EndWrapUp(AgentNo(timer.other), timer.contact);
      break;
    case TimerKind::kTreatment:
      EndTreatment(slot);
      break;
    case TimerKind::kContactDue:
      EnterQueue(slot);
      break;
    case TimerKind::kMaxWait:
      PassMaxWait(slot);
      break;
    case TimerKind::kPersonalEnd:
      EndPersonal(slot);
      break;
    case TimerKind::kRaceStep:
      StepRace(slot);
      break;
    case TimerKind::kBars:
      // One whose gateway is absent is looked at when it is back.
      if (Stands(slot)) ReviewBars(slot);
      break;
    case TimerKind::kStep:
      AdvanceSteps(slot);
      break;
    case TimerKind::kOpening:
      NoteFigures(QueueNo(timer.other));  // looked at once the decisions are taken
      break;
    case TimerKind::kTick:
      Tick();
      break;
    case TimerKind::kDelay:
      PassDelay(slot);
      break;
    case TimerKind::kAllocation:
      PassAllocation(QueueNo(timer.other));
      break;
    case TimerKind::kAlso:
      LookForLanes(slot);
      break;
    case TimerKind::kQueueMove:
      MoveOn(QueueNo(timer.other));
      break;
    case TimerKind::kHours:
      LookAtHours(timer.other);
      break;
    case TimerKind::kAgentGrace:
      LoseAgent(AgentNo(timer.other));
      break;
    case TimerKind::kGatewayGrace:
      LoseGateway(GatewayNo(timer.other));
      break;
    case TimerKind::kRestartGrace:
      EndRestartGrace();
      break;
  }
}

const Contact* Core::FindContact(ContactNo no) const {
  const auto slot = static_cast<std::uint32_t>(no.value);
  if (!no.valid() || slot >= contacts_.size()) return nullptr;
  const Contact& c = contacts_[slot];
  return c.used && c.stands_for == kNil && c.generation == no.value >> 32 ? &c : nullptr;
}

TimeMs Core::DeadlineOf(const Contact& contact) const {
  return contact.first_lease != kNil ? DeadlineOf(leases_[contact.first_lease])
                                     : timers_.DeadlineOf(contact.timer);
}

TimeMs Core::DeadlineOf(const Lease& lease) const { return timers_.DeadlineOf(lease.deadline); }

const Lease* Core::FindOffer(const OfferId& offer) const {
  const OfferTable::Entry* entry = offers_.Find(offer);
  return entry != nullptr && entry->open ? &leases_[entry->lease] : nullptr;
}

const Agent* Core::FindAgent(AgentNo no) const {
  return no.valid() && no.index() < agents_.size() && agents_[no.index()].known
             ? &agents_[no.index()]
             : nullptr;
}

const Gateway* Core::FindGateway(GatewayNo no) const {
  return no.valid() && no.index() < gateways_.size() && gateways_[no.index()].known
             ? &gateways_[no.index()]
             : nullptr;
}

void Core::ForEachContact(const std::function<void(ContactNo, const Contact&)>& f) const {
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    const Contact& c = contacts_[slot];
    if (c.used && c.stands_for == kNil && !IsTerminal(c.state)) f(NumberOf(slot), c);
  }
}

}  // namespace routerd::core
