#include "routerd/core/arrivals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace routerd::core {
namespace {

double InArrivals(Arrivals::Level level) {
  return static_cast<double>(level) / static_cast<double>(Arrivals::kOne);
}

TEST(Arrivals, AnArrivalFadesWithAQuarterOfAnHour) {
  Arrivals arrivals;
  arrivals.Add(1'000, Arrivals::kOne);
  EXPECT_EQ(arrivals.At(1'000), Arrivals::kOne);
  for (const SpanMs span : {1, 10, 999, 60'000, 900'000, 3'600'000}) {
    EXPECT_NEAR(InArrivals(arrivals.At(1'000 + span)),
                std::exp(-static_cast<double>(span) / 900'000.0), 2e-5)
        << span;
  }
}

TEST(Arrivals, NothingIsLeftAfterADay) {
  Arrivals arrivals;
  arrivals.Add(0, Arrivals::kOne << 30);
  EXPECT_EQ(arrivals.At(24 * 3'600'000), Arrivals::Level{0});
}

TEST(Arrivals, ASteadyRateIsSeenAsItIs) {
  Arrivals arrivals;
  TimeMs now = 0;
  for (int i = 0; i < 2'000; ++i) arrivals.Add(now += 10'000, Arrivals::kOne);  // 360 an hour
  const double per_hour = InArrivals(arrivals.At(now + 5'000)) * Arrivals::kWindowsPerHour;
  EXPECT_NEAR(per_hour, 360.0, 1.0);
}

TEST(Arrivals, AgreesWithTheFormula) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 50; ++round) {
    Arrivals arrivals;
    std::vector<TimeMs> times;
    TimeMs now = 1'000'000;
    for (int i = 0; i < 200; ++i) {
      now += static_cast<TimeMs>(random() % 30'000);
      times.push_back(now);
      arrivals.Add(now, Arrivals::kOne);
    }
    double sum = 0;
    for (const TimeMs t : times) sum += std::exp(-static_cast<double>(now - t) / 900'000.0);
    EXPECT_NEAR(InArrivals(arrivals.At(now)), sum, sum * 1e-4);
  }
}

TEST(Arrivals, StaysAtItsBound) {
  Arrivals arrivals;
  arrivals.Add(0, Arrivals::Level{1} << 87);
  arrivals.Add(0, Arrivals::Level{1} << 87);
  EXPECT_EQ(arrivals.At(0), Arrivals::Level{1} << 87);
}

}  // namespace
}  // namespace routerd::core
