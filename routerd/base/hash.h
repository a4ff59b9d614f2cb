// A 64-bit hash of a sequence of numbers, the same on every machine and compiler. It tells two
// states apart; it does not protect against an adversary.
#pragma once

#include <cstdint>
#include <string_view>

namespace routerd {

// Finalizer of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
constexpr std::uint64_t Mix64(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  x ^= x >> 31;
  return x;
}

class Hasher {
 public:
  constexpr void Add(std::uint64_t v) {
    state_ = Mix64((state_ ^ v) + 0x9e3779b97f4a7c15ULL + (count_++ << 1));
  }
  constexpr void AddSigned(std::int64_t v) { Add(static_cast<std::uint64_t>(v)); }
  constexpr void AddText(std::string_view text) {
    Add(text.size());
    std::uint64_t word = 0;
    int filled = 0;
    for (const char c : text) {
      word = (word << 8) | static_cast<unsigned char>(c);
      if (++filled == 8) {
        Add(word);
        word = 0;
        filled = 0;
      }
    }
    if (filled != 0) Add(word);
  }
  [[nodiscard]] constexpr std::uint64_t digest() const { return Mix64(state_ + count_); }

 private:
  std::uint64_t state_ = 0x2545f4914f6cdd1dULL;
  std::uint64_t count_ = 0;
};

}  // namespace routerd
