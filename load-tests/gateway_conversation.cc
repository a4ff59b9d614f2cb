// The conversation as the gateway has it: connect, talk, hold, transfer, end.
#include <utility>

#include "load-tests/answer.h"
#include "load-tests/gateway.h"

namespace routerd::load {
namespace {

constexpr int kMostTransfers = 2;

v1::ConnectFailedCause AnyCause(Random& random) {
  constexpr v1::ConnectFailedCause kCauses[] = {
      v1::CONNECT_FAILED_CAUSE_NO_ANSWER, v1::CONNECT_FAILED_CAUSE_BUSY,
      v1::CONNECT_FAILED_CAUSE_UNREACHABLE, v1::CONNECT_FAILED_CAUSE_OTHER};
  return kCauses[random.Index(std::size(kCauses))];
}

}  // namespace

// With accept_by phone the gateway rings the agent's endpoint, and his picking up is the accept.
void Gateway::TakeOffer(const v1::ContactOfferEvent& offer) {
  Contact* contact = Find(offer.contact_id());
  if (contact == nullptr || contact->phase == Phase::kEnding) return;
  contact->phase = Phase::kWaiting;
  contact->offer_id = offer.offer_id();
  if (offer.accept_by() != v1::ACCEPT_BY_PHONE) return;
  const double chance = random_.Uniform();
  if (chance < agents_.miss_share) return;
  const bool declines = chance < agents_.miss_share + agents_.decline_share;
  After(agents_.answer.Sample(random_), offer.contact_id(), *contact,
        declines ? &Gateway::PhoneBusy : &Gateway::AnswerPhone);
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
  contact->phase = Phase::kConnecting;
  After(behaviour_.connect.Sample(random_), confirmed.contact_id(), *contact, &Gateway::Connect);
}

void Gateway::Connect(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  if (random_.Chance(behaviour_.connect_failed_share)) {
    v1::ReportConnectFailedRequest* failed = command.mutable_report_connect_failed();
    failed->set_contact_id(id);
    failed->set_offer_id(contact.offer_id);
    failed->set_cause(AnyCause(random_));
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
  if (!std::exchange(contact.answered, true)) ++counts_->answered;
  const Span handle = behaviour_.handle.Sample(random_);
  if (!random_.Chance(behaviour_.hold_share)) return After(handle, id, contact, &Gateway::Finish);
  contact.left = FromSeconds(Seconds(handle) * random_.Uniform());
  After(handle - contact.left, id, contact, &Gateway::Hold);
}

void Gateway::Hold(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  v1::ReportHeldRequest* held = command.mutable_report_held();
  held->set_contact_id(id);
  Send(std::move(command), held->mutable_header(), "held");
  ++counts_->held;
  After(behaviour_.hold.Sample(random_), id, contact, &Gateway::Resume);
}

void Gateway::Resume(const std::string& id, Contact& contact) {
  v1::GatewayCommand command;
  v1::ReportResumedRequest* resumed = command.mutable_report_resumed();
  resumed->set_contact_id(id);
  Send(std::move(command), resumed->mutable_header(), "resumed");
  After(contact.left, id, contact, &Gateway::Finish);
}

void Gateway::Finish(const std::string& id, Contact& contact) {
  const bool may = contact.transfers < kMostTransfers && behaviour_.destinations.size() > 1;
  if (may && random_.Chance(behaviour_.transfer_share)) return Transfer(id, contact);
  End(id, contact);
}

void Gateway::Transfer(const std::string& id, Contact& contact) {
  contact.destination = ChooseDestination(contact.destination);
  ++contact.transfers;
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
  const bool done = ending_ || (contact.phase == Phase::kTalking && random_.Chance(0.5));
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
    contact->patience = around_.loop->After(behaviour_.patience.Sample(random_), [this, id](Time) {
      if (Contact* waiting = Find(id)) LosePatience(id, *waiting);
    });
  }
  if (contact->phase != Phase::kArriving) contact->phase = Phase::kWaiting;
}

}  // namespace routerd::load
