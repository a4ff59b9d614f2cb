// The names that a journal's records mean by their numbers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "routerd/base/ids.h"
#include "routerd/core/event.h"
#include "routerd/engine/record_note.h"
#include "routerd/engine/world.h"
#include "routerd/model/model.h"

namespace routerd::ctl {

// Learns from the records in their order. A name keeps its number from one policy to the next, so
// that whoever begins in the middle may learn from a later state what an earlier number means. A
// number without a name is `#7`; none at all is empty.
class RecordNames {
 public:
  void Learn(const engine::World& world);
  // An empty state begins under this policy: numbers given before mean nothing any more.
  void Begin(std::shared_ptr<const model::Model> model);
  void Learn(const core::Event& event, const engine::RecordNote& note);

  // In force where the reader stands; null: not known yet.
  [[nodiscard]] const model::Model* model() const { return model_.get(); }

  [[nodiscard]] std::string operator()(QueueNo no) const { return Find(queues_, no); }
  [[nodiscard]] std::string operator()(ChannelNo no) const { return Find(channels_, no); }
  [[nodiscard]] std::string operator()(SkillNo no) const { return Find(skills_, no); }
  [[nodiscard]] std::string operator()(GroupNo no) const { return Find(groups_, no); }
  [[nodiscard]] std::string operator()(ProfileNo no) const { return Find(profiles_, no); }
  [[nodiscard]] std::string operator()(ReasonNo no) const { return Find(reasons_, no); }
  [[nodiscard]] std::string operator()(AgentNo no) const { return Find(agents_, no); }
  [[nodiscard]] std::string operator()(GatewayNo no) const { return Find(gateways_, no); }

 private:
  using Names = std::map<std::uint64_t, std::string>;

  template <typename No>
  static std::string Find(const Names& names, No no) {
    if (!no.valid()) return {};
    const auto it = names.find(no.index());
    return it == names.end() ? "#" + std::to_string(no.index()) : it->second;
  }
  static void Keep(Names& names, std::uint64_t number, std::string_view name);
  void LearnModel(const std::shared_ptr<const model::Model>& model);

  std::shared_ptr<const model::Model> model_;
  Names queues_;
  Names channels_;
  Names skills_;
  Names groups_;
  Names profiles_;
  Names reasons_;
  Names agents_;
  Names gateways_;
};

}  // namespace routerd::ctl
