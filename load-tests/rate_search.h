// Looks for the greatest rate that is sustained, and says when a rate is. Without clock, router or
// load: throughput_command.cc plays the steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "load-tests/span.h"

namespace routerd::load {

// One step: contacts arrived at a rate for a while.
struct Step {
  double rate = 0;                // contacts a second that were to arrive
  Span measured = Span::zero();   // how long arrivals counted
  std::uint64_t count = 0;        // of them, that arrived
  Span offer_p99 = Span::zero();  // of these, until the offer; or so far, where there was none yet
  std::size_t backlog = 0;        // not offered when arrivals stopped
  std::uint64_t unserved = 0;     // refused, turned away, or ended before an offer; in all the step
};

// Why a step was not sustained; empty = it was. bound: what offer_p99 must stay below.
std::string WhyNotSustained(const Step& step, Span bound);

// Steps of growing rate until one is not sustained, then the middle between the last that was and
// the first that was not.
class RateSearch {
 public:
  // From the one rate to at most the other, contacts a second; both > 0.
  RateSearch(double start, double most) : next_(start), most_(most) {}

  // The rate to try; nullopt = the search is over.
  [[nodiscard]] std::optional<double> Next() const { return next_; }
  // How that went. A rate is tried twice before it counts as too much: something else may have had
  // the machine for a moment.
  void Tried(bool sustained);

  // The greatest that was sustained; 0 = none.
  [[nodiscard]] double Found() const { return good_; }
  // It may be more: the search was not to go further.
  [[nodiscard]] bool AtMost() const { return good_ >= most_; }

 private:
  std::optional<double> next_;
  double most_;
  double good_ = 0;
  double bad_ = 0;
  bool doubted_ = false;  // next_ has failed once
};

}  // namespace routerd::load
