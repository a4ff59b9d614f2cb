#include "load-tests/starvation_audit.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

constexpr std::int64_t kStart = 1'000'000;  // Unix time in milliseconds

class StarvationAuditTest : public testing::Test {
 protected:
  StarvationAuditTest() { Frame(0, true); }

  void Frame(std::int64_t at_s, bool opened = false) {
    audit_.Frame("desk", kStart + at_s * 1'000, opened);
  }

  void Arrives(const std::string& contact, std::int64_t at_s,
               const std::string& needs = "voice sales") {
    audit_.Arrived("gateway", contact, "voice", needs);
    audit_.Queued(contact, kStart + at_s * 1'000);
  }

  void IsOffered(const std::string& contact, std::int64_t waited_s = 0) {
    audit_.Offered(contact);
    audit_.OfferedTo("ann", contact, waited_s * 1'000);
  }

  void Ends(const std::string& contact, std::int64_t at_s) {
    audit_.Ended(contact, kStart + at_s * 1'000);
  }

  static v1::AgentStatus Status() {
    v1::AgentStatus status;
    status.set_agent_id("ann");
    status.set_presence(v1::AGENT_PRESENCE_READY);
    status.add_ready_channels("voice");
    return status;
  }

  void Shows(const v1::AgentStatus& status, std::int64_t at_s) {
    audit_.Shown("desk", status, kStart + at_s * 1'000);
  }

  // Ann has served a contact with these needs, and is idle from the tenth second on.
  void AnnIsIdle(std::int64_t waited_s = 0) {
    Arrives("before", 0);
    IsOffered("before", waited_s);
    Ends("before", 9);
    Shows(Status(), 10);
  }

  std::uint64_t Found() {
    Frame(1'000);
    audit_.Finish();
    return violations_.Count(Violation::kNeverOffered);
  }

  Violations violations_;
  StarvationAudit audit_{&violations_};
};

TEST_F(StarvationAuditTest, SeesWhoWaitsInVain) {
  AnnIsIdle();
  Arrives("c", 20);
  Ends("c", 26);
  EXPECT_EQ(Found(), 1u);
  EXPECT_NE(violations_.First()[0].find("c was never offered, though ann stood idle for 6 s"),
            std::string::npos)
      << violations_.First()[0];
}

TEST_F(StarvationAuditTest, HasNothingAgainstAShortWait) {
  AnnIsIdle();
  Arrives("c", 20);
  Ends("c", 24);
  EXPECT_EQ(Found(), 0u);
}

TEST_F(StarvationAuditTest, HasNothingAgainstContactsThatWereOffered) {
  AnnIsIdle();
  Arrives("c", 20);
  IsOffered("c");
  Ends("c", 60);
  EXPECT_EQ(Found(), 0u);
}

TEST_F(StarvationAuditTest, CountsTheTimeThatBothWereThere) {
  AnnIsIdle();
  v1::AgentStatus busy = Status();
  busy.add_items()->set_contact_id("another");
  Shows(busy, 15);
  Arrives("c", 20);
  Shows(Status(), 30);
  Ends("c", 34);
  EXPECT_EQ(Found(), 0u);
}

TEST_F(StarvationAuditTest, DoesNotSupposeThatAnAgentMayServeOtherNeeds) {
  AnnIsIdle();
  Arrives("c", 20, "voice billing");
  Ends("c", 60);
  EXPECT_EQ(Found(), 0u);
}

// A policy may widen who serves a queue while a contact waits.
TEST_F(StarvationAuditTest, SupposesThatAnAgentMayServeOnlyWhoHasWaitedAsLong) {
  AnnIsIdle(30);
  Arrives("c", 20);
  Ends("c", 54);
  Arrives("d", 60);
  Ends("d", 96);
  EXPECT_EQ(Found(), 1u);
}

TEST_F(StarvationAuditTest, TakesNobodyForIdleWhoWantsNoOffers) {
  AnnIsIdle();
  for (int i = 0; i < 4; ++i) {
    v1::AgentStatus status = Status();
    if (i == 0) status.set_presence(v1::AGENT_PRESENCE_NOT_READY);
    if (i == 1) status.set_pending_presence(v1::AGENT_PRESENCE_LOGGED_OUT);
    if (i == 2) status.add_items()->set_channel("voice");  // work elsewhere
    if (i == 3) status.clear_ready_channels();
    Shows(status, 11);
    Arrives("c", 20);
    Ends("c", 60);
    EXPECT_EQ(Found(), 0u) << i;
  }
}

TEST_F(StarvationAuditTest, DoesNotJudgeTimesWhenTheDesktopWasAway) {
  AnnIsIdle();
  Frame(21);
  Arrives("c", 20);
  Ends("c", 60);
  Frame(40, true);
  EXPECT_EQ(Found(), 0u);
}

TEST_F(StarvationAuditTest, DoesNotJudgeTimesWhenTheGatewayWasAway) {
  AnnIsIdle();
  Arrives("c", 20);
  audit_.GatewayOpened("gateway", kStart + 57'000);
  Ends("c", 60);
  EXPECT_EQ(Found(), 0u);
}

TEST_F(StarvationAuditTest, DoesNotJudgeADesktopThatDidNotComeBack) {
  AnnIsIdle();
  Frame(21);
  Arrives("c", 20);
  Ends("c", 60);
  audit_.Finish();
  EXPECT_EQ(violations_.Count(), 0u);
}

TEST_F(StarvationAuditTest, DoesNotJudgeWhenThePolicyHasChanged) {
  AnnIsIdle();
  Arrives("c", 20);
  Ends("c", 60);
  audit_.PolicyChanged();
  EXPECT_EQ(Found(), 0u);
}

}  // namespace
}  // namespace routerd::load
