// Which queues an agent may serve by membership and skills: for the figures `agents_staffed` and
// `agents_ready` only. No decision is taken from it.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/engine/event.h"
#include "routerd/model/model.h"

namespace routerd::publish {

// Not thread-safe.
class Staffing {
 public:
  using Queues = std::vector<QueueNo>;

  void SetModel(std::shared_ptr<const model::Model> model);
  // Never null. Agents alike share one list; what a queue asks of the contact besides is not in it.
  [[nodiscard]] std::shared_ptr<const Queues> QueuesOf(const engine::AgentView& agent);

 private:
  struct Profile {
    std::vector<model::SkillLevel> skills;
    std::vector<GroupNo> groups;
    friend auto operator<=>(const Profile&, const Profile&) = default;
  };
  [[nodiscard]] Profile ProfileOf(const engine::AgentView& agent) const;
  [[nodiscard]] Queues Find(const Profile& profile) const;

  std::shared_ptr<const model::Model> model_;
  std::map<Profile, std::shared_ptr<const Queues>> known_;  // at most limits::kMaxClasses
};

}  // namespace routerd::publish
