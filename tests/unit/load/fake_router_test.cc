// The whole generator against a small router of its own: contacts live their whole life,
// connections break, and the audit finds what the router does wrong.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "load-tests/auditor.h"
#include "load-tests/board.h"
#include "load-tests/centre.h"
#include "load-tests/connector.h"
#include "load-tests/operations.h"
#include "load-tests/table.h"
#include "tests/unit/load/fake_router.h"

namespace routerd::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<std::string> kAgents = {"ann", "bob", "eve", "tom"};

Plan SmallPlan(const std::string& address) {
  Plan plan;
  plan.grpc = address;
  plan.run_id = "test";
  plan.agent_ids = kAgents;
  plan.streams = 2;
  plan.limits.channels = {{"voice", {100, 1}}, {"chat", {25, 4}}};
  for (const char* name : {"voice", "chat"}) {
    ChannelBehaviour& channel = plan.channels.emplace_back();
    channel.channel = name;
    channel.per_second = 200;
    channel.destinations = {{"main", 1, {}}};
    channel.handle = Distribution::Fixed(milliseconds(2));
    channel.patience = Distribution::Fixed(seconds(60));
    channel.connect = Distribution::Fixed(milliseconds(1));
    channel.hold = Distribution::Fixed(milliseconds(1));
    channel.hold_share = 0.2;
    plan.agents.channels.emplace_back(name, "");
  }
  plan.agents.answer = Distribution::Fixed(milliseconds(1));
  plan.agents.wrap_up = Distribution::Fixed(milliseconds(1));
  plan.agents.decline_share = 0.2;
  return plan;
}

// A run of a second or less: until so many contacts have arrived.
class RunTest : public testing::TestWithParam<Mistake> {
 protected:
  void Play(Mistake mistake, const std::function<void(Plan*)>& change,
            std::uint64_t contacts = 100) {
    router_ = std::make_unique<FakeRouter>(kAgents, mistake);
    Plan plan = SmallPlan(router_->Address());
    if (change) change(&plan);
    centre_ = std::make_unique<Centre>(&loop_, plan);
    ASSERT_EQ(centre_->Open(), "");
    centre_->StartArrivals();
    const auto enough = [&] { return centre_->statistics().Arrived() >= contacts; };
    ASSERT_TRUE(loop_.RunUntil(enough, Clock::now() + seconds(30)));
    centre_->StopArrivals();
    centre_->Settle(mistake == Mistake::kNone ? seconds(30) : seconds(1));
    centre_->EndContacts(mistake == Mistake::kNone ? seconds(30) : seconds(1));
    centre_->Close();
    Operations operations(&loop_, OpenChannel(plan.grpc), "", [] { return false; });
    StillHeld held;
    ASSERT_TRUE(operations.Held(&held)) << operations.error();
    centre_->auditor().Finish(held);
  }

  [[nodiscard]] const Violations& violations() const { return centre_->violations(); }

  Loop loop_;
  std::unique_ptr<FakeRouter> router_;
  std::unique_ptr<Centre> centre_;
};

TEST_F(RunTest, SeesEveryContactThroughItsLife) {
  Play(Mistake::kNone, nullptr);
  EXPECT_EQ(violations().Count(), 0u) << testing::PrintToString(violations().First());
  const Statistics& statistics = centre_->statistics();
  EXPECT_GE(statistics.Arrived(), 100u);
  EXPECT_EQ(statistics.Ended(), statistics.Arrived());
  EXPECT_EQ(statistics.Answered(), statistics.Arrived());
  EXPECT_EQ(centre_->auditor().TakenCount(), statistics.Arrived());
  EXPECT_EQ(centre_->auditor().EndedCount(), statistics.Arrived());
  EXPECT_EQ(statistics.channels.at("voice").ended.at("completed"),
            statistics.channels.at("voice").arrived);
  EXPECT_GT(statistics.channels.at("voice").held, 0u);
  EXPECT_GT(statistics.offers.at("rejected"), 0u);
  EXPECT_GE(statistics.offers.at("accepted"), 100u);
  EXPECT_EQ(statistics.latencies.arrival_to_offer_all.Count(), statistics.Arrived());
  EXPECT_GT(statistics.latencies.accept_to_confirmed.Count(), 0u);
}

TEST_F(RunTest, LetsCustomersLeaveWhoLosePatience) {
  Play(Mistake::kNone, [](Plan* plan) {
    plan->agent_ids = {"ann"};
    plan->agents.answer = Distribution::Fixed(milliseconds(20));
    for (ChannelBehaviour& channel : plan->channels) {
      channel.patience = Distribution::Fixed(milliseconds(40));
    }
  });
  EXPECT_EQ(violations().Count(), 0u) << testing::PrintToString(violations().First());
  EXPECT_GT(centre_->statistics().channels.at("voice").ended.at("abandoned"), 0u);
}

TEST_F(RunTest, ComesThroughBrokenConnections) {
  Play(
      Mistake::kNone, [](Plan* plan) { plan->drop_every = milliseconds(20); }, 200);
  EXPECT_EQ(violations().Count(), 0u) << testing::PrintToString(violations().First());
  EXPECT_GT(router_->Resumed(), 0u);
  EXPECT_EQ(centre_->statistics().Ended(), centre_->statistics().Arrived());
}

TEST_F(RunTest, TakesBreaks) {
  Play(Mistake::kNone, [](Plan* plan) {
    plan->agents.breaks = true;
    plan->agents.break_every = Distribution::Fixed(milliseconds(30));
    plan->agents.break_length = Distribution::Fixed(milliseconds(5));
    plan->agents.logout_share = 0.5;
  });
  EXPECT_EQ(violations().Count(), 0u) << testing::PrintToString(violations().First());
  EXPECT_GT(centre_->statistics().breaks, centre_->statistics().logouts);
  EXPECT_GT(centre_->statistics().logouts, 0u);
}

TEST_P(RunTest, FindsWhatTheRouterDoesWrong) {
  Play(GetParam(), nullptr);
  EXPECT_GT(violations().Count(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Mistakes, RunTest,
                         testing::Values(Mistake::kLose, Mistake::kEndTwice, Mistake::kTwoAgents,
                                         Mistake::kSkipFrame, Mistake::kConfirmTwice,
                                         Mistake::kForgetOffer));

TEST(OperationsOfTheRouter, AreReadPageByPage) {
  const FakeRouter router(kAgents, Mistake::kNone);
  Loop loop;
  Operations operations(&loop, OpenChannel(router.Address()), "", [] { return false; });
  std::vector<std::string> agents;
  ASSERT_TRUE(operations.Agents(&agents)) << operations.error();
  EXPECT_EQ(agents, kAgents);
}

TEST(BoardOfTheRouter, KeepsWatchingWhenTheStreamEnds) {
  const FakeRouter router(kAgents, Mistake::kNone);
  Loop loop;
  Board board(&loop, OpenChannel(router.Address()), "");
  board.Open();
  // The router ends each watch after one state; the board loses it and comes back.
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(loop.RunUntil([&] { return board.IsLive(); }, Clock::now() + seconds(30)));
    EXPECT_EQ(board.domain().answered(), 7);
    EXPECT_EQ(board.queues().count("main"), 1u);
    ASSERT_TRUE(loop.RunUntil([&] { return !board.IsLive(); }, Clock::now() + seconds(30)));
  }
  Plan plan;
  plan.grpc = router.Address();
  plan.agent_ids = {"ann"};
  Centre centre(&loop, plan);
  const std::string table =
      DrawTable({"127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"}, board, centre, seconds(5));
  EXPECT_NE(table.find("main"), std::string::npos);
  EXPECT_NE(table.find("127.0.0.1:2/metrics"), std::string::npos);
}

}  // namespace
}  // namespace routerd::load
