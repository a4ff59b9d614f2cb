// What is told of the move of a queue's contacts to another.
#include <gtest/gtest.h>

#include <vector>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

constexpr auto kStep = static_cast<std::uint64_t>(limits::kMaxMovedAtOnce);

class QueueMoveTest : public SmallCoreTest {
 protected:
  QueueMoveTest() : SmallCoreTest(SmallModel(3)) {
    for (std::uint64_t i = 0; i < 3 * kStep; ++i) {
      ContactArrives e;
      e.queue = QueueNo(0);
      e.channel = ChannelNo(0);
      e.gateway = GatewayNo(0);
      EXPECT_TRUE(Apply(e).ok());
    }
  }

  struct Told {
    QueueNo to;
    std::uint64_t moved;
    std::uint64_t left;
    friend bool operator==(const Told&, const Told&) = default;
  };
  std::vector<Told> Move(QueueNo to) {
    EXPECT_TRUE(Apply(QueueMoved{QueueNo(0), to}).ok());
    EXPECT_EQ(core_.CheckInvariants(now_), "");
    std::vector<Told> told;
    for (const Effect& effect : effects_) {
      if (const auto* e = std::get_if<QueueMoveChanged>(&effect)) {
        told.push_back({e->to, e->moved, e->left});
      }
    }
    return told;
  }
};

TEST_F(QueueMoveTest, ToElsewhereEndsTheOneUnderWay) {
  EXPECT_EQ(Move(QueueNo(1)), (std::vector<Told>{{QueueNo(1), kStep, 2 * kStep}}));
  EXPECT_EQ(Move(QueueNo(2)),
            (std::vector<Told>{{QueueNo(1), kStep, 0}, {QueueNo(2), kStep, kStep}}));
}

TEST_F(QueueMoveTest, ToTheSameGoesOnWithAllWhoWaitByNow) {
  Move(QueueNo(1));
  EXPECT_EQ(Move(QueueNo(1)), (std::vector<Told>{{QueueNo(1), kStep, kStep}}));
}

TEST_F(QueueMoveTest, AStopEndsIt) {
  Move(QueueNo(1));
  EXPECT_EQ(Move(QueueNo()), (std::vector<Told>{{QueueNo(1), kStep, 0}}));
  EXPECT_EQ(Move(QueueNo()), std::vector<Told>()) << "there is none";
}

}  // namespace
}  // namespace routerd::core
