#include "load-tests/distribution.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace routerd::load {
namespace {

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

bool SpanOf(std::string_view text, Span* span) {
  const std::optional<Span> parsed = ParseSpan(text);
  if (parsed) *span = *parsed;
  return parsed.has_value();
}

std::optional<double> ParseVariation(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(value > 0 && value <= 10)) return std::nullopt;
  return value;
}

}  // namespace

bool Distribution::Parse(std::string_view text, Distribution* result, std::string* error) {
  const std::vector<std::string_view> parts = Split(text);
  const std::string_view name = parts.front();
  Span first = Span::zero();
  Span second = Span::zero();
  if (parts.size() == 1 && SpanOf(name, &first)) {
    return *result = Fixed(first), true;
  }
  if (name == "fixed" && parts.size() == 2 && SpanOf(parts[1], &first)) {
    return *result = Fixed(first), true;
  }
  if (name == "exp" && parts.size() == 2 && SpanOf(parts[1], &first)) {
    return *result = {Kind::kExponential, first, second, 1}, true;
  }
  if (name == "lognormal" && parts.size() == 3 && SpanOf(parts[1], &first)) {
    const std::optional<double> variation = ParseVariation(parts[2]);
    if (variation) return *result = {Kind::kLogNormal, first, second, *variation}, true;
  }
  if (name == "uniform" && parts.size() == 3 && SpanOf(parts[1], &first) &&
      SpanOf(parts[2], &second) && second >= first) {
    return *result = {Kind::kUniform, first, second, 0}, true;
  }
  *error = "'" + std::string(text) +
           "' is no distribution; write exp:MEAN, lognormal:MEAN:VARIATION, fixed:SPAN or "
           "uniform:LEAST:GREATEST, spans as 250ms, 20s, 3m";
  return false;
}

Span Distribution::Sample(Random& random) const {
  switch (kind_) {
    case Kind::kFixed:
      return first_;
    case Kind::kExponential:
      return FromSeconds(Seconds(first_) * random.Exponential());
    case Kind::kLogNormal: {
      // Mean m and variation v give sigma² = ln(1 + v²), mu = ln m − sigma²/2.
      const double sigma2 = std::log1p(variation_ * variation_);
      const double factor = std::exp(std::sqrt(sigma2) * random.Normal() - sigma2 / 2);
      return FromSeconds(Seconds(first_) * factor);
    }
    case Kind::kUniform:
      return first_ + FromSeconds(Seconds(second_ - first_) * random.Uniform());
  }
  return first_;
}

Span Distribution::Mean() const {
  return kind_ == Kind::kUniform ? (first_ + second_) / 2 : first_;
}

Distribution Distribution::Scaled(double factor) const {
  return {kind_, FromSeconds(Seconds(first_) * factor), FromSeconds(Seconds(second_) * factor),
          variation_};
}

}  // namespace routerd::load
