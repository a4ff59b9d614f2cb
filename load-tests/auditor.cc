#include "load-tests/auditor.h"

#include <algorithm>
#include <utility>

#include "load-tests/answer.h"

namespace routerd::load {
namespace {

using Side = OfferAudit::Side;
using What = OfferAudit::What;

// Sessions of one client of both kinds are two sessions.
std::string FrameKey(const char* kind, const std::string& client) {
  return std::string(kind) + " " + client;
}

// All that decides who may serve a contact.
std::string Needs(const v1::ArriveRequest& arrive) {
  std::string needs = arrive.channel() + " " + arrive.queue();
  for (const v1::SkillRequirement& skill : arrive.skills()) {
    needs += " " + skill.skill() + ":" + std::to_string(skill.min_level());
  }
  return needs;
}

template <class Frame>
void CheckFrame(FrameAudit& frames, const std::string& key, const Frame& frame) {
  const bool carries = frame.results_size() > 0 || frame.events_size() > 0;
  frames.Frame(key, frame.number(), frame.epoch(), carries, frame.has_welcome(),
               frame.welcome().resumed());
}

}  // namespace

Auditor::Gateway& Auditor::GatewayOf(const std::string& client) {
  return gateways_.try_emplace(client, &limits_, &violations_).first->second;
}

Auditor::Desktop& Auditor::DesktopOf(const std::string& client) {
  return desktops_.try_emplace(client, client, &limits_, &violations_, &holds_).first->second;
}

void Auditor::Sent(const std::string& client, const v1::GatewayCommand& command) {
  Gateway& gateway = GatewayOf(client);
  const auto ask = [&](const auto& request, bool arrive) {
    gateway.asked[request.header().request_id()] = {request.contact_id(), arrive};
  };
  if (command.has_arrive()) {
    const v1::ArriveRequest& arrive = command.arrive();
    gateway.contacts.Sent(arrive.contact_id());
    ask(arrive, true);
    if (limits_.work_conserving) {
      waits_.Arrived(client, arrive.contact_id(), arrive.channel(), Needs(arrive));
    }
  } else if (command.has_end_contact()) {
    ask(command.end_contact(), false);
  }
}

void Auditor::Sent(const std::string& client, const v1::DesktopCommand& command) {
  DesktopOf(client);
  if (command.has_log_in()) agents_.insert(command.log_in().agent_id());
}

void Auditor::Received(const std::string& client, const v1::OpenGatewaySessionResponse& frame) {
  Gateway& gateway = GatewayOf(client);
  const std::string key = FrameKey("gateway", client);
  CheckFrame(frames_, key, frame);
  if (frame.has_welcome() && !frame.welcome().resumed() && std::exchange(gateway.opened, true)) {
    gateway.contacts.Missed();
    offers_.Missed(gateway.sequence, frame.sequence());
  }
  if (frame.has_welcome()) waits_.GatewayOpened(client, frame.sent_unix_ms());
  for (const v1::GatewayCommandResult& result : frame.results()) Result(gateway, result);
  for (const v1::GatewayEvent& event : frame.events()) {
    if (!event.has_resync() && !event.has_reconcile()) frames_.Event(key, event.sequence());
    Event(gateway, event);
  }
}

void Auditor::Received(const std::string& client, const v1::OpenDesktopSessionResponse& frame) {
  Desktop& desktop = DesktopOf(client);
  const std::string key = FrameKey("desktop", client);
  CheckFrame(frames_, key, frame);
  if (frame.has_welcome() && !frame.welcome().resumed() && std::exchange(desktop.opened, true)) {
    desktop.agents.Missed();
    offers_.Missed(desktop.sequence, frame.sequence());
  }
  waits_.Frame(client, frame.sent_unix_ms(), frame.has_welcome());
  for (const v1::DesktopEvent& event : frame.events()) {
    if (!event.has_resync()) frames_.Event(key, event.sequence());
    Event(desktop, event);
  }
}

// Answers that wish to be asked later are none: the command comes again with the same id.
void Auditor::Result(Gateway& gateway, const v1::GatewayCommandResult& result) {
  const auto asked = gateway.asked.find(result.request_id());
  if (asked == gateway.asked.end()) return;
  const v1::CommandStatus& status = result.status();
  if (IsAskLater(status)) return;
  const auto [contact, arrive] = asked->second;
  gateway.asked.erase(asked);
  if (!arrive) {
    // An error about a contact that has ended names its state.
    gateway.contacts.Told(contact, status.code() == grpc::OK ? result.end_contact().state()
                                                             : status.detail().contact_state());
  } else if (status.code() == grpc::OK) {
    gateway.contacts.Taken(contact, result.arrive().state());
  } else {
    gateway.contacts.TurnedAway(contact);
    waits_.Forget(contact);
  }
}

bool Auditor::IsOurs(const std::string& contact) const {
  return std::ranges::any_of(
      gateways_, [&](const auto& entry) { return entry.second.contacts.Knows(contact); });
}

// Of contacts that others brought, and of agents at others' desktops, only one side is seen here.
template <class Message>
void Auditor::Compare(OfferAudit::What what, const Message& told, const std::string& agent,
                      OfferAudit::Side side, std::uint64_t sequence) {
  if (!IsOurs(told.contact_id()) || !agents_.contains(agent)) return;
  offers_.Told(what, told.offer_id(), agent, side, sequence);
}

void Auditor::Event(Gateway& gateway, const v1::GatewayEvent& event) {
  ContactAudit& contacts = gateway.contacts;
  const std::uint64_t sequence = event.sequence();
  if (sequence != std::exchange(gateway.sequence, sequence)) contacts.RecordDone();
  switch (event.event_case()) {
    case v1::GatewayEvent::kQueued:
      waits_.Queued(event.queued().contact_id(), event.at_unix_ms());
      return contacts.Queued(event.queued().contact_id());
    case v1::GatewayEvent::kOffer:
      Compare(What::kMade, event.offer(), event.offer().agent_id(), Side::kGateway, sequence);
      waits_.Offered(event.offer().contact_id());
      return contacts.Offer(event.offer());
    case v1::GatewayEvent::kOfferEnded:
      Compare(What::kEnded, event.offer_ended(), event.offer_ended().agent_id(), Side::kGateway,
              sequence);
      return contacts.OfferEnded(event.offer_ended());
    case v1::GatewayEvent::kConfirmed:
      Compare(What::kConfirmed, event.confirmed(), event.confirmed().agent_id(), Side::kGateway,
              sequence);
      return contacts.Confirmed(event.confirmed());
    case v1::GatewayEvent::kMoved:
      waits_.Forget(event.moved().contact_id());  // what it needs now is not known
      return contacts.Queued(event.moved().contact_id());
    case v1::GatewayEvent::kRefused:
      waits_.Forget(event.refused().contact_id());
      return contacts.Refused(event.refused().contact_id());
    case v1::GatewayEvent::kEnded:
      waits_.Ended(event.ended().contact_id(), event.at_unix_ms());
      return contacts.Ended(event.ended().contact_id(), event.ended().state());
    case v1::GatewayEvent::kAgentLost:
      return contacts.AgentLost(event.agent_lost().contact_id());
    case v1::GatewayEvent::kReconcile:
      for (const v1::HeldContact& held : event.reconcile().contacts()) contacts.Held(held);
      return;
    case v1::GatewayEvent::kResync:
      for (const v1::HeldContact& held : event.resync().contacts()) contacts.Held(held);
      return;
    default:
      return;
  }
}

void Auditor::Event(Desktop& desktop, const v1::DesktopEvent& event) {
  AgentAudit& agents = desktop.agents;
  const std::string& agent = event.agent_id();
  const std::uint64_t sequence = event.sequence();
  if (sequence != std::exchange(desktop.sequence, sequence)) agents.RecordDone();
  switch (event.event_case()) {
    case v1::DesktopEvent::kOffer:
      Compare(What::kMade, event.offer(), agent, Side::kDesktop, sequence);
      waits_.OfferedTo(agent, event.offer().contact_id(), event.offer().waited_ms());
      return agents.Offer(agent, sequence, event.offer());
    case v1::DesktopEvent::kOfferCancelled:
      Compare(What::kEnded, event.offer_cancelled(), agent, Side::kDesktop, sequence);
      return agents.Cancelled(agent, sequence, event.offer_cancelled());
    case v1::DesktopEvent::kConfirmed:
      Compare(What::kConfirmed, event.confirmed(), agent, Side::kDesktop, sequence);
      return agents.Confirmed(agent, sequence, event.confirmed());
    case v1::DesktopEvent::kAssigned:
      return agents.Assigned(agent, event.assigned());
    case v1::DesktopEvent::kEnded:
      return agents.Ended(agent, sequence, event.ended());
    case v1::DesktopEvent::kWrapUpStarted:
      return agents.WrapUp(agent, sequence, event.wrap_up_started());
    case v1::DesktopEvent::kStateChanged:
      waits_.Shown(desktop.client, event.state_changed().status(), event.at_unix_ms());
      return agents.State(agent, event.state_changed().status());
    case v1::DesktopEvent::kSuperseded:
      agents_.erase(agent);
      offers_.Lost(agent);
      waits_.Lost(agent);
      return agents.Superseded(agent);
    case v1::DesktopEvent::kResync:
      for (const v1::AgentStatus& status : event.resync().agents()) agents.Held(status, sequence);
      return;
    default:
      return;
  }
}

void Auditor::Finish(const StillHeld& still_held) {
  for (auto& [client, gateway] : gateways_) {
    const auto held = still_held.find(client);
    gateway.contacts.Finish(held == still_held.end() ? StillHeld::mapped_type() : held->second);
  }
  const auto ours = [this](const std::string& contact) { return IsOurs(contact); };
  for (auto& [client, desktop] : desktops_) desktop.agents.Finish(ours);
  holds_.Finish();
  offers_.Finish();
  waits_.Finish();
}

std::uint64_t Auditor::TakenCount() const {
  std::uint64_t sum = 0;
  for (const auto& [client, gateway] : gateways_) sum += gateway.contacts.TakenCount();
  return sum;
}

std::uint64_t Auditor::EndedCount() const {
  std::uint64_t sum = 0;
  for (const auto& [client, gateway] : gateways_) sum += gateway.contacts.EndedCount();
  return sum;
}

}  // namespace routerd::load
