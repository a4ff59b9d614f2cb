// How the core's ordered sets see contacts and agents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "routerd/core/state.h"
#include "routerd/core/treap.h"

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

// The free of a class on one channel: those without work first, then longest idle, then number.
struct FreeNodes {
  std::vector<Agent>& agents;
  std::size_t channel;
  [[nodiscard]] TreapNode& node(std::uint32_t i) const { return agents[i].places[channel].node; }
  [[nodiscard]] bool Less(std::uint32_t i, std::uint32_t j) const {
    const FreePlace& a = agents[i].places[channel];
    const FreePlace& b = agents[j].places[channel];
    return std::tie(a.has_work, a.idle_since, i) < std::tie(b.has_work, b.idle_since, j);
  }
};

}  // namespace routerd::core
