#include "routerd/ctl/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "routerd/compiler/text_check.h"

namespace routerd::ctl {
namespace {

template <typename... Args>
std::string Format(const char* format, Args... args) {
  std::array<char, 64> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), format, args...);
  return {buffer.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::tm Utc(TimeMs unix_ms) {
  // Whole seconds downwards, also before 1970.
  const auto seconds =
      static_cast<std::time_t>((unix_ms - ((unix_ms % 1000) + 1000) % 1000) / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

int Milliseconds(TimeMs unix_ms) { return static_cast<int>(((unix_ms % 1000) + 1000) % 1000); }

}  // namespace

std::string DurationText(SpanMs span_ms) {
  if (span_ms < 0) return "-" + DurationText(-span_ms);
  const long long s = span_ms / 1000;
  if (s < 10) return Format("%lld.%llds", s, static_cast<long long>(span_ms % 1000 / 100));
  if (s < 60) return Format("%llds", s);
  if (s < 3600) return Format("%lldm%02llds", s / 60, s % 60);
  if (s < 86400) return Format("%lldh%02lldm", s / 3600, s / 60 % 60);
  return Format("%lldd%02lldh", s / 86400, s / 3600 % 24);
}

std::string TimeText(TimeMs unix_ms) {
  const std::tm t = Utc(unix_ms);
  return Format("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                t.tm_hour, t.tm_min, t.tm_sec, Milliseconds(unix_ms));
}

std::string ClockText(TimeMs unix_ms) {
  const std::tm t = Utc(unix_ms);
  return Format("%02d:%02d:%02d.%03d", t.tm_hour, t.tm_min, t.tm_sec, Milliseconds(unix_ms));
}

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(compiler::Utf8Length(text.substr(0, 4)), 1);
    const std::string_view character = text.substr(0, length);
    if (!compiler::IsUtf8(character) || compiler::BeginsWithControl(character)) {
      for (const char c : character) out += Format("\\x%02x", static_cast<unsigned char>(c));
    } else {
      out += character;
    }
    text.remove_prefix(length);
  }
  return out;
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
  }));
}

TimeMs NowUnixMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace routerd::ctl
