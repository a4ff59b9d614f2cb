#include "load-tests/summary.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

using std::chrono::milliseconds;

class SummaryTest : public testing::Test {
 protected:
  SummaryTest() {
    for (int i = 1; i <= 1'000; ++i) {
      statistics_.latencies.arrival_to_offer_all.Record(milliseconds(i));
    }
    statistics_.latencies.never_offered = 7;
    ChannelCounts& voice = statistics_.channels["voice"];
    voice.arrived = 1'010;
    voice.rejected = 3;
    violations_.Add(Violation::kLost, "c-1 was taken");
  }

  [[nodiscard]] Summary Told() const {
    return {.router = "1.2",
            .seed = 5,
            .arrivals = std::chrono::seconds(30),
            .statistics = &statistics_,
            .violations = &violations_,
            .taken = 1'007,
            .ended = 1'006};
  }

  static void ExpectIn(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
  }

  Statistics statistics_;
  Violations violations_;
};

TEST_F(SummaryTest, NamesPercentilesAsPeopleDo) {
  ExpectIn(SummaryText(Told()), "arrival_to_offer_all: p50 ");
  ExpectIn(SummaryText(Told()), "  p99.9 ");
  ExpectIn(SummaryJson(Told()), "\"p99.9\": ");
}

// Who left before an offer waited longest, and has no such latency.
TEST_F(SummaryTest, SaysHowManyAreNotInTheWaits) {
  ExpectIn(SummaryText(Told()), "(1000); not in it: 7 that ended without an offer\n");
  ExpectIn(SummaryJson(Told()), "\"never_offered\": 7");
}

TEST_F(SummaryTest, TellsArrivalsThatWereAnsweredWithErrors) {
  ExpectIn(SummaryText(Told()), "voice: arrived 1010  taken 0  turned_away 0  rejected 3");
  ExpectIn(SummaryJson(Told()), "\"rejected\": 3");
}

TEST_F(SummaryTest, EndsWithWhatTheAuditFound) {
  ExpectIn(SummaryText(Told()),
           "VIOLATION lost: c-1 was taken\n"
           "audit: 1007 contacts taken by the router, 1006 ended, 1 violations\n");
}

}  // namespace
}  // namespace routerd::load
