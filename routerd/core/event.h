// Everything that can change the core's state, besides time. Numbers in, numbers out: names live in
// the engine's directory. These are the decision parts of the journal's records.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"
#include "routerd/model/calendar.h"
#include "routerd/model/model.h"

namespace routerd::core {

// Where and when a record stands. `now` never goes back from one stamp to the next.
struct Stamp {
  Position at;
  TimeMs now = 0;
};

// ---- Contacts --------------------------------------------------------------------------------

// An agent whom a contact asks for.
struct WantedAgent {
  AgentNo agent;
  int score = 0;  // greater is asked first
  friend bool operator==(const WantedAgent&, const WantedAgent&) = default;
};

// A contact enters a queue (or waits for its time first).
struct ContactArrives {
  QueueNo queue;
  ChannelNo channel;
  GatewayNo gateway;
  bool live = false;
  std::optional<int> priority;       // absent: the queue's
  model::Requirements requirements;  // normalized; added to the queue's
  SpanMs credit_ms = 0;              // added to the contact's age; negative = debit
  SpanMs delay_ms = 0;               // > 0: scheduled, queued after this long
  // Of these three the first that is there is heeded: only these agents may have it for a while.
  AgentNo direct;                        // this one
  std::vector<WantedAgent> preferred;    // these, each once; limits::kMaxPreferredAgents at most
  AgentNo last_agent;                    // who last served this customer, as the queue's rule says
  std::optional<SpanMs> agents_wait_ms;  // how long, of the first two; absent: as the queue says
  std::vector<QueueNo> also = {};  // further queues, each once; limits::kMaxAlsoQueues at most;
                                   // none: as the queue says
};

// What is set replaces what was; the visit goes on.
struct ContactUpdated {
  ContactNo contact;
  std::optional<int> priority;
  std::optional<model::Requirements> requirements;
  std::optional<SpanMs> credit_ms;  // added to the age once more
};

// A new visit in another queue, or in its own; age, priority and own requirements are carried
// unless given.
struct ContactTransferred {
  ContactNo contact;
  QueueNo queue;
  std::optional<int> priority;
  std::optional<model::Requirements> requirements;
  AgentNo direct = {};                        // only he may have it for a while
  std::optional<SpanMs> agents_wait_ms = {};  // how long; absent: as the queue says
};

// The customer of a contact that waits wants to be called back.
struct CallbackRequested {
  ContactNo contact;
  SpanMs delay_ms = 0;  // > 0: not before; 0: it keeps its place
};

// The holder of an answered contact asks somebody else: a linked contact looks for him, and the
// contact is on hold.
struct ConsultStarts {
  ContactNo contact;
  QueueNo queue;                     // of the linked contact
  std::optional<int> priority;       // absent: the contact's
  model::Requirements requirements;  // of the linked contact
  AgentNo direct;                    // only he may have it for a while
  std::optional<SpanMs> agents_wait_ms;
  AgentNo asking = {};  // who asks of two who hold the contact; invalid: the first
};

// Of these three `contact` is the linked one. Its agent takes the other over, and whoever asked
// writes up.
struct ConsultCompletes {
  ContactNo contact;
};
// Both have the other: a conference.
struct ConsultJoins {
  ContactNo contact;
};
// It ends; who asked goes on with the other.
struct ConsultCanceled {
  ContactNo contact;
};

// One of two who hold a contact leaves it to the other.
struct HolderLeaves {
  ContactNo contact;
  AgentNo agent;
};

// The gateway is done with the contact: the customer hung up or left, or the work is finished.
// Before the answer it ends as `state` (kAbandoned or kWithdrawn); after it, wrap-up follows.
struct ContactEnds {
  ContactNo contact;
  ContactState unanswered = ContactState::kAbandoned;
  EndReason reason = EndReason::kCustomerLeft;
  std::optional<model::WrapUp> wrap_up = {};  // of this contact, instead of the policy's
};

// `offer`: the one whose accept is meant; none = whichever. A late report about an earlier offer
// must not hit the next one.
struct ContactConnected {
  ContactNo contact;
  OfferId offer;
};

// Also while an offer to be accepted by phone is open: the agent's endpoint could not be reached.
struct ContactConnectFailed {
  ContactNo contact;
  ConnectFailure cause = ConnectFailure::kOther;
  OfferId offer;  // as in ContactConnected
};

struct ContactHeld {
  ContactNo contact;
  bool held = true;  // false: resumed
};

// The gateway has played what the contact's queue asked for.
struct TreatmentDone {
  ContactNo contact;
  OfferId treatment;  // as ContactTreated told it
};

// The customer of an answered contact has gone silent, or is back.
struct ContactInactive {
  ContactNo contact;
  bool inactive = true;
};

// ---- Offers ----------------------------------------------------------------------------------

// From the desktop, or from the gateway whose ringing the agent answered.
struct OfferAccepted {
  OfferId offer;
};

struct OfferRejected {
  OfferId offer;
};

// ---- Agents ----------------------------------------------------------------------------------

struct AgentLogsIn {
  AgentNo agent;
  model::AgentProfile profile;  // as the policy or the log-in says
  bool own_skills = false;      // given at log-in: a policy swap leaves them alone
  std::uint32_t channels = 0;   // bit per ChannelNo: the agent's endpoint list
  bool ready = false;           // presence after the log-in
  ReasonNo reason;              // of not ready; may be none
};

// Presence and ready flags. `pending` if the agent has work.
struct AgentSetsPresence {
  AgentNo agent;
  bool ready = false;
  ReasonNo reason;
  std::uint32_t channels = 0;  // ready: the flags set; not ready: ignored
};

struct AgentBusyElsewhere {
  AgentNo agent;
  ChannelNo channel;
  bool on = true;
};

struct AgentEndsWrapUp {
  AgentNo agent;
  ContactNo contact;
};

// `by_ms`, or as much of it as the policy still allows, is added to the wrap-up's time.
struct AgentExtendsWrapUp {
  AgentNo agent;
  ContactNo contact;
  SpanMs by_ms = 0;  // > 0
};

struct AgentLogsOut {
  AgentNo agent;
};

struct AgentSkillsSet {
  AgentNo agent;
  model::AgentProfile profile;
  bool own_skills = true;  // false: the policy's again; from then on a policy swap brings new ones
};

// The agent's desktop has lost, or found again, its connection.
struct AgentConnection {
  AgentNo agent;
  bool connected = false;
};

// ---- Gateways, queues, policy ------------------------------------------------------------------

// A gateway identity that is not yet known is made by its first `connected`.
struct GatewayConnection {
  GatewayNo gateway;
  bool connected = false;
};

struct QueueModeSet {
  QueueNo queue;
  std::optional<model::QueueMode> mode;  // an override; absent: the policy's again
};

// Who waits in the queue goes to another one, the first in the order of service first: as many as
// wait now, so many at once, the rest by a timer.
struct QueueMoved {
  QueueNo queue;
  QueueNo to;  // none: a move under way stops where it is
};

struct PolicySwapped {
  std::shared_ptr<const model::Model> model;
  // Parallel to model->agents; none for an agent that has never logged in.
  std::vector<AgentNo> agents;
  std::shared_ptr<const model::Calendar> calendar = {};  // of its hours; null: as it was
};

// When opening hours begin and end from here on: more time has been worked out, or the zones' data
// are newer.
struct CalendarSet {
  std::shared_ptr<const model::Calendar> calendar;
};

// Wall time = batch time + offset from here on.
struct WallClockMoved {
  SpanMs offset_ms = 0;
};

// The router was down since the stamp before this one, and nobody could be heard meanwhile. Comes
// before the timers that were due in that time have fired; who has lost his connection by it is
// told at the same time, before them as well, so that nobody is offered anything who is not there.
struct RouterRestarted {};

using Event =
    std::variant<ContactArrives, ContactUpdated, ContactTransferred, ContactEnds, ContactConnected,
                 ContactConnectFailed, ContactHeld, OfferAccepted, OfferRejected, AgentLogsIn,
                 AgentSetsPresence, AgentBusyElsewhere, AgentEndsWrapUp, AgentLogsOut,
                 AgentSkillsSet, AgentConnection, GatewayConnection, QueueModeSet, PolicySwapped,
                 CallbackRequested, AgentExtendsWrapUp, CalendarSet, WallClockMoved, QueueMoved,
                 ConsultStarts, ConsultCompletes, ConsultJoins, ConsultCanceled, HolderLeaves,
                 ContactInactive, TreatmentDone, RouterRestarted>;

// What became of an event.
struct Applied {
  Applied(Refusal why = Refusal::kNone) : refusal(why) {}  // NOLINT(google-explicit-constructor)
  Refusal refusal;
  ContactNo contact;                           // the contact made by an arrival
  ContactState state = ContactState::kQueued;  // with kWrongState: the state that forbids
  std::optional<OfferOutcome> outcome;         // with kOfferEnded, when it is remembered
  [[nodiscard]] bool ok() const { return refusal == Refusal::kNone; }
};

}  // namespace routerd::core
