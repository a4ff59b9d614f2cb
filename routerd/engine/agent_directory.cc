#include "routerd/engine/agent_directory.h"

#include <cstdint>

namespace routerd::engine {

AgentNo AgentDirectory::Find(const std::string& id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? AgentNo() : it->second;
}

AgentNo AgentDirectory::FindOrAdd(const std::string& id) {
  const AgentNo next(static_cast<std::uint32_t>(agents_.size()));
  const auto [it, added] = by_id_.emplace(id, next);
  if (added) agents_.emplace_back().id = id;
  return it->second;
}

void AgentDirectory::SetClient(AgentNo no, const std::string& client) {
  Agent& agent = agents_[no.index()];
  if (agent.client == client) return;
  if (!agent.client.empty()) {
    const auto it = by_client_.find(agent.client);
    std::vector<AgentNo>& list = it->second;
    at(list.back()).place = agent.place;
    list[agent.place] = list.back();
    list.pop_back();
    if (list.empty()) by_client_.erase(it);
  }
  agent.client = client;
  if (client.empty()) return;
  std::vector<AgentNo>& list = by_client_[client];
  agent.place = list.size();
  list.push_back(no);
}

const std::vector<AgentNo>& AgentDirectory::OfClient(const std::string& client) const {
  static const std::vector<AgentNo> kNone;
  const auto it = by_client_.find(client);
  return it == by_client_.end() ? kNone : it->second;
}

}  // namespace routerd::engine
