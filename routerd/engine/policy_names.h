// The names of the policy in force, looked up in constant time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/engine/event.h"
#include "routerd/model/model.h"

namespace routerd::engine {

class PolicyNames {
 public:
  explicit PolicyNames(const std::shared_ptr<const model::Model>& model);

  // Invalid number: no such name.
  [[nodiscard]] QueueNo queue(const std::string& name) const { return Find(queues_, name); }
  [[nodiscard]] ChannelNo channel(const std::string& name) const { return Find(channels_, name); }
  [[nodiscard]] SkillNo skill(const std::string& name) const { return Find(skills_, name); }
  [[nodiscard]] ReasonNo reason(const std::string& name) const { return Find(reasons_, name); }

  // The same, or what is wrong in `field` with the nearest right word. An unknown queue is
  // kNotFound, everything else kInvalidArgument.
  [[nodiscard]] Result<QueueNo> GetQueue(const std::string& field, const std::string& name) const;
  [[nodiscard]] Result<ChannelNo> GetChannel(const std::string& field,
                                             const std::string& name) const;
  [[nodiscard]] Result<ReasonNo> GetReason(const std::string& name) const;  // empty: none
  [[nodiscard]] Result<std::vector<model::SkillLevel>> GetSkills(
      const std::string& field, const std::vector<SkillNeed>& skills, std::size_t max) const;

  // `, did you mean NAME?`, or nothing.
  [[nodiscard]] std::string AgentHint(const std::string& id) const;

 private:
  template <typename No>
  using Map = std::unordered_map<std::string, No>;
  template <typename No>
  [[nodiscard]] static No Find(const Map<No>& map, const std::string& name) {
    const auto it = map.find(name);
    return it == map.end() ? No() : it->second;
  }

  const std::shared_ptr<const model::Model> model_;
  Map<QueueNo> queues_;
  Map<ChannelNo> channels_;
  Map<SkillNo> skills_;
  Map<ReasonNo> reasons_;
  std::vector<std::string_view> queue_names_;  // sorted, as the others
  std::vector<std::string_view> channel_names_;
  std::vector<std::string_view> skill_names_;
  std::vector<std::string_view> reason_names_;
};

}  // namespace routerd::engine
