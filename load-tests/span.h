// Points in time and spans of the load generator, and spans as people write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace routerd::load {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Span = std::chrono::nanoseconds;

// `250ms`, `20s`, `1.5m`, `2h`, `300us`, `0`; nothing else. nullopt: not a span.
std::optional<Span> ParseSpan(std::string_view text);

// With three significant digits and the unit that suits: `412us`, `1.25ms`, `20s`, `3m05s`.
std::string FormatSpan(Span span);

inline double Seconds(Span span) { return std::chrono::duration<double>(span).count(); }

inline Span FromSeconds(double seconds) {
  return std::chrono::duration_cast<Span>(std::chrono::duration<double>(seconds));
}

}  // namespace routerd::load
