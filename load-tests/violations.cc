#include "load-tests/violations.h"

#include <utility>

namespace routerd::load {

const char* Name(Violation violation) {
  switch (violation) {
    case Violation::kLost:
      return "lost";
    case Violation::kStuck:
      return "stuck";
    case Violation::kNeverOffered:
      return "never_offered";
    case Violation::kEndedTwice:
      return "ended_twice";
    case Violation::kTwoAgents:
      return "two_agents";
    case Violation::kOfferEnd:
      return "offer_end";
    case Violation::kConfirmedTwice:
      return "confirmed_twice";
    case Violation::kOfferApart:
      return "offer_apart";
    case Violation::kConfirmedApart:
      return "confirmed_apart";
    case Violation::kOverCapacity:
      return "over_capacity";
    case Violation::kFrameGap:
      return "frame_gap";
    case Violation::kOrder:
      return "order";
    case Violation::kUnknown:
      return "unknown";
  }
  return "";
}

void Violations::Add(Violation violation, std::string what) {
  ++count_;
  ++by_kind_[violation];
  if (first_.size() < kKept)
    first_.push_back(std::string(Name(violation)) + ": " + std::move(what));
}

std::uint64_t Violations::Count(Violation violation) const {
  const auto found = by_kind_.find(violation);
  return found == by_kind_.end() ? 0 : found->second;
}

}  // namespace routerd::load
