#include "routerd/compiler/nearest.h"

#include <gtest/gtest.h>

namespace routerd::compiler {
namespace {

TEST(EditDistanceTest, CountsEachKindOfSlip) {
  EXPECT_EQ(EditDistance("priority", "priority", 3), 0U);
  EXPECT_EQ(EditDistance("priorty", "priority", 3), 1U);    // one missing
  EXPECT_EQ(EditDistance("prioriity", "priority", 3), 1U);  // one too many
  EXPECT_EQ(EditDistance("priaraty", "priority", 3), 2U);   // two wrong
  EXPECT_EQ(EditDistance("piroriyt", "priority", 3), 2U);   // two swaps
  EXPECT_EQ(EditDistance("PRIORITY", "priority", 3), 0U);   // case is no slip
  EXPECT_EQ(EditDistance("", "abc", 3), 3U);
}

TEST(EditDistanceTest, StopsAboveTheLimit) {
  EXPECT_EQ(EditDistance("abc", "xyz", 1), 2U);
  EXPECT_EQ(EditDistance("a", "abcdefgh", 2), 3U);
}

TEST(NearestTest, TakesTheNearestAndOfEqualsTheFirst) {
  EXPECT_EQ(Nearest("grups", {"queues", "groups", "grupp"}), "groups");
  EXPECT_EQ(Nearest("ab", {"ax", "ay"}), "ax");
}

TEST(NearestTest, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(Nearest("music", {"queues", "groups"}), "");
  EXPECT_EQ(Nearest("x", {}), "");
  EXPECT_EQ(Nearest("", {"groups"}), "");
}

TEST(NearestTest, TakesABeginningForTheWord) {
  EXPECT_EQ(Nearest("prio", {"cap", "priority"}), "priority");
  EXPECT_EQ(Nearest("pr", {"cap", "priority"}), "");
}

TEST(DidYouMeanTest, IsEmptyWithoutAWord) {
  EXPECT_EQ(DidYouMean("groups"), "did you mean 'groups'?");
  EXPECT_EQ(DidYouMean(""), "");
}

}  // namespace
}  // namespace routerd::compiler
