#include "routerd/core/offer_table.h"

#include <gtest/gtest.h>

namespace routerd::core {
namespace {

OfferId Id(std::uint64_t sequence, std::uint32_t index = 0) { return {{1, sequence}, index}; }

TEST(OfferTable, FindsOpenOffersAndOutcomesOfEnded) {
  OfferTable table;
  table.Open(Id(7, 1), 42);
  ASSERT_NE(table.Find(Id(7, 1)), nullptr);
  EXPECT_TRUE(table.Find(Id(7, 1))->open);
  EXPECT_EQ(table.Find(Id(7, 1))->lease, 42U);
  EXPECT_EQ(table.Find(Id(7, 0)), nullptr);
  EXPECT_EQ(table.Find(OfferId{}), nullptr);
  table.End(Id(7, 1), OfferOutcome::kTimedOut);
  EXPECT_FALSE(table.Find(Id(7, 1))->open);
  EXPECT_EQ(table.Find(Id(7, 1))->outcome, OfferOutcome::kTimedOut);
  EXPECT_EQ(table.open(), 0U);
}

TEST(OfferTable, ForgetsTheOldestEndedOnesOnly) {
  OfferTable table;
  table.Open(Id(1), 1);  // stays open through everything
  const std::uint64_t total = OfferTable::kRemembered + 5'000;
  for (std::uint64_t i = 2; i < total + 2; ++i) {
    table.Open(Id(i), 9);
    table.End(Id(i), OfferOutcome::kRejected);
  }
  EXPECT_TRUE(table.Find(Id(1))->open);
  for (std::uint64_t i = 2; i < 5'002; ++i) ASSERT_EQ(table.Find(Id(i)), nullptr) << i;
  for (std::uint64_t i = 5'002; i < total + 2; ++i) ASSERT_NE(table.Find(Id(i)), nullptr) << i;
}

}  // namespace
}  // namespace routerd::core
