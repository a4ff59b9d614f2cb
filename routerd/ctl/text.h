// How values are written for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "routerd/base/ids.h"

namespace routerd::ctl {

// `0.4s`, `45s`, `1m05s`, `2h03m`, `3d04h`: the two greatest units; tenths below ten seconds.
[[nodiscard]] std::string DurationText(SpanMs span_ms);

// `2026-03-01T12:00:05.250Z`.
[[nodiscard]] std::string TimeText(TimeMs unix_ms);

// `12:00:05.250`, UTC.
[[nodiscard]] std::string ClockText(TimeMs unix_ms);

// Control characters, and what is not UTF-8, written out, so that a name from outside cannot move
// the terminal's cursor.
[[nodiscard]] std::string Printable(std::string_view text);

// How many columns a terminal needs for it: one a character; UTF-8 is expected.
[[nodiscard]] std::size_t Width(std::string_view text);

// This machine's clock.
[[nodiscard]] TimeMs NowUnixMs();

}  // namespace routerd::ctl
