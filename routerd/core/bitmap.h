// Bits by number, 64 to a word, growing on demand. Beside the words stands which of them have bits,
// so that what two bitmaps have in common is found without reading where one of them is empty.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace routerd::core {

class Bitmap {
 public:
  void Set(std::size_t i) {
    const std::size_t w = i / 64;
    if (w >= words_.size()) Grow(w);
    words_[w] |= std::uint64_t{1} << (i % 64);
    filled_[w / 64] |= std::uint64_t{1} << (w % 64);
  }
  void Clear(std::size_t i) {
    const std::size_t w = i / 64;
    if (w >= words_.size()) return;
    words_[w] &= ~(std::uint64_t{1} << (i % 64));
    if (words_[w] == 0) filled_[w / 64] &= ~(std::uint64_t{1} << (w % 64));
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
  [[nodiscard]] std::uint64_t word(std::size_t w) const {
    return w < words_.size() ? words_[w] : 0;
  }
  void Reset() {
    words_.clear();
    filled_.clear();
  }
  // Room for so many bits, so that setting them allocates nothing.
  void Reserve(std::size_t bits) {
    if (bits > words_.size() * 64) Grow((bits - 1) / 64);
  }

  // Calls f(w, bits) for each word in which both have bits in common, in order; f returns false to
  // stop.
  template <typename F>
  friend void ForEachCommonWord(const Bitmap& a, const Bitmap& b, F&& f) {
    const std::size_t n = std::min(a.filled_.size(), b.filled_.size());
    for (std::size_t s = 0; s < n; ++s) {
      for (std::uint64_t both = a.filled_[s] & b.filled_[s]; both != 0; both &= both - 1) {
        const std::size_t w = s * 64 + static_cast<std::size_t>(std::countr_zero(both));
        const std::uint64_t bits = a.words_[w] & b.words_[w];
        if (bits != 0 && !f(w, bits)) return;
      }
    }
  }
  // Likewise f(i) for each bit.
  template <typename F>
  friend void ForEachCommon(const Bitmap& a, const Bitmap& b, F&& f) {
    ForEachCommonWord(a, b, [&](std::size_t w, std::uint64_t bits) {
      for (; bits != 0; bits &= bits - 1) {
        if (!f(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)))) return false;
      }
      return true;
    });
  }
  template <typename F>
  void ForEach(F&& f) const {
    ForEachCommon(*this, *this, f);
  }
  template <typename F>
  void ForEachWord(F&& f) const {
    ForEachCommonWord(*this, *this, f);
  }

 private:
  // By halves at least: a bitmap whose highest bit rises steadily grows seldom.
  void Grow(std::size_t w) {
    const std::size_t words = std::max(w + 1, words_.size() + words_.size() / 2);
    words_.resize(words, 0);
    filled_.resize((words + 63) / 64, 0);
  }

  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> filled_;  // bit w % 64 of word w / 64: words_[w] is not 0
};

}  // namespace routerd::core
