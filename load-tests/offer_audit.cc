#include "load-tests/offer_audit.h"

#include <algorithm>

namespace routerd::load {

void OfferAudit::Told(What what, const std::string& offer, const std::string& agent, Side side,
                      std::uint64_t sequence) {
  const auto found = open_.try_emplace(offer, Offer{agent, {}}).first;
  Half& half = found->second.halves[static_cast<std::size_t>(what)];
  half.balance += side == Side::kGateway ? 1 : -1;
  half.sequence = sequence;
  const auto even = [](const Half& told) { return told.balance == 0; };
  if (std::ranges::all_of(found->second.halves, even)) open_.erase(found);
}

void OfferAudit::Missed(std::uint64_t from, std::uint64_t to) {
  missed_.emplace_back(from, to);
  if (to < from) open_.clear();  // a router that began anew and knows none of them
}

bool OfferAudit::WasMissed(std::uint64_t sequence) const {
  return std::ranges::any_of(missed_, [sequence](const auto& gap) {
    return sequence >= gap.first && sequence <= gap.second;
  });
}

// Of each offer the first difference: the others follow from it.
void OfferAudit::Finish() {
  constexpr std::array<const char*, 3> kWords = {"was made", "ended", "was confirmed"};
  for (const auto& [id, offer] : open_) {
    for (std::size_t what = 0; what < offer.halves.size() && !lost_.contains(offer.agent); ++what) {
      const auto& [balance, sequence] = offer.halves[what];
      if (balance == 0 || WasMissed(sequence)) continue;
      const bool confirmed = what == static_cast<std::size_t>(What::kConfirmed);
      violations_->Add(confirmed ? Violation::kConfirmedApart : Violation::kOfferApart,
                       "offer " + id + " " + kWords[what] + ", and only the " +
                           (balance > 0 ? "gateway" : "desktop") + " was told");
      break;
    }
  }
}

}  // namespace routerd::load
