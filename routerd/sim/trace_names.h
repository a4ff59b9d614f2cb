// The policy's names, looked up for a row of a trace.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routerd/model/model.h"
#include "routerd/sim/trace_row.h"

namespace routerd::sim {

// Lets a map of strings be asked for a string_view.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <typename Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

// Names of one kind.
template <typename No>
class NamesOf {
 public:
  template <typename List>
  NamesOf(const char* kind, const List& list) : kind_(kind) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].name.empty()) continue;
      map_.emplace(list[i].name, No(static_cast<decltype(No::value)>(i)));
      words_.push_back(list[i].name);
    }
  }
  // Invalid: there is no such name.
  [[nodiscard]] No Find(std::string_view name) const {
    const auto it = map_.find(name);
    return it == map_.end() ? No() : it->second;
  }
  [[nodiscard]] std::string Unknown(std::string_view name) const;
  [[nodiscard]] std::string Hint(std::string_view name) const;

 private:
  const char* kind_;
  TextMap<No> map_;
  std::vector<std::string_view> words_;  // the model's
};

struct TraceNames {
  explicit TraceNames(const model::Model& model)
      : queues("queue", model.queues),
        channels("channel", model.channels),
        skills("skill", model.skills),
        groups("group", model.groups),
        reasons("not-ready reason", model.reasons) {}

  NamesOf<QueueNo> queues;
  NamesOf<ChannelNo> channels;
  NamesOf<SkillNo> skills;
  NamesOf<GroupNo> groups;
  NamesOf<ReasonNo> reasons;
};

}  // namespace routerd::sim
