// How the core's ordered sets see contacts and agents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "routerd/core/state.h"
#include "routerd/core/treap.h"
#include "routerd/model/select.h"

namespace routerd::core {

// A lane's side set: contacts by age, then arrival number.
struct SideNodes {
  std::vector<Contact>& contacts;
  [[nodiscard]] TreapNode& node(std::uint32_t i) const { return contacts[i].side; }
  [[nodiscard]] bool Less(std::uint32_t i, std::uint32_t j) const {
    const Contact& a = contacts[i];
    const Contact& b = contacts[j];
    return std::tie(a.age_since, a.arrival) < std::tie(b.age_since, b.arrival);
  }
};

// The waiting of a queue, the longest visit first.
struct OldestNodes {
  std::vector<Contact>& contacts;
  [[nodiscard]] TreapNode& node(std::uint32_t i) const { return contacts[i].oldest; }
  [[nodiscard]] bool Less(std::uint32_t i, std::uint32_t j) const {
    const Contact& a = contacts[i];
    const Contact& b = contacts[j];
    const TimeMs x = a.visit_since + a.served_ms;
    const TimeMs y = b.visit_since + b.served_ms;
    return std::tie(x, a.arrival) < std::tie(y, b.arrival);
  }
};

// The free of a class in one room: those without work first, then longest idle, then number.
struct FreeNodes {
  std::vector<Agent>& agents;
  std::size_t room;
  [[nodiscard]] TreapNode& node(std::uint32_t i) const { return agents[i].places[room].node; }
  [[nodiscard]] bool Less(std::uint32_t i, std::uint32_t j) const {
    const FreePlace& a = agents[i].places[room];
    const FreePlace& b = agents[j].places[room];
    return std::tie(a.has_work, a.idle_since, i) < std::tie(b.has_work, b.idle_since, j);
  }
};

// What decides between agents, and whether chance has the last word.
struct OrderPlan {
  model::AgentOrder order;
  bool chance = false;
  bool weighted = false;
  SpanMs handle_ms = 0;  // of `fastest`: the queue's mean that his own is drawn towards
};

// The value of a key, the least of which is preferred; chance and longest idle are none.
[[nodiscard]] std::int64_t ValueOf(const Agent& a, const model::SelectKey& key,
                                   const OrderPlan& plan);

[[nodiscard]] int CompareKey(const std::vector<Agent>& agents, std::uint32_t i, std::uint32_t j,
                             std::size_t channel, const model::SelectKey& key,
                             const OrderPlan& plan);

// Less, equal (before chance decides), greater: -1, 0, 1.
[[nodiscard]] int CompareFree(const std::vector<Agent>& agents, std::uint32_t i, std::uint32_t j,
                              std::size_t channel, const OrderPlan& plan);

// Likewise in one of its further orders.
struct OrderedNodes {
  std::vector<Agent>& agents;
  std::size_t channel;
  std::size_t place;  // in Agent::more
  const OrderPlan& plan;
  [[nodiscard]] TreapNode& node(std::uint32_t i) const { return agents[i].more[place].node; }
  [[nodiscard]] std::uint32_t& sum(std::uint32_t i) const { return agents[i].more[place].sum; }
  [[nodiscard]] std::uint32_t weight(std::uint32_t i) const {
    return plan.weighted ? static_cast<std::uint32_t>(agents[i].profile.weight) : 1;
  }
  [[nodiscard]] bool Less(std::uint32_t i, std::uint32_t j) const {
    const int order = CompareFree(agents, i, j, channel, plan);
    return order != 0 ? order < 0 : i < j;
  }
};

}  // namespace routerd::core
