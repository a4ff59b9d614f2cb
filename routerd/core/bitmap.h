// Bits by number, 64 to a word, growing on demand.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace routerd::core {

class Bitmap {
 public:
  void Set(std::size_t i) {
    if (i / 64 >= words_.size()) words_.resize(i / 64 + 1, 0);
    words_[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  void Clear(std::size_t i) {
    if (i / 64 < words_.size()) words_[i / 64] &= ~(std::uint64_t{1} << (i % 64));
  }
  void Assign(std::size_t i, bool on) {
    if (on) {
      Set(i);
    } else {
      Clear(i);
    }
  }
  [[nodiscard]] bool Test(std::size_t i) const {
    return i / 64 < words_.size() && (words_[i / 64] >> (i % 64) & 1) != 0;
  }
  [[nodiscard]] std::size_t words() const { return words_.size(); }
  [[nodiscard]] std::uint64_t word(std::size_t w) const {
    return w < words_.size() ? words_[w] : 0;
  }
  void Reset() { words_.clear(); }

  // Calls f(i) for each bit set in both, in order; f returns false to stop.
  template <typename F>
  friend void ForEachCommon(const Bitmap& a, const Bitmap& b, F&& f) {
    const std::size_t n = a.words() < b.words() ? a.words() : b.words();
    for (std::size_t w = 0; w < n; ++w) {
      for (std::uint64_t bits = a.words_[w] & b.words_[w]; bits != 0; bits &= bits - 1) {
        if (!f(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)))) return;
      }
    }
  }
  template <typename F>
  void ForEach(F&& f) const {
    ForEachCommon(*this, *this, f);
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace routerd::core
