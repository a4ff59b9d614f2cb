#include "routerd/core/offer_table.h"

#include <utility>

#include "routerd/base/hash.h"

namespace routerd::core {

OfferTable::OfferTable() {
  parts_.push_back(std::make_unique<Part>());
  by_hash_.push_back(parts_.back().get());
}

std::uint64_t OfferTable::HashOf(const OfferId& offer) {
  return Mix64(offer.at.sequence * 1'000'003 + offer.index) ^ offer.at.epoch;
}

// Where the offer is, or the empty place where it would be.
std::size_t OfferTable::Probe(const Part& part, std::uint64_t hash, const OfferId& offer) {
  std::size_t i = hash & (kPartSize - 1);
  while (part.slots[i].offer.valid() && part.slots[i].offer != offer) i = (i + 1) % kPartSize;
  return i;
}

const OfferTable::Entry* OfferTable::Find(const OfferId& offer) const {
  if (!offer.valid()) return nullptr;
  const std::uint64_t hash = HashOf(offer);
  const Part& part = PartOf(hash);
  const Entry& entry = part.slots[Probe(part, hash, offer)];
  return entry.offer.valid() ? &entry : nullptr;
}

void OfferTable::Open(const OfferId& offer, std::uint32_t lease) {
  const std::uint64_t hash = HashOf(offer);
  while (PartOf(hash).used >= kSplitAt) Split(hash);
  Part& part = PartOf(hash);
  part.slots[Probe(part, hash, offer)] = {offer, lease, true, OfferOutcome::kAccepted};
  ++part.used;
  ++open_;
}

void OfferTable::End(const OfferId& offer, OfferOutcome outcome) {
  const std::uint64_t hash = HashOf(offer);
  Part& part = PartOf(hash);
  Entry& entry = part.slots[Probe(part, hash, offer)];
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

bool OfferTable::Restore(const OfferId& offer, std::uint32_t lease) {
  if (!offer.valid() || Find(offer) != nullptr) return false;
  const std::uint64_t hash = HashOf(offer);
  while (PartOf(hash).used >= kSplitAt) {
    if (PartOf(hash).depth >= kMostDepth) return false;
    Split(hash);
  }
  Open(offer, lease);
  return true;
}

bool OfferTable::RestoreEnded(const OfferId& offer, OfferOutcome outcome) {
  if (ended_.size() >= kRemembered || !Restore(offer, 0)) return false;
  End(offer, outcome);
  return true;
}

// Half of the part that holds the hash goes to a new one.
void OfferTable::Split(std::uint64_t hash) {
  Part& part = PartOf(hash);
  if (std::size_t{1} << part.depth == by_hash_.size()) {
    const std::vector<Part*> all = by_hash_;
    by_hash_.insert(by_hash_.end(), all.begin(), all.end());
  }
  const auto old = std::make_unique<Part>(part);
  Part& fresh = *parts_.emplace_back(std::make_unique<Part>());
  fresh.depth = old->depth + 1;
  part = Part{.depth = old->depth + 1, .used = 0, .slots = {}};
  const std::uint64_t bit = std::uint64_t{1} << (kPartBits + old->depth);
  for (const Entry& entry : old->slots) {
    if (!entry.offer.valid()) continue;
    const std::uint64_t its = HashOf(entry.offer);
    Part& to = (its & bit) != 0 ? fresh : part;
    to.slots[Probe(to, its, entry.offer)] = entry;
    ++to.used;
  }
  for (std::size_t i = 0; i < by_hash_.size(); ++i) {
    if (by_hash_[i] == &part && (i << kPartBits & bit) != 0) by_hash_[i] = &fresh;
  }
}

// Closes the gap: what stands behind it and may stand before it moves up (Knuth, TAOCP 3, 6.4 R).
void OfferTable::Erase(const OfferId& offer) {
  const std::uint64_t hash = HashOf(offer);
  Part& part = PartOf(hash);
  std::size_t gap = Probe(part, hash, offer);
  std::size_t i = gap;
  for (;;) {
    i = (i + 1) % kPartSize;
    if (!part.slots[i].offer.valid()) break;
    const std::size_t home = HashOf(part.slots[i].offer) % kPartSize;
    if ((i - home) % kPartSize < (i - gap) % kPartSize) continue;
    part.slots[gap] = part.slots[i];
    gap = i;
  }
  part.slots[gap] = Entry{};
  --part.used;
}

}  // namespace routerd::core
