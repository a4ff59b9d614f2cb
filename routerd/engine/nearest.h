// The right word nearest to a wrong one, for people who mistype.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace routerd::engine {

// Keeps the word with the fewest edits (Levenshtein), at most a third of the wrong word's letters
// and one; of equals the first in alphabetical order.
class Nearest {
 public:
  explicit Nearest(std::string_view wrong)
      : wrong_(wrong.substr(0, kMaxLetters)), edits_(wrong_.size() / 3 + 2) {}

  void Try(std::string_view word) {
    const std::size_t a = word.size();
    const std::size_t b = wrong_.size();
    if (full() || a > kMaxLetters || (a > b ? a - b : b - a) > edits_) return;
    ++tries_;
    const std::size_t edits = Edits(word);
    if (edits > edits_ || (edits == edits_ && (best_.empty() || word >= best_))) return;
    edits_ = edits;
    best_ = word;
  }
  // A hint is not worth more: later words are not looked at.
  [[nodiscard]] bool full() const { return tries_ >= kMaxTries; }
  [[nodiscard]] std::string Hint() const {
    return best_.empty() ? "" : "; did you mean `" + best_ + "`?";
  }

 private:
  static constexpr std::size_t kMaxLetters = 64;
  static constexpr std::size_t kMaxTries = 100;

  [[nodiscard]] std::size_t Edits(std::string_view word) {
    row_.resize(word.size() + 1);
    for (std::size_t j = 0; j < row_.size(); ++j) row_[j] = j;
    for (std::size_t i = 1; i <= wrong_.size(); ++i) {
      std::size_t diagonal = row_[0];
      row_[0] = i;
      for (std::size_t j = 1; j <= word.size(); ++j) {
        const std::size_t replaced = diagonal + (wrong_[i - 1] == word[j - 1] ? 0 : 1);
        diagonal = row_[j];
        row_[j] = std::min({replaced, row_[j] + 1, row_[j - 1] + 1});
      }
    }
    return row_.back();
  }

  std::string_view wrong_;
  std::size_t edits_;  // more are not near
  std::string best_;
  std::size_t tries_ = 0;
  std::vector<std::size_t> row_;
};

// The hint for a wrong word among many right ones, on the writer's thread: those around the place
// where it would stand, which begin like it, and at most so many. `word_of(element)` gives the word
// of an element of `sorted`.
template <typename List, typename WordOf>
std::string HintAmong(const List& sorted, std::string_view wrong, WordOf word_of) {
  constexpr std::size_t kMaxLooks = 1'000;
  const auto place = std::partition_point(
      sorted.begin(), sorted.end(), [&](const auto& element) { return word_of(element) < wrong; });
  auto below = static_cast<std::size_t>(place - sorted.begin());
  std::size_t above = below;
  Nearest nearest(wrong);
  for (std::size_t looks = 0; looks < kMaxLooks && !nearest.full(); ++looks) {
    if (above < sorted.size()) nearest.Try(word_of(sorted[above++]));
    if (below > 0) nearest.Try(word_of(sorted[--below]));
    if (below == 0 && above == sorted.size()) break;
  }
  return nearest.Hint();
}

}  // namespace routerd::engine
