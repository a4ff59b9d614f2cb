#include "routerd/ctl/text.h"

#include <gtest/gtest.h>

namespace routerd::ctl {
namespace {

TEST(DurationText, ShowsTheTwoGreatestUnits) {
  EXPECT_EQ(DurationText(0), "0.0s");
  EXPECT_EQ(DurationText(440), "0.4s");
  EXPECT_EQ(DurationText(9'999), "9.9s");
  EXPECT_EQ(DurationText(45'900), "45s");
  EXPECT_EQ(DurationText(65'000), "1m05s");
  EXPECT_EQ(DurationText(3'600'000), "1h00m");
  EXPECT_EQ(DurationText(7'385'000), "2h03m");
  EXPECT_EQ(DurationText(3 * 86'400'000LL + 4 * 3'600'000), "3d04h");
  EXPECT_EQ(DurationText(-65'000), "-1m05s");
}

TEST(TimeText, IsUtcWithMilliseconds) {
  EXPECT_EQ(TimeText(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(TimeText(1'772'366'405'250), "2026-03-01T12:00:05.250Z");
  EXPECT_EQ(TimeText(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(ClockText(1'772'366'405'250), "12:00:05.250");
}

TEST(Printable, WritesControlCharactersOut) {
  EXPECT_EQ(Printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
  EXPECT_EQ(Printable("größe"), "größe");
  // Terminals take U+009B for ESC [, and some the bare byte too.
  EXPECT_EQ(Printable("a\u009b2J\u0085"), "a\\xc2\\x9b2J\\xc2\\x85");
  EXPECT_EQ(Printable("a\x9b"
                      "2J\xff"),
            "a\\x9b2J\\xff");
  EXPECT_EQ(Printable("\u00a0"), "\u00a0");
}

TEST(Width, CountsCharacters) {
  EXPECT_EQ(Width("größe"), 5U);
  EXPECT_EQ(Width(""), 0U);
}

}  // namespace
}  // namespace routerd::ctl
