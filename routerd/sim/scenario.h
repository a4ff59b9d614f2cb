// A scenario as it was read: who does what at which virtual time, and what must follow.
// tests/scenarios/README.md describes the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"
#include "routerd/engine/command.h"
#include "routerd/engine/event.h"
#include "routerd/model/model.h"

namespace routerd::sim {

using Ids = std::vector<std::string>;
using Needs = std::vector<engine::SkillNeed>;

// A policy file beside the scenario, or a text in it.
struct PolicyText {
  std::string path;  // relative to the scenario's folder; empty: `text` stands in the scenario
  std::string text;  // begins with as many empty lines as stand before it, so that findings' lines
                     // are the scenario's
};

// ---- What people and programs do. Several names: one command each, all in one instant ----------

struct Arrive {
  Ids contacts;
  std::string channel;
  std::string queue;
  std::string gateway;
  std::optional<int> priority;
  Needs needs;
  SpanMs age_ms = 0;
  std::optional<TimeMs> not_before_ms;
  std::optional<bool> live;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string customer;
  std::string direct;
  std::vector<std::pair<std::string, int>> preferred;
  Ids also;                              // further queues that it waits in
  std::optional<SpanMs> agents_wait_ms;  // for either
};

struct Change {
  Ids contacts;
  std::optional<int> priority;
  std::optional<Needs> needs;
  std::optional<SpanMs> credit_ms;
};

struct Transfer {
  Ids contacts;
  std::string queue;
  std::optional<int> priority;
  std::optional<Needs> needs;
  std::string agent;    // to him, in `queue` or where it is
  std::string gateway;  // to this one
  std::optional<SpanMs> agents_wait_ms;
};

struct StartConsult {
  std::string contact;
  std::string consult;  // the linked contact
  std::string queue;
  std::string agent;  // him, in `queue` or where the contact is
  std::optional<SpanMs> agents_wait_ms;
  std::optional<int> priority;
  Needs needs;
  std::string asking;  // empty: not said
};
struct EndConsult {
  std::string consult;
  engine::ConsultEnd how = engine::ConsultEnd::kComplete;
};
struct LeaveConference {
  std::string agent;
  std::string contact;
};

struct AskCallback {
  Ids contacts;
  std::optional<TimeMs> not_before_ms;
};

enum class Leaving : std::uint8_t { kHangsUp, kEnds, kWithdrawn };
struct Leave {
  Ids contacts;
  Leaving how = Leaving::kHangsUp;
};

struct Connect {
  Ids contacts;
  std::optional<core::ConnectFailure> failure;
  std::string agent;  // whose offer the report is about; empty: whichever was accepted
};

// What was played to them, or is, is over.
struct Treated {
  Ids contacts;
};

struct GoInactive {
  Ids contacts;
  bool inactive = true;
};

struct PutOnHold {
  Ids contacts;
  bool held = true;
};

struct LogIn {
  Ids agents;
  bool ready = false;
  std::string reason;
  std::optional<Needs> skills;
  std::optional<Ids> channels;
  std::string desktop;  // empty: one of his own
};

struct GoReady {
  Ids agents;
  bool ready = true;
  std::string reason;
  std::optional<Ids> channels;
};

struct LogOut {
  Ids agents;
};

enum class Decision : std::uint8_t { kAccept, kDecline, kPickUp };
// The agents decide about the contacts one by one: the first about the first, and so on.
struct Decide {
  Ids agents;
  Ids contacts;
  Decision what = Decision::kAccept;
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

struct BusyElsewhere {
  Ids agents;
  std::string channel;
  bool on = true;
};

enum class Link : std::uint8_t { kGateway, kDesktop };
struct Connection {
  Link kind = Link::kGateway;
  std::string name;
  bool up = true;
};

struct Reconcile {
  std::string gateway;
  Ids kept;
  Ids ended;
};

struct SetQueue {
  std::string queue;
  std::optional<model::QueueMode> mode;  // absent: as the policy says
};

struct MoveWaiting {
  std::string queue;
  std::string to;  // empty: stop
};

struct SetSkills {
  std::string agent;
  std::optional<Needs> skills;  // absent: the policy's again
};

struct PolicyBecomes {
  PolicyText policy;
};

struct WallClock {
  SpanMs jump_ms = 0;
};

using Action =
    std::variant<Arrive, Change, Transfer, Leave, Connect, PutOnHold, LogIn, GoReady, LogOut,
                 Decide, EndWrapUp, ExtendWrapUp, BusyElsewhere, Connection, Reconcile, SetQueue,
                 MoveWaiting, SetSkills, PolicyBecomes, WallClock, AskCallback, StartConsult,
                 EndConsult, LeaveConference, GoInactive, Treated>;

// ---- What must be so ---------------------------------------------------------------------------

// The contacts are offered to the agents, one by one, in this instant.
struct ExpectOffered {
  Ids contacts;
  Ids agents;
  std::optional<std::string> through;  // which further queue; empty: its own
  std::optional<TimeMs> until_ms;
};
// So many offers, whatever they are, are made in this instant.
struct ExpectOffers {
  std::size_t count = 0;
};
struct ExpectOfferEnded {
  std::string contact;
  std::string agent;
  core::OfferOutcome outcome = core::OfferOutcome::kTimedOut;
};
struct ExpectAnswered {
  std::string contact;
  std::string agent;  // empty: whoever
  std::optional<SpanMs> waited_ms;
};
struct ExpectAgentLost {
  std::string contact;
  std::string agent;
};
// The gateway is told to bring the contact anew, in this instant.
struct ExpectHandedOver {
  std::string contact;
  std::string gateway;
};
struct ExpectContact {
  Ids contacts;
  core::ContactState state = core::ContactState::kQueued;
  std::string queue;
  std::string agent;
  std::string second_agent;               // of a conference
  std::optional<Ids> also;                // queues that it waits in besides
  std::optional<std::string> through;     // as in ExpectOffered
  std::optional<std::uint32_t> position;  // of the first; the others follow it
  std::optional<int> priority;
  std::optional<std::uint32_t> step;  // of its queue
  std::optional<bool> stuck;
  std::optional<TimeMs> until_ms;
  std::optional<core::EndReason> because;
  std::optional<bool> held;
  std::optional<bool> parked;
  std::optional<bool> inactive;
  std::string treatment;
};
struct ExpectAgent {
  Ids agents;
  core::ShownState shown = core::ShownState::kReady;
  std::string reason;
  std::optional<core::Presence> pending;
  std::string pending_reason;
  std::optional<std::size_t> contacts;
  std::optional<int> units;
};
struct ExpectQueue {
  std::string queue;
  std::optional<std::uint32_t> waiting;
  std::optional<std::uint32_t> also_waiting;
  std::optional<std::uint32_t> offered;
  std::optional<std::uint32_t> assigned;
  std::optional<model::QueueMode> mode;
};
// The last action's answer; of several, the last one's.
struct ExpectRefused {
  std::string reason;
  std::string detail;  // an offer's outcome, a contact's state, an owner; empty: whatever
};

using Expectation =
    std::variant<ExpectOffered, ExpectOffers, ExpectOfferEnded, ExpectAnswered, ExpectAgentLost,
                 ExpectHandedOver, ExpectContact, ExpectAgent, ExpectQueue, ExpectRefused>;

struct Row {
  int line = 0;
  std::string text;  // as it stands in the file, without comment
  TimeMs at_ms = 0;
  std::string by;  // whoever does it, if not the one who usually does
  std::variant<Action, Expectation> what;
};

struct Scenario {
  std::string file;
  std::string title;
  std::string about;
  PolicyText policy;
  std::vector<Row> rows;
};

}  // namespace routerd::sim
