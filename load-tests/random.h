// A seeded stream of chance. Each part of the generator has its own, split off from the run's seed
// by the part's name, so that a change to one part does not reshuffle the others.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace routerd::load {

// SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014): small
// enough for every contact to have one.
class Random {
 public:
  Random(std::uint64_t seed, std::string_view part) : state_(Hash(seed, part)) {}

  // A stream of its own: the n-th of this one's. What is drawn from either does not move the other.
  [[nodiscard]] Random Split(std::uint64_t n) const {
    return Random(Scramble(state_ ^ Scramble(n + kStep)));
  }

  // In [0, 1), from the upper 53 bits.
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

  bool Chance(double probability) { return Uniform() < probability; }

  // With mean 1.
  double Exponential() { return -std::log1p(-Uniform()); }

  // Standard normal (Box and Muller).
  double Normal() {
    constexpr double kTwoPi = 6.283185307179586;
    const double radius = std::sqrt(2 * Exponential());
    return radius * std::cos(kTwoPi * Uniform());
  }

  // In [0, size); size > 0.
  std::size_t Index(std::size_t size) {
    return static_cast<std::size_t>(Uniform() * static_cast<double>(size));
  }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio, odd

  explicit Random(std::uint64_t state) : state_(state) {}

  std::uint64_t Next() {
    state_ += kStep;
    return Scramble(state_);
  }

  static std::uint64_t Scramble(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
  }

  static std::uint64_t Hash(std::uint64_t seed, std::string_view part) {
    std::uint64_t hash = 0xcbf29ce484222325 ^ (seed * kStep);  // FNV-1a over the name
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return Scramble(hash);
  }

  std::uint64_t state_;
};

}  // namespace routerd::load
