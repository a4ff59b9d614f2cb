// Agents and gateways by id and by number; to whom agents belong, and how they are reached.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/engine/bytes.h"
#include "routerd/engine/event.h"

namespace routerd::engine {

class AgentDirectory {
 public:
  struct Agent {
    std::string id;
    std::string client;                  // whose desktop logged him in; empty: nobody's
    std::vector<std::string> endpoints;  // by channel number
    // Given by operations: his skills at every log-in that names none, until cleared.
    std::optional<std::vector<SkillNeed>> kept_skills;
    bool brought_skills = false;  // his last log-in named skills: these are in force, not the kept
    std::size_t place = 0;        // in his client's list
  };

  [[nodiscard]] AgentNo Find(const std::string& id) const;  // invalid: never mentioned
  AgentNo FindOrAdd(const std::string& id);
  // As FindOrAdd would give it.
  [[nodiscard]] AgentNo FindOrNext(const std::string& id) const {
    const AgentNo known = Find(id);
    return known.valid() ? known : AgentNo(static_cast<std::uint32_t>(agents_.size()));
  }
  [[nodiscard]] Agent& at(AgentNo no) { return agents_[no.index()]; }
  [[nodiscard]] const Agent& at(AgentNo no) const { return agents_[no.index()]; }
  [[nodiscard]] std::size_t size() const { return agents_.size(); }

  // Empty: he belongs to nobody.
  void SetClient(AgentNo no, const std::string& client);
  // In an order that depends on log-ins and log-outs only.
  [[nodiscard]] const std::vector<AgentNo>& OfClient(const std::string& client) const;

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

 private:
  std::vector<Agent> agents_;
  std::unordered_map<std::string, AgentNo> by_id_;
  std::unordered_map<std::string, std::vector<AgentNo>> by_client_;
};

class GatewayDirectory {
 public:
  [[nodiscard]] GatewayNo Find(const std::string& id) const {
    const auto it = by_id_.find(id);
    return it == by_id_.end() ? GatewayNo() : it->second;
  }
  // The number a new one gets; Add makes it so.
  [[nodiscard]] GatewayNo Next() const {
    return GatewayNo(static_cast<std::uint32_t>(names_.size()));
  }
  // Empty: it is named by NameLast.
  void Add(const std::string& id) {
    if (!id.empty()) by_id_.emplace(id, Next());
    names_.push_back(id);
  }
  // Of the one added last, if it has no name yet.
  void NameLast(const std::string& id) {
    if (names_.empty() || !names_.back().empty()) return;
    names_.back() = id;
    by_id_.emplace(id, GatewayNo(static_cast<std::uint32_t>(names_.size() - 1)));
  }
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] const std::string& name(GatewayNo no) const { return names_[no.index()]; }

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, GatewayNo> by_id_;
};

}  // namespace routerd::engine
