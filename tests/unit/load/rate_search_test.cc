#include "load-tests/rate_search.h"

#include <gtest/gtest.h>

#include <vector>

namespace routerd::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What a router of that capacity leads the search to; `tried` are the rates.
double Search(RateSearch search, double capacity, std::vector<double>* tried) {
  while (const auto rate = search.Next()) {
    tried->push_back(*rate);
    search.Tried(*rate <= capacity);
    if (tried->size() > 100) return -1;
  }
  return search.Found();
}

TEST(RateSearch, FindsWhatIsSustained) {
  std::vector<double> tried;
  const double found = Search(RateSearch(200, 20'000), 2'700, &tried);
  EXPECT_LE(found, 2'700);
  EXPECT_GE(found, 2'700 / 1.05);
}

TEST(RateSearch, GivesUpWhenNotEvenTheFirstRateIsSustained) {
  std::vector<double> tried;
  EXPECT_EQ(Search(RateSearch(200, 20'000), 100, &tried), 0);
  EXPECT_EQ(tried, (std::vector<double>{200, 200}));
}

TEST(RateSearch, TriesARateTwiceBeforeItCountsAsTooMuch) {
  RateSearch search(200, 20'000);
  search.Tried(false);
  EXPECT_EQ(search.Next(), 200);
  search.Tried(true);
  EXPECT_EQ(search.Next(), 280);
  EXPECT_EQ(search.Found(), 200);
}

TEST(RateSearch, GoesNoFurtherThanItMay) {
  std::vector<double> tried;
  RateSearch search(200, 300);
  EXPECT_EQ(Search(search, 1e9, &tried), 300);
  EXPECT_EQ(tried, (std::vector<double>{200, 280, 300}));
}

class StepTest : public testing::Test {
 protected:
  [[nodiscard]] std::string Why() const { return WhyNotSustained(step_, milliseconds(50)); }

  Step step_ = {.rate = 1'000,
                .measured = seconds(3),
                .count = 2'950,
                .offer_p99 = milliseconds(30),
                .backlog = 40,
                .unserved = 0};
};

TEST_F(StepTest, IsSustainedWhenAllIsWell) { EXPECT_EQ(Why(), ""); }

TEST_F(StepTest, IsNotSustainedWhenTheGeneratorDoesNotKeepUp) {
  step_.count = 2'500;
  EXPECT_NE(Why().find("only 2500 contacts of 3000"), std::string::npos) << Why();
}

TEST_F(StepTest, IsNotSustainedWhenNothingWasMeasured) {
  step_.count = 0;
  step_.offer_p99 = Span::zero();
  step_.backlog = 0;
  EXPECT_NE(Why(), "");
}

TEST_F(StepTest, IsNotSustainedByTurningContactsAway) {
  step_.unserved = 1;
  EXPECT_NE(Why(), "");
}

TEST_F(StepTest, IsNotSustainedBeyondTheBound) {
  step_.offer_p99 = milliseconds(50);
  EXPECT_NE(Why(), "");
}

TEST_F(StepTest, IsNotSustainedWithMoreWaitingThanArrivesWithinTheBound) {
  step_.backlog = 71;  // 50 ms of 1,000/s, and 20
  EXPECT_NE(Why(), "");
}

}  // namespace
}  // namespace routerd::load
