// When a queue's hours change next is told with each batch that may have changed it.
#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

using model::QueueMode;

constexpr SpanMs kHour = 3'600'000;

class HoursTest : public EngineTest {
 protected:
  HoursTest() {
    EngineOptions options;
    options.model = std::make_shared<const model::Model>(WithHours(1));
    options.calendar = Changes({kWall + kHour, kWall + 2 * kHour});
    Begin(std::move(options));
  }

  // Of sales alone.
  static model::Model WithHours(std::uint64_t version) {
    model::Model m = TestModel(version);
    m.hours.emplace_back();
    m.queues[0].hours = HoursNo(0);
    return m;
  }
  static std::shared_ptr<const model::Calendar> Changes(std::vector<TimeMs> at) {
    auto calendar = std::make_shared<model::Calendar>();
    calendar->hours.push_back({false, std::move(at)});
    return calendar;
  }
  std::shared_ptr<const EventBatch> LastBatch() {
    return service_->ReadEvents({}, 1'000'000).batches.back();
  }
  // What the last batch that spoke of hours said of sales.
  std::optional<HoursChangeView> Told() {
    std::optional<HoursChangeView> told;
    for (const auto& batch : service_->ReadEvents({}, 1'000'000).batches) {
      if (batch->hours.empty()) continue;
      EXPECT_EQ(batch->hours.size(), 1U) << "the other queues have none";
      EXPECT_EQ(batch->hours[0].queue, "sales");
      told = batch->hours[0].next;
    }
    std::shared_ptr<const Snapshot> snapshot;
    service_->TakeSnapshot([&snapshot](auto taken) { snapshot = std::move(taken); });
    EXPECT_EQ(snapshot->queues.at(0).hours_change, told) << "a snapshot says the same";
    EXPECT_EQ(snapshot->queues.at(1).hours_change, std::nullopt);
    return told;
  }
};

TEST_F(HoursTest, EachChangeTellsTheNext) {
  EXPECT_EQ(Told(), (HoursChangeView{kWall + kHour, QueueMode::kOpen}));
  Advance(kHour - 1);
  EXPECT_EQ(Told(), (HoursChangeView{kWall + kHour, QueueMode::kOpen}));
  Advance(1);
  EXPECT_EQ(Told(), (HoursChangeView{kWall + 2 * kHour, QueueMode::kClosed}));
  Advance(kHour);
  EXPECT_EQ(Told(), std::nullopt) << "the calendar ends here";
}

TEST_F(HoursTest, AlsoWhenTheModeDoesNotFollowThem) {
  Operations(SetQueueMode{"sales", QueueMode::kEmergency, 0});
  Advance(kHour);
  EXPECT_TRUE(LastBatch()->events.empty()) << "the mode is the supervisor's";
  EXPECT_EQ(Told(), (HoursChangeView{kWall + 2 * kHour, QueueMode::kClosed}));
}

TEST_F(HoursTest, ANewCalendarIsTold) {
  Operations(SetCalendar{1, Changes({kWall - kHour, kWall + 5 * kHour})});
  EXPECT_EQ(Told(), (HoursChangeView{kWall + 5 * kHour, QueueMode::kClosed}));
}

TEST_F(HoursTest, ANewPolicyIsToldWithItsOwn) {
  ApplyPolicy apply;
  apply.model = std::make_shared<const model::Model>(WithHours(2));
  apply.calendar = Changes({kWall + 3 * kHour});
  ASSERT_TRUE(Operations(std::move(apply)).status.ok());
  EXPECT_EQ(Told(), (HoursChangeView{kWall + 3 * kHour, QueueMode::kOpen}));
}

TEST_F(HoursTest, TheWallClockMovesAndTheHoursDoNot) {
  clock_.JumpWall(90 * 60'000);
  Advance(0);
  EXPECT_EQ(Told(), (HoursChangeView{kWall + 2 * kHour, QueueMode::kClosed}));
}

TEST_F(HoursTest, OtherBatchesSayNothingOfThem) {
  Gateway(Chat("c1"));
  EXPECT_FALSE(LastBatch()->events.empty());
  EXPECT_TRUE(LastBatch()->hours.empty());
}

}  // namespace
}  // namespace routerd::engine
