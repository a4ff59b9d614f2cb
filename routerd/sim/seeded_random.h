// Chance from a seed: the same numbers on every machine and compiler. No function of the machine's
// mathematics library is used, whose last digits differ from one to the next; what is used (sum,
// product, quotient, root) IEEE 754 rounds in one way only.
#pragma once

#include <cstdint>
#include <string_view>

#include "routerd/base/hash.h"

namespace routerd::sim {

// x > 0. Exact to a few units of the last place.
[[nodiscard]] double Logarithm(double x);
[[nodiscard]] double Exponential(double x);

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
class SeededRandom {
 public:
  // Each part of a run has a stream of its own: a change to one does not move the others.
  SeededRandom(std::uint64_t seed, std::string_view part) {
    Hasher hash;
    hash.Add(seed);
    hash.AddText(part);
    state_ = hash.digest();
  }
  // The n-th of this stream's own streams.
  [[nodiscard]] SeededRandom Split(std::uint64_t n) const {
    return SeededRandom(Mix64(state_ ^ Mix64(n + kStep)));
  }

  std::uint64_t Next() {
    state_ += kStep;
    return Mix64(state_);
  }
  // In (0, 1].
  double Uniform() { return static_cast<double>((Next() >> 11) + 1) * 0x1.0p-53; }
  // With mean 1.
  double Exp1() { return -Logarithm(Uniform()); }
  // Standard normal (Marsaglia's polar method, 1964).
  double Normal();

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio, odd
  explicit SeededRandom(std::uint64_t state) : state_(state) {}

  std::uint64_t state_ = 0;
};

}  // namespace routerd::sim
