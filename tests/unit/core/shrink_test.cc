#include "tests/unit/core/shrink.h"

#include <gtest/gtest.h>

#include <numeric>

namespace routerd::core {
namespace {

bool Has(const std::vector<int>& list, int wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

TEST(Shrink, LeavesWhatTheFailureNeeds) {
  std::vector<int> steps(1000);
  std::iota(steps.begin(), steps.end(), 0);
  const auto fails = [](const std::vector<int>& list) {
    return Has(list, 17) && Has(list, 503) && Has(list, 504);
  };
  EXPECT_EQ(Shrunk<int>(steps, fails), (std::vector<int>{17, 503, 504}));
}

// Of each pair one is enough, but not none: which can be spared shows only when another has gone.
TEST(Shrink, TriesAgainWhatItKeptBefore) {
  const auto fails = [](const std::vector<int>& list) {
    return Has(list, 9) && (Has(list, 1) || !Has(list, 2)) && (Has(list, 2) || !Has(list, 3));
  };
  EXPECT_EQ(Shrunk<int>({1, 2, 3, 4, 9}, fails), (std::vector<int>{9}));
}

}  // namespace
}  // namespace routerd::core
