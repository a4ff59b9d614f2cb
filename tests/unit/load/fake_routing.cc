#include "tests/unit/load/fake_routing.h"

#include <grpcpp/support/status_code_enum.h>

#include <utility>

namespace routerd::load {
namespace {

// Channels that have something to connect.
bool Connects(const std::string& channel) { return channel == "voice"; }

v1::ItemState ItemOf(v1::ContactState state) {
  switch (state) {
    case v1::CONTACT_STATE_OFFERED:
      return v1::ITEM_STATE_OFFERED;
    case v1::CONTACT_STATE_CONNECTING:
      return v1::ITEM_STATE_CONNECTING;
    case v1::CONTACT_STATE_WRAP_UP:
      return v1::ITEM_STATE_WRAP_UP;
    default:
      return v1::ITEM_STATE_ON_CONTACT;
  }
}

template <class Result>
void Refuse(Result* result, int code, const char* reason, v1::ContactState state) {
  result->mutable_status()->set_code(code);
  result->mutable_status()->mutable_detail()->set_reason(reason);
  result->mutable_status()->mutable_detail()->set_contact_state(state);
}

}  // namespace

FakeRouting::FakeRouting(std::vector<std::string> agents, Mistake mistake, Hearer* hearer)
    : mistake_(mistake), hearer_(hearer) {
  for (std::string& agent : agents) agents_[std::move(agent)];
}

bool FakeRouting::Errs(Mistake mistake) {
  constexpr int kChance = 5;
  return mistake_ == mistake && ++chances_ == kChance;
}

// Late enough that every stream has had an event.
std::uint64_t FakeRouting::Stamp() {
  return sequence_ > 100 && Errs(Mistake::kGoBack) ? 0 : sequence_;
}

void FakeRouting::Tell(const std::string& client, v1::GatewayEvent event) {
  event.set_sequence(Stamp());
  v1::OpenGatewaySessionResponse frame;
  frame.set_sequence(sequence_);
  *frame.add_events() = std::move(event);
  hearer_->ToGateway(client, std::move(frame));
}

void FakeRouting::Tell(const std::string& agent, v1::DesktopEvent event) {
  event.set_sequence(Stamp());
  event.set_agent_id(agent);
  v1::OpenDesktopSessionResponse frame;
  frame.set_sequence(sequence_);
  *frame.add_events() = std::move(event);
  hearer_->ToDesktop(agents_[agent].client, std::move(frame));
}

// ---- Gateways ----------------------------------------------------------------------------------

v1::GatewayCommandResult FakeRouting::Apply(const std::string& client,
                                            const v1::GatewayCommand& command) {
  ++sequence_;
  v1::GatewayCommandResult result;
  result.set_request_id(RequestId(command));
  Contact* contact = nullptr;
  const auto find = [&](const std::string& id) {
    const auto found = contacts_.find(id);
    if (found != contacts_.end()) contact = &found->second;
    if (contact != nullptr && contact->state != v1::CONTACT_STATE_WRAP_UP) return;
    Refuse(&result, grpc::FAILED_PRECONDITION, "wrong_state",
           contact != nullptr ? contact->state : v1::CONTACT_STATE_COMPLETED);
    contact = nullptr;
  };
  // Transfer, hold and resume are noted: the generator is run without what this router does not do.
  if (command.has_arrive()) Answer(command.arrive(), &result);
  if (command.has_report_connected()) find(command.report_connected().contact_id());
  if (command.has_end_contact()) find(command.end_contact().contact_id());
  v1::OpenGatewaySessionResponse frame;
  frame.set_sequence(sequence_);
  *frame.add_results() = result;
  hearer_->ToGateway(client, std::move(frame));
  if (command.has_arrive() && result.has_arrive()) Arrive(client, command.arrive());
  if (contact != nullptr && command.has_report_connected()) Assigned(*contact);
  if (contact != nullptr && command.has_end_contact()) EndContact(*contact);
  return result;
}

void FakeRouting::Answer(const v1::ArriveRequest& request, v1::GatewayCommandResult* result) {
  arrivals_[request.contact_id()] = {request.queue(), request.customer_key()};
  if (mistake_ == Mistake::kTurnEverybodyAway) {
    Refuse(result, grpc::NOT_FOUND, "unknown_queue", v1::CONTACT_STATE_UNSPECIFIED);
    return;
  }
  promises_ = Errs(Mistake::kPromiseOffer);
  result->mutable_arrive()->set_state(promises_ ? v1::CONTACT_STATE_OFFERED
                                                : v1::CONTACT_STATE_QUEUED);
}

void FakeRouting::Arrive(const std::string& client, const v1::ArriveRequest& request) {
  Contact& contact = contacts_[request.contact_id()];
  contact.id = request.contact_id();
  contact.client = client;
  contact.channel = request.channel();
  contact.queue = request.queue();
  v1::GatewayEvent event;
  event.mutable_queued()->set_contact_id(contact.id);
  Tell(client, std::move(event));
  if (Errs(Mistake::kInventContact)) {
    v1::GatewayEvent invented;
    invented.mutable_queued()->set_contact_id("nobody");
    Tell(client, std::move(invented));
  }
  if (Errs(Mistake::kLose)) {
    contacts_.erase(request.contact_id());
    return;
  }
  if (!promises_) waiting_.push_back(contact.id);
}

// As the router does: not answered it is abandoned, answered its wrap-up begins.
void FakeRouting::EndContact(Contact& contact) {
  if (!contact.agent.empty() && contact.state != v1::CONTACT_STATE_OFFERED) {
    return Release(contact);
  }
  if (!contact.agent.empty()) EndOffer(contact, v1::OFFER_OUTCOME_CONTACT_GONE);
  Finish(std::string(contact.id), v1::CONTACT_STATE_ABANDONED);
}

void FakeRouting::Release(Contact& contact) {
  contact.state = v1::CONTACT_STATE_WRAP_UP;
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_ended()->set_contact_id(contact.id);
  to_gateway.mutable_ended()->set_state(v1::CONTACT_STATE_WRAP_UP);
  Tell(contact.client, std::move(to_gateway));
  if (Errs(Mistake::kForgetEnd)) {
    // The agent keeps it for ever; the contact itself is done with.
    return Finish(std::string(contact.id), v1::CONTACT_STATE_COMPLETED);
  }
  v1::DesktopEvent ended;
  ended.mutable_ended()->set_contact_id(contact.id);
  ended.mutable_ended()->set_state(v1::CONTACT_STATE_WRAP_UP);
  Tell(contact.agent, std::move(ended));
  v1::DesktopEvent wrap_up;
  wrap_up.mutable_wrap_up_started()->set_contact_id(contact.id);
  Tell(contact.agent, std::move(wrap_up));
}

void FakeRouting::Finish(const std::string& id, v1::ContactState state) {
  const Contact contact = contacts_[id];
  const int times = Errs(Mistake::kEndTwice) ? 2 : 1;
  for (int i = 0; i < times; ++i) {
    v1::GatewayEvent event;
    event.mutable_ended()->set_contact_id(id);
    event.mutable_ended()->set_state(state);
    Tell(contact.client, std::move(event));
  }
  std::erase(waiting_, id);
  if (Errs(Mistake::kKeepListed)) {
    contacts_[id].agent.clear();
  } else {
    contacts_.erase(id);
  }
}

// ---- Desktops ----------------------------------------------------------------------------------

v1::DesktopCommandResult FakeRouting::Apply(const std::string& client,
                                            const v1::DesktopCommand& command) {
  ++sequence_;
  v1::DesktopCommandResult result;
  result.set_request_id(RequestId(command));
  const bool replies = command.has_accept_offer() || command.has_reject_offer();
  const std::string& offer = command.has_accept_offer() ? command.accept_offer().offer_id()
                                                        : command.reject_offer().offer_id();
  if (replies && ByOffer(offer) == nullptr) {
    Refuse(&result, grpc::FAILED_PRECONDITION, "offer_ended", v1::CONTACT_STATE_UNSPECIFIED);
  }
  v1::OpenDesktopSessionResponse frame;
  frame.set_sequence(sequence_);
  *frame.add_results() = result;
  hearer_->ToDesktop(client, std::move(frame));
  if (!replies) {
    Present(client, command);
  } else if (Contact* contact = ByOffer(offer); contact == nullptr) {
    return result;
  } else if (command.has_accept_offer()) {
    Accept(command.accept_offer().agent_id(), *contact);
  } else {
    EndOffer(*contact, v1::OFFER_OUTCOME_REJECTED);
    waiting_.push_back(contact->id);
  }
  return result;
}

void FakeRouting::Present(const std::string& client, const v1::DesktopCommand& command) {
  if (command.has_log_in()) {
    const v1::LogInRequest& log_in = command.log_in();
    agents_[log_in.agent_id()].client = client;
    agents_[log_in.agent_id()].presence = log_in.presence();
    ShowState(log_in.agent_id());
  } else if (command.has_set_presence()) {
    const v1::SetPresenceRequest& set = command.set_presence();
    agents_[set.agent_id()].presence = set.presence();
    ShowState(set.agent_id());
  } else if (command.has_log_out()) {
    agents_[command.log_out().agent_id()].presence = v1::AGENT_PRESENCE_LOGGED_OUT;
    ShowState(command.log_out().agent_id());
  } else if (command.has_end_wrap_up()) {
    EndWrapUp(command.end_wrap_up().agent_id(), command.end_wrap_up().contact_id());
  }
}

void FakeRouting::Accept(const std::string& agent, Contact& contact) {
  const bool connects = Connects(contact.channel);
  contact.state = v1::CONTACT_STATE_CONNECTING;
  v1::DesktopEvent to_desktop;
  to_desktop.mutable_confirmed()->set_offer_id(contact.offer);
  to_desktop.mutable_confirmed()->set_contact_id(contact.id);
  if (Errs(Mistake::kConfirmTwice)) Tell(agent, to_desktop);
  Tell(agent, std::move(to_desktop));
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_confirmed()->set_offer_id(contact.offer);
  to_gateway.mutable_confirmed()->set_contact_id(contact.id);
  to_gateway.mutable_confirmed()->set_agent_id(agent);
  to_gateway.mutable_confirmed()->set_state(connects ? v1::CONTACT_STATE_CONNECTING
                                                     : v1::CONTACT_STATE_ASSIGNED);
  if (!Errs(Mistake::kConfirmOneSide)) Tell(contact.client, std::move(to_gateway));
  if (!connects) Assigned(contact);
}

void FakeRouting::Assigned(Contact& contact) {
  contact.state = v1::CONTACT_STATE_ASSIGNED;
  v1::DesktopEvent event;
  event.mutable_assigned()->set_contact_id(contact.id);
  Tell(contact.agent, std::move(event));
}

// As the router does: the contact's end is told to the agent who had it, then his state.
void FakeRouting::EndWrapUp(const std::string& agent, const std::string& contact) {
  Finish(contact, v1::CONTACT_STATE_COMPLETED);
  v1::DesktopEvent ended;
  ended.mutable_ended()->set_contact_id(Errs(Mistake::kInventWork) ? "nobody" : contact);
  ended.mutable_ended()->set_state(v1::CONTACT_STATE_COMPLETED);
  Tell(agent, std::move(ended));
  agents_[agent].contact.clear();
  ShowState(agent);
}

void FakeRouting::ShowState(const std::string& agent) {
  v1::DesktopEvent event;
  v1::AgentStatus* status = event.mutable_state_changed()->mutable_status();
  status->set_agent_id(agent);
  status->set_presence(agents_[agent].presence);
  for (const auto& [id, contact] : contacts_) {
    if (contact.agent != agent) continue;
    v1::AgentItem* item = status->add_items();
    item->set_contact_id(id);
    item->set_channel(contact.channel);
    item->set_state(ItemOf(contact.state));
  }
  Tell(agent, std::move(event));
}

// ---- Offers ------------------------------------------------------------------------------------

std::string FakeRouting::FreeAgent() const {
  std::string free;
  for (const auto& [id, agent] : agents_) {
    if (agent.presence == v1::AGENT_PRESENCE_READY && agent.contact.empty()) free = id;
  }
  return free;
}

void FakeRouting::Match() {
  while (!waiting_.empty() && mistake_ != Mistake::kNeverOffer) {
    std::string agent = FreeAgent();
    for (const auto& [id, his] : agents_) {
      if (!his.contact.empty() && Errs(Mistake::kOverload)) agent = id;
    }
    if (agent.empty()) return;
    Contact& contact = contacts_[waiting_.front()];
    waiting_.pop_front();
    ++sequence_;
    Offer(contact, agent);
    if (!Errs(Mistake::kTwoAgents)) continue;
    for (const auto& [id, other] : agents_) {
      if (id == agent) continue;
      ++sequence_;
      Offer(contact, id);
      break;
    }
  }
}

void FakeRouting::Offer(Contact& contact, const std::string& agent) {
  contact.agent = agent;
  contact.state = v1::CONTACT_STATE_OFFERED;
  contact.offer = "1-" + std::to_string(sequence_) + "-0";
  agents_[agent].contact = contact.id;
  v1::DesktopEvent to_desktop;
  to_desktop.mutable_offer()->set_offer_id(contact.offer);
  to_desktop.mutable_offer()->set_contact_id(contact.id);
  to_desktop.mutable_offer()->set_channel(contact.channel);
  to_desktop.mutable_offer()->set_queue(contact.queue);
  to_desktop.mutable_offer()->set_accept_by(v1::ACCEPT_BY_DESKTOP);
  if (!Errs(Mistake::kOfferOneSide)) Tell(agent, std::move(to_desktop));
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_offer()->set_offer_id(contact.offer);
  to_gateway.mutable_offer()->set_contact_id(contact.id);
  to_gateway.mutable_offer()->set_agent_id(agent);
  to_gateway.mutable_offer()->set_accept_by(v1::ACCEPT_BY_DESKTOP);
  Tell(contact.client, std::move(to_gateway));
}

void FakeRouting::EndOffer(Contact& contact, v1::OfferOutcome outcome) {
  v1::DesktopEvent to_desktop;
  to_desktop.mutable_offer_cancelled()->set_offer_id(contact.offer);
  to_desktop.mutable_offer_cancelled()->set_contact_id(contact.id);
  to_desktop.mutable_offer_cancelled()->set_outcome(outcome);
  if (!Errs(Mistake::kForgetOffer)) Tell(contact.agent, std::move(to_desktop));
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_offer_ended()->set_offer_id(contact.offer);
  to_gateway.mutable_offer_ended()->set_contact_id(contact.id);
  to_gateway.mutable_offer_ended()->set_agent_id(contact.agent);
  to_gateway.mutable_offer_ended()->set_outcome(outcome);
  Tell(contact.client, std::move(to_gateway));
  agents_[contact.agent].contact.clear();
  contact.agent.clear();
  contact.state = v1::CONTACT_STATE_QUEUED;
}

FakeRouting::Contact* FakeRouting::ByOffer(const std::string& offer) {
  for (auto& [id, contact] : contacts_) {
    if (contact.offer == offer && contact.state == v1::CONTACT_STATE_OFFERED) return &contact;
  }
  return nullptr;
}

}  // namespace routerd::load
