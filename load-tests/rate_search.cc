#include "load-tests/rate_search.h"

#include <algorithm>
#include <cmath>

namespace routerd::load {
namespace {

constexpr double kGrowth = 1.4;
constexpr double kPrecision = 1.05;  // of the rate that is found
constexpr double kSigmas = 4;        // how far a Poisson count may be off its mean
constexpr double kBacklogAlways = 20;

}  // namespace

std::string WhyNotSustained(const Step& step, Span bound) {
  const double expected = step.rate * Seconds(step.measured);
  if (static_cast<double>(step.count) < expected - kSigmas * std::sqrt(expected)) {
    return "only " + std::to_string(step.count) + " contacts of " +
           std::to_string(std::llround(expected)) + " arrived: the generator is at its end";
  }
  if (step.unserved > 0) {
    return std::to_string(step.unserved) + " contacts were refused or left before an offer";
  }
  if (step.offer_p99 >= bound) return "p99 is not below " + FormatSpan(bound);
  // What waits is rate × time waited (Little), so that more than this has waited beyond the bound.
  const double allowed = step.rate * Seconds(bound) + kBacklogAlways;
  if (static_cast<double>(step.backlog) > allowed) return "the backlog grows";
  return "";
}

void RateSearch::Tried(bool sustained) {
  const double rate = next_.value_or(0);
  if (!sustained && !doubted_) {
    doubted_ = true;
    return;
  }
  doubted_ = false;
  (sustained ? good_ : bad_) = rate;
  const bool over = good_ == 0 || good_ >= most_ || (bad_ > 0 && bad_ <= good_ * kPrecision);
  if (over) {
    next_.reset();
  } else {
    next_ = bad_ > 0 ? (good_ + bad_) / 2 : std::min(rate * kGrowth, most_);
  }
}

}  // namespace routerd::load
