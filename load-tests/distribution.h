// How long things take: handle time, patience, the delay until an agent answers.
#pragma once

#include <string>
#include <string_view>

#include "load-tests/random.h"
#include "load-tests/span.h"

namespace routerd::load {

// Immutable. Made of text: `exp:180s` (exponential, mean), `lognormal:180s:0.8` (mean, coefficient
// of variation; the usual shape of handle times), `fixed:20s`, `uniform:1s:5s`. A bare span is
// fixed.
class Distribution {
 public:
  static Distribution Fixed(Span span) { return {Kind::kFixed, span, Span::zero(), 0}; }

  // False: text is none of the above; `error` says what would be.
  static bool Parse(std::string_view text, Distribution* result, std::string* error);

  [[nodiscard]] Span Sample(Random& random) const;
  [[nodiscard]] Span Mean() const;

  // The same shape, `factor` times as long.
  [[nodiscard]] Distribution Scaled(double factor) const;

 private:
  enum class Kind { kFixed, kExponential, kLogNormal, kUniform };

  Distribution(Kind kind, Span first, Span second, double variation)
      : kind_(kind), first_(first), second_(second), variation_(variation) {}

  Kind kind_;
  Span first_;        // mean; kUniform: the least
  Span second_;       // kUniform: the greatest
  double variation_;  // kLogNormal: standard deviation / mean
};

}  // namespace routerd::load
