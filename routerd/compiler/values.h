// The forms that values of a policy are written in. Pure functions on text; no floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/base/ids.h"

namespace routerd::compiler {

// `-12`, `0`, `250`: decimal, no sign but '-', no leading zero. Nothing when it is no such number
// or does not fit.
std::optional<std::int64_t> ParseInteger(std::string_view text);

// `20s`, `500ms`, `2m`, `1h30m`, `7d`: whole numbers with units, greater units first, each once.
// Nothing when it is no such text or longer than limits::kMaxSpanMs.
std::optional<SpanMs> ParseSpan(std::string_view text);

// `0.5` → 500: thousandths, at most three decimals, not negative, at most 10^12.
std::optional<std::int64_t> ParseMilli(std::string_view text);

// `30 per hour`, `0.5 per minute` → thousandths per hour; per second, minute, hour or day.
std::optional<std::int64_t> ParseRateMilli(std::string_view text);

// `80% in 20s`.
struct ServiceLevel {
  int percent = 0;
  SpanMs within_ms = 0;
};
std::optional<ServiceLevel> ParseServiceLevel(std::string_view text);

// `08:00-18:00`: minutes of the day, the second 24:00 at most and not 00:00; past midnight where it
// is not later than the first.
struct DayRangeText {
  int from = 0;
  int to = 0;
};
std::optional<DayRangeText> ParseDayRange(std::string_view text);

// `2026-12-25`, or `12-25` with year 0. A day that the month has (29 February in any year of none).
struct DateText {
  int year = 0;
  int month = 0;
  int day = 0;
};
std::optional<DateText> ParseDate(std::string_view text);

// The shortest form that ParseSpan reads as `span_ms`.
std::string SpanText(SpanMs span_ms);
// `500` → `0.5`.
std::string MilliText(std::int64_t milli);

}  // namespace routerd::compiler
