#include "load-tests/span.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Span, IsReadWithItsUnit) {
  EXPECT_EQ(ParseSpan("0"), Span::zero());
  EXPECT_EQ(ParseSpan("300us"), microseconds(300));
  EXPECT_EQ(ParseSpan("250ms"), milliseconds(250));
  EXPECT_EQ(ParseSpan("1.5m"), seconds(90));
  EXPECT_EQ(ParseSpan("2h"), minutes(120));
}

TEST(Span, IsNothingElse) {
  for (const char* text : {"", "20", "s", "-1s", "1 s", "1x", "inf s", "nan", "1e300h", "20sec"}) {
    EXPECT_EQ(ParseSpan(text), std::nullopt) << text;
  }
}

TEST(Span, IsWrittenWithTheUnitThatSuits) {
  EXPECT_EQ(FormatSpan(Span::zero()), "0");
  EXPECT_EQ(FormatSpan(Span(950)), "950ns");
  EXPECT_EQ(FormatSpan(microseconds(412)), "412us");
  EXPECT_EQ(FormatSpan(microseconds(1'250)), "1.25ms");
  EXPECT_EQ(FormatSpan(seconds(20)), "20.0s");
  EXPECT_EQ(FormatSpan(seconds(185)), "3m05s");
  EXPECT_EQ(FormatSpan(-milliseconds(5)), "-5.00ms");
}

}  // namespace
}  // namespace routerd::load
