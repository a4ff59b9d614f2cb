// Offers by id: the open ones, and the outcomes of the latest that ended, so that a late or
// repeated accept learns how its offer ended.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"

namespace routerd::core {

// Grows by splitting one of its parts at a time (Fagin, Nievergelt, Pippenger and Strong,
// "Extendible hashing", 1979): a table that doubled would hold up the event that brings one more.
class OfferTable {
 public:
  // Ended offers beyond this many are forgotten, oldest first.
  static constexpr std::size_t kRemembered = 65'536;

  struct Entry {
    OfferId offer;
    std::uint32_t lease = 0;  // while open
    bool open = false;
    OfferOutcome outcome = OfferOutcome::kAccepted;  // once ended
  };

  OfferTable();

  void Open(const OfferId& offer, std::uint32_t lease);
  void End(const OfferId& offer, OfferOutcome outcome);
  // nullptr: never made, or forgotten. Good until the next Open or End.
  [[nodiscard]] const Entry* Find(const OfferId& offer) const;
  [[nodiscard]] std::size_t open() const { return open_; }

  // Ended offers that are remembered, oldest first: `f(id, outcome)`.
  template <typename F>
  void ForEachEnded(const F& f) const {
    for (std::size_t i = 0; i < ended_.size(); ++i) {
      const OfferId& offer = ended_[(ended_next_ + i) % ended_.size()];
      f(offer, Find(offer)->outcome);
    }
  }
  // What ForEachEnded told, and the open ones, in a table that began empty; to be told before
  // others end. False: no such offer can be, or it is there already, or the table would grow out
  // of all proportion, as ids that somebody has chosen for it make it do.
  [[nodiscard]] bool Restore(const OfferId& offer, std::uint32_t lease);
  [[nodiscard]] bool RestoreEnded(const OfferId& offer, OfferOutcome outcome);

 private:
  static constexpr int kPartBits = 11;
  static constexpr std::size_t kPartSize = std::size_t{1} << kPartBits;
  // A part is split from here on. As many as are remembered leave parts at four fifths of this,
  // so that none is split once there are so many.
  static constexpr std::size_t kSplitAt = kPartSize / 16 * 5;
  static_assert(kRemembered % (kSplitAt / 5 * 4) == 0);
  // Of a part: chance alone makes none so deep of as many offers as there may be.
  static constexpr int kMostDepth = 20;

  // Those whose hashes agree in so many bits above the lowest kPartBits, which say where in it.
  struct Part {
    int depth = 0;
    std::size_t used = 0;
    std::array<Entry, kPartSize> slots;  // linear probing; an invalid id is an empty place
  };

  static std::uint64_t HashOf(const OfferId& offer);
  [[nodiscard]] Part& PartOf(std::uint64_t hash) const {
    return *by_hash_[(hash >> kPartBits) & (by_hash_.size() - 1)];
  }
  static std::size_t Probe(const Part& part, std::uint64_t hash, const OfferId& offer);
  void Split(std::uint64_t hash);
  void Erase(const OfferId& offer);

  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Part*> by_hash_;  // as many as a power of two
  std::size_t open_ = 0;
  std::vector<OfferId> ended_;  // ring
  std::size_t ended_next_ = 0;
};

}  // namespace routerd::core
