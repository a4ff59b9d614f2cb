// The word that was probably meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace routerd::compiler {

// Insertions, deletions, changes and swaps of neighbours that turn `a` into `b`, case ignored
// (optimal string alignment). Counting stops above `limit` and gives limit + 1.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit);

// The candidate nearest to `word`, the first of equals; empty when none is near: more than a third
// of the word's letters (at least one) would have to change. Of none so near, the first that begins
// with the word, if it has three letters.
std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// `did you mean 'x'?`; empty without a word.
std::string DidYouMean(std::string_view word);

// A hint for a key that a map does not know: the one that other routers call so, the nearest, or
// else all there are.
std::string NearestKey(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace routerd::compiler
