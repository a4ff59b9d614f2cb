// Who served a customer last, by the customer's key. The core sees the agent's number only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/engine/bytes.h"

namespace routerd::engine {

class LastAgents {
 public:
  explicit LastAgents(std::size_t most = limits::kLastAgents) : most_(most) {}

  // An agent has answered the customer's contact. No key: nobody knows who he is.
  void Served(const std::string& customer_key, AgentNo agent) {
    if (customer_key.empty()) return;
    const auto [it, added] = by_key_.try_emplace(customer_key);
    if (added) {
      order_.push_back(&it->first);
      it->second.place = std::prev(order_.end());
    } else {
      order_.splice(order_.end(), order_, it->second.place);
    }
    it->second.agent = agent;
    if (by_key_.size() <= most_) return;
    const auto oldest = by_key_.find(*order_.front());
    order_.pop_front();
    by_key_.erase(oldest);
  }

  // Invalid: nobody, or too long ago.
  [[nodiscard]] AgentNo Of(const std::string& customer_key) const {
    const auto it = by_key_.find(customer_key);
    return it == by_key_.end() ? AgentNo() : it->second.agent;
  }
  [[nodiscard]] std::size_t size() const { return by_key_.size(); }
  // Whether `holds` does for all agents.
  template <typename F>
  [[nodiscard]] bool All(const F& holds) const {
    return std::all_of(by_key_.begin(), by_key_.end(),
                       [&holds](const auto& entry) { return holds(entry.second.agent); });
  }

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

 private:
  struct Entry {
    AgentNo agent;
    std::list<const std::string*>::iterator place;
  };
  std::size_t most_;
  std::unordered_map<std::string, Entry> by_key_;
  std::list<const std::string*> order_;  // keys, served longest ago first
};

}  // namespace routerd::engine
