// The ids that were seen last: memory for an endless run.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>

namespace routerd::load {

class RecentIds {
 public:
  // most > 0: so many are remembered; then the oldest is forgotten for the newest.
  explicit RecentIds(std::size_t most) : most_(most) {}

  void Insert(const std::string& id) {
    const auto [place, added] = ids_.insert(id);
    if (!added) return;
    order_.push_back(&*place);  // the set's elements stay where they are
    if (order_.size() <= most_) return;
    ids_.erase(ids_.find(*order_.front()));
    order_.pop_front();
  }

  [[nodiscard]] bool Contains(const std::string& id) const { return ids_.contains(id); }

 private:
  std::size_t most_;
  std::unordered_set<std::string> ids_;
  std::deque<const std::string*> order_;
};

}  // namespace routerd::load
