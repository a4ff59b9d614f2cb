// Every limit of routerd, in one place. Beside each: what happens when it is reached.
#pragma once

#include <cstddef>
#include <cstdint>

namespace routerd::limits {

// Identifiers, in bytes. Longer: INVALID_ARGUMENT naming the field.
inline constexpr std::size_t kMaxIdBytes = 128;        // contact, agent, gateway, session ids
inline constexpr std::size_t kMaxRequestIdBytes = 64;  // key of idempotency
inline constexpr std::size_t kMaxEndpointBytes = 512;  // an agent's SIP URI, chat user, …
inline constexpr std::size_t kMaxCustomerKeyBytes = 128;
inline constexpr std::size_t kMaxCommentBytes = 1024;  // policy comments, reasons told by people

// A name in the policy, with room for what the compiler puts before it (`queue:`).
inline constexpr std::size_t kMaxNameBytes = kMaxIdBytes + 16;

// Attributes of a contact. More: INVALID_ARGUMENT.
inline constexpr std::size_t kMaxAttributes = 32;
inline constexpr std::size_t kMaxAttributeBytes = 8 * 1024;  // keys and values together
// Those that a policy does not name are not kept. More names: the policy is refused.
inline constexpr std::size_t kMaxContactAttributes = 256;

// Policy. More: the policy is refused with file, line and column.
inline constexpr std::size_t kMaxChannels = 16;
inline constexpr std::size_t kMaxSkills = 4096;
inline constexpr std::size_t kMaxReasons = 256;  // of not ready
inline constexpr std::size_t kMaxQueues = 8192;
inline constexpr std::size_t kMaxGroups = 4096;
inline constexpr std::size_t kMaxProfiles = 1'024;       // routing profiles
inline constexpr int kMaxRank = 100;                     // of a queue in a profile
inline constexpr std::size_t kMaxDelaysPerQueue = 8;     // different ones, over all profiles
inline constexpr std::size_t kMaxSelectKeys = 8;         // of one queue
inline constexpr std::size_t kMaxAgentOrders = 64;       // distinct lists of keys that order agents
inline constexpr std::size_t kMaxAgentAttributes = 256;  // names of agents' attributes
inline constexpr std::size_t kMaxAttributesPerAgent = 16;  // numbers, for select
inline constexpr int kMaxAttribute = 1'000'000'000;        // and no less than its negative
inline constexpr int kMaxCost = 1'000'000;
inline constexpr int kMaxWeight = 1'000;
inline constexpr int kMaxTier = 1'000;
inline constexpr std::size_t kMaxHours = 256;         // opening hours
inline constexpr std::size_t kMaxHolidayLists = 256;  // lists of holidays
inline constexpr std::size_t kMaxHolidays = 2'000;    // of one list
inline constexpr std::size_t kMaxRangesPerDay = 16;   // of opening hours
inline constexpr std::size_t kMaxZoneBytes = 64;      // of a time zone's name
inline constexpr int kMaxYear = 9'999;
// Opening hours are worked out so far ahead, and again each day.
inline constexpr std::int64_t kCalendarDays = 400;
inline constexpr std::size_t kMaxShares = 16;         // of one queue's allocation
inline constexpr std::int64_t kMinWindowMs = 60'000;  // of an allocation
inline constexpr std::size_t kMaxReserves =
    64;  // distinct lists of queues that agents are kept for
inline constexpr std::uint32_t kMaxReservedAgents = 100'000;  // of one queue's reserve
inline constexpr std::size_t kMaxPolicyAgents = 200'000;
inline constexpr std::size_t kMaxPolicyBytes = 32 * 1024 * 1024;
inline constexpr std::size_t kMaxPolicyNodes = 6'000'000;  // YAML nodes, aliases expanded
inline constexpr std::size_t kMaxPolicyDepth = 32;         // of nested lists and maps
inline constexpr std::size_t kMaxPolicyAliases = 1'000;
inline constexpr std::size_t kMaxFindings = 1'000;     // told of one policy; then one says so
inline constexpr std::size_t kMaxOverflowChain = 16;   // queues that one contact overflows through
inline constexpr std::size_t kMaxAlsoQueues = 4;       // that a queue's contacts wait in besides
inline constexpr std::size_t kMaxRequirements = 16;    // of one queue or one contact
inline constexpr std::size_t kMaxSteps = 16;           // of one queue, step 0 not counted
inline constexpr std::size_t kMaxConditionSteps = 64;  // names, numbers and operators of one
inline constexpr std::size_t kMaxConditionDepth = 16;  // of its parentheses and signs
inline constexpr std::int64_t kMaxConditionLiteral = 1'000'000'000;
inline constexpr std::size_t kMaxSkillsPerAgent = 64;
inline constexpr int kMinPriority = -1000;
inline constexpr int kMaxPriority = 1000;
inline constexpr std::int64_t kMaxAccelerationMilli = 1'000'000;  // 1,000 points a minute
// Distinct ones: a decision looks at one lane of each in 64.
inline constexpr std::size_t kMaxAccelerations = 16;
inline constexpr std::int64_t kMaxArrivalsPerHourMilli = 1'000'000'000'000;  // stated rate
inline constexpr std::int64_t kMaxCostMilli = 1'000'000;  // of waiting, per minute
inline constexpr int kMaxSkillLevel = 10;
inline constexpr std::int64_t kMaxSpanMs = 400LL * 24 * 3600 * 1000;  // any duration, 400 days

// Core. Reached: the arrival or log-in is refused with the limit's name.
inline constexpr std::size_t kMaxContacts = 4'000'000;  // contacts that have not ended
inline constexpr std::size_t kMaxAgents = 250'000;      // agents ever logged in
inline constexpr std::size_t kMaxLanes = 65'536;        // distinct needs of contacts
inline constexpr std::size_t kMaxClasses = 65'536;      // distinct agent profiles
inline constexpr std::size_t kMaxItemsPerAgent = 16;    // offers, work and wrap-ups together
// Queues of which an agent's own handling times are kept; of others he counts with the mean.
inline constexpr std::size_t kMaxHandledQueues = 64;
inline constexpr std::int64_t kMaxHandleMs = 24LL * 3600 * 1000;  // a longer one counts as this
inline constexpr std::size_t kMaxBarsPerContact = 32;   // the oldest bar falls when reached
inline constexpr std::size_t kMaxBarsPerAgent = 1'000;  // likewise
inline constexpr int kUnitsPerAgent = 100;              // capacity units
inline constexpr std::size_t kMaxLabels = 64;           // of contacts, removed ones included
inline constexpr std::size_t kMaxTreatments = 256;      // removed ones included
inline constexpr std::size_t kMaxRooms = 128;  // channels × different sets of queues' labels
// Contacts that one condition moves to the next step at once; the rest follows by a timer of the
// same instant.
inline constexpr std::size_t kMaxOpenedAtOnce = 1'000;
// Contacts that leave_if sends away at once, likewise.
inline constexpr std::size_t kMaxLeavingAtOnce = 1'000;
// Contacts of a queue that are moved to another at once; the next follow so much later, so that the
// rest of the traffic gets its turn.
inline constexpr std::size_t kMaxMovedAtOnce = 1'000;
inline constexpr std::int64_t kMoveEveryMs = 1;
// Live contacts of a gateway that was given up which end at once; the others follow likewise.
inline constexpr std::size_t kMaxLostAtOnce = 250;
// A step that finds no lane free (kMaxLanes) opens so much later; an overflow is tried again then.
inline constexpr std::int64_t kNoLaneRetryMs = 1'000;
// Timers that fire in one record; time stands still until all that are due have fired.
inline constexpr std::size_t kMaxTimersAtOnce = 1'000;
// Agents who ring for one contact at once: more are not asked until one of these offers has ended.
inline constexpr std::uint32_t kMaxOffersPerContact = 64;

// Agents whom a contact prefers. More: INVALID_ARGUMENT.
inline constexpr std::size_t kMaxPreferredAgents = 8;
// Times that a customer who is not reached is dialled. A greater one in a policy: refused.
inline constexpr int kMaxCallbackAttempts = 100;

// Contacts that wait for one agent alone, or for him among few. Those beyond do not wait for him.
inline constexpr std::size_t kMaxPersonalPerAgent = 256;

// Customers whose last agent is known. At the limit the one served longest ago is forgotten.
inline constexpr std::size_t kLastAgents = 1'000'000;

// A position is counted exactly up to here; beyond it the answer has no position.
inline constexpr std::size_t kMaxPositionCount = 10'000;
// So many contacts are told their position in one record; of further ones, as when a queue is moved
// to another, it has to be asked for.
inline constexpr std::size_t kMaxPositionsTold = 16;

// Engine.
inline constexpr std::size_t kInboxCommands = 65'536;      // full: RESOURCE_EXHAUSTED, retry delay
inline constexpr std::size_t kMaxBatch = 1024;             // commands applied between two appends
inline constexpr std::size_t kSessionOutbox = 16'384;      // unacknowledged events; over: RESYNC
inline constexpr std::size_t kFeedBatches = 8'192;         // over: dropped, and read from history
inline constexpr std::size_t kAnswersPerIdentity = 4'096;  // unacknowledged; RESOURCE_EXHAUSTED
inline constexpr std::int64_t kUnaryAnswerMs = 120'000;    // a unary answer is remembered this long
inline constexpr std::int64_t kEndedContactMs = 15 * 60 * 1000;  // ended ids are remembered
inline constexpr std::size_t kEndedContacts = 1'000'000;         // at most; the oldest goes first
inline constexpr std::int64_t kOverloadRetryMs = 200;  // the delay told with RESOURCE_EXHAUSTED
inline constexpr std::size_t kMaxGateways = 4'096;     // identities; RESOURCE_EXHAUSTED
inline constexpr std::size_t kMaxSessions = 65'536;    // RESOURCE_EXHAUSTED
// That a client can have seen: INVALID_ARGUMENT. At a million a second 146,000 years' worth.
inline constexpr std::uint64_t kMaxFrameNumber = std::uint64_t{1} << 62;
inline constexpr std::size_t kHistoryEvents = 300'000;  // in memory, about 1 KB each; OUT_OF_RANGE
// Of so many last records a start makes the events anew, for sessions and readers that missed them.
inline constexpr std::size_t kToldRecords = 100'000;

inline constexpr std::size_t kUnaryAnswers = 524'288;  // remembered at once; RESOURCE_EXHAUSTED
// Answers, and ended ids, whose time is over: so many are let go in a batch, the rest in the next.
inline constexpr std::size_t kForgetPerBatch = 2'048;
inline constexpr std::size_t kOfferNames = 65'536;   // ended offers still known; later: NOT_FOUND
inline constexpr std::size_t kFeedEvents = 200'000;  // over: dropped, and read from history
inline constexpr std::size_t kReconcileContacts = 1'000;  // of one Reconcile; INVALID_ARGUMENT
// What operators set over the policy for a time: so many end in one batch, the rest in the next.
inline constexpr std::size_t kMaxOverridesEnded = 1'000;
inline constexpr std::int64_t kMinOverrideMs = 1'000;  // it lasts so long at least, and kMaxSpanMs
inline constexpr std::int64_t kOverrideRetryMs = 10'000;  // one that could not end is tried again
inline constexpr std::int64_t kDrainMs = 20'000;  // a stop waits so long for open offers to end

// Journal.
inline constexpr std::size_t kMemoryJournalRecords = 100'000;  // the oldest are forgotten
// A file of it; full: the next is begun. One that holds a larger batch is as large as that.
inline constexpr std::uint64_t kSegmentBytes = 64ULL * 1024 * 1024;
// Beyond these a batch is not appended, and what is read as one is damage.
inline constexpr std::uint32_t kMaxFrameBytes = 256U * 1024 * 1024;
inline constexpr std::uint32_t kMaxFrameRecords = 1'048'576;
inline constexpr std::uint64_t kMaxReadBytes = 16ULL * 1024 * 1024;  // one Read; a batch at least
inline constexpr std::int64_t kSpaceRetryMs = 1'000;        // no space: asked for again so often
inline constexpr std::int64_t kMaxSyncIntervalMs = 10'000;  // of `interval`; more counts as this
// A snapshot is made after so many records, but not so soon after the last one; after so many
// however soon; and so long after the last one if there were any.
inline constexpr std::uint64_t kSnapshotRecords = 250'000;
inline constexpr std::int64_t kSnapshotNotBeforeMs = 10'000;
inline constexpr std::uint64_t kSnapshotMostRecords = 1'000'000;
inline constexpr std::int64_t kSnapshotEveryMs = 3'600'000;
inline constexpr std::uint32_t kSnapshotChunkBytes = 1024 * 1024;  // a larger one is damage

// Sessions and the public API.
inline constexpr std::int64_t kHeartbeatMs = 5'000;
inline constexpr std::int64_t kDeadAfterMs = 15'000;
inline constexpr std::size_t kMaxMessageBytes = 64 * 1024;  // one gRPC message, policies aside
inline constexpr std::size_t kMaxPolicyMessageBytes = kMaxPolicyBytes + 1024 * 1024;  // with policy
inline constexpr std::size_t kMaxAttributeKeyBytes = 64;   // INVALID_ARGUMENT
inline constexpr std::size_t kMaxReasonBytes = 128;        // reasons told by people; likewise
inline constexpr std::size_t kMaxDomainBytes = 64;         // NOT_FOUND: no such domain
inline constexpr std::size_t kMaxFileNameBytes = 256;      // of a policy; INVALID_ARGUMENT
inline constexpr int kMaxCommandsPerFrame = 256;           // those beyond get INVALID_ARGUMENT
inline constexpr std::size_t kFrameBytes = 32 * 1024;      // a frame to a client is cut here
inline constexpr int kHeldPerEvent = 1'000;                // of resync and reconcile; then the next
inline constexpr std::size_t kStreamsPerConnection = 100;  // more wait for one to end
inline constexpr std::size_t kMaxReaders = 1'024;    // of events, of state; RESOURCE_EXHAUSTED
inline constexpr int kPageSize = 100;                // where a request names none
inline constexpr int kMaxPageSize = 1'000;           // INVALID_ARGUMENT
inline constexpr std::int64_t kWatchMs = 100;        // between answers, where none is named
inline constexpr std::int64_t kMinWatchMs = 20;      // INVALID_ARGUMENT
inline constexpr std::int64_t kMaxWatchMs = 60'000;  // INVALID_ARGUMENT
inline constexpr std::size_t kGrpcMemoryBytes = 512 * 1024 * 1024;  // gRPC's buffers; then it waits

// Simulation.
inline constexpr std::size_t kMaxTraceRowBytes = 64 * 1024;  // a longer row ends the reading
inline constexpr std::size_t kMaxTraceFindings = 100;  // told of one trace; the rest is not read
inline constexpr std::int64_t kMaxTraceMs = 10'000'000'000'000;  // at_ms; beyond: a bad row
inline constexpr int kMaxAnswersPerRow = 64;  // of `answer_ms` as a list; more: a bad row
// After the last row contacts are served on for so long; those that then still wait are told so.
inline constexpr std::int64_t kAfterTraceMs = 24LL * 3600 * 1000;
inline constexpr int kMaxSimulationRuns = 10'000;  // the command line is refused
inline constexpr int kMaxWorkloadDays = 400;       // the workload is refused, as with the next
inline constexpr int kMaxWorkloadFlows = 1'000;
inline constexpr std::int64_t kMaxWorkloadPerHour = 100'000'000;  // arrivals of one flow

static_assert(kMaxMessageBytes > kMaxAttributeBytes);
static_assert(kFrameBytes < kMaxMessageBytes);
static_assert(kMaxPolicyMessageBytes < kGrpcMemoryBytes);
static_assert(kInboxCommands >= kMaxBatch);
static_assert(kForgetPerBatch > kMaxBatch);  // faster than they come
static_assert(kMaxFrameBytes > kMaxPolicyMessageBytes + kMaxBatch * kMaxMessageBytes);
static_assert(kHistoryEvents > kFeedEvents);  // what a feed has dropped, history still holds
static_assert(kDeadAfterMs >= 2 * kHeartbeatMs);

}  // namespace routerd::limits
