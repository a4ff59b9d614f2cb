// By what a queue chooses among several agents who are free for a contact.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::model {

// Each prefers one end of a value; equal values leave it to the next key.
enum class SelectBy : std::uint8_t {
  kLongestIdle,     // without work before with work, then by the idle clock
  kMostSkilled,     // the sum of his levels in the skills asked for
  kLeastSkilled,    // likewise, the least
  kFewestSkills,    // how many skills he has at all
  kPrimaryFirst,    // the queue, or a skill asked for, is one of his primary ones
  kFastest,         // mean handling time in this queue
  kMostRoom,        // units free
  kFewestContacts,  // in hand, wrap-up and offers included
  kLeastTalkTime,   // with customers since he logged in
  kRoundRobin,      // whose last offer is longest ago
  kLinear,          // his place in the queue's list of agents
  kLowestCost,      // his cost
  kTier,            // his tier in the queue
  kAttribute,       // a number of his
  kRandom,          // all equally likely
  kWeightedRandom,  // in proportion to his weight
};

struct SelectKey {
  SelectBy by = SelectBy::kLongestIdle;
  AttributeNo attribute = AttributeNo();  // of kAttribute
  bool descending = false;                // likewise: the greatest first
  friend constexpr auto operator<=>(const SelectKey&, const SelectKey&) = default;
};

// Whether all agents with the same skills, groups, primaries and tiers have the same value.
[[nodiscard]] bool IsOfClass(SelectBy by);
// Whether an agent's value belongs to him in one queue.
[[nodiscard]] bool IsOfQueue(SelectBy by);

// The keys of a queue that tell agents of one class apart; longest idle is always among them, for
// it decides in the end. Queues with equal lists share one, unless a key belongs to a queue.
struct AgentOrder {
  std::vector<SelectKey> keys;
  QueueNo queue;  // whose values they are; none: no key belongs to a queue
  friend auto operator<=>(const AgentOrder&, const AgentOrder&) = default;
};
[[nodiscard]] AgentOrder OrderWithinClass(const std::vector<SelectKey>& select, QueueNo queue);

}  // namespace routerd::model
