// What clients ask, in names. The api turns messages into commands, the engine's writer turns them
// into the core's events. Standard types only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/core/vocabulary.h"
#include "routerd/engine/event.h"
#include "routerd/engine/held.h"
#include "routerd/engine/outbox.h"
#include "routerd/model/calendar.h"
#include "routerd/model/model.h"

namespace routerd::engine {

using Attributes = std::vector<std::pair<std::string, std::string>>;

// ---- Gateways ----------------------------------------------------------------------------------

struct Arrive {
  std::string contact;
  std::string channel;
  std::string queue;
  std::optional<int> priority;
  std::vector<SkillNeed> requirements;
  Attributes attributes;
  std::string customer_key;
  std::string related_contact;
  std::optional<bool> live;
  TimeMs not_before_unix_ms = 0;  // 0: now
  SpanMs credit_ms = 0;
  // Only these may have it for a while: the one, or else, the greatest score first, the others.
  std::string direct_agent;
  std::vector<std::pair<std::string, int>> preferred_agents;
  std::optional<SpanMs> direct_wait_ms;  // absent: as the queue says
  std::optional<SpanMs> preferred_wait_ms;
  std::vector<std::string> also;  // further queues that it waits in; empty: as the queue says
};

struct UpdateContact {
  std::string contact;
  std::optional<int> priority;
  std::optional<std::vector<SkillNeed>> requirements;
  std::optional<Attributes> attributes;
  std::optional<SpanMs> credit_ms;
  bool only_waiting = false;  // refused (kFailedPrecondition) once an agent has accepted it
};

// To a queue, to an agent (`queue`: where it waits for him; empty: where it is), or to another
// gateway, which is told and brings it anew.
struct TransferContact {
  std::string contact;
  std::string queue;
  std::optional<int> priority;
  std::optional<std::vector<SkillNeed>> requirements;
  bool only_waiting = false;  // as above
  std::string agent = {};
  std::optional<SpanMs> direct_wait_ms = {};  // for him; absent: as the queue says
  std::string gateway = {};
};

// The contact is over for its gateway. `unanswered` is its end if nobody had answered yet.
struct EndContact {
  std::string contact;
  core::ContactState unanswered = core::ContactState::kAbandoned;
  core::EndReason reason = core::EndReason::kCustomerLeft;
};

// Like EndContact, but refused once somebody has answered (kFailedPrecondition).
struct WithdrawContact {
  std::string contact;
  core::ContactState as = core::ContactState::kWithdrawn;
  core::EndReason reason = core::EndReason::kGatewayWithdrew;
  bool only_waiting = false;  // refused already once an agent has accepted it
};

// A contact that waits goes on as a callback, its customer gone.
struct RequestCallback {
  std::string contact;
  TimeMs not_before_unix_ms = 0;  // 0: it keeps its place
};

// The holder of an answered contact asks somebody else by a linked contact: a queue, or an agent
// (`queue`: where it waits for him; empty: the contact's).
struct StartConsult {
  std::string contact;
  std::string consult_contact;
  std::string queue;
  std::string agent = {};
  std::optional<SpanMs> direct_wait_ms = {};
  std::optional<int> priority = {};  // absent: the contact's
  std::vector<SkillNeed> requirements = {};
  std::string asking = {};  // who asks; empty: who has the contact, if it is one agent
};
// What becomes of it: its agent has the other contact instead of who asked, or as well, or it ends.
enum class ConsultEnd : std::uint8_t { kComplete, kJoin, kCancel };
struct EndConsult {
  std::string consult_contact;
  ConsultEnd how = ConsultEnd::kComplete;
};
// One of two agents leaves a contact to the other.
struct LeaveConference {
  std::string contact;
  std::string agent;
};

// `contact`, where it is given, must be the offer's.
struct AgentAnswered {
  OfferId offer;
  std::string contact = {};
};
// `offer`: the one that was accepted; invalid = whichever. A report about an earlier one is
// refused.
struct Connected {
  std::string contact;
  OfferId offer;
};
struct ConnectFailed {
  std::string contact;
  core::ConnectFailure cause = core::ConnectFailure::kOther;
  OfferId offer;
};
struct Hold {
  std::string contact;
  bool held = true;
};

// What the contact's queue had played is over.
struct EndTreatment {
  std::string contact;
  OfferId treatment;
};

// Its customer has gone silent, or is back.
struct SetInactive {
  std::string contact;
  bool inactive = true;
};

// What the gateway says of the contacts that the router holds for it: `kept` ones stay, `ended`
// ones end (unanswered: abandoned). Contacts in neither list stay: a long list comes in pieces.
struct Reconcile {
  std::vector<std::string> kept;
  std::vector<std::string> ended;
};

// ---- Desktops ----------------------------------------------------------------------------------

struct LogIn {
  std::string agent;
  std::optional<std::vector<SkillNeed>> skills;                // absent: the policy's
  std::vector<std::pair<std::string, std::string>> endpoints;  // channel → endpoint
  bool ready = false;
  std::string reason;  // of not ready
};
struct SetPresence {
  std::string agent;
  bool ready = false;
  std::string reason;
  std::optional<std::vector<std::string>> channels;  // ready for these; absent: all of the log-in
};
struct BusyElsewhere {
  std::string agent;
  std::string channel;
  bool on = true;
};
struct AcceptOffer {
  OfferId offer;
  std::string agent;  // empty, or must be the offer's
};
struct RejectOffer {
  OfferId offer;
  std::string agent;
  std::string why = {};  // for reports
};
struct EndWrapUp {
  std::string agent;
  std::string contact;
};
struct ExtendWrapUp {
  std::string agent;
  std::string contact;
  SpanMs by_ms = 0;
};
struct LogOut {
  std::string agent;
  std::string why = {};  // for reports
};

// ---- Operations --------------------------------------------------------------------------------

struct SetQueueMode {
  std::string queue;
  std::optional<model::QueueMode> mode;  // absent: the policy's again
  SpanMs lasts_ms = 0;                   // 0: until it is cleared
};
// Who waits in `queue` goes to `to`; empty: a move under way stops.
struct MoveQueue {
  std::string queue;
  std::string to;
};
struct SetAgentSkills {
  std::string agent;
  std::vector<SkillNeed> skills;
  bool from_policy = false;  // the policy's again; `skills` is empty
  SpanMs lasts_ms = 0;       // 0: until they are cleared
};
struct ApplyPolicy {
  std::shared_ptr<const model::Model> model;  // compiled against the version in force
  std::string source;
  std::string comment;
  // In force; else kFailedPrecondition. A model that was compiled against another version than the
  // one in force is kUnavailable (`policy_overtaken`).
  std::optional<std::uint64_t> expected_version;
  std::shared_ptr<const model::Calendar> calendar = {};  // of the model's hours
  bool from_file = false;  // `source` is what the configured file says
};
// When the hours of the policy in force begin and end, worked out anew; kUnavailable
// (`policy_overtaken`) when it was made for another policy.
struct SetCalendar {
  std::uint64_t policy_version = 0;
  std::shared_ptr<const model::Calendar> calendar;
};

// ---- Sessions ----------------------------------------------------------------------------------

enum class SessionKind : std::uint8_t { kGateway, kDesktop };

// An event of a session's, and with it all that came before.
struct EventCursor {
  Position at;              // its record
  std::uint32_t index = 0;  // within the record; kWholeRecord: its last
};
inline constexpr std::uint32_t kWholeRecord = ~std::uint32_t{0};

// Opens a session or takes up `resume`. Its events go to `outbox`: resumed, all that the session
// has not been told; else those that come after the state that the answer lists.
struct OpenSession {
  SessionKind kind = SessionKind::kGateway;
  std::string resume;
  std::shared_ptr<Outbox> outbox;
  // Where the router was down since: what the client has been told. Without it, and if it was told
  // what is not in the history or too long ago, such a session cannot be taken up.
  std::optional<EventCursor> told = {};
};
// The connection that served `outbox` is gone; ignored if the session has another by now.
struct DropSession {
  std::string session;
  std::shared_ptr<Outbox> outbox;
};

// The client has seen the answers of this session up to this number (Answer::number); the engine
// need not remember them. Not journaled; refused only when the inbox is full or the engine has
// ended.
struct AckAnswers {
  std::string session;
  std::uint64_t upto = 0;
};

using Command =
    std::variant<Arrive, UpdateContact, TransferContact, EndContact, WithdrawContact, AgentAnswered,
                 Connected, ConnectFailed, Hold, Reconcile, LogIn, SetPresence, BusyElsewhere,
                 AcceptOffer, RejectOffer, EndWrapUp, ExtendWrapUp, LogOut, SetQueueMode, MoveQueue,
                 SetAgentSkills, ApplyPolicy, SetCalendar, OpenSession, DropSession, AckAnswers,
                 RequestCallback, StartConsult, EndConsult, LeaveConference, SetInactive,
                 EndTreatment>;

// The answer to a command, given once its record is durable, on the writer's thread: be quick.
struct Answer {
  Status status;
  Position at;  // of the record, or of the state that refused it
  TimeMs unix_ms = 0;
  // Counts the remembered answers of a session, for AckAnswers; 0: not remembered there.
  std::uint64_t number = 0;
  // Where the command was about a contact: how it stands (also with kFailedPrecondition).
  std::optional<ContactView> contact;
  std::optional<std::uint32_t> position;  // in its queue, 1 = next
  // Where it was about an agent.
  std::shared_ptr<const AgentView> agent;
  std::optional<core::OfferOutcome> offer_outcome;        // with `offer_ended`
  std::string owner;                                      // with kAlreadyExists: the other gateway
  std::uint64_t policy_version = 0;                       // ApplyPolicy: in force now
  model::QueueMode queue_mode = model::QueueMode::kOpen;  // SetQueueMode: in force now
  std::optional<QueueMoveView> queue_move;                // MoveQueue: while there is more to move
  // Arrive, when a limit turned the contact away (the status is OK, its state kRefused): which.
  core::EndReason refused_by = core::EndReason::kUnspecified;
  std::vector<std::string> unknown;  // Reconcile: of `kept`, those that are not held
  // Arrive, UpdateContact: keys of what it brought that the policy does not name, sorted.
  std::vector<std::string> attributes_not_kept;
  // OpenSession.
  std::string session;
  bool resumed = false;
  // Of a session that was not resumed: a gateway's contacts; a desktop's agents and their contacts.
  std::vector<HeldContact> held_contacts;
  // Further open offers of those contacts that ring for several agents; they stand in no list.
  std::vector<HeldContact> more_offers;
  std::vector<std::shared_ptr<const AgentView>> held_agents;
};

// Operations may act on anything; gateways only on what they brought; desktops only on their
// agents.
enum class Role : std::uint8_t { kGateway, kDesktop, kOperations };

struct Envelope {
  Role role = Role::kGateway;
  std::string client;           // identity
  std::string actor;            // on whose behalf; empty = client
  std::string session;          // empty: unary
  std::string request_id;       // empty: not deduplicated
  std::uint64_t body_hash = 0;  // of the whole request; with the same request_id it must be equal
  Command command;
  std::function<void(const Answer&)> done;  // called exactly once
};

}  // namespace routerd::engine
