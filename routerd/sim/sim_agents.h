// The agents of a simulation: their numbers, and what a row makes of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/core/event.h"
#include "routerd/model/model.h"
#include "routerd/sim/trace_names.h"
#include "routerd/sim/trace_row.h"

namespace routerd::sim {

class SimAgents {
 public:
  // Both must outlive this.
  SimAgents(const model::Model& model, const TraceNames& names) : model_(model), names_(names) {}

  // The event that the row asks for, or what is wrong with it.
  std::optional<RowProblem> ToEvent(const AgentRow& row, core::Event& event);

  [[nodiscard]] const std::string& id(AgentNo no) const { return agents_[no.index()].id; }
  // Invalid: has not appeared.
  [[nodiscard]] AgentNo Find(std::string_view id) const;
  // What rows say that makes no difference, once for each thing.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Agent {
    std::string id;
    bool logged_in = false;  // as the rows say
  };
  std::optional<RowProblem> LogIn(const AgentRow& row, core::Event& event);
  model::AgentProfile ProfileOf(const AgentRow& row);
  void TakeSkills(const NamedLevels& skills, model::AgentProfile& profile);
  void TakeGroups(const std::vector<std::string>& groups, model::AgentProfile& profile);
  ReasonNo ReasonOf(const AgentRow& row);
  void Warn(std::string text);
  [[nodiscard]] std::uint32_t AllChannels() const;

  const model::Model& model_;
  const TraceNames& names_;
  std::vector<Agent> agents_;  // by number, in the order of their first log-in
  TextMap<AgentNo> by_id_;
  std::vector<std::string> warnings_;
  std::set<std::string> warned_;
};

}  // namespace routerd::sim
