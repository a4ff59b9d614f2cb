// What the world is told, in names. The engine makes each event once, when its effect is released;
// sessions, the event stream, Redis, metrics and reads are all fed from the same objects.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"
#include "routerd/model/model.h"

namespace routerd::engine {

struct SkillNeed {
  std::string skill;
  int level = 1;  // 1..10
  friend bool operator==(const SkillNeed&, const SkillNeed&) = default;
};

// What a contact is, as its gateway told it. Immutable; an update makes a new one.
struct ContactIdentity {
  std::string id;
  std::string gateway;  // identity of the client that brought it
  std::string channel;
  std::string customer_key;  // opaque
  std::string related_contact;
  std::string consult_of;  // the contact about which somebody is asked; empty: it is none such
  bool live = false;
  std::vector<SkillNeed> requirements;                          // the contact's own
  std::vector<std::pair<std::string, std::string>> attributes;  // sorted by key
};

// One agent who rings for a contact.
struct RingingAgent {
  std::string agent;
  OfferId offer;
  friend bool operator==(const RingingAgent&, const RingingAgent&) = default;
};

// How a contact stands after an event.
struct ContactStatus {
  core::ContactState state = core::ContactState::kQueued;
  std::string queue;    // of the current or last visit
  std::string through;  // further queue as whose contact it is offered or served; empty: `queue`
  std::vector<std::string> also;  // while it waits: the further queues that it waits in
  std::string agent;  // to whom it is offered (first, of several), or who holds it; else empty
  std::string second_agent;  // who holds it as well: a conference; else empty
  OfferId offer;             // that offer: open, or the one accepted; invalid without one
  // Who else it is offered to, in the order in which they were asked; null: nobody.
  std::shared_ptr<const std::vector<RingingAgent>> more_offers;
  int priority = 0;
  std::uint32_t step = 0;  // of its queue that it has reached; 0 = as the queue is written
  bool stuck = false;      // every ready agent who may have it has declined it for good
  bool held = false;
  bool parked = false;           // `agent` has been called away from it
  bool second_parked = false;    // likewise `second_agent`
  bool inactive = false;         // its customer has gone silent
  std::string treatment;         // kTreated: what is played to its customer
  OfferId treatment_id;          // likewise
  TimeMs arrived_unix_ms = 0;    // first arrival
  TimeMs age_since_unix_ms = 0;  // arrival less age credit: what ordering uses
  TimeMs visit_since_unix_ms = 0;
  TimeMs answered_unix_ms = 0;  // 0: not answered in this visit
  // When the open offer, the connecting or the scheduled wait ends by itself; 0: it does not.
  TimeMs deadline_unix_ms = 0;
};

struct ContactView {
  std::shared_ptr<const ContactIdentity> identity;
  ContactStatus status;
};

struct ItemView {
  std::string contact;  // empty: work outside the router (`external`)
  std::string channel;
  std::string queue;
  core::ItemState state = core::ItemState::kOffered;
  int units = 0;
  TimeMs since_unix_ms = 0;
  SpanMs parked_ms = 0;         // so far, the time since `since` aside
  bool inactive = false;        // its customer is silent
  SpanMs inactive_ms = 0;       // he was before, altogether
  OfferId offer;                // that led to it; invalid for external work and wrap-up
  TimeMs deadline_unix_ms = 0;  // of the offer, the connecting or the wrap-up; 0 = none
};

// What an operator has set at run time over the policy.
struct OverrideView {
  std::optional<model::QueueMode> mode;  // of a queue
  std::vector<SkillNeed> skills;         // of an agent: all that he has
  std::string actor;                     // who did, as told with the request
  TimeMs set_unix_ms = 0;
  TimeMs ends_unix_ms = 0;  // 0: when it is cleared
  friend bool operator==(const OverrideView&, const OverrideView&) = default;
};

struct AgentView {
  std::string id;
  core::Presence presence = core::Presence::kLoggedOut;
  core::ShownState shown = core::ShownState::kLoggedOut;
  std::string reason;    // of not ready
  bool pending = false;  // a presence waits for the last item to end
  core::Presence pending_presence = core::Presence::kNotReady;
  std::string pending_reason;
  bool connected = false;             // his desktop's connection is up
  std::string client;                 // identity of the desktop session he belongs to
  std::vector<std::string> channels;  // endpoints given at log-in
  std::vector<std::string> ready_channels;
  std::vector<SkillNeed> skills;
  bool own_skills = false;  // given at log-in or by operations, not by the policy
  // Operations gave him skills, in force unless his log-in named others; null: they did not.
  std::shared_ptr<const OverrideView> skills_override = {};
  std::vector<std::string> groups;
  std::vector<ItemView> items;
  int units_used = 0;              // of 100
  int misses = 0;                  // in a row
  TimeMs shown_since_unix_ms = 0;  // 0, as the two below: has never logged in
  TimeMs presence_since_unix_ms = 0;
  TimeMs idle_since_unix_ms = 0;
};

// Its contacts are being moved to another queue.
struct QueueMoveView {
  std::string to;
  std::uint64_t moved = 0;
  std::uint64_t left = 0;  // 0: it is over
  friend bool operator==(const QueueMoveView&, const QueueMoveView&) = default;
};

// When a queue's hours begin or end next.
struct HoursChangeView {
  TimeMs unix_ms = 0;
  model::QueueMode to =
      model::QueueMode::kOpen;  // what they make of its mode, if that follows them
  friend bool operator==(const HoursChangeView&, const HoursChangeView&) = default;
};

struct QueueView {
  std::string id;
  model::QueueMode mode = model::QueueMode::kOpen;
  std::shared_ptr<const OverrideView> mode_override = {};  // null: the mode is the policy's
  std::uint32_t waiting = 0;       // queued, those of absent gateways included
  std::uint32_t also_waiting = 0;  // queued in other queues, and waiting here as well
  std::uint32_t offered = 0;       // offered or connecting
  std::uint32_t assigned = 0;
  SpanMs service_level_ms = 0;  // the target
  int service_level_percent = 0;
  std::optional<QueueMoveView> move = {};
  std::optional<HoursChangeView> hours_change = {};  // absent: none that is known
};

// What follows hours changes at times when nothing else about the queue does, and is told apart.
struct QueueHours {
  std::string queue;
  std::optional<HoursChangeView> next;
};

enum class EventKind : std::uint8_t {
  kContactScheduled,
  kContactQueued,
  kContactReturned,  // came back to its place in the queue
  kOfferMade,
  kOfferEnded,
  kContactConfirmed,  // the accept counts
  kContactConnectFailed,
  kContactAnswered,
  kContactHeld,
  kContactResumed,
  kContactChanged,   // priority, requirements, attributes or age
  kContactMoved,     // to another queue
  kContactReleased,  // the gateway need not keep it: wrap-up goes on without the customer
  kContactEnded,     // terminal
  kContactRefused,   // an arrival that a limit turned away
  kAgentLost,        // a live contact's agent is gone; the gateway decides
  kWrapUpStarted,
  kWrapUpEnded,
  kAgentChanged,
  kQueueModeChanged,
  kPolicyChanged,
  kGatewayConnected,
  kGatewayDisconnected,
  kContactStepOpened,  // its queue asks for less from here on, or of more agents
  kContactStuck,       // every ready agent who may have it has declined it for good
  kContactUnstuck,     // that is no longer so
  kContactJoined,      // an agent has it from here on, whom somebody had asked about it
  kContactLeft,        // an agent has it no longer; another one has
  kContactToCallback,  // its visit ended; it goes on as a callback
  kContactHandedOver,  // its gateway has transferred it to another one, which brings it anew
  kWrapUpExtended,     // it goes on until another deadline
  kQueueMoveChanged,   // how far the move of a queue's contacts to another is
  kContactParked,      // the agent has been called away from it
  kContactUnparked,    // he is back
  kContactInactive,    // its customer has gone silent
  kContactActive,      // he is back
  kContactTreated,     // a limit stops it, and something is played to its customer first
};

struct Event {
  Position at;
  std::uint32_t index = 0;  // within the record
  TimeMs unix_ms = 0;
  EventKind kind = EventKind::kContactQueued;

  ContactView contact;          // kContact*, kOffer*, kWrapUp*, kAgentLost
  std::string queue;            // the event's queue; kContactMoved: where to
  std::string from_queue;       // kContactMoved
  std::string through;          // kOfferMade, kContactAnswered: as in ContactStatus, but then
  std::string agent;            // the event's agent
  OfferId offer;                // kOffer*, kContactConfirmed; kContactTreated: its id
  TimeMs deadline_unix_ms = 0;  // of the offer, the connection or the wrap-up; 0 = none
  SpanMs ttl_ms = 0;            // the same as a span from unix_ms
  SpanMs waited_ms = 0;         // of the visit
  SpanMs sl_waited_ms = 0;  // what the service level is judged by: kContactAnswered, kContactEnded
  SpanMs announce_ms = 0;   // kContactConfirmed: so long before it is connected
  SpanMs parked_ms = 0;     // kContactParked, kContactUnparked: altogether
  SpanMs inactive_ms = 0;   // kContactInactive, kContactActive: altogether
  std::optional<std::uint32_t> position;  // kContactQueued: 1 = next
  std::uint32_t step = 0;                 // kContactStepOpened: which
  std::uint32_t attempts = 0;             // kContactToCallback: dialled and not reached
  core::OfferOutcome outcome = core::OfferOutcome::kAccepted;           // kOfferEnded
  core::VisitOutcome visit_outcome = core::VisitOutcome::kTransferred;  // kContactMoved
  core::EndReason reason = core::EndReason::kUnspecified;     // kContactEnded, kContactRefused
  core::ConnectFailure cause = core::ConnectFailure::kOther;  // kContactConnectFailed
  model::AcceptBy accept_by = model::AcceptBy::kDesktop;      // kOfferMade
  bool answered = false;                                      // kContactEnded: an agent had it
  std::shared_ptr<const AgentView> agent_view;                // kAgentChanged
  std::shared_ptr<const QueueView> queue_view;                // kQueueModeChanged
  std::optional<QueueMoveView> move = {};                     // kQueueMoveChanged
  std::uint64_t policy_version = 0;                           // kPolicyChanged
  std::string treatment;   // kContactTreated: what is played; `offer` is its id
  std::string by_contact;  // kContactJoined: the linked contact by which he was asked
  std::string why;         // as told with a rejection (kOfferEnded) or a log-out (kAgentChanged)
  std::string actor;       // who did it, where a person or program did
  std::string gateway;     // kGateway*; kContactHandedOver: the other one
};

// All events of one released batch of records, in order.
struct EventBatch {
  Position last;  // of the batch's last record
  TimeMs unix_ms = 0;
  // Batch time + this = the Unix times told in the batch. It moves when the wall clock does; times
  // told before are then to be shown moved by as much.
  SpanMs wall_offset_ms = 0;
  std::size_t commands = 0;  // how many commands the batch answered
  std::vector<Event> events;
  // Of queues whose next change is another than told before; with a new policy, of all that have
  // one: what was told under the policy before counts no more.
  std::vector<QueueHours> hours;
  // How long it took to make the batch durable, nanoseconds, tries included; for metrics only, as
  // the next.
  std::int64_t append_ns = 0;
  // How long the core took for each decision of the batch, nanoseconds.
  std::vector<std::int64_t> decision_ns;
};

}  // namespace routerd::engine
