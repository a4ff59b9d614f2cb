#include "routerd/compiler/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "routerd/base/limits.h"

namespace routerd::compiler {
namespace {

constexpr std::array<std::pair<std::string_view, SpanMs>, 5> kUnits = {{
    {"d", 86'400'000},
    {"h", 3'600'000},
    {"m", 60'000},
    {"s", 1'000},
    {"ms", 1},
}};

// Takes the digits that `text` begins with; none when it begins with no digit or they are too many.
std::optional<std::int64_t> TakeNumber(std::string_view& text) {
  std::int64_t value = 0;
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::string_view TakeLetters(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && text[size] >= 'a' && text[size] <= 'z') ++size;
  const std::string_view letters = text.substr(0, size);
  text.remove_prefix(size);
  return letters;
}

bool TakeSpaces(std::string_view& text) {
  const std::size_t size = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(size);
  return size > 0;
}

bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  const bool negative = Take(text, "-");
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  const auto value = TakeNumber(text);
  if (!value || !text.empty()) return std::nullopt;
  return negative ? -*value : *value;
}

std::optional<SpanMs> ParseSpan(std::string_view text) {
  SpanMs total = 0;
  std::size_t next_unit = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto count = TakeNumber(text);
    const std::string_view letters = TakeLetters(text);
    if (!count) return std::nullopt;
    while (next_unit < kUnits.size() && kUnits[next_unit].first != letters) ++next_unit;
    if (next_unit == kUnits.size()) return std::nullopt;
    const SpanMs unit = kUnits[next_unit++].second;
    if (*count > (limits::kMaxSpanMs - total) / unit) return std::nullopt;
    total += *count * unit;
  }
  return total;
}

std::optional<std::int64_t> ParseMilli(std::string_view text) {
  constexpr std::int64_t kMaxWhole = 1'000'000'000;
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return std::nullopt;
  const auto whole = TakeNumber(text);
  if (!whole || *whole > kMaxWhole) return std::nullopt;
  const std::int64_t milli = *whole * 1'000;
  if (text.empty()) return milli;
  if (!Take(text, ".") || text.empty() || text.size() > 3) return std::nullopt;
  const std::size_t decimals = text.size();
  auto fraction = TakeNumber(text);
  if (!fraction || !text.empty()) return std::nullopt;
  for (std::size_t i = decimals; i < 3; ++i) *fraction *= 10;
  return milli + *fraction;
}

std::optional<std::int64_t> ParseRateMilli(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto milli = ParseMilli(text.substr(0, space));
  text.remove_prefix(space);
  if (!milli || !TakeSpaces(text) || !Take(text, "per") || !TakeSpaces(text)) return std::nullopt;
  if (text == "second") return *milli * 3'600;
  if (text == "minute") return *milli * 60;
  if (text == "hour") return *milli;
  if (text == "day") return *milli / 24;
  return std::nullopt;
}

std::optional<ServiceLevel> ParseServiceLevel(std::string_view text) {
  const auto percent = TakeNumber(text);
  if (!percent || *percent < 1 || *percent > 100) return std::nullopt;
  TakeSpaces(text);
  if (!Take(text, "%") || !TakeSpaces(text) || !Take(text, "in") || !TakeSpaces(text)) {
    return std::nullopt;
  }
  const auto within = ParseSpan(text);
  if (!within) return std::nullopt;
  return ServiceLevel{static_cast<int>(*percent), *within};
}

namespace {

// So many digits, no more and no fewer.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  const std::size_t before = text.size();
  const auto number = TakeNumber(text);
  if (!number || before - text.size() != count) return std::nullopt;
  return static_cast<int>(*number);
}

std::optional<int> TakeMinuteOfDay(std::string_view& text) {
  const auto hour = TakeDigits(text, 2);
  if (!hour || !Take(text, ":")) return std::nullopt;
  const auto minute = TakeDigits(text, 2);
  if (!minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return *hour * 60 + *minute;
}

int DaysOfMonth(int year, int month) {
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
  return month == 2 && !leap ? 28 : kDays[month - 1];
}

}  // namespace

std::optional<DayRangeText> ParseDayRange(std::string_view text) {
  const auto from = TakeMinuteOfDay(text);
  if (!from || *from == 24 * 60) return std::nullopt;
  TakeSpaces(text);
  if (!Take(text, "-")) return std::nullopt;
  TakeSpaces(text);
  const auto to = TakeMinuteOfDay(text);
  if (!to || !text.empty()) return std::nullopt;
  return DayRangeText{*from, *to == 0 ? 24 * 60 : *to};
}

std::optional<DateText> ParseDate(std::string_view text) {
  DateText date;
  if (text.size() == 10) {
    const auto year = TakeDigits(text, 4);
    if (!year || *year == 0 || !Take(text, "-")) return std::nullopt;
    date.year = *year;
  }
  const auto month = TakeDigits(text, 2);
  if (!month || *month < 1 || *month > 12 || !Take(text, "-")) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day || *day < 1 || !text.empty() || *day > DaysOfMonth(date.year, *month)) {
    return std::nullopt;
  }
  date.month = *month;
  date.day = *day;
  return date;
}

std::string SpanText(SpanMs span_ms) {
  if (span_ms == 0) return "0s";
  std::string out;
  for (const auto& [letters, unit] : kUnits) {
    if (span_ms >= unit) out += std::to_string(span_ms / unit) + std::string(letters);
    span_ms %= unit;
  }
  return out;
}

std::string MilliText(std::int64_t milli) {
  const std::string out = std::to_string(milli / 1'000);
  std::string decimals = std::to_string(1'000 + milli % 1'000).substr(1);
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  return decimals.empty() ? out : out + "." + decimals;
}

}  // namespace routerd::compiler
