#include "load-tests/frame_audit.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

class FrameAuditTest : public testing::Test {
 protected:
  void Open(bool resumed) { audit_.Frame("g", 0, 1, false, true, resumed); }
  void Frame(std::uint64_t number) { audit_.Frame("g", number, 1, true, false, false); }

  Violations violations_;
  FrameAudit audit_{&violations_};
};

TEST_F(FrameAuditTest, IsContentWithNumbersThatCount) {
  Open(false);
  Frame(1);
  Frame(2);
  audit_.Frame("g", 0, 1, false, false, false);  // heartbeat
  Frame(3);
  EXPECT_EQ(violations_.Count(), 0u);
}

TEST_F(FrameAuditTest, SeesAFrameThatIsMissing) {
  Open(false);
  Frame(1);
  Frame(3);
  EXPECT_EQ(violations_.Count(Violation::kFrameGap), 1u);
}

TEST_F(FrameAuditTest, SeesAFrameThatComesTwice) {
  Open(false);
  Frame(1);
  Frame(1);
  EXPECT_EQ(violations_.Count(Violation::kFrameGap), 1u);
}

TEST_F(FrameAuditTest, GoesOnCountingWhenTheSessionIsResumed) {
  Open(false);
  Frame(1);
  Open(true);
  Frame(2);
  EXPECT_EQ(violations_.Count(), 0u);
  Open(true);
  Frame(1);
  EXPECT_EQ(violations_.Count(Violation::kFrameGap), 1u);
}

TEST_F(FrameAuditTest, StartsAnewWithANewSession) {
  Open(false);
  Frame(1);
  Frame(2);
  Open(false);
  Frame(1);
  EXPECT_EQ(violations_.Count(), 0u);
}

TEST_F(FrameAuditTest, SeesContentWithoutANumber) {
  audit_.Frame("g", 0, 1, true, false, false);
  EXPECT_EQ(violations_.Count(Violation::kFrameGap), 1u);
}

TEST_F(FrameAuditTest, SeesEpochAndSequenceGoBackwards) {
  Open(false);
  audit_.Event("g", 7);
  audit_.Event("g", 7);
  audit_.Event("g", 9);
  EXPECT_EQ(violations_.Count(), 0u);
  audit_.Event("g", 8);
  EXPECT_EQ(violations_.Count(Violation::kOrder), 1u);
  audit_.Frame("g", 0, 2, false, false, false);
  audit_.Frame("g", 0, 1, false, false, false);
  EXPECT_EQ(violations_.Count(Violation::kOrder), 2u);
}

TEST_F(FrameAuditTest, KeepsClientsApart) {
  Open(false);
  Frame(1);
  audit_.Frame("h", 0, 1, false, true, false);
  audit_.Frame("h", 1, 1, true, false, false);
  EXPECT_EQ(violations_.Count(), 0u);
}

}  // namespace
}  // namespace routerd::load
