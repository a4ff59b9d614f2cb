// Shares of groups, the obvious way: all that was accepted is remembered one by one.
#include <limits>

#include "tests/unit/core/oracle.h"

namespace routerd::core {

int Oracle::ShareOf(std::uint32_t queue, const OracleAgent& a) const {
  const auto& allocation = model_->queues[queue].allocation;
  if (!allocation) return -1;
  for (std::size_t i = 0; i < allocation->shares.size(); ++i) {
    for (const GroupNo group : a.profile.groups) {
      if (group == allocation->shares[i].group) return static_cast<int>(i);
    }
  }
  return -1;
}

// What it lacks of its part of all contacts and the next, in hundredths.
std::int64_t Oracle::Deficit(std::uint32_t queue, int share) const {
  if (share < 0) return std::numeric_limits<std::int64_t>::min();
  std::int64_t all = 1;
  std::int64_t his = 0;
  const auto count = [&](int of) {
    if (of < 0) return;
    ++all;
    his += of == share ? 1 : 0;
  };
  const auto accepted = accepted_.find(queue);
  if (accepted != accepted_.end()) {
    for (const auto& [of, parts] : accepted->second) count(of);
  }
  for (const auto& [no, c] : contacts_) {
    if (ServedIn(c) != queue) continue;
    for (const OracleOffer& offer : c.offers) count(offer.share);
  }
  const auto& shares = model_->queues[queue].allocation->shares;
  return shares[static_cast<std::size_t>(share)].percent * all - 100 * his;
}

bool Oracle::IsBeyondShare(std::uint32_t queue, const OracleAgent& a) const {
  const auto& allocation = model_->queues[queue].allocation;
  return allocation && allocation->strict && Deficit(queue, ShareOf(queue, a)) <= 0;
}

void Oracle::CountShare(std::uint32_t queue, int share) {
  if (share < 0) return;
  accepted_[queue].push_back({share, 15});
  if (accepted_[queue].size() > 1) return;
  Set(now_ + model_->queues[queue].allocation->window_ms / 15, Why::kAllocation, 0, queue);
}

void Oracle::PassShares(std::uint32_t queue, TimeMs deadline) {
  auto& accepted = accepted_[queue];
  for (auto& [share, parts] : accepted) --parts;
  std::erase_if(accepted, [](const auto& one) { return one.second == 0; });
  if (accepted.empty()) return;
  Set(deadline + model_->queues[queue].allocation->window_ms / 15, Why::kAllocation, 0, queue);
}

void Oracle::TakeNewShares(const model::Model& before) {
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    if (before.queues[q].allocation == model_->queues[q].allocation) continue;
    accepted_.erase(q);
    Cancel(Why::kAllocation, 0, q);
  }
  for (auto& [no, c] : contacts_) {
    for (OracleOffer& offer : c.offers) {
      offer.share = ShareOf(ServedIn(c), agents_.at(offer.agent));
    }
  }
}

// Who may have contacts again makes those of the queue servable.
void Oracle::LookAtShares() {
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const auto& allocation = model_->queues[q].allocation;
    if (!allocation && entitled_.count(q) == 0) continue;
    std::set<int> entitled;
    for (int i = 0; allocation && i < static_cast<int>(allocation->shares.size()); ++i) {
      if (!allocation->strict || Deficit(q, i) > 0) entitled.insert(i);
    }
    bool more = false;
    for (const int share : entitled) more = more || entitled_[q].count(share) == 0;
    entitled_[q] = entitled;
    if (!more) continue;
    MakeServableIn(q);
  }
}

}  // namespace routerd::core
