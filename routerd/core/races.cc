// Several agents asked at a time. A contact that rings and asks for more stands in its lane's side
// set beside those that wait, so that whoever comes free finds it in the ordinary order.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

// As the policy in force says: open offers keep their terms, how many are made does not.
std::uint32_t Core::MostOffers(const Contact& c) const {
  const model::OfferRule& rule = model_->queues[ServingQueueOf(c).index()].offer;
  switch (rule.mode) {
    case model::OfferMode::kOne:
      return 1;
    case model::OfferMode::kRace:
      return static_cast<std::uint32_t>(rule.most);
    case model::OfferMode::kRingAll:
      return limits::kMaxOffersPerContact;
    case model::OfferMode::kProgressive:
      return c.steps;
  }
  return 1;
}

bool Core::AsksMore(const Contact& c) const {
  return c.state == ContactState::kOffered && !c.overdue && c.lease_count < MostOffers(c);
}

bool CoreState::Rings(const Contact& c, AgentNo agent) const {
  if (c.lease_count == 0) return false;
  const Agent& a = agents_[agent.index()];
  return std::any_of(a.items.begin(), a.items.end(), [&](const Item& item) {
    return item.lease != kNil && &contacts_[leases_[item.lease].contact] == &c;
  });
}

void Core::StartRace(std::uint32_t slot) {
  contacts_[slot].steps = 1;
  contacts_[slot].overdue = false;
  ArmRace(slot);
}

void Core::ArmRace(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  const model::OfferRule& rule = model_->queues[ServingQueueOf(c).index()].offer;
  if (rule.mode != model::OfferMode::kProgressive || c.steps >= limits::kMaxOffersPerContact) {
    timers_.Cancel(c.timer);
  } else if (timers_.DeadlineOf(c.timer) == 0) {
    c.timer = timers_.Set(stamp_.now + rule.every_ms, {TimerKind::kRaceStep, NumberOf(slot), 0});
  }
}

void Core::StepRace(std::uint32_t slot) {
  ++contacts_[slot].steps;
  ArmRace(slot);
  ReviewRace(slot);
}

// Into its lane, or out of it, as it asks for more agents or does not.
void Core::StandForMore(std::uint32_t slot) {
  Contact& c = contacts_[slot];
  const bool asks = AsksMore(c);
  if (!asks) timers_.Cancel(c.bars_timer);
  const std::uint32_t place = OfferedFrom(slot);
  if (place == kNil || asks == (contacts_[place].standing != Standing::kOut)) return;
  if (asks) {
    JoinLane(place);
  } else {
    LeaveLane(place);
  }
}

void Core::ReviewRace(std::uint32_t slot) {
  const std::uint32_t place = OfferedFrom(slot);
  const bool asks = place != kNil && AsksMore(contacts_[slot]);
  if (asks) AdvanceSteps(place);  // what came to hold while it did not
  StandForMore(slot);
  const Contact& c = contacts_[slot];
  if (!Stands(slot)) return;
  if (c.personal) personal_review_.push_back(slot);
  MakeServable(slot);
  if (!c.bars.empty()) barred_.push_back(slot);
}

void Core::GoOn(std::uint32_t slot) {
  if (contacts_[slot].lease_count != 0) {
    ReviewRace(slot);
    return;
  }
  LeaveLanes(slot);
  timers_.Cancel(contacts_[slot].timer);
  ReturnToPlace(slot);
}

}  // namespace routerd::core
