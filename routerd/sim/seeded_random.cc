#include "routerd/sim/seeded_random.h"

#include <cmath>

namespace routerd::sim {
namespace {

constexpr double kLn2High = 0x1.62e42fee00000p-1;  // of few digits, so that k × it is exact
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kHalfRoot = 0.70710678118654752;

}  // namespace

// x = m × 2^k; ln m = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1), |s| < 0.172.
double Logarithm(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < kHalfRoot) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 0;
  for (int n = 25; n >= 3; n -= 2) sum = (sum + 1.0 / n) * square;
  const auto k = static_cast<double>(exponent);
  return k * kLn2High + (k * kLn2Low + 2 * s * (1 + sum));
}

// x = k ln 2 + r; Taylor's series of e^r, |r| < 0.35.
double Exponential(double x) {
  if (x > 700) return Exponential(700);
  if (x < -700) return 0;
  const double k = std::floor(x / (kLn2High + kLn2Low) + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double sum = 1;
  for (int n = 18; n >= 1; --n) sum = 1 + sum * r / n;
  return std::ldexp(sum, static_cast<int>(k));
}

double SeededRandom::Normal() {
  for (;;) {
    const double u = 2 * Uniform() - 1;
    const double v = 2 * Uniform() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * Logarithm(s) / s);
  }
}

}  // namespace routerd::sim
