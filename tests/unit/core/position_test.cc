// A contact's place in its queue, where counting it the simple way would take too long.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

class PositionTest : public SmallCoreTest {
 protected:
  PositionTest() : SmallCoreTest(SmallModel(2, 2)) {}

  ContactNo Arrive(int priority = 0, std::uint8_t level = 0, std::uint32_t queue = 0) {
    ++now_;
    ContactArrives e;
    e.queue = QueueNo(queue);
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(0);
    e.priority = priority;
    if (level != 0) e.requirements.all = {{SkillNo(0), level}};
    const Applied applied = Apply(e);
    EXPECT_TRUE(applied.ok());
    return applied.contact;
  }
};

TEST_F(PositionTest, NeedsThatNobodyHasAnyLongerAreNotCounted) {
  std::vector<ContactNo> gone;
  for (std::uint8_t level = 1; level <= 10; ++level) {
    for (int priority = -1'000; priority <= 1'000; ++priority) {
      gone.push_back(Arrive(priority, level));
    }
  }
  ASSERT_GT(gone.size(), limits::kMaxPositionCount);
  for (const ContactNo no : gone) ASSERT_TRUE(Apply(ContactEnds{no}).ok());
  EXPECT_EQ(core_.Position(Arrive()), 1U);
}

TEST_F(PositionTest, OneThatStandsBesideTheRowDoesNotMakeTheOthersUncountable) {
  // Older than all, but come from another queue: it stands beside those who came in order.
  const ContactNo older = Arrive(0, 0, 1);
  for (std::size_t i = 0; i < limits::kMaxPositionCount + 100; ++i) Arrive();
  ASSERT_TRUE(Apply(ContactTransferred{older, QueueNo(0), {}, {}}).ok());
  EXPECT_EQ(core_.Position(older), 1U);
  EXPECT_EQ(core_.Position(Arrive()), limits::kMaxPositionCount + 102);
  Arrive(1);
  EXPECT_EQ(core_.Position(Arrive(-1)), limits::kMaxPositionCount + 104)
      << "with greater and lower priorities, too";
  EXPECT_EQ(core_.Position(older), 2U);
}

}  // namespace
}  // namespace routerd::core
