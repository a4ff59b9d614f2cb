// By what a queue chooses among several agents: the keys of its `select`. What all agents of a
// class have in common is compared between classes; the rest orders the free of a class, one tree
// per distinct list of such keys and channel.
#include "routerd/model/select.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {
namespace {

using model::SelectBy;
using model::SelectKey;

// Who has no such value comes after all who have one.
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

bool IsChance(const SelectKey& key) {
  return key.by == SelectBy::kRandom || key.by == SelectBy::kWeightedRandom;
}

std::int64_t PositionOf(const Agent& a, QueueNo queue) {
  for (const model::Listing& listing : a.profile.listings) {
    if (listing.queue == queue) return listing.position;
  }
  return kLast;
}

std::int64_t AttributeOf(const Agent& a, const SelectKey& key) {
  for (const model::AgentAttribute& own : a.profile.attributes) {
    if (own.attribute == key.attribute) return key.descending ? -own.value : own.value;
  }
  return kLast;
}

bool Asks(const model::Requirements& needs, SkillNo skill) {
  const auto named = [skill](const model::SkillLevel& need) { return need.skill == skill; };
  return std::any_of(needs.all.begin(), needs.all.end(), named) ||
         std::any_of(needs.any.begin(), needs.any.end(), named);
}

bool AnyAsked(const std::vector<SkillNo>& skills, const model::Requirements& needs) {
  return std::any_of(skills.begin(), skills.end(), [&](SkillNo s) { return Asks(needs, s); });
}

}  // namespace

std::int64_t ValueOf(const Agent& a, const SelectKey& key, const OrderPlan& plan) {
  switch (key.by) {
    case SelectBy::kFastest:
      return HandleTimeOf(a, plan.order.queue, plan.handle_ms);
    case SelectBy::kMostRoom:
      return a.placed.units;
    case SelectBy::kFewestContacts:
      return static_cast<std::int64_t>(a.placed.contacts);
    case SelectBy::kLeastTalkTime:
      return a.placed.talk_ms;
    case SelectBy::kRoundRobin:
      return static_cast<std::int64_t>(a.placed.offered);
    case SelectBy::kLinear:
      return PositionOf(a, plan.order.queue);
    case SelectBy::kLowestCost:
      return a.profile.cost ? *a.profile.cost : kLast;
    case SelectBy::kAttribute:
      return AttributeOf(a, key);
    default:
      return 0;
  }
}

int CompareKey(const std::vector<Agent>& agents, std::uint32_t i, std::uint32_t j,
               std::size_t channel, const SelectKey& key, const OrderPlan& plan) {
  if (key.by == SelectBy::kLongestIdle) {
    const FreePlace& a = agents[i].places[channel];
    const FreePlace& b = agents[j].places[channel];
    const auto x = std::tie(a.has_work, a.idle_since);
    const auto y = std::tie(b.has_work, b.idle_since);
    return x == y ? 0 : x < y ? -1 : 1;
  }
  const std::int64_t x = ValueOf(agents[i], key, plan);
  const std::int64_t y = ValueOf(agents[j], key, plan);
  return x == y ? 0 : x < y ? -1 : 1;
}

int CompareFree(const std::vector<Agent>& agents, std::uint32_t i, std::uint32_t j,
                std::size_t channel, const OrderPlan& plan) {
  for (const SelectKey& key : plan.order.keys) {
    if (IsChance(key)) return 0;
    const int order = CompareKey(agents, i, j, channel, key, plan);
    if (order != 0) return order;
  }
  return 0;
}

// ---- Plans -------------------------------------------------------------------------------------

void Core::PlanOrders() {
  orders_.clear();
  order_of_.clear();
  orders_.push_back({model::OrderWithinClass({}, QueueNo()), false, false, 0});
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const auto& select = model_->queues[q].select;
    model::AgentOrder order = model::OrderWithinClass(select, QueueNo(q));
    auto it = std::find_if(orders_.begin(), orders_.end(),
                           [&](const OrderPlan& plan) { return plan.order == order; });
    if (it == orders_.end()) {
      OrderPlan plan{std::move(order), false, false, 0};
      for (const SelectKey& key : plan.order.keys) {
        plan.chance = plan.chance || IsChance(key);
        plan.weighted = plan.weighted || key.by == SelectBy::kWeightedRandom;
      }
      if (plan.order.queue.valid()) plan.handle_ms = queues_[q].handling.taken_ms;
      it = orders_.insert(orders_.end(), std::move(plan));
    }
    const bool plain = select == std::vector{SelectKey{}};
    order_of_.push_back({static_cast<std::uint32_t>(it - orders_.begin()), plain});
  }
}

// ---- Choosing ----------------------------------------------------------------------------------

std::int64_t Core::ClassValue(const SelectKey& key, const Needs& needs,
                              const AgentClass& cls) const {
  const model::Requirements& asked = model_->queues[needs.queue.index()].requirements;
  const auto levels = [&] {
    std::int64_t sum = 0;
    for (const model::SkillLevel& s : cls.skills) {
      if (Asks(asked, s.skill) || Asks(needs.own, s.skill)) sum += s.level;
    }
    return sum;
  };
  switch (key.by) {
    case SelectBy::kMostSkilled:
      return -levels();
    case SelectBy::kLeastSkilled:
      return levels();
    case SelectBy::kFewestSkills:
      return static_cast<std::int64_t>(cls.skills.size());
    case SelectBy::kPrimaryFirst: {
      const bool primary =
          std::binary_search(cls.primary_queues.begin(), cls.primary_queues.end(), needs.queue) ||
          AnyAsked(cls.primary_skills, asked) || AnyAsked(cls.primary_skills, needs.own);
      return primary ? 0 : 1;
    }
    default: {  // kTier
      const auto it = std::find_if(cls.tiers.begin(), cls.tiers.end(),
                                   [&](const auto& tier) { return tier.first == needs.queue; });
      return it == cls.tiers.end() ? kLast : it->second;
    }
  }
}

// -1: the first is preferred; 1: the second; 0: chance decides.
int Core::CompareAgents(const Contact& c, std::uint32_t i, std::uint32_t j) const {
  const std::size_t free = RoomFor(c.queue, c.channel);
  const bool parks = !agents_[i].places[free].in;  // who interrupts nothing goes first
  if (parks == agents_[j].places[free].in) return parks ? 1 : -1;
  const std::size_t room = parks ? free + plain_rooms_ : free;
  const PlannedOrder& planned = order_of_[c.queue.index()];
  const int by_share = CompareShares(c.queue, agents_[i].cls, agents_[j].cls);
  if (by_share != 0) return by_share;
  if (planned.plain) {
    const FreeNodes nodes{const_cast<std::vector<Agent>&>(agents_), room};
    return nodes.Less(i, j) ? -1 : 1;
  }
  const OrderPlan& plan = orders_[planned.order];
  const AgentClass& x = classes_[agents_[i].cls.index()];
  const AgentClass& y = classes_[agents_[j].cls.index()];
  for (const SelectKey& key : model_->queues[c.queue.index()].select) {
    if (IsChance(key)) return 0;
    if (!model::IsOfClass(key.by)) {
      if (const int order = CompareKey(agents_, i, j, room, key, plan); order != 0) return order;
      continue;
    }
    if (&x == &y) continue;
    const std::int64_t of_x = ClassValue(key, NeedsOf(c), x);
    const std::int64_t of_y = ClassValue(key, NeedsOf(c), y);
    if (of_x != of_y) return of_x < of_y ? -1 : 1;
  }
  const int idle = CompareKey(agents_, i, j, room, SelectKey{}, plan);
  return idle != 0 ? idle : i < j ? -1 : 1;
}

}  // namespace routerd::core
