// The compiled policy: immutable, complete, in numbers. The compiler makes it, the engine swaps it
// in between two events, the core reads it. Every default has been filled in by the compiler; there
// is no default left to take here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/model/contact_attribute.h"
#include "routerd/model/requirements.h"
#include "routerd/model/select.h"
#include "routerd/model/step.h"

namespace routerd::model {

// What follows a contact's end for its agent.
enum class WrapUpMode : std::uint8_t {
  kNone,         // nothing: the agent's room is free at once
  kOptional,     // ends by the agent or after `duration_ms`; unless stated it holds no room
  kMandatory,    // ends by the agent
  kTimed,        // ends by the agent or after `duration_ms`
  kTimedForced,  // ends after `duration_ms`; the agent cannot end it early
};

// Where nothing is said.
[[nodiscard]] constexpr bool HoldsRoom(WrapUpMode mode) {
  return mode != WrapUpMode::kNone && mode != WrapUpMode::kOptional;
}

struct WrapUp {
  WrapUpMode mode = WrapUpMode::kTimed;
  SpanMs duration_ms = 30'000;  // of the modes that end by time
  bool holds_room = true;       // units and place in the channel's number; false: free at once
  SpanMs extend_ms = 0;         // so much the agent may add, altogether; of those that end by time
  friend bool operator==(const WrapUp&, const WrapUp&) = default;
};

enum class AcceptBy : std::uint8_t {
  kDesktop,  // the agent's desktop accepts
  kPhone,    // the gateway rings the agent's endpoint on the offer; his answer is the accept
  kAuto,     // offer and accept are one event
};

struct Channel {
  std::string name;          // empty: a number whose channel the policy no longer has
  bool live = false;         // the customer is on the line while waiting
  int units = 100;           // 1..100, what one contact takes of an agent's 100
  int max_per_agent = 1;     // 1..16
  SpanMs offer_ms = 20'000;  // an offer's life
  AcceptBy accept_by = AcceptBy::kDesktop;
  AcceptBy by_hand =
      AcceptBy::kDesktop;  // never kAuto: where an agent accepts by hand all the same
  SpanMs announce_ms = 0;  // what accepts itself is announced so long before it is connected
  bool connect = false;    // true: an accept is followed by the gateway's `connected`
  SpanMs connect_timeout_ms = 10'000;
  int max_misses = 3;  // the n-th miss in a row makes the agent not_ready(rona)
  WrapUp wrap_up;
  std::vector<ChannelNo> interruptible_by;  // sorted: work that its contacts are parked for
  bool frees_inactive = false;              // one whose customer is silent takes no room
  friend bool operator==(const Channel&, const Channel&) = default;
};

enum class QueueMode : std::uint8_t {
  kOpen,       // takes arrivals, serves
  kClosed,     // refuses arrivals, serves those that wait
  kEmergency,  // refuses arrivals, serves nobody
};

// How many agents are asked at a time. The first accept wins; the other offers are taken back.
enum class OfferMode : std::uint8_t {
  kOne,
  kRace,         // `most`
  kRingAll,      // all who may serve, limits::kMaxOffersPerContact at most
  kProgressive,  // one, and one more every `every_ms`
};

struct OfferRule {
  OfferMode mode = OfferMode::kOne;
  int most = 1;         // of kRace: 2 or more
  SpanMs every_ms = 0;  // of kProgressive
  friend bool operator==(const OfferRule&, const OfferRule&) = default;
};

// Whether the agent who last served the same customer is asked before all others.
enum class LastAgent : std::uint8_t {
  kNever,
  kIfReady,  // if he may be offered it as it enters the queue
  kWait,     // for `wait_ms`, as long as he is logged in
};

struct LastAgentRule {
  LastAgent mode = LastAgent::kNever;
  SpanMs wait_ms = 0;  // of kWait
  friend bool operator==(const LastAgentRule&, const LastAgentRule&) = default;
};

// What a limit does with the contact that it stops. The ways of overflow lead from queue to queue
// and never back: at most kMaxOverflowChain of them one after the other.
struct AtLimit {
  TreatmentNo treat;  // before that, this is played; none: nothing is
  QueueNo overflow;   // where to; none: its end
  friend bool operator==(const AtLimit&, const AtLimit&) = default;
};

// What ends a bar, that is: when an agent who declined or missed a contact is asked again.
enum class Retry : std::uint8_t {
  kAfterOthers,  // when nobody else is left, and never before `retry_after_ms`
  kCooldown,     // after `cooldown_ms`, whoever else is there
  kNever,        // in another queue, or at a step with `reset_declined`
};

// Where the clock of the steps begins.
enum class StepFrom : std::uint8_t {
  kEntry,  // at the entry to the queue
  kAge,    // with the contact's age: what it has passed is open at once
};

// How often a customer who wants to be called back is dialled.
struct CallbackRule {
  int attempts = 3;           // 1..100; then the contact ends `expired_callback`
  SpanMs retry_ms = 600'000;  // from one that did not reach him to the next
  friend bool operator==(const CallbackRule&, const CallbackRule&) = default;
};

// What a contact has waited when its queue's service level is judged.
enum class SlClock : std::uint8_t {
  kVisit,    // in this visit
  kContact,  // in all its visits: a transfer or overflow does not start the clock anew
};

// From a minute of the day to another, in a zone's own time; past midnight if `to` is not later.
struct DayRange {
  int from = 0;      // 0..1439
  int to = 24 * 60;  // 1..1440
  friend constexpr auto operator<=>(const DayRange&, const DayRange&) = default;
};

// A date, or with year 0 the same day of every year.
struct Date {
  int year = 0;
  int month = 1;
  int day = 1;
  friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

// Days that are other than their weekday says.
struct Holiday {
  Date date;
  std::vector<DayRange> open;  // sorted; empty: closed
  friend auto operator<=>(const Holiday&, const Holiday&) = default;
};

struct HolidayList {
  std::string name;           // empty: a number whose list the policy no longer has
  std::vector<Holiday> days;  // sorted by date, each once
  friend bool operator==(const HolidayList&, const HolidayList&) = default;
};

// Opening hours. The core knows them as instants only (calendar.h).
struct Hours {
  std::string name;       // empty: a number whose hours the policy no longer has
  std::string zone = {};  // of the tz database: `Europe/Berlin`
  std::array<std::vector<DayRange>, 7> week = {};  // from Monday; sorted
  std::vector<HolidaysNo> holidays = {};           // a day in several: the first list counts
  friend bool operator==(const Hours&, const Hours&) = default;
};

// Agents that a queue leaves free for others: it has one who may serve these only while more than
// `agents` of them, himself counted, are free.
struct Reserve {
  std::uint32_t agents = 1;     // 1 or more
  std::vector<QueueNo> queues;  // the others, sorted; one at least
  ChannelNo channel;            // free is who could take a contact of it; none: of some channel
  friend bool operator==(const Reserve&, const Reserve&) = default;
};

// A group's part of a queue's contacts.
struct Share {
  GroupNo group;
  int percent = 0;  // 1..100
  friend bool operator==(const Share&, const Share&) = default;
};

// How a queue's contacts are shared out among groups of agents. An agent of several of them counts
// for the first.
struct Allocation {
  std::vector<Share> shares;     // two at least; 100 % together
  SpanMs window_ms = 3'600'000;  // what was accepted in it counts
  bool strict = false;           // a group that has had its share gets nothing
  friend bool operator==(const Allocation&, const Allocation&) = default;
};

struct Queue {
  std::string name;  // empty: a number whose queue the policy no longer has
  // Members' groups, sorted. Without groups and without `members` every agent is a member.
  std::vector<GroupNo> groups;
  std::optional<Requirements> members;       // who meets it is a member as well
  Requirements requirements;                 // of every contact in the queue
  int priority = 0;                          // of a contact that states none
  std::int64_t acceleration_milli = 0;       // thousandths of a priority point per minute of age
  std::optional<int> cap;                    // the score never exceeds this priority
  std::optional<std::uint32_t> max_waiting;  // an arrival beyond it is refused (`queue_full`)
  std::optional<SpanMs> max_wait_ms;         // a visit longer than this ends `expired`
  AtLimit when_full;                         // an arrival beyond max_waiting
  AtLimit when_closed;                       // an arrival while the mode takes none
  AtLimit when_waited;                       // a visit longer than max_wait
  std::optional<Condition> join_if;          // an arrival is taken only while it holds
  std::optional<Condition> leave_if;         // nobody stays waiting while it holds
  AtLimit when_not_joined;                   // an arrival while join_if does not hold
  AtLimit when_left;                         // who waits while leave_if holds
  std::vector<QueueNo> also;                 // queues that its contacts wait in as well, in order
  std::vector<Step> steps;                   // after step 0
  StepFrom step_from = StepFrom::kEntry;
  Retry retry = Retry::kAfterOthers;
  SpanMs cooldown_ms = 0;                // with kCooldown
  SpanMs retry_after_ms = 10'000;        // bars last at least this long
  SpanMs others_wait_ms = 30'000;        // busy agents count as "others left" for this long
  OfferRule offer;                       // how many agents are asked at a time
  LastAgentRule last_agent;              // before all others
  SpanMs preferred_wait_ms = 30'000;     // for preferred agents, of a contact that states none
  SpanMs direct_wait_ms = 60'000;        // for the agent a contact is direct to, likewise
  std::optional<Reserve> reserve;        // whom it leaves free for others
  std::optional<Allocation> allocation;  // groups among which its contacts are shared out
  std::optional<WrapUp> wrap_up;         // instead of the channel's
  std::vector<LabelNo> labels;           // that its contacts carry, sorted
  std::uint32_t place = 0;               // among the policy's queues, in the order of writing
  SpanMs service_level_ms = 20'000;      // target wait T
  int service_level_percent = 80;        // target share answered within T, 1..100
  SlClock sl_clock = SlClock::kVisit;
  CallbackRule callback;
  std::optional<int> ratio_milli;  // share of all who wait, in thousandths; else by arrivals
  std::optional<std::int64_t> arrivals_per_hour_milli;  // stated, in thousandths; else estimated
  std::int64_t cost_milli = 1'000;  // thousandths per minute of age, or per its square
  bool cost_quadratic = false;
  SpanMs aht_ms = 300'000;            // handling time, stated or before there is any
  bool aht_stated = false;            // then nothing is estimated
  QueueMode mode = QueueMode::kOpen;  // at start; run-time changes are overrides
  HoursNo hours;  // while `mode` is open: closed outside these; none: always open
  std::vector<SelectKey> select = {SelectKey{}};  // which agent; in order
  friend bool operator==(const Queue&, const Queue&) = default;
};

// What the queue's limits do, one by one.
[[nodiscard]] inline std::array<const AtLimit*, 5> LimitsOf(const Queue& queue) {
  return {&queue.when_full, &queue.when_closed, &queue.when_waited, &queue.when_not_joined,
          &queue.when_left};
}

// What a routing profile says of one queue.
struct ProfileQueue {
  QueueNo queue;
  int rank = 1;         // 1..100, lower is served first
  SpanMs delay_ms = 0;  // a contact is served only once its visit has waited so long
  friend constexpr auto operator<=>(const ProfileQueue&, const ProfileQueue&) = default;
};

// What a gateway plays or sends to a customer whom a limit stops.
struct Treatment {
  std::string name;         // empty: a number whose treatment the policy no longer has
  SpanMs time_ms = 60'000;  // then it is over, whatever the gateway says
  friend bool operator==(const Treatment&, const Treatment&) = default;
};

// In which order an agent serves his queues; agents who do the same work share one.
struct Profile {
  std::string name;                  // empty: a number whose profile the policy no longer has
  std::vector<ProfileQueue> queues;  // sorted by queue, each once
  bool serves_others = true;         // queues not listed: after the listed ones, or never
  friend bool operator==(const Profile&, const Profile&) = default;
};

// An agent's own limit for a channel, instead of the channel's.
struct ChannelLimit {
  ChannelNo channel;
  int max_per_agent = 1;  // 0..16; 0 = never
  friend constexpr auto operator<=>(const ChannelLimit&, const ChannelLimit&) = default;
};

// Whether what an agent is offered on a channel accepts itself, instead of what the channel says.
struct ChannelAccept {
  ChannelNo channel;
  bool automatic = false;
  friend constexpr auto operator<=>(const ChannelAccept&, const ChannelAccept&) = default;
};

// What a contact of a channel takes of an agent's units, instead of what the channel says.
struct ChannelUnits {
  ChannelNo channel;
  int units = 100;  // 1..100
  friend constexpr auto operator<=>(const ChannelUnits&, const ChannelUnits&) = default;
};

// An agent's own limit for a label, instead of the label's.
struct LabelLimit {
  LabelNo label;
  int max_per_agent = 1;  // 1..16
  friend constexpr auto operator<=>(const LabelLimit&, const LabelLimit&) = default;
};

// A number that the policy gives an agent, under a name of its own.
struct AgentAttribute {
  AttributeNo attribute;
  int value = 0;
  friend constexpr auto operator<=>(const AgentAttribute&, const AgentAttribute&) = default;
};

// An agent's place in a queue's own list of agents, for queues that choose by it.
struct Listing {
  QueueNo queue;
  std::uint32_t position = 0;  // from 0, lower first; 0 for all where the queue does not ask
  int tier = 0;                // 0..1000, lower first; likewise
  friend constexpr auto operator<=>(const Listing&, const Listing&) = default;
};

// What routing needs to know of an agent. Sorted lists; equal profiles compare equal.
struct AgentProfile {
  std::vector<SkillLevel> skills;
  std::vector<GroupNo> groups;
  std::vector<ChannelLimit> limits;
  ProfileNo profile = {};  // routing profile; none: all queues alike
  std::vector<QueueNo> primary_queues = {};
  std::vector<SkillNo> primary_skills = {};
  std::vector<Listing> listings = {};           // by queue, each once
  std::vector<AgentAttribute> attributes = {};  // each once
  std::optional<int> cost = {};  // of an hour, of a contact: whatever unit the policy has
  int weight = 1;                // 1..1000, his share where chance chooses
  std::vector<ChannelAccept> accepts = {};    // by channel, each once
  std::vector<ChannelUnits> units = {};       // each channel once
  std::optional<WrapUp> wrap_up = {};         // instead of the queue's or channel's
  std::vector<LabelLimit> label_limits = {};  // each label once
  friend bool operator==(const AgentProfile&, const AgentProfile&) = default;
};

struct PolicyAgent {
  std::string id;
  AgentProfile profile;
  friend bool operator==(const PolicyAgent&, const PolicyAgent&) = default;
};

// A queue's list of agents is compiled into a group of its own, named `queue:ID`.
struct Group {
  std::string name;
  friend bool operator==(const Group&, const Group&) = default;
};

struct Skill {
  std::string name;
  friend bool operator==(const Skill&, const Skill&) = default;
};

struct Attribute {
  std::string name;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

// A kind of contacts of which an agent has so many at a time, whatever their channels.
struct Label {
  std::string name;       // empty: a number whose label the policy no longer has
  int max_per_agent = 1;  // 1..16
  friend bool operator==(const Label&, const Label&) = default;
};

// By what waiting contacts are put in order.
enum class Order : std::uint8_t {
  kPriority,    // priority + acceleration × age, up to the cap
  kSla,         // age / the queue's target
  kQueueRatio,  // the queue's length beyond its share of all who wait
  kCost,        // slope of the queue's cost of waiting × the agent's service rate
};

// Which moment an agent's idle clock starts at.
enum class IdleSince : std::uint8_t {
  kLastWork,   // the end of his last item
  kLastOffer,  // the last offer made to him
  kReady,      // the end of his last item, or when he last became ready
};

// Why an agent is not ready. `rona` is always there.
struct NotReadyReason {
  std::string name;
  friend bool operator==(const NotReadyReason&, const NotReadyReason&) = default;
};

// Channels, skills, queues, profiles, groups, hours, holidays, reasons, attributes, labels and
// treatments are indexed by their numbers. A name keeps its number from one version of the policy
// to the next; a removed name leaves an empty one behind, for good.
struct Model {
  std::uint64_t version = 1;  // grows by one with every policy applied
  std::vector<Channel> channels;
  std::vector<Skill> skills;
  std::vector<Group> groups;
  std::vector<Queue> queues;
  std::vector<Profile> profiles;
  std::vector<HolidayList> holidays;
  std::vector<Hours> hours;
  std::vector<NotReadyReason> reasons;
  std::vector<Attribute> attributes;  // of agents
  std::vector<Label> labels;          // of contacts
  std::vector<Treatment> treatments;
  std::vector<PolicyAgent> agents;                   // sorted by id
  std::vector<ContactAttribute> contact_attributes;  // that are kept; sorted by name
  Order order = Order::kPriority;
  IdleSince idle_since = IdleSince::kLastWork;
  bool idle_per_channel = false;     // work on other channels does not touch a channel's clock
  int max_open_offers = 1;           // of one agent
  SpanMs agent_grace_ms = 30'000;    // work of an agent without connection is kept this long
  SpanMs gateway_grace_ms = 60'000;  // a gateway's live contacts likewise
  ReasonNo rona;                     // the reason given by the router after too many misses
  // The channel whose connecting is the dialling of the customer; none: the policy has no such.
  ChannelNo callback;

  [[nodiscard]] const PolicyAgent* FindAgent(const std::string& id) const;
  [[nodiscard]] ChannelNo FindChannel(const std::string& name) const;  // invalid: no such name
  [[nodiscard]] SkillNo FindSkill(const std::string& name) const;
  [[nodiscard]] GroupNo FindGroup(const std::string& name) const;
  [[nodiscard]] QueueNo FindQueue(const std::string& name) const;
  [[nodiscard]] ReasonNo FindReason(const std::string& name) const;
  // nullptr: it is not kept.
  [[nodiscard]] const ContactAttribute* FindContactAttribute(std::string_view name) const;
  friend bool operator==(const Model&, const Model&) = default;
};

}  // namespace routerd::model
