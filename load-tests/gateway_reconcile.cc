// Gateway and router compare what they know: at the start, and when events were missed.
#include <utility>

#include "load-tests/answer.h"
#include "load-tests/gateway.h"
#include "load-tests/words.h"

namespace routerd::load {

// At the start: what an earlier run has left behind is over.
void Gateway::TakeReconcile(const v1::ReconcileEvent& reconcile) {
  v1::GatewayCommand command;
  v1::ReconcileRequest* request = command.mutable_reconcile();
  for (const v1::HeldContact& held : reconcile.contacts()) {
    const bool known = Find(held.contact_id()) != nullptr;
    *(known ? request->add_kept() : request->add_ended()) = held.contact_id();
    if (known) TakeHeld(held);
  }
  Send(std::move(command), request->mutable_header(), "reconcile");
}

// What the complete list does not name has ended meanwhile, or is lost.
void Gateway::TakeResync(const v1::GatewayResyncEvent& resync) {
  for (const v1::HeldContact& held : resync.contacts()) {
    held_.insert(held.contact_id());
    TakeHeld(held);
  }
  if (!resync.last()) return;
  std::vector<std::string> missing;
  for (const auto& [id, contact] : contacts_) {
    // An Arrive without an answer is sent again.
    if (contact.phase != Phase::kArriving && !held_.contains(id)) missing.push_back(id);
  }
  for (const std::string& id : missing) TakeUnknown(id);
  held_.clear();
}

// Goes on from the state that the router has, where events were missed.
void Gateway::TakeHeld(const v1::HeldContact& held) {
  Contact* contact = Find(held.contact_id());
  if (contact == nullptr || contact->phase == Phase::kEnding) return;
  contact->offer_id = held.offer_id();
  switch (held.state()) {
    case v1::CONTACT_STATE_QUEUED:
    case v1::CONTACT_STATE_OFFERED:
      return BackInQueue(held.contact_id());
    case v1::CONTACT_STATE_CONNECTING:
      return BeginConnecting(held.contact_id(), *contact);
    case v1::CONTACT_STATE_ASSIGNED:
      if (contact->phase != Phase::kTalking) Talk(held.contact_id(), *contact);
      return;
    default:
      return;
  }
}

// It may have ended while nobody listened. Ending it again is harmless and tells its last state; a
// contact that the router does not know gets NOT_FOUND, and the audit calls it lost.
void Gateway::TakeUnknown(const std::string& id) {
  Contact* contact = Find(id);
  if (contact == nullptr) return;
  around_.loop->Cancel(contact->patience);
  around_.loop->Cancel(contact->step);
  contact->phase = Phase::kEnding;
  v1::GatewayCommand command;
  v1::EndContactRequest* end = command.mutable_end_contact();
  end->set_contact_id(id);
  end->set_reason(v1::END_REASON_COMPLETED);
  Send(std::move(command), end->mutable_header(), "end", [this, id](const Result& result) {
    if (result.status().code() == grpc::OK) return;  // it is there: its events tell the rest
    Forget(id, result.status().detail().contact_state());
  });
}

}  // namespace routerd::load
