#include "load-tests/hold_audit.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

class HoldAuditTest : public testing::Test {
 protected:
  Violations violations_;
  HoldAudit audit_{&violations_};
};

TEST_F(HoldAuditTest, LetsAContactGoFromOneAgentToTheNextInOneRecord) {
  audit_.Begin("c", "ann", 10);
  audit_.End("c", "ann", 20);
  audit_.Begin("c", "bob", 20);
  audit_.End("c", "bob", 30);
  audit_.Finish();
  EXPECT_EQ(violations_.Count(), 0u);
}

TEST_F(HoldAuditTest, DoesNotMindWhichDesktopTellsFirst) {
  audit_.Begin("c", "bob", 20);
  audit_.End("c", "bob", 30);
  audit_.Begin("c", "ann", 10);
  audit_.End("c", "ann", 20);
  audit_.Finish();
  EXPECT_EQ(violations_.Count(), 0u);
}

TEST_F(HoldAuditTest, SeesTwoAgentsAtOnce) {
  audit_.Begin("c", "ann", 10);
  audit_.Begin("c", "bob", 15);
  audit_.End("c", "ann", 20);
  audit_.End("c", "bob", 25);
  EXPECT_EQ(violations_.Count(Violation::kTwoAgents), 1u);
}

TEST_F(HoldAuditTest, SeesTwoAgentsWhoNeverLetGo) {
  audit_.Begin("c", "ann", 10);
  audit_.Begin("c", "bob", 15);
  audit_.Finish();
  EXPECT_EQ(violations_.Count(Violation::kTwoAgents), 1u);
}

TEST_F(HoldAuditTest, DoesNotJudgeWhatADesktopMissed) {
  audit_.Begin("c", "ann", 10);
  audit_.Forget("c", "ann");
  audit_.Begin("c", "bob", 15);
  audit_.End("c", "bob", 20);
  audit_.Finish();
  EXPECT_EQ(violations_.Count(), 0u);
}

}  // namespace
}  // namespace routerd::load
