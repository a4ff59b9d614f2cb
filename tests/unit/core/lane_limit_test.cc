// What happens when every lane is taken: nothing that was in is lost, and what finds none tries
// again.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

constexpr std::uint32_t kFull = 0;    // takes all the lanes there are
constexpr std::uint32_t kBrief = 1;   // overflows after 10 s
constexpr std::uint32_t kWidens = 2;  // its step opens after 10 s
constexpr std::uint32_t kBehind = 3;  // where kBrief overflows to
constexpr std::uint32_t kWide = 4;    // its contacts wait in kBehind as well
constexpr SpanMs kTenSeconds = 10'000;

std::shared_ptr<model::Model> FewLanesModel() {
  auto model = SmallModel(5, 8);
  model->queues[kBrief].max_wait_ms = kTenSeconds;
  model->queues[kBrief].when_waited.overflow = QueueNo(kBehind);
  model->queues[kWide].also = {QueueNo(kBehind)};
  model::Step step;
  step.after_ms = kTenSeconds;
  model->queues[kWidens].steps.push_back(step);
  return model;
}

class LaneLimitTest : public SmallCoreTest {
 protected:
  LaneLimitTest() : SmallCoreTest(FewLanesModel()) {}

  Applied Arrive(std::uint32_t queue, int priority = 0, int skill = -1, std::uint8_t level = 1) {
    ContactArrives e;
    e.queue = QueueNo(queue);
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(0);
    e.priority = priority;
    if (skill >= 0) e.requirements.all = {{SkillNo(static_cast<std::uint32_t>(skill)), level}};
    return Apply(e);
  }
  // Each with needs of its own, until no lane is left.
  void TakeAllLanes() {
    for (int skill = 0; skill < 8; ++skill) {
      for (std::uint8_t level = 1; level <= 10; ++level) {
        for (int priority = -500; priority < 500; ++priority) {
          const Applied applied = Arrive(kFull, priority, skill, level);
          if (applied.refusal == Refusal::kLaneLimit) return;
          ASSERT_TRUE(applied.ok());
          last_ = applied.contact;
        }
      }
    }
    FAIL() << "there is no end of lanes";
  }
  void FreeOneLane() { ASSERT_TRUE(Apply(ContactEnds{last_}).ok()); }
  template <typename E>
  [[nodiscard]] std::size_t Count() const {
    return static_cast<std::size_t>(
        std::count_if(effects_.begin(), effects_.end(),
                      [](const Effect& e) { return std::holds_alternative<E>(e); }));
  }

  ContactNo last_;
};

// Numbers that are kept for other queues' next lanes are given to whoever needs one.
TEST_F(LaneLimitTest, EveryLaneCanBeTaken) {
  ASSERT_TRUE(Arrive(kBrief).ok());
  ASSERT_TRUE(Arrive(kBehind).ok());
  TakeAllLanes();
  EXPECT_EQ(core_.contact_count(), limits::kMaxLanes);
}

TEST_F(LaneLimitTest, AnArrivalIsRefusedAndOneWithKnownNeedsIsNot) {
  TakeAllLanes();
  EXPECT_EQ(Arrive(kFull, 700).refusal, Refusal::kLaneLimit);
  EXPECT_TRUE(Arrive(kFull, -500, 0, 1).ok());
  FreeOneLane();
  EXPECT_TRUE(Arrive(kFull, 700).ok());
}

TEST_F(LaneLimitTest, AStepOpensOnceThereIsALane) {
  ASSERT_TRUE(Arrive(kWidens).ok());
  TakeAllLanes();
  Wait(kTenSeconds);
  EXPECT_EQ(Count<ContactStepOpened>(), 0U);
  Wait(limits::kNoLaneRetryMs);
  EXPECT_EQ(Count<ContactStepOpened>(), 0U);
  FreeOneLane();
  Wait(limits::kNoLaneRetryMs);
  EXPECT_EQ(Count<ContactStepOpened>(), 1U);
}

TEST_F(LaneLimitTest, WhoWaitedLongEnoughStaysUntilThereIsALaneInTheOtherQueue) {
  const ContactNo contact = Arrive(kBrief).contact;
  TakeAllLanes();
  Wait(kTenSeconds);
  EXPECT_EQ(Count<ContactEnded>(), 0U);
  ASSERT_NE(core_.FindContact(contact), nullptr);
  EXPECT_EQ(core_.FindContact(contact)->queue, QueueNo(kBrief));
  FreeOneLane();
  Wait(limits::kNoLaneRetryMs);
  EXPECT_EQ(Count<ContactMoved>(), 1U);
  EXPECT_EQ(core_.FindContact(contact)->queue, QueueNo(kBehind));
}

// An arrival that is to wait in two queues needs two; whoever is in already waits in the second as
// soon as there is one.
TEST_F(LaneLimitTest, AFurtherQueueIsWaitedInOnceThereIsALane) {
  const auto also_waiting = [this] { return core_.queue(QueueNo(kBehind)).also_waiting; };
  const ContactNo contact = Arrive(kWide).contact;
  EXPECT_EQ(also_waiting(), 1U);
  ASSERT_TRUE(Apply(ContactTransferred{contact, QueueNo(kBrief), {}, {}}).ok());
  EXPECT_EQ(also_waiting(), 0U);
  const ContactNo other = Arrive(kBrief).contact;  // keeps its lane in use
  TakeAllLanes();
  FreeOneLane();
  EXPECT_EQ(Arrive(kWide).refusal, Refusal::kLaneLimit);
  ASSERT_TRUE(Apply(ContactTransferred{contact, QueueNo(kWide), {}, {}}).ok());
  EXPECT_EQ(also_waiting(), 0U);
  Wait(limits::kNoLaneRetryMs);
  EXPECT_EQ(also_waiting(), 0U);
  EXPECT_EQ(Count<ContactChanged>(), 0U);
  ASSERT_TRUE(Apply(ContactEnds{other}).ok());
  Wait(limits::kNoLaneRetryMs);
  EXPECT_EQ(also_waiting(), 1U);
  EXPECT_EQ(Count<ContactChanged>(), 1U);
}

// He was with an agent when the time was over, and comes back to find no lane.
TEST_F(LaneLimitTest, WhoReturnsTooLateStaysLikewise) {
  ASSERT_TRUE(Apply(AgentLogsIn{AgentNo(0), {}, false, 1, true, ReasonNo()}).ok());
  const ContactNo contact = Arrive(kBrief).contact;
  ASSERT_EQ(Count<OfferMade>(), 1U);
  ASSERT_TRUE(Apply(AgentSetsPresence{AgentNo(0), false, ReasonNo(), 0}).ok());
  TakeAllLanes();
  Wait(kTenSeconds);
  Wait(kTenSeconds);  // the offer is over, too
  ASSERT_NE(core_.FindContact(contact), nullptr);
  EXPECT_EQ(core_.FindContact(contact)->state, ContactState::kQueued);
  EXPECT_EQ(Count<ContactEnded>(), 0U);
  FreeOneLane();
  Wait(limits::kNoLaneRetryMs);
  EXPECT_EQ(core_.FindContact(contact)->queue, QueueNo(kBehind));
}

}  // namespace
}  // namespace routerd::core
