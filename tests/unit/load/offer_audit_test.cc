#include "load-tests/offer_audit.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

using Side = OfferAudit::Side;
using What = OfferAudit::What;

class OfferAuditTest : public testing::Test {
 protected:
  void Told(What what, const std::string& offer, Side side, std::uint64_t sequence = 10) {
    audit_.Told(what, offer, "ann", side, sequence);
  }

  void TellBoth(What what, const std::string& offer, std::uint64_t sequence = 10) {
    Told(what, offer, Side::kGateway, sequence);
    Told(what, offer, Side::kDesktop, sequence);
  }

  void ExpectOnly(Violation violation, const std::string& what) {
    audit_.Finish();
    EXPECT_EQ(violations_.Count(), 1u) << testing::PrintToString(violations_.First());
    EXPECT_EQ(violations_.Count(violation), 1u);
    ASSERT_FALSE(violations_.First().empty());
    EXPECT_NE(violations_.First()[0].find(what), std::string::npos) << violations_.First()[0];
  }

  void ExpectNone() {
    audit_.Finish();
    EXPECT_EQ(violations_.Count(), 0u) << testing::PrintToString(violations_.First());
  }

  Violations violations_;
  OfferAudit audit_{&violations_};
};

TEST_F(OfferAuditTest, IsContentWhenBothSidesAreTold) {
  TellBoth(What::kMade, "1-5-0");
  TellBoth(What::kEnded, "1-5-0");
  TellBoth(What::kMade, "1-6-0");
  TellBoth(What::kConfirmed, "1-6-0");
  ExpectNone();
}

TEST_F(OfferAuditTest, DoesNotMindThatOneSideIsFarAhead) {
  Told(What::kMade, "1-5-0", Side::kGateway);
  Told(What::kConfirmed, "1-5-0", Side::kGateway, 11);
  Told(What::kMade, "1-5-0", Side::kDesktop);
  Told(What::kConfirmed, "1-5-0", Side::kDesktop, 11);
  ExpectNone();
}

TEST_F(OfferAuditTest, SeesAnOfferThatOnlyTheGatewayWasTold) {
  Told(What::kMade, "1-5-0", Side::kGateway);
  Told(What::kEnded, "1-5-0", Side::kGateway, 20);
  ExpectOnly(Violation::kOfferApart, "1-5-0 was made, and only the gateway was told");
}

TEST_F(OfferAuditTest, SeesAnOfferThatOnlyTheDesktopWasTold) {
  Told(What::kMade, "1-5-0", Side::kDesktop);
  ExpectOnly(Violation::kOfferApart, "1-5-0 was made, and only the desktop was told");
}

TEST_F(OfferAuditTest, SeesAnEndThatOnlyOneSideWasTold) {
  TellBoth(What::kMade, "1-5-0");
  Told(What::kEnded, "1-5-0", Side::kDesktop, 20);
  ExpectOnly(Violation::kOfferApart, "1-5-0 ended, and only the desktop was told");
}

TEST_F(OfferAuditTest, SeesAConfirmationThatOnlyOneSideWasTold) {
  TellBoth(What::kMade, "1-5-0");
  Told(What::kConfirmed, "1-5-0", Side::kDesktop, 20);
  ExpectOnly(Violation::kConfirmedApart, "1-5-0 was confirmed, and only the desktop was told");
}

TEST_F(OfferAuditTest, DoesNotJudgeWhatASessionMissed) {
  Told(What::kMade, "1-12-0", Side::kGateway, 12);
  audit_.Missed(10, 15);
  // Told again with the list, and once more to a side that knew it before.
  TellBoth(What::kMade, "1-9-0", 9);
  Told(What::kMade, "1-9-0", Side::kDesktop, 15);
  ExpectNone();
}

TEST_F(OfferAuditTest, JudgesWhatLiesBeforeAndAfterWhatWasMissed) {
  Told(What::kMade, "1-9-0", Side::kGateway, 9);
  audit_.Missed(10, 15);
  Told(What::kMade, "1-16-0", Side::kGateway, 16);
  audit_.Finish();
  EXPECT_EQ(violations_.Count(Violation::kOfferApart), 2u);
}

TEST_F(OfferAuditTest, ForgetsTheOffersOfARouterThatBeganAnew) {
  Told(What::kMade, "1-900-0", Side::kGateway, 900);
  audit_.Missed(900, 0);
  ExpectNone();
}

TEST_F(OfferAuditTest, DoesNotJudgeOffersToAnAgentWhomAnotherDesktopHasTaken) {
  Told(What::kMade, "1-5-0", Side::kGateway);
  audit_.Lost("ann");
  ExpectNone();
}

}  // namespace
}  // namespace routerd::load
