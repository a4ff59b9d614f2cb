// What the audit found. The first ones are kept as text; all are counted.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace routerd::load {

enum class Violation {
  kLost,            // taken by the router, and neither ended nor held by it
  kStuck,           // still held by the router or with an agent after everything was ended
  kNeverOffered,    // not offered although it was said to be, or an agent stood idle for it
  kEndedTwice,      // a second terminal state, or life after the first
  kTwoAgents,       // offered to or held by two agents at once
  kOfferEnd,        // an offer that ended twice, never, or without having been open
  kConfirmedTwice,  // an accept that was confirmed twice
  kOfferApart,      // an offer or its end told to the gateway and not to the desktop, or vice versa
  kConfirmedApart,  // the same of an accept
  kOverCapacity,    // an agent with more than his channels' limits or his units allow
  kFrameGap,        // a frame number that is not the next
  kOrder,           // epoch or sequence went backwards
  kUnknown,         // a contact, agent or answer that nobody asked for
};

const char* Name(Violation violation);

class Violations {
 public:
  static constexpr std::size_t kKept = 20;

  void Add(Violation violation, std::string what);

  [[nodiscard]] std::uint64_t Count() const { return count_; }
  [[nodiscard]] std::uint64_t Count(Violation violation) const;
  [[nodiscard]] const std::map<Violation, std::uint64_t>& ByKind() const { return by_kind_; }
  [[nodiscard]] const std::vector<std::string>& First() const { return first_; }

 private:
  std::uint64_t count_ = 0;
  std::map<Violation, std::uint64_t> by_kind_;
  std::vector<std::string> first_;
};

}  // namespace routerd::load
