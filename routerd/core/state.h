// The core's state: plain values. Who may read what: the engine reads all of it on the writer's
// thread, to turn effects into words; only the core's own files write.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/core/arrivals.h"
#include "routerd/core/bitmap.h"
#include "routerd/core/event.h"
#include "routerd/core/timer_wheel.h"
#include "routerd/core/treap.h"
#include "routerd/core/vocabulary.h"
#include "routerd/model/model.h"

namespace routerd::core {

using LaneNo = StrongNo<struct LaneTag, std::uint32_t>;
using ClassNo = StrongNo<struct ClassTag, std::uint32_t>;

inline constexpr std::uint32_t kNil = TreapNode::kNil;
inline constexpr std::uint8_t kNoShare = 0xff;  // of an agent in none of the groups
// The window of an allocation passes in so many parts.
inline constexpr std::size_t kAllocationParts = 15;
inline constexpr std::uint8_t kNoPool = 0xff;  // of a queue without a reserve
// From one arrival's number to the next: those between are its stand-ins'.
inline constexpr std::uint64_t kArrivalStep = 8;
static_assert(limits::kMaxAlsoQueues < kArrivalStep);

// A declined or missed pair.
struct Bar {
  AgentNo agent;
  TimeMs since = 0;
};

// A bar, as its agent knows it.
struct Declined {
  ContactNo contact;
  TimeMs since = 0;
};

// What an offer was made under: a policy that comes while it is open, or while its accept is being
// connected, does not change it.
struct OfferTerms {
  model::AcceptBy accept_by = model::AcceptBy::kDesktop;
  bool connect = false;
  int max_misses = 1;
  SpanMs connect_timeout_ms = 0;
  SpanMs announce_ms = 0;  // before it is connected
};

// One contact proposed to one agent, until a deadline. It lives while the offer is open.
struct Lease {
  OfferId id;                    // invalid: a free place
  std::uint32_t contact = kNil;  // slot
  AgentNo agent;
  OfferTerms terms;
  TimerId deadline;
  std::uint8_t share = kNoShare;  // of its queue's allocation that it counts for
  std::uint32_t prev = kNil;      // of the same contact, in the order of making
  std::uint32_t next = kNil;
};

// Where a contact stands in its lane.
enum class Standing : std::uint8_t {
  kOut,       // asks for nobody, or its gateway is absent
  kFifo,      // in the lane's list: arrived in order, bars nobody, rings nobody, is no consultation
  kSide,      // in the lane's ordered side set: came back, was moved, or excludes somebody
  kPersonal,  // beside its lane: only the agents whom it asks for find it
};

// Why a contact asks for certain agents.
enum class Wish : std::uint8_t { kNone, kDirect, kPreferred, kLastAgent };

// A queue's limits, in the order of model::LimitsOf.
enum class LimitKind : std::uint8_t { kFull, kClosed, kWaited, kNotJoined, kLeft };

// Of arrivals, who have not waited yet.
[[nodiscard]] constexpr bool IsOfArrivals(LimitKind limit) {
  return limit != LimitKind::kWaited && limit != LimitKind::kLeft;
}

// Or a stand-in: where a contact waits in a further queue (also.cc).
struct Contact {
  std::uint32_t generation = 0;  // of the slot
  bool used = false;             // ended ones stay until the last wrap-up is over
  ContactState state = ContactState::kQueued;
  Standing standing = Standing::kOut;
  bool live = false;
  bool held = false;
  bool own_priority = false;           // brought, set or carried along; else it is the queue's
  bool stuck = false;                  // every ready agent who may have it is barred for good
  std::uint8_t attempts = 0;           // of a callback: dialled and not reached
  LimitKind limit = LimitKind::kFull;  // kTreated: what stopped it
  TreatmentNo treating;                // kTreated: what is played
  ChannelNo channel;
  QueueNo queue;
  GatewayNo gateway;
  LaneNo lane;
  int priority = 0;
  std::uint32_t wrap_ups = 0;   // items of agents that write up about it
  std::uint64_t arrival = 0;    // arrival number: the last tie-break
  TimeMs arrived = 0;           // first arrival
  TimeMs age_since = 0;         // arrival less credit: what ordering uses
  TimeMs visit_since = 0;       // entry to this queue
  TimeMs answered = 0;          // of this visit
  TimeMs silent_since = 0;      // its customer has gone silent; 0: he has not
  SpanMs silent_ms = 0;         // he was, before, since the answer
  SpanMs served_ms = 0;         // of this visit, with agents who were lost: no wait for max_wait
  SpanMs waited_before_ms = 0;  // in its earlier visits
  TimeMs step_since = 0;        // the next step's `after` counts from here
  TimeMs state_since = 0;
  OfferId offer;                     // the one accepted; before that, its last treatment's id
  OfferTerms terms;                  // of that offer
  AgentNo agent;                     // who accepted it, or took it over
  AgentNo second;                    // who has it as well: a conference
  std::uint32_t parent = kNil;       // slot: whom a consultation is about
  std::uint32_t child = kNil;        // slot: the consultation about it
  std::uint32_t stands_for = kNil;   // slot: of a stand-in, the contact
  std::uint32_t also = kNil;         // slot: its first stand-in; of one of these, the next
  TimerId also_timer;                // looks again for lanes in further queues
  std::vector<QueueNo> own_also;     // as it arrived; empty: as its queue's policy says
  QueueNo via;                       // further queue through which it was offered; none: its own
  std::uint32_t first_lease = kNil;  // open offers, oldest first
  std::uint32_t last_lease = kNil;
  std::uint32_t lease_count = 0;
  std::uint32_t steps = 0;   // agents that a progressive race may ask by now
  bool overdue = false;      // max_wait passed while it rang: nobody more is asked
  bool second_asks = false;  // whose question `child` is: the second's, not the agent's
  Wish wish = Wish::kNone;
  bool personal = false;            // only `wanted` may have it, for now
  TimerId timer;                    // of the state: the race's next step, connection, schedule
  std::vector<WantedAgent> wanted;  // of its first visit, or of one by transfer to an agent
  std::optional<SpanMs> wish_wait_ms;
  TimerId personal_timer;  // when others may have it; none: when it returns
  TimerId max_wait_timer;
  TimerId delay_timer;  // the next delay of its queue's profiles
  TimerId bars_timer;
  TimerId step_timer;
  std::vector<Bar> bars;  // oldest first; of this visit, kept through an answer
  // Lane list (kFifo), those with bars (kSide) or the queue's personal ones.
  std::uint32_t prev = kNil;
  std::uint32_t next = kNil;
  TreapNode side;    // kSide
  TreapNode oldest;  // among its queue's waiting, where conditions read the oldest
  std::uint32_t gateway_prev = kNil;
  std::uint32_t gateway_next = kNil;
};

// The queue as whose contact it is offered and served.
[[nodiscard]] inline QueueNo ServingQueueOf(const Contact& c) {
  return c.via.valid() ? c.via : c.queue;
}

struct Item {
  ContactNo contact;  // invalid: work outside the router
  TimeMs since = 0;
  TimeMs answered = 0;        // when his part began, plus silences that are over; 0: not yet
  SpanMs talked_ms = 0;       // of a wrap-up: what went before it
  TimerId timer;              // wrap-up
  SpanMs extend_ms = 0;       // by so much it may still be extended
  std::uint64_t serial = 0;   // number of its offer, of all there were; 0: work elsewhere
  std::uint64_t lent_to = 0;  // the work, by serial, that has its units
  SpanMs parked_ms = 0;       // so far, the present time aside
  QueueNo queue;
  std::uint32_t lease = kNil;   // while it is an offer
  std::int16_t units = 0;       // held now
  std::int16_t lent_units = 0;  // what it has lent, or given back while `away`
  ChannelNo channel;
  ItemState state = ItemState::kOffered;
  model::WrapUpMode wrap_up = model::WrapUpMode::kNone;  // mode of the wrap-up under way
  bool counts : 1 = true;                                // against the channel's limit
  bool away : 1 = false;  // takes no room while its customer is silent
};

// His place in one more order of the free (see AgentClass::orders).
struct MorePlace {
  TreapNode node;
  std::uint32_t sum = 0;  // of the weights below and here, where chance chooses
};

// What such orders compare, as it was when he took his places: it stays while he has them.
struct PlaceKeys {
  std::uint32_t contacts = 0;
  int units = 0;
  SpanMs talk_ms = 0;
  std::uint64_t offered = 0;
  friend bool operator==(const PlaceKeys&, const PlaceKeys&) = default;
};

// Handling times of an agent's contacts of one queue.
struct Handled {
  QueueNo queue;
  std::uint32_t count = 0;
  SpanMs sum_ms = 0;
};

// When his idle clock started, by what it may start at.
struct IdleClock {
  TimeMs worked = 0;   // end of the last item
  TimeMs offered = 0;  // last offer
};

// An agent's place among the free of his class on one channel; the key stays with the place.
struct FreePlace {
  TreapNode node;
  bool in = false;
  bool has_work = false;
  TimeMs idle_since = 0;
};

struct Agent {
  bool known = false;  // has logged in at least once
  Presence presence = Presence::kLoggedOut;
  ReasonNo reason;
  bool pending = false;  // `pending_presence` comes when the last item ends
  Presence pending_presence = Presence::kNotReady;
  ReasonNo pending_reason;
  bool connected = false;
  bool own_skills = false;
  ClassNo cls;
  model::AgentProfile profile;
  std::uint32_t channels = 0;  // endpoints
  std::uint32_t ready = 0;     // flags
  std::uint32_t usable = 0;    // channels on which the policy and his limits let him work
  int units_used = 0;
  bool over = false;  // who came back took room that he had not
  int open_offers = 0;
  int misses = 0;
  TimeMs idle_since = 0;     // end of the last item
  TimeMs offered_since = 0;  // last offer, or log-in
  TimeMs ready_since = 0;
  std::uint64_t offered = 0;  // number of the last offer to him, of all there were; 0 = none
  SpanMs talk_ms = 0;         // with customers since he logged in
  TimeMs presence_since = 0;
  TimeMs shown_since = 0;
  ShownState shown = ShownState::kLoggedOut;
  TimerId grace;
  std::vector<Item> items;        // oldest first
  std::vector<FreePlace> places;  // by room: plain ones, then those that take parking
  std::uint32_t free_in = 0;      // places that he has
  std::uint32_t bars = 0;         // of contacts, against him
  std::vector<IdleClock> clocks;  // by channel
  std::vector<MorePlace> more;    // by his class's further orders, and room
  PlaceKeys placed;
  std::vector<Handled> handled;         // by queue
  std::vector<std::uint32_t> personal;  // contacts that stand here for him
  std::vector<Declined> declined;       // his bars, oldest first, and some that have fallen
  std::uint32_t counted_flags = 0;      // channels on which his class's `ready_count` has him
  bool touched = false;                 // in Core's list of this event
  bool figures_ready = false;           // counted in `ready` of the queues that watch his class
  bool figures_free = false;            // likewise in `free`
  bool figures_staffed = false;         // likewise in `staffed`
  std::uint64_t pools = 0;              // bit n: counted in Core's pool n
};

// What a contact asks of the router. Contacts with equal needs differ in age only.
struct Needs {
  QueueNo queue;
  ChannelNo channel;
  int priority = 0;
  SpanMs delay_ms = 0;            // of its profiles' delays, the longest that the visit has waited
  model::Requirements own;        // besides the queue's
  std::uint8_t step = 0;          // steps 1..step are behind it, opened or skipped
  model::OpenedSteps opened = 0;  // which of them
  bool also = false;              // of stand-ins
  [[nodiscard]] std::uint64_t Hash() const;
  friend bool operator==(const Needs&, const Needs&) = default;
};

// Contacts with the same needs.
struct Lane {
  bool used = false;
  Needs needs;
  std::uint64_t hash = 0;       // of the needs
  std::uint32_t refs = 0;       // contacts that belong here, waiting or offered
  std::uint32_t waiting = 0;    // in the list and the side set
  std::uint32_t barred = kNil;  // of those in the side set: the first with bars
  std::uint32_t head = kNil;
  std::uint32_t tail = kNil;
  std::uint32_t side = kNil;  // root
  bool is_empty = false;      // in the list of lanes without contacts
  std::uint32_t empty_prev = kNil;
  std::uint32_t empty_next = kNil;
  Bitmap classes;  // whose agents may serve it
  // Where a new class looks for it: under a skill that it asks for, or among those without.
  std::uint32_t key = kNil;  // in Core's list of such; kNil: in none
  std::uint32_t key_prev = kNil;
  std::uint32_t key_next = kNil;
  // With steps open: what is left of the queue's requirements, and of the contact's own.
  model::Requirements queue_asks;
  model::Requirements own_asks;
};

// The agent of a class who is free and idle longest, with what orders him: as FreePlace has it.
struct IdleKey {
  bool has_work = false;
  TimeMs idle_since = 0;
  std::uint32_t agent = kNil;
  friend bool operator<(const IdleKey& a, const IdleKey& b) {
    return std::tie(a.has_work, a.idle_since, a.agent) <
           std::tie(b.has_work, b.idle_since, b.agent);
  }
};

// Agents with the same skills, groups, routing profile, primaries and tiers.
struct AgentClass {
  bool used = false;
  std::vector<model::SkillLevel> skills;
  std::vector<GroupNo> groups;
  ProfileNo profile;
  std::vector<QueueNo> primary_queues;
  std::vector<SkillNo> primary_skills;
  std::vector<std::pair<QueueNo, int>> tiers;
  std::uint32_t agents = 0;
  Bitmap lanes;  // that its agents may serve
  // Orders of the free that queues they may serve need; the first is longest idle.
  std::vector<std::uint32_t> orders;
  std::vector<std::uint32_t> free;         // by place in `orders`, and room: root of the free
  std::vector<std::uint32_t> ready_count;  // by channel: ready, busy or not
  std::vector<QueueNo> watchers;           // queues with conditions that count its agents
  std::uint64_t pools = 0;                 // bit n: may serve a queue of Core's pool n
};

// Handling times of a queue's contacts.
struct Handling {
  std::uint32_t count = 0;
  SpanMs sum_ms = 0;
  SpanMs taken_ms = 0;  // the mean that is in use
};

// Other work of his is parked for the item.
[[nodiscard]] bool HasParked(const Agent& a, const Item& item);
// Whom the contact asks for, as the event says.
void TakeWish(const ContactArrives& e, Contact& c);
void TakeWish(const ContactTransferred& e, Contact& c);

// What an agent is taken to need for a contact of the queue, whose mean is `mean_ms`.
[[nodiscard]] SpanMs HandleTimeOf(const Agent& a, QueueNo queue, SpanMs mean_ms);

// What one group has had of a queue's contacts.
struct Allocated {
  int open = 0;      // offers
  int accepted = 0;  // of the window; the sum of its parts
  std::array<int, kAllocationParts> parts{};
};

struct Allocation {
  model::Allocation policy;
  std::vector<Allocated> groups;  // as the policy's shares
  std::size_t part = 0;           // that counts now
  TimeMs next = 0;                // when it has passed, while the timer is set
  TimerId timer;
  std::uint32_t looked = 0;  // shares that the last decision went by, as EntitledOf
};

// The shares that the queue gives contacts to now, as bits.
[[nodiscard]] std::uint32_t EntitledOf(const Allocation& allocation);

// Where a queue's contacts are being moved.
struct QueueMove {
  QueueNo to;  // none: they are not
  std::uint64_t moved = 0;
  std::uint64_t left = 0;
  TimerId timer;  // when the next of them go
};

struct Queue {
  bool mode_set = false;  // a run-time override
  model::QueueMode mode = model::QueueMode::kOpen;
  std::uint32_t waiting = 0;
  std::uint32_t also_waiting = 0;  // those of other queues that wait here as well
  std::uint32_t offered = 0;       // offered or connecting
  std::uint32_t assigned = 0;
  std::uint32_t personal = 0;           // of those waiting or ringing: kPersonal
  std::uint32_t first_personal = kNil;  // these, newest first, by `next`
  std::vector<LaneNo> lanes;
  std::uint32_t next_lane = 0;   // of the numbers that are kept for it
  std::uint32_t lanes_left = 0;  // how many of them
  QueueMove move;
  std::unique_ptr<Allocation> allocation;  // null: it shares nothing out
  Handling handling;
  Arrivals arrivals;
  std::uint8_t pool = kNoPool;  // of its reserve, in Core's pools
  bool released = false;        // in the event under way it lets contacts go that were held back
  // ---- For conditions; kept where the queue has some ----
  bool has_conditions = false;
  unsigned reads = 0;              // model::ConditionReads of all of them
  std::uint32_t ready = 0;         // agents, as QueueFigures counts them
  std::uint32_t free = 0;          // likewise
  std::uint32_t staffed = 0;       // likewise
  std::uint32_t oldest = kNil;     // root: the waiting by their visits' age
  std::int64_t oldest_s = 0;       // as of the last tick
  bool noted = false;              // in Core's list of queues whose figures have changed
  bool fresh = false;              // its policy has just come: `seen` is not yet what it reads
  model::QueueFigures seen;        // what conditions read: as the last decision left it
  model::OpenedSteps opening = 0;  // bit n: many move to step n + 1, because its `when` came true
  TimerId opening_timer;           // when the next of them do
  std::vector<Bitmap> lanes_at;    // by step: lanes with somebody waiting, where a `when` is next
};

// Agents whom deferrable queues leave free for the same other queues.
struct Pool {
  std::vector<QueueNo> queues;  // the others, sorted
  ChannelNo channel;            // who is free on it counts; none: on some
  bool open = false;            // one of the others is; else nobody is kept for them
  std::uint32_t free = 0;
  std::uint32_t looked = 0;  // what the last decision went by
  // The least and the most agents that one of the deferrable queues leaves free.
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  Bitmap lanes;                // of the deferrable queues: with somebody waiting
  Bitmap classes;              // that may serve the others
  std::uint32_t personal = 0;  // contacts of the deferrable that stand for certain agents
};

// The policy's opening hours of one number.
struct Hours {
  bool open = false;
  TimerId timer;                // of the next change
  std::vector<QueueNo> queues;  // that have them
};

// Of a queue, for whoever shows it.
struct HoursNow {
  bool open = false;
  TimeMs next_change = 0;  // batch time; 0 = it has no hours, or their calendar ends before
};

// Of a contact: agents who are ready and meet its needs.
struct ReadyAgents {
  std::int64_t all = 0;     // busy or not
  std::int64_t others = 0;  // of them, those who are not barred
};

// How far a contact has come in its queue's steps.
struct StepPlace {
  std::uint8_t step = 0;
  model::OpenedSteps opened = 0;
  TimeMs since = 0;
};

// The queues that an arrival passes through: the last takes it, the others' limits sent it on.
struct WayIn {
  std::array<QueueNo, limits::kMaxOverflowChain + 1> queues;
  std::size_t size = 0;  // 0: no queue takes it
  // Set: the last does not take it either, but has something played to it first.
  std::optional<LimitKind> treated = {};
  void Add(QueueNo queue) { queues[size++] = queue; }
  [[nodiscard]] QueueNo last() const { return queues[size - 1]; }
};

struct Gateway {
  bool known = false;
  bool connected = false;
  TimerId grace;
  std::uint32_t first = kNil;  // its contacts, in the order of arrival
  std::uint32_t last = kNil;
};

// A fraction with a positive denominator. Where it is not 1, numerators: 10^6 × the age in
// milliseconds at most; an age stays below 10^15 however often it is credited. Denominators: 4 ×
// 10^10. Products fit.
struct Score {
  __int128 num = 0;
  std::int64_t den = 1;
};

// From how many lanes and classes on they are kept in order.
struct OrderedFrom {
  std::size_t lanes = 1'024;
  std::size_t classes = 256;
};

// Numbers of lanes whose first contacts' scores grow alike.
struct LaneKind {
  std::uint32_t next_fresh = 0;      // of its last block
  std::uint32_t fresh = 0;           // how many of that have had no lane yet
  std::uint32_t first_empty = kNil;  // lanes without contacts, empty longest first
  std::uint32_t last_empty = kNil;
};

}  // namespace routerd::core
