// The whole generator against a small router of its own: contacts live their whole life,
// connections break, and the audit finds what the router does wrong.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "load-tests/auditor.h"
#include "load-tests/board.h"
#include "load-tests/centre.h"
#include "load-tests/connector.h"
#include "load-tests/operations.h"
#include "load-tests/table.h"
#include "load-tests/verdict.h"
#include "tests/unit/load/fake_router.h"

namespace routerd::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<std::string> kAgents = {"ann", "bob", "eve", "tom"};
const Centre::Stop kNever = [] { return false; };
const Centre::Stop kAtOnce = [] { return true; };

Plan SmallPlan(const std::string& address) {
  Plan plan;
  plan.grpc = address;
  plan.run_id = "test";
  plan.agent_ids = kAgents;
  plan.streams = 2;
  plan.limits.channels = {{"voice", {100, 1}}, {"chat", {100, 1}}};
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

// So many contacts the router leaves open, because of its mistake.
struct LeftOpen {
  std::size_t by_themselves;
  std::size_t when_ended;
};

// A run of a second or less: until so many contacts have arrived.
class RunTest : public testing::Test {
 protected:
  void Play(Mistake mistake, const std::function<void(Plan*)>& change = nullptr,
            std::uint64_t contacts = 100, LeftOpen left = {0, 0}) {
    Begin(mistake, change, contacts);
    End(left);
  }

  void End(LeftOpen left = {0, 0}) {
    centre_->Settle(seconds(30), [&] { return centre_->OpenContacts() <= left.by_themselves; });
    centre_->EndContacts(seconds(30), [&] { return centre_->OpenContacts() <= left.when_ended; });
    EXPECT_EQ(centre_->Close(seconds(30), kNever), std::vector<std::string>());
    Operations operations(&loop_, OpenChannel(router_->Address()), "", kNever);
    StillHeld held;
    ASSERT_TRUE(operations.Held(&held)) << operations.error();
    centre_->auditor().Finish(held);
  }

  void Begin(Mistake mistake, const std::function<void(Plan*)>& change, std::uint64_t contacts) {
    centre_.reset();
    router_ = std::make_unique<FakeRouter>(kAgents, mistake);
    Plan plan = SmallPlan(router_->Address());
    if (change) change(&plan);
    centre_ = std::make_unique<Centre>(&loop_, plan);
    ASSERT_EQ(centre_->Open(kNever), "");
    centre_->StartArrivals();
    const auto enough = [&] { return centre_->statistics().Arrived() >= contacts; };
    ASSERT_TRUE(loop_.RunUntil(enough, Clock::now() + seconds(30)));
    centre_->StopArrivals();
  }

  [[nodiscard]] const Violations& violations() const { return centre_->violations(); }

  Loop loop_;
  std::unique_ptr<FakeRouter> router_;
  std::unique_ptr<Centre> centre_;
};

TEST_F(RunTest, SeesEveryContactThroughItsLife) {
  Play(Mistake::kNone);
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
  EXPECT_EQ(router_->WrongCursors(), 0u);
  EXPECT_EQ(centre_->statistics().Ended(), centre_->statistics().Arrived());
}

TEST_F(RunTest, DoesNotWaitForARouterForEver) {
  Begin(
      Mistake::kNone, [](Plan* plan) { plan->reconnect = milliseconds(50); }, 10);
  router_->Kill();
  const auto refused = [&] { return !centre_->Refusal().empty(); };
  EXPECT_TRUE(loop_.RunUntil(refused, Clock::now() + seconds(30)));
  EXPECT_NE(centre_->Refusal().find("no router for more than 50"), std::string::npos)
      << centre_->Refusal();
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

TEST_F(RunTest, BringsTheSameContactsWhateverTheRouterAndItsAgentsDo) {
  const auto two_queues = [](Plan* plan) {
    for (ChannelBehaviour& channel : plan->channels) {
      channel.destinations = {{"main", 1, {}}, {"other", 1, {}}};
    }
  };
  Play(Mistake::kNone, two_queues);
  const std::map<std::string, Arrival> calm = router_->Arrivals();
  Play(Mistake::kTwoAgents, [&](Plan* plan) {
    two_queues(plan);
    plan->agents.decline_share = 0.5;
  });
  std::size_t both = 0;
  for (const auto& [id, arrival] : router_->Arrivals()) {
    const auto before = calm.find(id);
    if (before == calm.end()) continue;
    ++both;
    EXPECT_EQ(arrival, before->second) << id;
  }
  EXPECT_GT(both, 50u);
}

TEST_F(RunTest, FailsWhenTheRouterOffersNobody) {
  Play(Mistake::kNeverOffer, nullptr, 100, {1'000'000, 0});
  EXPECT_EQ(violations().Count(), 0u) << testing::PrintToString(violations().First());
  EXPECT_EQ(centre_->statistics().Ended(), centre_->statistics().Arrived());
  EXPECT_EQ(Shortcomings(centre_->statistics(), kLongEnough, false).size(), 1u);
}

TEST_F(RunTest, FailsWhenTheRouterTurnsEverybodyAway) {
  Play(Mistake::kTurnEverybodyAway);
  EXPECT_EQ(violations().Count(), 0u) << testing::PrintToString(violations().First());
  EXPECT_EQ(centre_->statistics().Rejected(), centre_->statistics().Arrived());
  EXPECT_EQ(Shortcomings(centre_->statistics(), kLongEnough, false).size(), 2u);
  EXPECT_EQ(Shortcomings(centre_->statistics(), kLongEnough, true).size(),
            1u);  // nobody was answered
}

TEST_F(RunTest, StopsWaitingForContactsWhenTold) {
  Begin(Mistake::kNeverOffer, nullptr, 10);
  EXPECT_FALSE(centre_->Settle(std::chrono::hours(1), kAtOnce));
  EXPECT_FALSE(centre_->EndContacts(std::chrono::hours(1), kAtOnce));
}

TEST_F(RunTest, SaysWhatDidNotComeToItsEnd) {
  Begin(Mistake::kNeverOffer, nullptr, 10);
  router_.reset();
  centre_->EndContacts(std::chrono::hours(1), kAtOnce);
  const std::vector<std::string> troubles = centre_->Close(std::chrono::hours(1), kAtOnce);
  ASSERT_GE(troubles.size(), 2u);
  EXPECT_EQ(troubles[0], "4 agents were not told that they are logged out");
  EXPECT_NE(troubles[1].find("commands were not answered"), std::string::npos);
}

// ---- What the audit must find ------------------------------------------------------------------

struct Case {
  Mistake mistake;
  Violation finding;
  std::size_t left_open = 0;  // contacts that do not end by themselves
  std::size_t lost = 0;       // and not when they are ended
};

class MistakeTest : public RunTest, public testing::WithParamInterface<Case> {};

TEST_P(MistakeTest, IsFound) {
  const auto& [mistake, finding, left_open, lost] = GetParam();
  Play(mistake, nullptr, 100, {left_open, lost});
  EXPECT_GT(violations().Count(finding), 0u) << testing::PrintToString(violations().First());
}

INSTANTIATE_TEST_SUITE_P(Each, MistakeTest,
                         testing::Values(Case{Mistake::kLose, Violation::kLost, 1, 1},
                                         Case{Mistake::kEndTwice, Violation::kEndedTwice},
                                         Case{Mistake::kTwoAgents, Violation::kTwoAgents},
                                         Case{Mistake::kSkipFrame, Violation::kFrameGap},
                                         Case{Mistake::kConfirmTwice, Violation::kConfirmedTwice},
                                         Case{Mistake::kForgetOffer, Violation::kOfferEnd},
                                         Case{Mistake::kOverload, Violation::kOverCapacity},
                                         Case{Mistake::kConfirmOneSide, Violation::kConfirmedApart,
                                              1},
                                         Case{Mistake::kOfferOneSide, Violation::kOfferApart, 1},
                                         Case{Mistake::kGoBack, Violation::kOrder},
                                         Case{Mistake::kInventContact, Violation::kUnknown},
                                         Case{Mistake::kInventWork, Violation::kUnknown},
                                         Case{Mistake::kForgetEnd, Violation::kStuck},
                                         Case{Mistake::kKeepListed, Violation::kStuck},
                                         Case{Mistake::kPromiseOffer, Violation::kNeverOffered, 1}),
                         [](const auto& tested) {
                           return std::string(Name(tested.param.finding)) + "_" +
                                  std::to_string(tested.index);
                         });

// ---- Without a run -----------------------------------------------------------------------------

TEST(CentreThatIsStopped, DoesNotWaitForItsSessions) {
  const FakeRouter router(kAgents, Mistake::kNone);
  Loop loop;
  Centre centre(&loop, SmallPlan(router.Address()));
  EXPECT_EQ(centre.Open(kAtOnce), "stopped before all sessions were open");
}

TEST(OperationsWithoutARouter, StopWaitingWhenTold) {
  Loop loop;
  Operations operations(&loop, OpenChannel("unix:/nonexistent/routerd.sock"), "", kAtOnce);
  std::string version;
  EXPECT_FALSE(operations.Version(&version));
  EXPECT_EQ(operations.error(), "stopped");
}

TEST(OperationsOfTheRouter, AreReadPageByPage) {
  const FakeRouter router(kAgents, Mistake::kNone);
  Loop loop;
  Operations operations(&loop, OpenChannel(router.Address()), "", kNever);
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
