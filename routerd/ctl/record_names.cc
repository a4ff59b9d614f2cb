#include "routerd/ctl/record_names.h"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace routerd::ctl {

void RecordNames::Keep(Names& names, std::uint64_t number, std::string_view name) {
  if (!name.empty()) names[number] = name;
}

void RecordNames::LearnModel(const std::shared_ptr<const model::Model>& model) {
  model_ = model;
  const auto keep = [](Names& names, const auto& list) {
    for (std::size_t i = 0; i < list.size(); ++i) Keep(names, i, list[i].name);
  };
  keep(queues_, model->queues);
  keep(channels_, model->channels);
  keep(skills_, model->skills);
  keep(groups_, model->groups);
  keep(profiles_, model->profiles);
  keep(reasons_, model->reasons);
}

void RecordNames::Learn(const engine::World& world) {
  LearnModel(world.policy->model);
  for (std::uint32_t i = 0; i < world.agents.size(); ++i) {
    Keep(agents_, i, world.agents.at(AgentNo(i)).id);
  }
  for (std::uint32_t i = 0; i < world.gateways.Next().value; ++i) {
    Keep(gateways_, i, world.gateways.name(GatewayNo(i)));
  }
}

void RecordNames::Begin(std::shared_ptr<const model::Model> model) {
  *this = RecordNames();
  LearnModel(model);
}

void RecordNames::Learn(const core::Event& event, const engine::RecordNote& note) {
  if (const auto* swapped = std::get_if<core::PolicySwapped>(&event)) {
    LearnModel(swapped->model);
    const std::size_t known = std::min(swapped->agents.size(), swapped->model->agents.size());
    for (std::size_t i = 0; i < known; ++i) {
      if (!swapped->agents[i].valid()) continue;
      Keep(agents_, swapped->agents[i].index(), swapped->model->agents[i].id);
    }
  } else if (const auto* arrives = std::get_if<core::ContactArrives>(&event)) {
    if (arrives->gateway.valid()) Keep(gateways_, arrives->gateway.index(), note.gateway);
  } else if (const auto* gateway = std::get_if<core::GatewayConnection>(&event)) {
    if (gateway->gateway.valid()) Keep(gateways_, gateway->gateway.index(), note.gateway);
  } else if (const auto* agent = std::get_if<core::AgentLogsIn>(&event)) {
    if (agent->agent.valid()) Keep(agents_, agent->agent.index(), note.agent);
  } else if (const auto* skills = std::get_if<core::AgentSkillsSet>(&event)) {
    if (!skills->agent.valid()) return;
    Keep(agents_, skills->agent.index(), note.skills_of);
    Keep(agents_, skills->agent.index(), note.skills_cleared);
  }
}

}  // namespace routerd::ctl
