// What contacts and agents of a simulation are going to do, in the order in which they will.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::sim {

class VirtualAgenda {
 public:
  // In one instant in this order: who might still be served is, before he gives up.
  enum class Kind : std::uint8_t {
    kConversationEnds,
    kWrapUpEnds,
    kAccept,
    kReject,
    kConnected,
    kGiveUp,
  };
  struct Entry {
    TimeMs at = 0;
    Kind kind = Kind::kAccept;
    std::uint64_t order = 0;
    ContactNo contact;
    OfferId offer;  // of kAccept, kReject
    AgentNo agent;  // of kWrapUpEnds
  };

  void Add(TimeMs at, Kind kind, ContactNo contact, OfferId offer = {}, AgentNo agent = {}) {
    queue_.push({at, kind, ++order_, contact, offer, agent});
  }
  [[nodiscard]] std::optional<TimeMs> Next() const {
    if (queue_.empty()) return std::nullopt;
    return queue_.top().at;
  }
  Entry Take() {
    const Entry first = queue_.top();
    queue_.pop();
    return first;
  }

 private:
  // Those that end free somebody; they come together, whichever they are.
  static int Rank(Kind kind) {
    if (kind == Kind::kGiveUp) return 2;
    return kind == Kind::kConversationEnds || kind == Kind::kWrapUpEnds ? 0 : 1;
  }
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      if (a.at != b.at) return a.at > b.at;
      if (Rank(a.kind) != Rank(b.kind)) return Rank(a.kind) > Rank(b.kind);
      return a.order > b.order;
    }
  };
  std::priority_queue<Entry, std::vector<Entry>, Later> queue_;
  std::uint64_t order_ = 0;
};

}  // namespace routerd::sim
