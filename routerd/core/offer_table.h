// Offers by id: the open ones, and the outcomes of the latest that ended, so that a late or
// repeated accept learns how its offer ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"

namespace routerd::core {

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

 private:
  [[nodiscard]] std::size_t Home(const OfferId& offer) const;
  [[nodiscard]] std::size_t Probe(const OfferId& offer) const;
  void Erase(const OfferId& offer);
  void Grow();

  std::vector<Entry> slots_;  // linear probing; an invalid id is an empty place
  std::size_t used_ = 0;
  std::size_t open_ = 0;
  std::vector<OfferId> ended_;  // ring
  std::size_t ended_next_ = 0;
};

}  // namespace routerd::core
