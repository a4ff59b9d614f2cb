// Effects in numbers become events in names, right after the record that had them: an event tells
// the state after its record. Keeps the names' books on the way: who holds a contact, which offers
// are open, which ids have ended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "routerd/core/effect.h"
#include "routerd/engine/event.h"
#include "routerd/engine/fan_out.h"
#include "routerd/engine/world.h"

namespace routerd::engine {

class EventMaker {
 public:
  EventMaker(World& world, FanOut& fan_out) : world_(world), fan_out_(fan_out) {}

  // Whether events are made, or only the books are kept.
  void SetTelling(bool telling) { telling_ = telling; }
  // Where the next events go. `actor`: on whose behalf; empty: the router's own timers.
  void Begin(EventBatch& batch, Position at, const std::string& actor);
  void Make(const core::Effects& effects);
  // What no effect tells.
  void AgentChanged(AgentNo agent);
  void ContactChanged(ContactDirectory::Contact& contact);
  // The offers that the agent has open: to the desktop that he is of now, if it has not heard of
  // them; and to the gateway of each whose channel had another endpoint before, for it may be
  // ringing there. They were told when they were made, so that nobody else hears of them.
  void TellOpenOffers(AgentNo agent, bool to_desktop,
                      const std::vector<std::string>& endpoints_before);
  void ContactRefused(ContactView view, core::EndReason reason);
  // As it stood before it ended here; gateway `to` is to bring it anew.
  void ContactHandedOver(ContactView view, const std::string& to);
  void GatewayChanged(const std::string& gateway, bool connected);

 private:
  void On(const core::ContactQueued& e);
  void On(const core::ContactScheduled& e);
  void On(const core::OfferMade& e);
  void On(const core::OfferEnded& e);
  void On(const core::ContactConfirmed& e);
  void On(const core::ContactAnswered& e);
  void On(const core::ContactConnectFailedEffect& e);
  void On(const core::ContactHoldChanged& e);
  void On(const core::ContactChanged& e);
  void On(const core::ContactMoved& e);
  void On(const core::WrapUpStarted& e);
  void On(const core::ContactParkChanged& e);
  void On(const core::ContactInactiveChanged& e);
  void On(const core::ContactTreated& e);
  void On(const core::WrapUpExtended& e);
  void On(const core::WrapUpEnded& e);
  void On(const core::ContactEnded& e);
  void On(const core::ContactForgotten& e);
  void On(const core::ContactReleased& e);
  void On(const core::AgentChanged& e);
  void On(const core::QueueModeChanged& e);
  void On(const core::PolicyChanged& e);
  void On(const core::QueueMoveChanged& e);
  void On(const core::AgentLost& e);
  void On(const core::ContactStepOpened& e);
  void On(const core::ContactStuck& e);
  void On(const core::ContactToCallback& e);
  void On(const core::HolderJoined& e);
  void On(const core::HolderLeft& e);
  // The last event once more, for the other one who has the contact.
  void TellSecond(AgentNo second);

  Event& New(EventKind kind);
  // For the stream and the read side only; OfContact tells its gateway and the agent as well.
  Event& About(EventKind kind, ContactDirectory::Contact& contact);
  Event& OfContact(EventKind kind, ContactDirectory::Contact& contact, AgentNo agent);
  void SetDeadline(Event& event, TimeMs deadline) const;
  void SetQueue(Event& event, QueueNo queue) const;
  ContactDirectory::Contact& Get(ContactNo no);

  World& world_;
  FanOut& fan_out_;
  bool telling_ = true;
  Event untold_;  // stands for each event that is not made
  EventBatch* batch_ = nullptr;
  Position at_;
  TimeMs unix_ms_ = 0;
  std::string actor_;
  std::uint32_t index_ = 0;
  std::size_t positions_told_ = 0;  // of this record
  const core::Effects* effects_ = nullptr;
};

}  // namespace routerd::engine
