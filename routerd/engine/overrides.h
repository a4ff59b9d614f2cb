// What operators have set at run time over the policy: who did, when, and until when. What they set
// stands with what it changes: a queue's mode in the core, an agent's skills in the directory.
#pragma once

#include <algorithm>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "routerd/base/ids.h"
#include "routerd/engine/bytes.h"
#include "routerd/engine/event.h"

namespace routerd::engine {

// One of the two is valid: the queue whose mode it is, or the agent whose skills.
struct OverrideTarget {
  QueueNo queue;
  AgentNo agent;
  friend auto operator<=>(const OverrideTarget&, const OverrideTarget&) = default;
};

// The writer's thread. One override a target: a new one takes the place of the one before.
class Overrides {
 public:
  // `ends`: batch time from which it holds no more; 0 = until it is cleared.
  void Set(const OverrideTarget& target, std::shared_ptr<const OverrideView> view, TimeMs ends);
  void Clear(const OverrideTarget& target);
  [[nodiscard]] std::shared_ptr<const OverrideView> Of(const OverrideTarget& target) const {
    const auto found = all_.find(target);
    return found == all_.end() ? nullptr : found->second.view;
  }

  // Whether `holds` does for all targets.
  template <typename F>
  [[nodiscard]] bool All(const F& holds) const {
    return std::all_of(all_.begin(), all_.end(),
                       [&holds](const auto& entry) { return holds(entry.first); });
  }

  // When the first of them ends; absent: none does by itself.
  [[nodiscard]] std::optional<TimeMs> NextEnd() const;
  // The one that ends first, if it does at `now` or before. It stays until it is cleared, or put
  // off by Set.
  [[nodiscard]] std::optional<OverrideTarget> Due(TimeMs now) const;

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

 private:
  struct Entry {
    std::shared_ptr<const OverrideView> view;
    TimeMs ends = 0;
  };
  std::map<OverrideTarget, Entry> all_;
  std::set<std::pair<TimeMs, OverrideTarget>> ends_;
};

}  // namespace routerd::engine
