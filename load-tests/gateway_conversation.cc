// The conversation as the gateway has it: connect, talk, hold, transfer, end.
#include <utility>

#include "load-tests/answer.h"
#include "load-tests/gateway.h"

namespace routerd::load {
namespace {

constexpr std::uint64_t kMostTransfers = 2;

// chance: in [0, 1)
v1::ConnectFailedCause CauseBy(double chance) {
  constexpr v1::ConnectFailedCause kCauses[] = {
      v1::CONNECT_FAILED_CAUSE_NO_ANSWER, v1::CONNECT_FAILED_CAUSE_BUSY,
      v1::CONNECT_FAILED_CAUSE_UNREACHABLE, v1::CONNECT_FAILED_CAUSE_OTHER};
  return kCauses[static_cast<std::size_t>(chance * std::size(kCauses))];
}

}  // namespace

// With accept_by phone the gateway rings the agent's endpoint, and his picking up is the accept.
void Gateway::TakeOffer(const v1::ContactOfferEvent& offer) {
  Contact* contact = Find(offer.contact_id());
  if (contact == nullptr || contact->phase == Phase::kEnding) return;
  contact->phase = Phase::kWaiting;
  contact->offer_id = offer.offer_id();
  if (offer.accept_by() != v1::ACCEPT_BY_PHONE) return;
  const Customer::Ringing ringing = contact->customer.Ring(contact->rings++, agents_);
  if (ringing.missed) return;
  After(ringing.answer, offer.contact_id(), *contact,
        ringing.declined ? &Gateway::PhoneBusy : &Gateway::AnswerPhone);
}

void Gateway::AnswerPhone(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  v1::ReportAgentAnsweredRequest* answered = command.mutable_report_agent_answered();
  answered->set_contact_id(id);
  answered->set_offer_id(contact.offer_id);
  Send(std::move(command), answered->mutable_header(), "agent_answered");
}

void Gateway::PhoneBusy(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  v1::ReportConnectFailedRequest* failed = command.mutable_report_connect_failed();
  failed->set_contact_id(id);
  failed->set_offer_id(contact.offer_id);
  failed->set_cause(v1::CONNECT_FAILED_CAUSE_BUSY);
  Send(std::move(command), failed->mutable_header(), "connect_failed");
}

void Gateway::TakeConfirmed(const v1::ContactConfirmedEvent& confirmed) {
  Contact* contact = Find(confirmed.contact_id());
  if (contact == nullptr || contact->phase == Phase::kEnding) return;
  contact->offer_id = confirmed.offer_id();
  if (confirmed.state() == v1::CONTACT_STATE_ASSIGNED) {
    return Talk(confirmed.contact_id(), *contact);
  }
  BeginConnecting(confirmed.contact_id(), *contact);
}

void Gateway::BeginConnecting(const std::string& id, Contact& contact) {
  contact.phase = Phase::kConnecting;
  contact.connecting = contact.customer.Connect(contact.tries++);
  After(contact.connecting.delay, id, contact, &Gateway::Connect);
}

void Gateway::Connect(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  if (contact.connecting.fails) {
    v1::ReportConnectFailedRequest* failed = command.mutable_report_connect_failed();
    failed->set_contact_id(id);
    failed->set_offer_id(contact.offer_id);
    failed->set_cause(CauseBy(contact.connecting.cause));
    return Send(std::move(command), failed->mutable_header(), "connect_failed");
  }
  v1::ReportConnectedRequest* connected = command.mutable_report_connected();
  connected->set_contact_id(id);
  connected->set_offer_id(contact.offer_id);
  Send(std::move(command), connected->mutable_header(), "connected", [this, id](const Result& r) {
    Contact* found = Find(id);
    if (found == nullptr || found->phase != Phase::kConnecting) return;
    if (r.status().code() == grpc::OK) Talk(id, *found);
  });
}

void Gateway::Talk(const std::string& id, Contact& contact) {
  around_.loop->Cancel(contact.patience);
  contact.phase = Phase::kTalking;
  if (contact.conversations == 0) ++counts_->answered;
  contact.talk = contact.customer.Talk(contact.conversations++);
  if (!contact.talk.holds) return After(contact.talk.handle, id, contact, &Gateway::Finish);
  After(contact.talk.before_hold, id, contact, &Gateway::Hold);
}

void Gateway::Hold(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  v1::ReportHeldRequest* held = command.mutable_report_held();
  held->set_contact_id(id);
  Send(std::move(command), held->mutable_header(), "held");
  ++counts_->held;
  After(contact.talk.hold, id, contact, &Gateway::Resume);
}

void Gateway::Resume(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  v1::ReportResumedRequest* resumed = command.mutable_report_resumed();
  resumed->set_contact_id(id);
  Send(std::move(command), resumed->mutable_header(), "resumed");
  After(contact.talk.handle - contact.talk.before_hold, id, contact, &Gateway::Finish);
}

void Gateway::Finish(const std::string& id, Contact& contact) {
  const bool may = contact.transfers < kMostTransfers && behaviour_.destinations.size() > 1;
  if (may && contact.talk.transferred) return Transfer(id, contact);
  End(id, contact);
}

void Gateway::Transfer(const std::string& id, Contact& contact) {
  contact.destination = contact.customer.TransferredTo(contact.transfers++, contact.destination);
  v1::GatewayCommand command;
  v1::TransferContactRequest* transfer = command.mutable_transfer_contact();
  transfer->set_contact_id(id);
  transfer->mutable_target()->set_queue(behaviour_.destinations[contact.destination].queue);
  Send(std::move(command), transfer->mutable_header(), "transfer", [this, id](const Result& r) {
    Contact* found = Find(id);
    if (found == nullptr || found->phase == Phase::kEnding) return;
    if (r.status().code() != grpc::OK) return End(id, *found);
    ++counts_->transferred;
    BackInQueue(id);
  });
}

void Gateway::End(const std::string& id, Contact& contact) {
  around_.loop->Cancel(contact.patience);
  around_.loop->Cancel(contact.step);
  // Whoever was not answered or has lost patience left; else agent or customer ends it.
  const bool done = ending_ || (contact.phase == Phase::kTalking && contact.talk.completed);
  contact.phase = Phase::kEnding;
  v1::GatewayCommand command;
  v1::EndContactRequest* end = command.mutable_end_contact();
  end->set_contact_id(id);
  end->set_reason(done ? v1::END_REASON_COMPLETED : v1::END_REASON_CUSTOMER_LEFT);
  Send(std::move(command), end->mutable_header(), "end");
}

// The customer is still on the line: he waits for another agent, where there is another queue.
void Gateway::LoseAgent(const std::string& id) {
  Contact* contact = Find(id);
  if (contact == nullptr || contact->phase == Phase::kEnding) return;
  around_.loop->Cancel(contact->step);
  if (behaviour_.destinations.size() > 1) return Transfer(id, *contact);
  End(id, *contact);
}

// Waits, for the first time, after an offer or connection that failed, or in another queue.
void Gateway::BackInQueue(const std::string& id) {
  Contact* contact = Find(id);
  if (contact == nullptr || contact->phase == Phase::kEnding) return;
  if (ending_) {
    if (contact->phase != Phase::kArriving) End(id, *contact);
    return;
  }
  around_.loop->Cancel(contact->step);
  if (contact->phase == Phase::kTalking) {
    const Span patience = contact->customer.Patience(contact->conversations);
    contact->patience = around_.loop->After(patience, [this, id](Time) {
      if (Contact* waiting = Find(id)) LosePatience(id, *waiting);
    });
  }
  if (contact->phase != Phase::kArriving) contact->phase = Phase::kWaiting;
}

}  // namespace routerd::load
