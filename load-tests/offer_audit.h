// Gateway and desktop are told the same of each offer: that it was made, that it ended, or that its
// accept is confirmed. One record tells both, so that its sequence is the same on both sides.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "load-tests/violations.h"

namespace routerd::load {

class OfferAudit {
 public:
  enum class What { kMade, kEnded, kConfirmed };
  enum class Side { kGateway, kDesktop };

  explicit OfferAudit(Violations* violations) : violations_(violations) {}

  // A session was told so, by the record with this sequence.
  void Told(What what, const std::string& offer, const std::string& agent, Side side,
            std::uint64_t sequence);

  // A session was not told of the records from the one to the other: they are not compared.
  void Missed(std::uint64_t from, std::uint64_t to);
  // Another program's desktop has taken the agent over, and is told of his offers.
  void Lost(const std::string& agent) { lost_.insert(agent); }

  void Finish();

 private:
  // Told to one side only, so far.
  struct Half {
    int balance = 0;  // +1 gateway, -1 desktop
    std::uint64_t sequence = 0;
  };
  struct Offer {
    std::string agent;
    std::array<Half, 3> halves;  // by What
  };

  [[nodiscard]] bool WasMissed(std::uint64_t sequence) const;

  Violations* violations_;
  std::unordered_map<std::string, Offer> open_;  // of which one side knows more than the other
  std::vector<std::pair<std::uint64_t, std::uint64_t>> missed_;
  std::unordered_set<std::string> lost_;
};

}  // namespace routerd::load
