// Virtual time: instants, wake-ups, wall clock; and the sessions around the engine.
#include "routerd/sim/virtual_engine.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "routerd/compiler/compile.h"
#include "routerd/sim/connections.h"

namespace routerd::sim {
namespace {

constexpr char kPolicy[] =
    "version: 1\nchannels: {voice: {wrap_up: none}}\nqueues: {main: {max_wait: 90s}}\n"
    "agents: {anna: }\n";

std::shared_ptr<const model::Model> Model() {
  return compiler::Compile({"p.yaml", kPolicy}, nullptr).model;
}

class VirtualEngineTest : public ::testing::Test {
 protected:
  engine::Answer Arrive(const std::string& contact) {
    (void)connections_.Ensure(engine::SessionKind::kGateway, "pbx-1");
    engine::Envelope envelope;
    envelope.client = "pbx-1";
    engine::Arrive arrive;
    arrive.contact = contact;
    arrive.channel = "voice";
    arrive.queue = "main";
    envelope.command = std::move(arrive);
    return engine_.Run(std::move(envelope));
  }

  engine::Answer LogIn() {
    (void)connections_.Ensure(engine::SessionKind::kDesktop, "desk-1");
    engine::Envelope envelope;
    envelope.role = engine::Role::kDesktop;
    envelope.client = "desk-1";
    engine::LogIn in;
    in.agent = "anna";
    in.endpoints = {{"voice", "voice:anna"}};
    in.ready = true;
    envelope.command = std::move(in);
    return engine_.Run(std::move(envelope));
  }

  VirtualEngine engine_{Model(), kPolicy};
  Connections connections_{engine_};
};

TEST_F(VirtualEngineTest, StandsStillUntilItIsMoved) {
  EXPECT_EQ(engine_.now_ms(), 0);
  EXPECT_FALSE(engine_.Step(0));
  EXPECT_EQ(engine_.NextWakeup(), std::nullopt);
  EXPECT_TRUE(engine_.Step(5'000));
  EXPECT_EQ(engine_.now_ms(), 5'000);
}

TEST_F(VirtualEngineTest, StopsAtTheInstantInWhichSomethingHappens) {
  ASSERT_TRUE(Arrive("c1").status.ok());
  (void)engine_.TakeEvents();
  TimeMs expired_ms = 0;
  while (engine_.Step(200'000)) {
    for (const engine::Event& event : engine_.TakeEvents()) {
      if (event.kind == engine::EventKind::kContactEnded) expired_ms = engine_.now_ms();
    }
  }
  EXPECT_EQ(expired_ms, 90'000);
  EXPECT_EQ(engine_.now_ms(), 200'000);
}

TEST_F(VirtualEngineTest, AnswersInTheOrderOfTheCommands) {
  ASSERT_TRUE(Arrive("c1").status.ok());
  std::vector<engine::Envelope> envelopes(2);
  envelopes[0].client = envelopes[1].client = "pbx-1";
  envelopes[0].command = engine::EndContact{.contact = "nobody"};
  envelopes[1].command = engine::EndContact{.contact = "c1"};
  const auto answers = engine_.Run(std::move(envelopes));
  EXPECT_EQ(answers[0].status.code(), Code::kNotFound);
  EXPECT_TRUE(answers[1].status.ok());
}

TEST_F(VirtualEngineTest, ShowsWhatPeopleWouldSee) {
  ASSERT_TRUE(Arrive("c1").status.ok());
  ASSERT_TRUE(Arrive("c2").status.ok());
  EXPECT_EQ(engine_.PositionOf("c1"), 1U);
  EXPECT_EQ(engine_.PositionOf("c2"), 2U);
  EXPECT_EQ(engine_.PositionOf("nobody"), std::nullopt);
  EXPECT_EQ(engine_.Snapshot()->contacts.size(), 2U);
  EXPECT_EQ(engine_.CheckInvariants(), "");
  const TimeMs unix_ms = engine_.ToUnix(1'000);
  engine_.JumpWall(-3'600'000);
  EXPECT_EQ(engine_.ToUnix(1'000), unix_ms - 3'600'000);
}

TEST_F(VirtualEngineTest, TheSameCommandsGiveTheSameState) {
  VirtualEngine other(Model(), kPolicy);
  EXPECT_EQ(engine_.StateHash(), other.StateHash());
  ASSERT_TRUE(Arrive("c1").status.ok());
  EXPECT_NE(engine_.StateHash(), other.StateHash());
}

TEST_F(VirtualEngineTest, GatewayAndDesktopHearOfAnOffer) {
  ASSERT_TRUE(LogIn().status.ok());
  ASSERT_TRUE(Arrive("c1").status.ok());
  connections_.Drain();
  EXPECT_EQ(connections_.CheckTold(engine_.TakeEvents(), {{"anna", "desk-1"}}), "");
}

TEST_F(VirtualEngineTest, AnOfferThatNobodyWasToldOfIsNoticed) {
  ASSERT_TRUE(LogIn().status.ok());
  ASSERT_TRUE(Arrive("c1").status.ok());
  const auto events = engine_.TakeEvents();
  // Nothing has been taken from the outboxes: as if nothing had been put in.
  EXPECT_EQ(connections_.CheckTold(events, {{"anna", "desk-1"}}),
            "pbx-1 was not told of: c1 offered to anna until 20s");
}

TEST_F(VirtualEngineTest, ASessionIsTakenUpAgain) {
  ASSERT_TRUE(LogIn().status.ok());
  ASSERT_TRUE(connections_.Set(engine::SessionKind::kDesktop, "desk-1", false).status.ok());
  const engine::Answer again = connections_.Set(engine::SessionKind::kDesktop, "desk-1", true);
  EXPECT_TRUE(again.status.ok());
  EXPECT_TRUE(again.resumed);
}

}  // namespace
}  // namespace routerd::sim
