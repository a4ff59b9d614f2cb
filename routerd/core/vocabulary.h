// The words of the core, as enumerations. The same words stand in the public protocol's vocabulary.
// Numbers are part of the journal's format: append, never renumber.
#pragma once

#include <cstdint>
#include <string_view>

namespace routerd::core {

enum class ContactState : std::uint8_t {
  kScheduled,   // not to be queued before a stated time
  kQueued,      // waits
  kOffered,     // proposed to an agent
  kConnecting,  // accepted; the gateway connects customer and agent
  kAssigned,    // answered: agent and customer work together
  kWrapUp,      // the customer is gone; the agent writes up
  kCompleted,
  kAbandoned,        // the customer left before the answer
  kWithdrawn,        // taken back by the gateway or a supervisor before the answer
  kExpired,          // waited longer than the queue's max_wait
  kRefused,          // a limit refused the arrival
  kExpiredCallback,  // its customer was dialled as often as its queue says, and not reached
  kTreated,          // a limit stopped it, and its gateway plays something to its customer first
};

[[nodiscard]] constexpr bool IsTerminal(ContactState s) {
  return s >= ContactState::kCompleted && s != ContactState::kTreated;
}

// How one stay in one queue ended.
enum class VisitOutcome : std::uint8_t {
  kAnswered,
  kAbandoned,
  kTransferred,
  kWithdrawn,
  kRefused,
  kExpired,
  kOverflowed,  // a limit sent it to another queue
  kToCallback,  // the customer is to be called back, or was dialled and not reached
};

enum class OfferOutcome : std::uint8_t {
  kAccepted,
  kRejected,
  kTimedOut,
  kRescinded,    // taken back by the router: another agent accepted first, policy changed
  kContactGone,  // the customer left, or the contact was withdrawn or moved
  kAgentGone,    // the agent logged out or his connection did not come back
  kFailed,
  kRouterDown,  // the deadline passed while the router was down
};

// Why a contact ended or moved; for people and figures, no decision reads it.
enum class EndReason : std::uint8_t {
  kUnspecified,
  kCustomerLeft,
  kGatewayWithdrew,
  kSupervisorWithdrew,
  kGatewayLost,
  kMaxWait,
  kQueueFull,
  kQueueClosed,
  kCompleted,
  kContactLimit,      // more contacts than the router holds
  kTransferred,       // to another gateway, which brings it anew
  kCallbackAttempts,  // dialled as often as its queue says
  kNotJoined,         // its queue's join_if did not hold
  kLeft,              // its queue's leave_if held
};

enum class Presence : std::uint8_t { kLoggedOut, kNotReady, kReady, kNotResponding };

enum class ItemState : std::uint8_t {
  kOffered,
  kConnecting,
  kOnContact,
  kHeld,
  kWrapUp,
  kParked,  // interrupted by other work, to which it lends its units
};

// What a wallboard shows of an agent: the first of on_contact, held, connecting, offered, wrap_up
// that any item has, else the presence.
enum class ShownState : std::uint8_t {
  kLoggedOut,
  kNotReady,
  kReady,
  kNotResponding,
  kOffered,
  kConnecting,
  kOnContact,
  kHeld,
  kWrapUp,
};

// Whether an agent may take one more contact of a kind.
enum class Room : std::uint8_t {
  kNone,
  kFree,
  kByParking,  // other work is interrupted for it
};

enum class ConnectFailure : std::uint8_t {
  // The agent's: count as a miss.
  kNoAnswer,
  kBusy,
  kUnreachable,
  // The customer's: do not.
  kCustomerGone,
  kCustomerNoAnswer,
  kCustomerBusy,
  kOther,
  kTimeout,  // neither connected nor connect_failed came in time; counts as neither's
};

[[nodiscard]] constexpr bool IsMiss(ConnectFailure f) { return f <= ConnectFailure::kUnreachable; }

// The customer was dialled and not reached.
[[nodiscard]] constexpr bool IsCustomers(ConnectFailure f) {
  return f >= ConnectFailure::kCustomerGone && f <= ConnectFailure::kCustomerBusy;
}

// Why apply refused an event. Nothing has changed then.
enum class Refusal : std::uint8_t {
  kNone,
  kUnknownContact,  // no such contact is held
  kUnknownAgent,    // the agent has never logged in
  kAgentLoggedOut,
  kUnknownQueue,
  kWrongState,  // the contact's state forbids it; Applied::state says which
  kOfferEnded,  // the offer is over; Applied::outcome says how when it is remembered
  kQueueClosed,
  kQueueFull,
  kContactLimit,
  kLaneLimit,
  kClassLimit,
  kAgentLimit,
  kGatewayLimit,
  kNotInWrapUp,
  kWrapUpForced,       // this wrap-up cannot be ended early
  kQueueHasContacts,   // the policy removes a queue (or channel) that contacts are in
  kNoCallback,         // the policy has no channel for callbacks
  kWrapUpNotExtended,  // it does not end by time, or has been extended as far as it may be
  kNotJoined,          // the queue's join_if does not hold
  kQueueMoves,         // the other queue's contacts are being moved themselves
  kInConsult,          // somebody is asked about the contact already, or it is such a question
  kNoConsult,          // the contact is linked to no other, or no longer
  kConferenceFull,     // two agents have the contact already
  kNoConference,       // the agent is not one of two who have the contact
  kLive,               // the customer of a live contact is on the line
  kNoTreatment,        // it is neither the contact's treatment under way nor its last
  kNotHolder,          // the agent does not have the contact
};

// Whether a contact may be offered to an agent now: the first of its conditions that does not hold.
enum class Verdict : std::uint8_t {
  kMayServe,
  kNotWaiting,         // the contact does not wait, and asks for nobody more
  kRingsHim,           // he has an offer of it open
  kAsksAnother,        // it is a question of his own
  kAgentNotReady,      // not there, not ready, not on this channel, or about to leave
  kAgentHasNoRoom,     // no capacity, or an offer open already
  kNoMember,           // of the queue
  kNotInProfile,       // his routing profile serves other queues only
  kLacksSkill,         // that queue or contact ask for, or has one that they exclude
  kWaitsForAnother,    // for the agents whom it asked for
  kDelayed,            // his routing profile serves the queue after a wait that is not over
  kBarred,             // declined or missed before, and not to be asked again yet
  kQueueServesNobody,  // by its mode
  kGatewayAbsent,      // of a live contact
  kReserved,           // he is kept free for other queues
  kBeyondShare,        // his group has had its share of the queue's contacts
};

std::string_view Name(Verdict);
std::string_view Name(ContactState);
std::string_view Name(VisitOutcome);
std::string_view Name(OfferOutcome);
std::string_view Name(EndReason);
std::string_view Name(Presence);
std::string_view Name(ItemState);
std::string_view Name(ShownState);
std::string_view Name(ConnectFailure);
std::string_view Name(Refusal);

}  // namespace routerd::core
