// Confidence intervals over independent runs.
#include <cmath>

#include "routerd/sim/summary.h"

namespace routerd::sim {

// Tabled to 30 degrees (Fisher and Yates, Statistical Tables, table III); above, the expansion of
// Cornish and Fisher (Abramowitz and Stegun 26.7.5), exact there to 1e-5.
double StudentQuantile(std::uint64_t freedom) {
  static constexpr double kTable[] = {
      12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
      2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
      2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
  if (freedom <= 30) return kTable[freedom == 0 ? 0 : freedom - 1];
  constexpr double kZ = 1.959963984540054;
  constexpr double kZ3 = kZ * kZ * kZ;
  constexpr double kZ5 = kZ3 * kZ * kZ;
  constexpr double kZ7 = kZ5 * kZ * kZ;
  const auto v = static_cast<double>(freedom);
  return kZ + (kZ3 + kZ) / (4 * v) + (5 * kZ5 + 16 * kZ3 + 3 * kZ) / (96 * v * v) +
         (3 * kZ7 + 19 * kZ5 + 17 * kZ3 - 15 * kZ) / (384 * v * v * v);
}

Interval IntervalOf(const std::vector<double>& values) {
  Interval interval;
  interval.runs = values.size();
  if (values.empty()) return interval;
  const auto n = static_cast<double>(values.size());
  for (const double value : values) interval.mean += value / n;
  if (values.size() < 2) return interval;
  double squares = 0;
  for (const double value : values) squares += (value - interval.mean) * (value - interval.mean);
  interval.half_width =
      StudentQuantile(values.size() - 1) * std::sqrt(squares / (n - 1)) / std::sqrt(n);
  return interval;
}

}  // namespace routerd::sim
