// A seeded stream of chance. Each part of the generator has its own, split off from the run's seed
// by the part's name, so that a change to one part does not reshuffle the others.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string_view>

namespace routerd::load {

class Random {
 public:
  Random(std::uint64_t seed, std::string_view part) : engine_(Mix(seed, part)) {}

  // In [0, 1), from the upper 53 bits: the same on every standard library.
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

  bool Chance(double probability) { return Uniform() < probability; }

  // With mean 1.
  double Exponential() { return -std::log1p(-Uniform()); }

  // Standard normal (Box and Muller).
  double Normal() {
    constexpr double kTwoPi = 6.283185307179586;
    return std::sqrt(2 * Exponential()) * std::cos(kTwoPi * Uniform());
  }

  // In [0, size); size > 0.
  std::size_t Index(std::size_t size) {
    return static_cast<std::size_t>(Uniform() * static_cast<double>(size));
  }

 private:
  static std::uint64_t Mix(std::uint64_t seed, std::string_view part) {
    std::uint64_t hash = 0xcbf29ce484222325 ^ (seed * 0x9e3779b97f4a7c15);  // FNV-1a over the name
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
  }

  std::mt19937_64 engine_;
};

}  // namespace routerd::load
