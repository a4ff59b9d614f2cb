#include "load-tests/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "load-tests/random.h"

namespace routerd::load {
namespace {

TEST(Histogram, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.Count(), 0u);
  EXPECT_EQ(histogram.Percentile(99), Span::zero());
  EXPECT_EQ(histogram.Mean(), Span::zero());
}

TEST(Histogram, CountsSmallValuesExactly) {
  Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.Record(Span(i));
  EXPECT_EQ(histogram.Percentile(50), Span(50));
  EXPECT_EQ(histogram.Percentile(99), Span(99));
  EXPECT_EQ(histogram.Percentile(99.9), Span(100));
  EXPECT_EQ(histogram.Percentile(0), Span(1));
  EXPECT_EQ(histogram.Max(), Span(100));
}

TEST(Histogram, IsWithinOnePercentOfSortingEverything) {
  Histogram histogram;
  std::vector<std::int64_t> all;
  Random random(3, "values");
  for (int i = 0; i < 100'000; ++i) {
    all.push_back(static_cast<std::int64_t>(std::exp(random.Uniform() * 25)));  // 1 ns to 72 s
    histogram.Record(Span(all.back()));
  }
  std::ranges::sort(all);
  for (const double percent : {1.0, 10.0, 50.0, 90.0, 99.0, 99.9}) {
    const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * 100'000)) - 1;
    const auto exact = static_cast<double>(all[rank]);
    const auto told = static_cast<double>(histogram.Percentile(percent).count());
    EXPECT_GE(told, exact) << percent;
    EXPECT_LE(told, exact * 1.01 + 1) << percent;
  }
}

TEST(Histogram, NeverTellsMoreThanTheGreatest) {
  Histogram histogram;
  histogram.Record(std::chrono::milliseconds(1'000));
  EXPECT_EQ(histogram.Percentile(50), histogram.Max());
}

TEST(Histogram, TakesWhatIsOutOfRange) {
  Histogram histogram;
  histogram.Record(-std::chrono::seconds(1));
  histogram.Record(std::chrono::hours(1'000));
  EXPECT_EQ(histogram.Percentile(50), Span::zero());
  EXPECT_EQ(histogram.Max(), std::chrono::hours(1'000));
}

TEST(Histogram, MergesToWhatOneWouldHaveCounted) {
  Histogram first;
  Histogram second;
  Histogram both;
  for (int i = 0; i < 1'000; ++i) {
    (i % 2 == 0 ? first : second).Record(std::chrono::microseconds(i));
    both.Record(std::chrono::microseconds(i));
  }
  first.Merge(second);
  EXPECT_EQ(first.Count(), both.Count());
  EXPECT_EQ(first.Percentile(90), both.Percentile(90));
  EXPECT_EQ(first.Mean(), both.Mean());
}

}  // namespace
}  // namespace routerd::load
