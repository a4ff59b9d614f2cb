// What the core tells the world. Effects are held until the batch that made them is durable.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"
#include "routerd/model/model.h"

namespace routerd::core {

// The contact waits in `queue`, newly or again.
struct ContactQueued {
  ContactNo contact;
  QueueNo queue;
  bool returned = false;  // came back to its place; the visit goes on
};

struct ContactScheduled {
  ContactNo contact;
  QueueNo queue;
  TimeMs not_before = 0;
};

struct OfferMade {
  OfferId offer;
  ContactNo contact;
  AgentNo agent;
  QueueNo queue;
  TimeMs deadline = 0;
  SpanMs waited_ms = 0;  // of the visit, until this offer
  model::AcceptBy accept_by = model::AcceptBy::kDesktop;
  QueueNo via = {};  // the further queue that it was made through; none: `queue` itself
};

struct OfferEnded {
  OfferId offer;
  ContactNo contact;
  AgentNo agent;
  QueueNo queue;
  OfferOutcome outcome = OfferOutcome::kAccepted;
};

// The accept counts: connect media now (channels that connect), or start (the others).
struct ContactConfirmed {
  OfferId offer;
  ContactNo contact;
  AgentNo agent;
  TimeMs connect_deadline = 0;  // 0: no connecting phase
  SpanMs announce_ms = 0;       // it is announced so long before that
};

// The answer. Ends the visit `answered`.
struct ContactAnswered {
  ContactNo contact;
  AgentNo agent;
  QueueNo queue;
  SpanMs waited_ms = 0;     // of the visit
  SpanMs sl_waited_ms = 0;  // what the queue's service level is judged by
  QueueNo via = {};         // the further queue that served it; none: `queue` itself
};

struct ContactConnectFailedEffect {
  ContactNo contact;
  AgentNo agent;
  ConnectFailure cause = ConnectFailure::kOther;
};

struct ContactHoldChanged {
  ContactNo contact;
  AgentNo agent;
  bool held = false;
};

// Priority, requirements or age were changed while the contact was held.
struct ContactChanged {
  ContactNo contact;
};

// The visit in `queue` ended `to_callback`; the contact is one of the callbacks' channel from here
// on, and ContactQueued or ContactScheduled follows.
struct ContactToCallback {
  ContactNo contact;
  QueueNo queue;
  SpanMs waited_ms = 0;
  std::uint32_t attempts = 0;  // times that the customer was dialled and not reached
};

// A visit in `from` ended as `outcome` says, transferred or overflowed; a visit in `to` begins.
struct ContactMoved {
  ContactNo contact;
  QueueNo from;
  QueueNo to;
  SpanMs waited_ms = 0;
  VisitOutcome outcome = VisitOutcome::kTransferred;
};

// The agent has left the contact (end, transfer, lost); wrap-up may follow.
struct WrapUpStarted {
  ContactNo contact;
  AgentNo agent;
  TimeMs deadline = 0;  // 0: no end by time
};

// The agent has been called away from the contact, or is back at it.
struct ContactParkChanged {
  ContactNo contact;
  AgentNo agent;
  bool parked = false;
  SpanMs parked_ms = 0;  // how long it has been parked by now, altogether
};

// A limit of the queue has stopped the contact: its gateway is to play something to its customer
// first. It is in the queue's visit, and waits for nobody.
struct ContactTreated {
  ContactNo contact;
  QueueNo queue;
  TreatmentNo treatment;
  OfferId id;
  TimeMs deadline = 0;  // then it is over in any case
};

// The customer of the agent's contact has gone silent, or is back.
struct ContactInactiveChanged {
  ContactNo contact;
  AgentNo agent;
  bool inactive = false;
  SpanMs inactive_ms = 0;  // how long he was silent by now, altogether
};

// It goes on until then.
struct WrapUpExtended {
  ContactNo contact;
  AgentNo agent;
  TimeMs deadline = 0;
};

struct WrapUpEnded {
  ContactNo contact;
  AgentNo agent;
};

// Terminal. `queue` and `waited_ms` are of the last visit; `answered` says whether it had been.
struct ContactEnded {
  ContactNo contact;
  ContactState state = ContactState::kCompleted;
  EndReason reason = EndReason::kUnspecified;
  QueueNo queue;
  SpanMs waited_ms = 0;
  bool answered = false;
  SpanMs sl_waited_ms = 0;  // as in ContactAnswered
};

// Nothing will refer to this contact again; its number may come back for another. Always comes, and
// after ContactEnded: at once, or when the last wrap-up of an agent who had transferred it is over.
// Until then the directory keeps its names (a wrap-up may outlive the contact).
struct ContactForgotten {
  ContactNo contact;
};

// The customer has gone and the gateway need not keep the contact; wrap-up goes on without it.
struct ContactReleased {
  ContactNo contact;
  AgentNo agent;
  AgentNo second = {};  // of a conference
};

// An agent has the contact from here on, without an offer of it: he had `by`, a linked one.
struct HolderJoined {
  ContactNo contact;
  AgentNo agent;
  ContactNo by;
};

// He has it no longer, and others do; wrap-up may have begun.
struct HolderLeft {
  ContactNo contact;
  AgentNo agent;
};

// Anything that is shown of the agent has changed; at most once an event, after the rest.
struct AgentChanged {
  AgentNo agent;
};

struct QueueModeChanged {
  QueueNo queue;
};

// A queue's contacts are being moved: how far that is. `left` 0: it is over, or was stopped.
struct QueueMoveChanged {
  QueueNo queue;
  QueueNo to;
  std::uint64_t moved = 0;
  std::uint64_t left = 0;
};

struct PolicyChanged {
  std::uint64_t version = 0;
};

// A live contact's agent was lost for good; the gateway, which has the customer on the line,
// decides: it ends or transfers the contact.
struct AgentLost {
  ContactNo contact;
  AgentNo agent;
};

// The contact's queue asks for less from here on, or of more agents.
struct ContactStepOpened {
  ContactNo contact;
  QueueNo queue;
  std::uint32_t step = 0;  // 1 = the first after step 0
};

// It waits, agents who may have it are ready, and each of them has declined it for good; or that is
// no longer so. Told when it changes.
struct ContactStuck {
  ContactNo contact;
  QueueNo queue;
  bool stuck = true;
};

using Effect =
    std::variant<ContactQueued, ContactScheduled, OfferMade, OfferEnded, ContactConfirmed,
                 ContactAnswered, ContactConnectFailedEffect, ContactHoldChanged, ContactChanged,
                 ContactMoved, WrapUpStarted, WrapUpEnded, ContactEnded, ContactForgotten,
                 ContactReleased, AgentChanged, QueueModeChanged, PolicyChanged, AgentLost,
                 ContactStepOpened, ContactStuck, ContactToCallback, WrapUpExtended,
                 QueueMoveChanged, HolderJoined, HolderLeft, ContactParkChanged,
                 ContactInactiveChanged, ContactTreated>;

using Effects = std::vector<Effect>;

}  // namespace routerd::core
