#include "load-tests/latency_book.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

using std::chrono::milliseconds;

class LatencyBookTest : public testing::Test {
 protected:
  Latencies latencies_;
  LatencyBook book_{&latencies_};
  Time t_ = Time() + std::chrono::hours(1);
};

TEST_F(LatencyBookTest, CountsFromTheIntendedInstant) {
  book_.Arrived("c", t_);
  book_.Accepted("c", t_ + milliseconds(3), true);
  book_.Offered("c", t_ + milliseconds(5));
  EXPECT_EQ(latencies_.arrival_to_accepted.Max(), milliseconds(3));
  EXPECT_EQ(latencies_.arrival_to_offer.Max(), milliseconds(5));
  EXPECT_EQ(latencies_.arrival_to_offer_all.Max(), milliseconds(5));
}

TEST_F(LatencyBookTest, DoesNotMindWhichSessionTellsFirst) {
  book_.Arrived("c", t_);
  book_.Offered("c", t_ + milliseconds(5));
  book_.Accepted("c", t_ + milliseconds(6), true);
  EXPECT_EQ(latencies_.arrival_to_offer.Max(), milliseconds(5));
}

TEST_F(LatencyBookTest, KeepsWaitsForAnAgentApart) {
  book_.Arrived("c", t_);
  book_.Accepted("c", t_ + milliseconds(1), false);
  book_.Offered("c", t_ + milliseconds(900));
  EXPECT_EQ(latencies_.arrival_to_offer.Count(), 0u);
  EXPECT_EQ(latencies_.arrival_to_offer_all.Max(), milliseconds(900));
}

TEST_F(LatencyBookTest, CountsTheFirstOfferOnly) {
  book_.Arrived("c", t_);
  book_.Accepted("c", t_, true);
  book_.Offered("c", t_ + milliseconds(1));
  book_.Offered("c", t_ + milliseconds(20'000));
  EXPECT_EQ(latencies_.arrival_to_offer.Count(), 1u);
}

TEST_F(LatencyBookTest, LeavesOutWhatArrivedBeforeItMeasures) {
  book_.MeasureFrom(t_);
  book_.Arrived("c", t_ - milliseconds(1));
  book_.Accepted("c", t_, true);
  book_.Offered("c", t_);
  book_.Confirmed(t_ - milliseconds(1), t_);
  book_.Written(t_ - milliseconds(1), t_);
  EXPECT_EQ(latencies_.arrival_to_offer_all.Count(), 0u);
  EXPECT_EQ(latencies_.arrival_to_accepted.Count(), 0u);
  EXPECT_EQ(latencies_.accept_to_confirmed.Count(), 0u);
  EXPECT_EQ(latencies_.send_lag.Count(), 0u);
}

TEST_F(LatencyBookTest, CountsThoseThatEndWithoutAnOffer) {
  book_.MeasureFrom(t_);
  book_.Arrived("early", t_ - milliseconds(1));
  book_.Arrived("late", t_);
  book_.Arrived("offered", t_);
  book_.Offered("offered", t_);
  for (const char* contact : {"early", "late", "offered"}) book_.Ended(contact);
  EXPECT_EQ(latencies_.never_offered, 1u);  // of those that are measured
  EXPECT_EQ(book_.Unserved(), 2u);
}

TEST_F(LatencyBookTest, CountsThoseThatStillWaitWithTheirAge) {
  book_.MeasureFrom(t_);
  book_.Arrived("early", t_ - milliseconds(1));
  book_.Arrived("done", t_);
  book_.Accepted("done", t_, false);
  book_.Offered("done", t_ + milliseconds(2));
  book_.Arrived("offered", t_);  // the answer to its Arrive is on its way
  book_.Offered("offered", t_ + milliseconds(7));
  book_.Arrived("waiting", t_);
  const Histogram offers = book_.OffersAsOf(t_ + milliseconds(90));
  EXPECT_EQ(offers.Count(), 3u);
  EXPECT_EQ(offers.Max(), milliseconds(90));
  EXPECT_NEAR(Seconds(offers.Quantile(500)), 0.007, 0.0001);
  EXPECT_EQ(latencies_.arrival_to_offer_all.Count(), 1u);  // as it was
}

TEST_F(LatencyBookTest, KnowsTheBacklog) {
  for (const char* contact : {"a", "b", "c"}) book_.Arrived(contact, t_);
  EXPECT_EQ(book_.Unoffered(), 3u);
  book_.Offered("a", t_);
  book_.Ended("b");
  book_.Ended("a");
  EXPECT_EQ(book_.Unoffered(), 1u);
}

}  // namespace
}  // namespace routerd::load
