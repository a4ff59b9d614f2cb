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
  EXPECT_EQ(histogram.Quantile(990), Span::zero());
  EXPECT_EQ(histogram.Mean(), Span::zero());
}

TEST(Histogram, CountsSmallValuesExactly) {
  Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.Record(Span(i));
  EXPECT_EQ(histogram.Quantile(500), Span(50));
  EXPECT_EQ(histogram.Quantile(990), Span(99));
  EXPECT_EQ(histogram.Quantile(999), Span(100));
  EXPECT_EQ(histogram.Quantile(0), Span(1));
  EXPECT_EQ(histogram.Max(), Span(100));
}

TEST(Histogram, CountsRanksInWholeNumbers) {
  Histogram histogram;
  for (int i = 0; i < 999; ++i) histogram.Record(Span(1));
  histogram.Record(Span(100));
  EXPECT_EQ(histogram.Quantile(999), Span(1));  // 999 of 1,000 do not exceed it
  EXPECT_EQ(histogram.Quantile(1'000), Span(100));
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
  for (const int per_mille : {10, 100, 500, 900, 990, 999}) {
    const auto rank = static_cast<std::size_t>(per_mille) * 100 - 1;
    const auto exact = static_cast<double>(all[rank]);
    const auto told = static_cast<double>(histogram.Quantile(per_mille).count());
    EXPECT_GE(told, exact) << per_mille;
    EXPECT_LE(told, exact * 1.01 + 1) << per_mille;
  }
}

TEST(Histogram, NeverTellsMoreThanTheGreatest) {
  Histogram histogram;
  histogram.Record(std::chrono::milliseconds(1'000));
  EXPECT_EQ(histogram.Quantile(500), histogram.Max());
}

TEST(Histogram, TakesWhatIsOutOfRange) {
  Histogram histogram;
  histogram.Record(-std::chrono::seconds(1));
  histogram.Record(std::chrono::hours(1'000));
  EXPECT_EQ(histogram.Quantile(500), Span::zero());
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
  EXPECT_EQ(first.Quantile(900), both.Quantile(900));
  EXPECT_EQ(first.Mean(), both.Mean());
}

}  // namespace
}  // namespace routerd::load
