// What a restart makes of offers, connections, graces and waits, one by one. The fixture's clock is
// set on while nothing fires: the router was down.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "routerd/core/core.h"
#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

using enum model::ConditionOp;

constexpr SpanMs kHourMs = 3'600'000;

enum Queues : std::uint32_t {
  kPlain,
  kImpatient,  // waits of 30 s
  kPatient,    // waits of two hours
  kSendsOn,    // after 30 s, to kPlain
  kLeft,       // nobody stays beside another
  kTreats,     // whoever comes, for 10 s; then on to kPlain
  kRingsAll,
  kWidens,  // to agents of group 1, after 20 s
  kQueues
};

std::shared_ptr<model::Model> RestartModel() {
  auto model = SmallModel(kQueues);
  model->channels[0].connect = true;
  model->channels[0].announce_ms = 500;
  model->channels[0].wrap_up = {model::WrapUpMode::kTimed, 10'000};
  model->groups = {{"north"}, {"south"}};
  model->treatments = {{"music", 10'000}};
  model->queues[kImpatient].max_wait_ms = 30'000;
  model->queues[kPatient].max_wait_ms = 2 * kHourMs;
  model->queues[kSendsOn].max_wait_ms = 30'000;
  model->queues[kSendsOn].when_waited.overflow = QueueNo(kPlain);
  model->queues[kLeft].leave_if = model::Condition{{{kWaiting}, {kLiteral, 1}, {kGreater}}};
  model->queues[kTreats].max_waiting = 0;
  model->queues[kTreats].when_full = {TreatmentNo(0), QueueNo(kPlain)};
  model->queues[kRingsAll].offer.mode = model::OfferMode::kRingAll;
  model->queues[kWidens].groups = {GroupNo(0)};
  model->queues[kWidens].steps.emplace_back();
  model->queues[kWidens].steps[0].after_ms = 20'000;
  model->queues[kWidens].steps[0].groups = {GroupNo(1)};
  return model;
}

class RestartTest : public SmallCoreTest {
 protected:
  RestartTest() : SmallCoreTest(RestartModel()) {}

  // The router is away for so long. Nothing that was due has fired when this is over.
  void BeDown(SpanMs span_ms) {
    now_ += span_ms;
    EXPECT_TRUE(Apply(RouterRestarted{}).ok());
  }
  // What was due meanwhile fires.
  void Fire() {
    Wait(0);
    EXPECT_EQ(core_.CheckInvariants(now_), "");
  }
  void LogIn(std::uint32_t agent, bool ready, std::uint32_t group = 0) {
    AgentLogsIn e;
    e.agent = AgentNo(agent);
    e.profile.groups = {GroupNo(group)};
    e.channels = 1;
    e.ready = ready;
    EXPECT_TRUE(Apply(e).ok());
  }
  void LoseDesktop(std::uint32_t agent) {
    EXPECT_TRUE(Apply(AgentConnection{AgentNo(agent), false}).ok());
  }
  ContactNo ArriveLive(std::uint32_t queue, std::uint32_t gateway) {
    ContactArrives e;
    e.queue = QueueNo(queue);
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(gateway);
    e.live = true;
    return Apply(e).contact;
  }
  template <typename E>
  [[nodiscard]] std::vector<E> Told() const {
    std::vector<E> told;
    for (const Effect& effect : effects_) {
      if (const auto* one = std::get_if<E>(&effect)) told.push_back(*one);
    }
    return told;
  }
  // The first that was told; as none is, if there was none.
  template <typename E>
  [[nodiscard]] E First() const {
    const std::vector<E> told = Told<E>();
    return told.empty() ? E() : told.front();
  }
  [[nodiscard]] QueueNo QueueOf(ContactNo no) const {
    const Contact* c = core_.FindContact(no);
    return c != nullptr ? c->queue : QueueNo();
  }
  [[nodiscard]] std::optional<ContactState> StateOf(ContactNo no) const {
    const Contact* c = core_.FindContact(no);
    return c != nullptr ? std::optional(c->state) : std::nullopt;
  }
  [[nodiscard]] const Agent& At(std::uint32_t agent) const {
    return *core_.FindAgent(AgentNo(agent));
  }
  void SetGatewayGrace(SpanMs grace_ms) {
    auto model = RestartModel();
    model->version = core_.model().version + 1;
    model->gateway_grace_ms = grace_ms;
    EXPECT_TRUE(Apply(PolicySwapped{model, {}}).ok());
  }
  // Its time was over while it rang; when the router is back it is in its place again.
  ContactNo ComeBackBeyondItsTime() {
    LogInReady(0);
    const ContactNo no = ArriveIn(kImpatient);
    EXPECT_TRUE(Apply(OfferRejected{Offered().offer}).ok());
    Wait(15'000);  // he is offered it again
    Wait(16'000);
    EXPECT_EQ(StateOf(no), ContactState::kOffered);
    BeDown(20'000);
    LoseDesktop(0);
    Fire();
    EXPECT_EQ(StateOf(no), ContactState::kQueued);
    return no;
  }
  ContactNo ArriveFor(std::uint32_t agent) {
    ContactArrives e;
    e.queue = QueueNo(kPlain);
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(0);
    e.direct = AgentNo(agent);
    e.agents_wait_ms = 30'000;
    return Apply(e).contact;
  }
  // It stays as it is through the grace of a minute, and then no longer.
  void ExpectSpared(ContactNo no) {
    const std::optional<ContactState> before = StateOf(no);
    const QueueNo queue = QueueOf(no);
    const auto is_there = [&] { return StateOf(no) == before && QueueOf(no) == queue; };
    Fire();
    EXPECT_TRUE(is_there());
    Wait(59'999);
    EXPECT_TRUE(is_there());
    EXPECT_EQ(core_.CheckInvariants(now_), "");
    Wait(1);
    EXPECT_FALSE(is_there());
    EXPECT_EQ(core_.CheckInvariants(now_), "");
  }
};

// ---- Offers -------------------------------------------------------------------------------------

TEST_F(RestartTest, AnOfferThatIsOverEndsRouterDownWithoutMissOrBar) {
  LogInReady(0);
  const ContactNo first = ArriveIn(kPlain);
  const OfferId offer = Offered().offer;
  const ContactNo second = ArriveIn(kPlain);
  BeDown(kHourMs);
  LoseDesktop(0);
  EXPECT_EQ(Apply(OfferAccepted{offer}).outcome, OfferOutcome::kRouterDown);  // too late already
  EXPECT_EQ(Apply(OfferRejected{offer}).outcome, OfferOutcome::kRouterDown);
  Fire();
  ASSERT_EQ(Told<OfferEnded>().size(), 1U);
  EXPECT_EQ(First<OfferEnded>().offer, offer);
  EXPECT_EQ(First<OfferEnded>().outcome, OfferOutcome::kRouterDown);
  EXPECT_TRUE(Told<OfferMade>().empty());
  ASSERT_EQ(StateOf(first), ContactState::kQueued);
  EXPECT_TRUE(core_.FindContact(first)->bars.empty());
  EXPECT_EQ(core_.Position(first), 1U);
  EXPECT_EQ(core_.Position(second), 2U);
  EXPECT_EQ(At(0).misses, 0);
  EXPECT_EQ(At(0).presence, Presence::kReady);
  EXPECT_TRUE(At(0).items.empty());
  EXPECT_EQ(Apply(OfferAccepted{offer}).outcome, OfferOutcome::kRouterDown);
  EXPECT_TRUE(Apply(AgentConnection{AgentNo(0), true}).ok());
  EXPECT_EQ(Offered().contact, first);
  EXPECT_EQ(Offered().waited_ms, kHourMs);  // the downtime is waiting
}

TEST_F(RestartTest, WhoIsFreeAgainAndThereIsOfferedWhatIsFirst) {
  LogInReady(0);
  const ContactNo first = ArriveIn(kPlain);
  ArriveIn(kPlain);
  BeDown(20'000);  // just over
  Fire();
  EXPECT_EQ(Told<OfferEnded>().size(), 1U);
  EXPECT_EQ(Offered().contact, first);
  EXPECT_EQ(Offered().agent, AgentNo(0));
}

TEST_F(RestartTest, AnOfferThatIsNotOverStaysAsItIs) {
  LogInReady(0);
  const ContactNo no = ArriveIn(kPlain);
  const OfferMade made = Offered();
  BeDown(19'999);
  Fire();
  EXPECT_TRUE(Told<OfferEnded>().empty());
  ASSERT_NE(core_.FindOffer(made.offer), nullptr);
  EXPECT_EQ(core_.DeadlineOf(*core_.FindOffer(made.offer)), made.deadline);
  EXPECT_EQ(StateOf(no), ContactState::kOffered);
  Wait(1);
  EXPECT_EQ(First<OfferEnded>().outcome, OfferOutcome::kTimedOut);
  EXPECT_EQ(At(0).presence, Presence::kNotResponding);
}

TEST_F(RestartTest, OfARaceEachOfferEndsByItself) {
  LogInReady(0);
  const ContactNo no = ArriveIn(kRingsAll);
  Wait(10'000);
  LogInReady(1);
  const OfferId later = Offered().offer;
  BeDown(15'000);
  LoseDesktop(0);
  Fire();
  ASSERT_EQ(Told<OfferEnded>().size(), 1U);
  EXPECT_EQ(First<OfferEnded>().agent, AgentNo(0));
  EXPECT_EQ(StateOf(no), ContactState::kOffered);
  EXPECT_NE(core_.FindOffer(later), nullptr);
  EXPECT_TRUE(Apply(AgentConnection{AgentNo(0), true}).ok());
  EXPECT_EQ(Offered().contact, no);  // he may be asked again at once
  EXPECT_TRUE(Apply(OfferAccepted{later}).ok());
}

// ---- Connections, graces ------------------------------------------------------------------------

TEST_F(RestartTest, AConnectTimeoutStartsAnew) {
  LogInReady(0);
  const ContactNo no = ArriveIn(kPlain);
  EXPECT_TRUE(Apply(OfferAccepted{Offered().offer}).ok());
  BeDown(kHourMs);
  Fire();
  ASSERT_EQ(StateOf(no), ContactState::kConnecting);
  EXPECT_EQ(core_.DeadlineOf(*core_.FindContact(no)), now_ + 10'000);
  Wait(9'999);
  EXPECT_EQ(StateOf(no), ContactState::kConnecting);
  Wait(1);
  EXPECT_EQ(First<ContactConnectFailedEffect>().cause, ConnectFailure::kTimeout);
}

TEST_F(RestartTest, AGatewaysGraceStartsAnew) {
  const ContactNo no = ArriveLive(kPlain, 1);
  EXPECT_TRUE(Apply(GatewayConnection{GatewayNo(1), false}).ok());
  Wait(50'000);
  BeDown(5'000);
  Fire();
  Wait(59'999);
  EXPECT_EQ(StateOf(no), ContactState::kQueued);
  Wait(1);
  ASSERT_EQ(Told<ContactEnded>().size(), 1U);
  EXPECT_EQ(First<ContactEnded>().reason, EndReason::kGatewayLost);
}

TEST_F(RestartTest, AnAgentsGraceStartsAnew) {
  LogIn(0, true);
  LoseDesktop(0);
  Wait(29'000);
  BeDown(kHourMs);
  Fire();
  Wait(29'999);
  EXPECT_EQ(At(0).presence, Presence::kReady);
  Wait(1);
  EXPECT_EQ(At(0).presence, Presence::kLoggedOut);
}

TEST_F(RestartTest, WhoWasGivenUpStaysSo) {
  EXPECT_TRUE(Apply(GatewayConnection{GatewayNo(1), true}).ok());
  EXPECT_TRUE(Apply(GatewayConnection{GatewayNo(1), false}).ok());
  Wait(60'000);
  BeDown(1'000);
  EXPECT_FALSE(StateOf(ArriveLive(kPlain, 1)).has_value());
}

// ---- Waits --------------------------------------------------------------------------------------

TEST_F(RestartTest, AMaxWaitIsOverAfterTheGrace) {
  const ContactNo no = ArriveIn(kImpatient);
  BeDown(kHourMs);
  ExpectSpared(no);
  ASSERT_EQ(Told<ContactEnded>().size(), 1U);
  EXPECT_EQ(First<ContactEnded>().state, ContactState::kExpired);
  EXPECT_EQ(First<ContactEnded>().waited_ms, kHourMs + 60'000);
}

TEST_F(RestartTest, AMaxWaitThatIsNotOverByThenIsOverAsEver) {
  const ContactNo no = ArriveIn(kPatient);
  BeDown(kHourMs);
  Fire();
  Wait(kHourMs - 1);
  EXPECT_EQ(StateOf(no), ContactState::kQueued);
  Wait(1);
  EXPECT_FALSE(StateOf(no).has_value());
}

// One that comes in the grace waits for those who are still to come back, too.
TEST_F(RestartTest, WhoComesMeanwhileIsSparedLikeTheRest) {
  BeDown(0);
  ExpectSpared(ArriveIn(kImpatient));
  const ContactNo later = ArriveIn(kImpatient);
  Wait(30'000);
  EXPECT_FALSE(StateOf(later).has_value());
}

TEST_F(RestartTest, WhoIsSentOnGoesAfterTheGrace) {
  const ContactNo no = ArriveIn(kSendsOn);
  BeDown(kHourMs);
  ExpectSpared(no);
  EXPECT_EQ(QueueOf(no), QueueNo(kPlain));
}

TEST_F(RestartTest, WhoRangBeyondItsTimeIsSparedWhenItIsBack) {
  const ContactNo no = ComeBackBeyondItsTime();
  ExpectSpared(no);
  EXPECT_EQ(First<ContactEnded>().state, ContactState::kExpired);
}

TEST_F(RestartTest, APolicyInTheGraceSparesWhoeverWasSpared) {
  const ContactNo no = ComeBackBeyondItsTime();
  SetGatewayGrace(60'000);
  ExpectSpared(no);
}

TEST_F(RestartTest, NobodyIsSentAwayByAConditionInTheGrace) {
  LogInReady(0);
  const ContactNo offered = ArriveIn(kLeft);  // rings: it does not wait
  const ContactNo waits = ArriveIn(kLeft);
  BeDown(25'000);
  LoseDesktop(0);
  Fire();
  EXPECT_EQ(core_.queue(QueueNo(kLeft)).waiting, 2U);
  ExpectSpared(offered);
  EXPECT_FALSE(StateOf(waits).has_value());
  ASSERT_EQ(Told<ContactEnded>().size(), 2U);
  EXPECT_EQ(First<ContactEnded>().reason, EndReason::kLeft);
}

TEST_F(RestartTest, AWaitForCertainAgentsIsOverAfterTheGrace) {
  LogIn(0, false);
  const ContactNo no = ArriveFor(0);
  LogIn(1, true);
  BeDown(kHourMs);
  ExpectSpared(no);
  EXPECT_EQ(Offered().agent, AgentNo(1));
}

TEST_F(RestartTest, AWaitForCertainAgentsThatBeginsInTheGraceAsWell) {
  LogIn(0, false);
  LogIn(1, true);
  BeDown(kHourMs);
  const ContactNo no = ArriveFor(0);
  ExpectSpared(no);
}

TEST_F(RestartTest, ATreatmentIsOverByItselfAfterTheGrace) {
  const ContactNo no = ArriveIn(kTreats);
  ASSERT_EQ(StateOf(no), ContactState::kTreated);
  BeDown(kHourMs);
  const ContactNo reported = ArriveIn(kTreats);
  EXPECT_EQ(First<ContactTreated>().deadline, now_ + 60'000);
  EXPECT_TRUE(Apply(TreatmentDone{reported, core_.FindContact(reported)->offer}).ok());
  EXPECT_EQ(QueueOf(reported), QueueNo(kPlain));
  ExpectSpared(no);
  EXPECT_EQ(QueueOf(no), QueueNo(kPlain));
}

TEST_F(RestartTest, OfTwoRestartsTheLaterGraceCounts) {
  const ContactNo no = ArriveIn(kImpatient);
  BeDown(kHourMs);
  Fire();
  Wait(40'000);
  BeDown(10'000);
  ExpectSpared(no);
}

// Nor does a restart under a policy with a shorter grace end it earlier.
TEST_F(RestartTest, AShorterGraceTakesNothingOfOneThatHasBegun) {
  const ContactNo no = ArriveIn(kImpatient);
  BeDown(kHourMs);
  SetGatewayGrace(1'000);
  BeDown(0);
  const ContactNo later = ArriveIn(kImpatient);
  ExpectSpared(no);
  EXPECT_FALSE(StateOf(later).has_value());
}

TEST_F(RestartTest, AShorterGraceEndsNobodysEarlier) {
  BeDown(kHourMs);
  SetGatewayGrace(1'000);
  BeDown(0);
  ExpectSpared(ArriveIn(kImpatient));
}

// ---- What is no expiry --------------------------------------------------------------------------

TEST_F(RestartTest, AStepOpensAsSoonAsTheRouterIsBack) {
  LogIn(0, true, 1);
  const ContactNo no = ArriveIn(kWidens);
  ASSERT_EQ(StateOf(no), ContactState::kQueued);
  BeDown(kHourMs);
  Fire();
  EXPECT_EQ(Offered().contact, no);
}

TEST_F(RestartTest, AScheduledContactIsQueuedAsSoonAsTheRouterIsBack) {
  ContactArrives e;
  e.queue = QueueNo(kPlain);
  e.channel = ChannelNo(0);
  e.gateway = GatewayNo(0);
  e.delay_ms = 30'000;
  const ContactNo no = Apply(e).contact;
  BeDown(kHourMs);
  EXPECT_EQ(StateOf(no), ContactState::kScheduled);
  Fire();
  EXPECT_EQ(StateOf(no), ContactState::kQueued);
}

TEST_F(RestartTest, AWrapUpIsOverAsSoonAsTheRouterIsBack) {
  LogInReady(0);
  const ContactNo no = ArriveIn(kPlain);
  EXPECT_TRUE(Apply(OfferAccepted{Offered().offer}).ok());
  EXPECT_TRUE(Apply(ContactConnected{no, {}}).ok());
  EXPECT_TRUE(Apply(ContactEnds{no}).ok());
  BeDown(kHourMs);
  EXPECT_EQ(At(0).items.size(), 1U);
  Fire();
  EXPECT_TRUE(At(0).items.empty());
}

}  // namespace
}  // namespace routerd::core
