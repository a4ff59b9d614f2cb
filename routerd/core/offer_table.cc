#include "routerd/core/offer_table.h"

#include <utility>

#include "routerd/base/hash.h"

namespace routerd::core {

OfferTable::OfferTable() : slots_(1024) {}

std::size_t OfferTable::Home(const OfferId& offer) const {
  const std::uint64_t key = Mix64(offer.at.sequence * 1'000'003 + offer.index) ^ offer.at.epoch;
  return key & (slots_.size() - 1);
}

// Where the offer is, or the empty place where it would be.
std::size_t OfferTable::Probe(const OfferId& offer) const {
  std::size_t i = Home(offer);
  while (slots_[i].offer.valid() && slots_[i].offer != offer) i = (i + 1) & (slots_.size() - 1);
  return i;
}

const OfferTable::Entry* OfferTable::Find(const OfferId& offer) const {
  if (!offer.valid()) return nullptr;
  const Entry& entry = slots_[Probe(offer)];
  return entry.offer.valid() ? &entry : nullptr;
}

void OfferTable::Open(const OfferId& offer, std::uint32_t lease) {
  if (used_ * 2 >= slots_.size()) Grow();
  slots_[Probe(offer)] = {offer, lease, true, OfferOutcome::kAccepted};
  ++used_;
  ++open_;
}

void OfferTable::End(const OfferId& offer, OfferOutcome outcome) {
  Entry& entry = slots_[Probe(offer)];
  entry.open = false;
  entry.outcome = outcome;
  --open_;
  if (ended_.size() < kRemembered) {
    ended_.push_back(offer);
    return;
  }
  Erase(std::exchange(ended_[ended_next_], offer));
  ended_next_ = (ended_next_ + 1) % kRemembered;
}

// Closes the gap: what stands behind it and may stand before it moves up (Knuth, TAOCP 3, 6.4 R).
void OfferTable::Erase(const OfferId& offer) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t gap = Probe(offer);
  std::size_t i = gap;
  for (;;) {
    i = (i + 1) & mask;
    if (!slots_[i].offer.valid()) break;
    const std::size_t home = Home(slots_[i].offer);
    if (((i - home) & mask) < ((i - gap) & mask)) continue;
    slots_[gap] = slots_[i];
    gap = i;
  }
  slots_[gap] = Entry{};
  --used_;
}

void OfferTable::Grow() {
  std::vector<Entry> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Entry& entry : old) {
    if (entry.offer.valid()) slots_[Probe(entry.offer)] = entry;
  }
}

}  // namespace routerd::core
