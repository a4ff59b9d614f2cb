#include "routerd/daemon/calendar.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "routerd/base/clock.h"
#include "routerd/compiler/compile.h"
#include "routerd/engine/direct_service.h"
#include "routerd/journal/memory_journal.h"

namespace routerd::daemon {
namespace {

// A policy whose only queue is always open, in force without a calendar: closed until it has one.
class CalendarTest : public testing::Test {
 protected:
  CalendarTest() {
    const compiler::Compiled compiled =
        compiler::Compile({"policy.yaml",
                           "version: 1\n"
                           "channels: {voice: }\n"
                           "hours: {always: {zone: UTC, days: {mon-sun: 00:00-24:00}}}\n"
                           "queues: {main: {hours: always}}\n"},
                          nullptr);
    engine::EngineOptions options;
    options.model = compiled.model;
    auto engine = engine::Engine::Start(std::move(options), clock_, journal_);
    EXPECT_TRUE(engine.ok()) << engine.status().message();
    service_ = std::make_unique<engine::DirectService>(std::move(engine).value());
  }
  [[nodiscard]] model::QueueMode Mode() {
    EXPECT_TRUE(service_->RunPending().ok());
    return service_->engine().core().ModeOf(QueueNo(0));
  }

  // The present, so that a calendar worked out from now on holds for it.
  ManualClock clock_{5'000, SystemClock().WallMs()};
  journal::MemoryEpochStore epochs_;
  journal::MemoryJournal journal_{epochs_};
  std::unique_ptr<engine::DirectService> service_;
};

TEST_F(CalendarTest, RenewedIsInForce) {
  ASSERT_EQ(Mode(), model::QueueMode::kClosed);
  RenewCalendar(*service_);
  EXPECT_EQ(Mode(), model::QueueMode::kOpen);
}

TEST_F(CalendarTest, OfAPolicyWithoutHoursThereIsNone) {
  EXPECT_EQ(CalendarOf(model::Model()), nullptr);
}

TEST_F(CalendarTest, IsRenewedAgainAndAgain) {
  boost::asio::io_context loop;
  boost::asio::thread_pool pool(1);
  CalendarKeeper keeper(loop, pool, *service_, std::chrono::milliseconds(1));
  const auto first = service_->figures().commands_total;
  keeper.Start();
  loop.run_one();
  loop.run_one();
  pool.join();
  EXPECT_EQ(Mode(), model::QueueMode::kOpen);
  EXPECT_EQ(service_->figures().commands_total - first, 2U);
}

}  // namespace
}  // namespace routerd::daemon
