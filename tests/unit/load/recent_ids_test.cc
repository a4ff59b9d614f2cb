#include "load-tests/recent_ids.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

TEST(RecentIds, ForgetTheOldestForTheNewest) {
  RecentIds ids(2);
  ids.Insert("a");
  ids.Insert("b");
  EXPECT_TRUE(ids.Contains("a"));
  ids.Insert("c");
  EXPECT_FALSE(ids.Contains("a"));
  EXPECT_TRUE(ids.Contains("b"));
  EXPECT_TRUE(ids.Contains("c"));
}

TEST(RecentIds, TakeARepeatedOneForNoNewOne) {
  RecentIds ids(2);
  ids.Insert("a");
  ids.Insert("b");
  ids.Insert("b");
  EXPECT_TRUE(ids.Contains("a"));
}

}  // namespace
}  // namespace routerd::load
