#include "routerd/daemon/heartbeat.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tests/unit/daemon/notify_socket.h"

namespace routerd::daemon {
namespace {

// An engine as the heartbeat sees it; its writer does what the test says.
class FakeEngine final : public engine::Service {
 public:
  engine::Figures now;

  // The writer takes all that waits.
  void Work() {
    now.commands_total += now.inbox_depth;
    now.inbox_depth = 0;
  }

  void Submit(engine::Envelope envelope) override {
    if (now.inbox_depth == now.inbox_capacity) {
      engine::Answer full;
      full.status = Status(Code::kResourceExhausted, "full");
      if (envelope.done) envelope.done(full);
      return;
    }
    ++now.inbox_depth;
  }
  void AddFeed(std::shared_ptr<engine::Feed> /*feed*/,
               std::function<void(std::shared_ptr<const engine::Snapshot>)> /*done*/) override {}
  void TakeSnapshot(
      std::function<void(std::shared_ptr<const engine::Snapshot>)> /*done*/) override {}
  engine::EventPage ReadEvents(Position /*from*/, std::size_t /*max*/) const override { return {}; }
  std::uint64_t AddReleaseWaker(std::function<void()> /*waker*/) override { return 0; }
  void RemoveReleaseWaker(std::uint64_t /*token*/) override {}
  std::shared_ptr<const engine::PolicyInForce> policy() const override { return nullptr; }
  engine::Figures figures() const override { return now; }
  const std::string& domain() const override { return domain_; }
  std::uint32_t epoch() const override { return 1; }
  TimeMs started_unix_ms() const override { return 0; }

 private:
  const std::string domain_ = "default";
};

class HeartbeatTest : public ::testing::Test {
 protected:
  HeartbeatTest() {
    engine_.now.inbox_capacity = 10;
    heartbeat_.emplace(loop_, engine_, clock_, manager_);
  }
  // A beat after as long as there is from one to the next.
  void Beat() {
    clock_.Advance(heartbeat_->AllowedMs() / 3);
    heartbeat_->Beat();
  }
  // What systemd was told so far.
  std::string Told() {
    manager_.Ready("asked");
    std::string told;
    for (std::string said = systemd_.Read(); said != "READY=1\nSTATUS=asked";
         said = systemd_.Read()) {
      told += said + ";";
    }
    return told;
  }

  const NotifySocket systemd_;
  const ServiceManager manager_;
  boost::asio::io_context loop_;
  ManualClock clock_;
  FakeEngine engine_;
  std::optional<Heartbeat> heartbeat_;
};

TEST_F(HeartbeatTest, AnIdleWriterIsProbedAndAlive) {
  Beat();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(engine_.now.inbox_depth, 1U) << "the probe";
    engine_.Work();
    Beat();
    EXPECT_EQ(heartbeat_->SilentMs(), 0);
    EXPECT_EQ(Told(), "WATCHDOG=1;");
  }
}

TEST_F(HeartbeatTest, AnOverloadedWriterThatGetsOnIsAlive) {
  for (int i = 0; i < 10; ++i) {
    engine_.now.inbox_depth = engine_.now.inbox_capacity;
    ++engine_.now.commands_total;
    Beat();
    EXPECT_TRUE(heartbeat_->alive());
    EXPECT_EQ(Told(), "WATCHDOG=1;");
  }
}

TEST_F(HeartbeatTest, AWriterThatGetsOnBehindALongInboxIsAlive) {
  for (int i = 0; i < 10; ++i) {
    engine_.now.inbox_depth = engine_.now.inbox_capacity / 2;
    ++engine_.now.commands_total;
    Beat();
    EXPECT_EQ(engine_.now.inbox_depth, engine_.now.inbox_capacity / 2) << "no probe is needed";
    EXPECT_EQ(Told(), "WATCHDOG=1;");
  }
}

TEST_F(HeartbeatTest, AStuckWriterIsDeadWhetherItsInboxIsFullOrEmpty) {
  for (const std::size_t waiting : {std::size_t{0}, engine_.now.inbox_capacity}) {
    engine_.Work();
    Beat();
    engine_.Work();
    Beat();
    ASSERT_TRUE(heartbeat_->alive());
    engine_.now.inbox_depth = waiting;
    static_cast<void>(Told());
    for (int i = 0; i < 10; ++i) Beat();
    EXPECT_FALSE(heartbeat_->alive());
    EXPECT_EQ(Told(), "");
    EXPECT_EQ(engine_.now.inbox_depth, std::max<std::size_t>(waiting, 1)) << "one probe is enough";
  }
}

}  // namespace
}  // namespace routerd::daemon
