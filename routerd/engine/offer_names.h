// Which contact and agent an offer was about: all open ones, and the latest that ended.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <unordered_map>

#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/engine/bytes.h"

namespace routerd::engine {

class OfferNames {
 public:
  struct Offer {
    ContactNo contact;
    AgentNo agent;
    bool open = true;
  };

  void Made(const OfferId& id, ContactNo contact, AgentNo agent) {
    offers_.insert_or_assign(id, Offer{contact, agent, true});
    ++open_;
  }
  void Ended(const OfferId& id) {
    const auto it = offers_.find(id);
    if (it == offers_.end() || !it->second.open) return;
    it->second.open = false;
    --open_;
    if (id.at.sequence <= mark_) --open_at_mark_;
    ended_.push_back(id);
    if (ended_.size() <= limits::kOfferNames) return;
    offers_.erase(ended_.front());
    ended_.pop_front();
  }
  // nullptr: never made, or ended too long ago. Good until the next Made or Ended.
  [[nodiscard]] const Offer* Find(const OfferId& id) const {
    const auto it = offers_.find(id);
    return it == offers_.end() ? nullptr : &it->second;
  }
  [[nodiscard]] std::size_t open() const { return open_; }

  // Whether `holds` does for the agents of all of them.
  template <typename F>
  [[nodiscard]] bool All(const F& holds) const {
    return std::all_of(offers_.begin(), offers_.end(),
                       [&holds](const auto& offer) { return holds(offer.second.agent); });
  }

  // From now on open_at_mark() counts the offers still open of those that are open now.
  void Mark(std::uint64_t sequence) {
    mark_ = sequence;
    open_at_mark_ = open_;
  }
  [[nodiscard]] std::size_t open_at_mark() const { return open_at_mark_; }

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

 private:
  struct Hash {
    std::size_t operator()(const OfferId& id) const {
      return std::hash<std::uint64_t>{}(id.at.sequence * 31 + id.index);
    }
  };
  std::unordered_map<OfferId, Offer, Hash> offers_;
  std::deque<OfferId> ended_;
  std::size_t open_ = 0;
  std::uint64_t mark_ = 0;
  std::size_t open_at_mark_ = 0;
};

}  // namespace routerd::engine
