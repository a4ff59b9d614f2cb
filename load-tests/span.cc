#include "load-tests/span.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

namespace routerd::load {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 6> kUnits = {{
    {"ns", 1e-9},
    {"us", 1e-6},
    {"ms", 1e-3},
    {"s", 1},
    {"m", 60},
    {"h", 3600},
}};
constexpr double kLongestSeconds = 400.0 * 24 * 3600;

std::string WithUnit(double value, const char* unit) {
  const int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f%s", decimals, value, unit);
  return text.data();
}

}  // namespace

std::optional<Span> ParseSpan(std::string_view text) {
  if (text == "0") return Span::zero();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, seconds] : kUnits) {
    if (unit != name) continue;
    if (value * seconds > kLongestSeconds) return std::nullopt;
    return FromSeconds(value * seconds);
  }
  return std::nullopt;
}

std::string FormatSpan(Span span) {
  if (span < Span::zero()) return "-" + FormatSpan(-span);
  const double seconds = Seconds(span);
  if (seconds == 0) return "0";
  if (seconds < 1e-6) return WithUnit(seconds * 1e9, "ns");
  if (seconds < 1e-3) return WithUnit(seconds * 1e6, "us");
  if (seconds < 1) return WithUnit(seconds * 1e3, "ms");
  if (seconds < 100) return WithUnit(seconds, "s");
  const auto whole = static_cast<long>(seconds);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%ldm%02lds", whole / 60, whole % 60);
  return text.data();
}

}  // namespace routerd::load
