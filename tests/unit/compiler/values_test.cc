#include "routerd/compiler/values.h"

#include <gtest/gtest.h>

#include <random>
#include <tuple>
#include <utility>

#include "routerd/base/limits.h"

namespace routerd::compiler {
namespace {

TEST(ValuesTest, Rates) {
  EXPECT_EQ(ParseRateMilli("30 per hour"), 30'000);
  EXPECT_EQ(ParseRateMilli("0.5 per minute"), 30'000);
  EXPECT_EQ(ParseRateMilli("2 per second"), 7'200'000);
  EXPECT_EQ(ParseRateMilli("48 per day"), 2'000);
  for (const char* text : {"30", "30/h", "30 per", "30 per week", "per hour", "-1 per hour"}) {
    EXPECT_FALSE(ParseRateMilli(text)) << text;
  }
}

TEST(ValuesTest, HoursOfADay) {
  const auto range = [](const char* text) {
    const auto parsed = ParseDayRange(text);
    return parsed ? std::pair(parsed->from, parsed->to) : std::pair(-1, -1);
  };
  EXPECT_EQ(range("08:00-18:30"), std::pair(480, 1'110));
  EXPECT_EQ(range("00:00 - 24:00"), std::pair(0, 1'440));
  EXPECT_EQ(range("22:00-06:00"), std::pair(1'320, 360)) << "the next day";
  EXPECT_EQ(range("22:00-00:00"), std::pair(1'320, 1'440));
  for (const char* text : {"8:00-18:00", "08:00", "08-18", "24:00-06:00", "08:60-18:00",
                           "08:00-24:01", "08:00-18:00 ", "", "-"}) {
    EXPECT_FALSE(ParseDayRange(text)) << text;
  }
}

TEST(ValuesTest, Dates) {
  const auto date = [](const char* text) {
    const auto parsed = ParseDate(text);
    return parsed ? std::tuple(parsed->year, parsed->month, parsed->day) : std::tuple(-1, -1, -1);
  };
  EXPECT_EQ(date("2026-12-25"), std::tuple(2026, 12, 25));
  EXPECT_EQ(date("12-25"), std::tuple(0, 12, 25));
  EXPECT_EQ(date("2028-02-29"), std::tuple(2028, 2, 29));
  EXPECT_EQ(date("02-29"), std::tuple(0, 2, 29)) << "in the years that have it";
  for (const char* text : {"2026-02-29", "2100-02-29", "0000-01-01", "13-01", "00-10", "04-31",
                           "1-1", "26-12-25", "2026-12-25T00", "25.12.", ""}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

TEST(ValuesTest, Integers) {
  EXPECT_EQ(ParseInteger("0"), 0);
  EXPECT_EQ(ParseInteger("-12"), -12);
  EXPECT_EQ(ParseInteger("9223372036854775807"), 9'223'372'036'854'775'807);
  for (const char* bad : {"", "-", "+5", "05", "1.0", "0x10", "1_000", "1e3", " 1", "1 ", "ten",
                          "9223372036854775808", "--1"}) {
    EXPECT_FALSE(ParseInteger(bad)) << bad;
  }
}

TEST(ValuesTest, Spans) {
  EXPECT_EQ(ParseSpan("20s"), 20'000);
  EXPECT_EQ(ParseSpan("500ms"), 500);
  EXPECT_EQ(ParseSpan("2m"), 120'000);
  EXPECT_EQ(ParseSpan("1h30m"), 5'400'000);
  EXPECT_EQ(ParseSpan("1d2h3m4s5ms"), 93'784'005);
  EXPECT_EQ(ParseSpan("0s"), 0);
  EXPECT_EQ(ParseSpan("90m"), 5'400'000);
  EXPECT_EQ(ParseSpan("400d"), limits::kMaxSpanMs);
  for (const char* bad : {"", "20", "s", "20S", "20 s", "1.5m", "30s1m", "1m1m", "-5s", "20sec",
                          "400d1ms", "99999999999999999999s", "9223372036854775807d", "1h30"}) {
    EXPECT_FALSE(ParseSpan(bad)) << bad;
  }
}

TEST(ValuesTest, DecimalsWithoutFloatingPoint) {
  EXPECT_EQ(ParseMilli("0.5"), 500);
  EXPECT_EQ(ParseMilli("0.125"), 125);
  EXPECT_EQ(ParseMilli("0.001"), 1);
  EXPECT_EQ(ParseMilli("0.05"), 50);
  EXPECT_EQ(ParseMilli("12"), 12'000);
  EXPECT_EQ(ParseMilli("12.340"), 12'340);
  EXPECT_EQ(ParseMilli("0"), 0);
  for (const char* bad : {"", ".5", "5.", "0.1234", "-1", "1,5", "1e2", "01.5", "0.5x", "1.-5",
                          "1000000001", "0. 5"}) {
    EXPECT_FALSE(ParseMilli(bad)) << bad;
  }
}

TEST(ValuesTest, ServiceLevels) {
  const auto level = ParseServiceLevel("80% in 20s");
  ASSERT_TRUE(level);
  EXPECT_EQ(level->percent, 80);
  EXPECT_EQ(level->within_ms, 20'000);
  EXPECT_EQ(ParseServiceLevel("100 %  in  1h30m")->within_ms, 5'400'000);
  for (const char* bad :
       {"", "80%", "80 in 20s", "80% in 20", "80%in 20s", "80% in20s", "0% in 1s", "101% in 1s",
        "80.5% in 20s", "80/20", "80% within 20s", "80% in 20s !"}) {
    EXPECT_FALSE(ParseServiceLevel(bad)) << bad;
  }
}

TEST(ValuesTest, WhatIsWrittenIsReadBack) {
  EXPECT_EQ(SpanText(0), "0s");
  EXPECT_EQ(SpanText(5'400'000), "1h30m");
  EXPECT_EQ(SpanText(86'400'001), "1d1ms");
  EXPECT_EQ(MilliText(500), "0.5");
  EXPECT_EQ(MilliText(12'000), "12");
  EXPECT_EQ(MilliText(1'001), "1.001");
  std::mt19937_64 random(1);
  for (int i = 0; i < 1'000; ++i) {
    const auto span_ms = static_cast<SpanMs>(random() % limits::kMaxSpanMs);
    EXPECT_EQ(ParseSpan(SpanText(span_ms)), span_ms);
    const auto milli = static_cast<std::int64_t>(random() % 10'000'000);
    EXPECT_EQ(ParseMilli(MilliText(milli)), milli);
  }
}

}  // namespace
}  // namespace routerd::compiler
