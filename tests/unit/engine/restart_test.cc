// The router goes down and comes back: everything is as it was, and nobody is told twice.
#include <algorithm>

#include "routerd/engine/recovery.h"
#include "tests/unit/engine/traffic.h"

namespace routerd::engine {
namespace {

class RestartTest : public TrafficTest {
 protected:
  std::string Saved() {
    std::string bytes;
    engine().Save(bytes);
    return bytes;
  }
  // What a start would make of the journal.
  std::string Replayed(std::optional<StartSnapshot> snapshot, std::size_t told_records) {
    auto recovered = Recover(std::move(snapshot), *journal_, clock_, told_records);
    EXPECT_TRUE(recovered.ok()) << recovered.status().message();
    if (!recovered.ok()) return {};
    std::string bytes;
    SaveWorld(*recovered.value().realm.world, recovered.value().realm.applier->digest(), bytes);
    return bytes;
  }
  static Envelope WithId(Envelope e, std::string request_id, std::uint64_t body_hash,
                         std::string session = {}) {
    e.request_id = std::move(request_id);
    e.body_hash = body_hash;
    e.session = std::move(session);
    return e;
  }
  Session Resume(SessionKind kind, const std::string& client, const std::string& id,
                 std::optional<EventCursor> told) {
    auto outbox = std::make_shared<Outbox>(1'000);
    const Role role = kind == SessionKind::kGateway ? Role::kGateway : Role::kDesktop;
    const Answer answer = Do(From(role, client, OpenSession{kind, id, outbox, told}));
    EXPECT_TRUE(answer.status.ok()) << answer.status.message();
    return {answer.session, outbox, answer};
  }
  static std::vector<std::shared_ptr<const Event>> Told(const Session& session) {
    std::vector<std::shared_ptr<const Event>> events;
    for (const OutboxItem& item : session.outbox->Drain().items) events.push_back(item.event);
    return events;
  }
  static EventCursor CursorOf(const Event& event) { return {event.at, event.index}; }
};

TEST_F(RestartTest, TheJournalGivesTheWholeStateAgain) {
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    Begin();
    Forget();
    Traffic(seed, 500);
    const std::string live = Saved();
    EXPECT_TRUE(Replayed({}, 0) == live) << "with the books alone, seed " << seed;
    EXPECT_TRUE(Replayed({}, 1'000'000) == live) << "with events, seed " << seed;
  }
}

TEST_F(RestartTest, ASnapshotGoesOnLikeTheStateThatItWasMadeOf) {
  Traffic(5, 300);
  const std::string early = Saved();
  const Position at = service_->figures().head;
  Operations(ApplyPolicy{SharedTestModel(2), "text", "", {}});
  Operations(SetAgentSkills{"ann", {{"french", 3}}, false, 60'000});
  Operations(SetQueueMode{"sales", model::QueueMode::kClosed, 90'000});
  Traffic(6, 300);
  const std::string live = Saved();
  auto loaded = LoadWorld(clock_, early);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  std::string again;
  SaveWorld(*loaded.value().world, loaded.value().digest, again);
  EXPECT_TRUE(again == early) << "nothing is lost on the way";
  EXPECT_TRUE(Replayed(StartSnapshot{std::move(loaded).value(), at}, 100) == live);
}

TEST_F(RestartTest, ASnapshotWithAnyByteWrongIsRefusedOrSound) {
  Traffic(7, 60);
  const std::string bytes = Saved();
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::string wrong = bytes;
    wrong[i] = static_cast<char>(wrong[i] ^ 0x41);
    static_cast<void>(LoadWorld(clock_, wrong));  // must neither crash nor read outside
    static_cast<void>(LoadWorld(clock_, std::string_view(bytes).substr(0, i)));
  }
}

TEST_F(RestartTest, WhatTheJournalDoesNotBelongToIsRefused) {
  Traffic(8, 50);
  auto loaded = LoadWorld(clock_, Saved());
  ASSERT_TRUE(loaded.ok());
  Gateway(Call("later"));
  const Position head = service_->figures().head;
  auto wrong =
      Recover(StartSnapshot{std::move(loaded).value(), {1, head.sequence}}, *journal_, clock_, 0);
  Gateway(Call("latest"));
  loaded = LoadWorld(clock_, Saved());
  wrong = Recover(StartSnapshot{std::move(loaded).value(), {1, head.sequence + 100}}, *journal_,
                  clock_, 0);
  EXPECT_EQ(wrong.status().code(), Code::kFailedPrecondition);
  loaded = LoadWorld(clock_, Saved());
  wrong = Recover(StartSnapshot{std::move(loaded).value(), {1, head.sequence - 1}}, *journal_,
                  clock_, 0);
  EXPECT_EQ(wrong.status().code(), Code::kFailedPrecondition);
}

TEST_F(RestartTest, AContactKeepsItsPlaceAndItsWait) {
  Gateway(Call("first"));
  Advance(5'000);
  Gateway(Call("second"));
  clock_.Advance(60'000);
  GoOn();
  EXPECT_EQ(engine().PositionOf("first"), 1U);
  EXPECT_EQ(engine().PositionOf("second"), 2U);
  const Answer again = Gateway(UpdateContact{"first", {}, {}, {}, {}});
  EXPECT_EQ(again.contact->status.arrived_unix_ms, kWall);
  Desktop(Ready("ann"));
  EXPECT_EQ(Gateway(UpdateContact{"first", {}, {}, {}, {}}).contact->status.state,
            core::ContactState::kOffered)
      << "the first is first";
}

TEST_F(RestartTest, AnOpenOfferLivesOn) {
  Desktop(Ready("ann"));
  const ContactStatus before = Gateway(Call("c1")).contact->status;
  ASSERT_TRUE(before.offer.valid());
  clock_.Advance(10'000);
  GoOn();
  const Answer after = Gateway(UpdateContact{"c1", {}, {}, {}, {}});
  EXPECT_EQ(after.contact->status.offer, before.offer);
  EXPECT_EQ(after.contact->status.deadline_unix_ms, before.deadline_unix_ms);
  EXPECT_TRUE(Desktop(AcceptOffer{before.offer, "ann"}).status.ok());
}

TEST_F(RestartTest, AnOfferWhoseDeadlinePassedMeanwhileIsNobodysFault) {
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Call("c1")).contact->status.offer;
  clock_.Advance(3'600'000);
  GoOn();
  const Answer late = Desktop(AcceptOffer{offer, "ann"});
  EXPECT_EQ(late.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(late.offer_outcome, core::OfferOutcome::kRouterDown);
  EXPECT_EQ(engine().core().FindAgent(AgentNo(0))->misses, 0);
  const Answer again = Gateway(UpdateContact{"c1", {}, {}, {}, {}});
  EXPECT_EQ(again.contact->status.state, core::ContactState::kOffered) << "and is made anew";
  EXPECT_NE(again.contact->status.offer, offer);
}

TEST_F(RestartTest, ACommandIsAnsweredTheSameAfterwards) {
  const auto call = [](std::uint64_t hash) {
    return WithId(From(Role::kGateway, "pbx", Call("c1")), "r1", hash);
  };
  const auto refused = [] {
    return WithId(From(Role::kGateway, "pbx", Call("c2", "nowhere")), "r2", 8);
  };
  const auto log_in = [] { return WithId(From(Role::kDesktop, "desk", Ready("ann")), "r3", 9); };
  const Answer first = Do(call(7));
  const Answer no = Do(refused());
  const Answer in = Do(log_in());
  EXPECT_EQ(no.status.code(), Code::kNotFound);
  const Position head = service_->figures().head;
  GoOn();
  const Position restarted = service_->figures().head;
  const Answer again = Do(call(7));
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(again.unix_ms, first.unix_ms);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(again.contact->status.state, first.contact->status.state);
  EXPECT_EQ(again.contact->status.queue, "sales");
  const Answer no_again = Do(refused());
  EXPECT_EQ(no_again.status.message(), no.status.message());
  EXPECT_EQ(no_again.status.reason(), no.status.reason());
  EXPECT_EQ(no_again.at, no.at);
  const Answer in_again = Do(log_in());
  ASSERT_NE(in_again.agent, nullptr);
  EXPECT_EQ(in_again.agent->id, "ann");
  EXPECT_EQ(in_again.agent->skills, in.agent->skills);
  EXPECT_EQ(Do(call(99)).status.reason(), "request_id_reused");
  EXPECT_EQ(service_->figures().head, restarted) << "nothing was done twice";
  EXPECT_GT(restarted, head);
  clock_.Advance(limits::kUnaryAnswerMs + 1);
  EXPECT_TRUE(Do(call(99)).status.ok()) << "its time is over";
}

// Acknowledgements are journaled later than they count: a replay sees the id used twice.
TEST_F(RestartTest, AnIdThatWasUsedInTwoSessionsIsNoTrap) {
  const Session gateway = Open(SessionKind::kGateway, "app");
  const Session desk = Open(SessionKind::kDesktop, "app");
  const auto arrive = [&](const char* contact, const char* id, const std::string& session) {
    return Do(WithId(From(Role::kGateway, "app", Call(contact)), id, 1, session));
  };
  const auto ack = [this](const std::string& session, std::uint64_t upto) {
    service_->AckAnswers(session, upto);
    ASSERT_TRUE(service_->RunPending().ok());
  };
  ack(gateway.id, arrive("c1", "1", gateway.id).number);
  const Answer again = arrive("c2", "1", desk.id);
  EXPECT_TRUE(again.status.ok());
  arrive("c3", "2", gateway.id);  // tells the journal of the first acknowledgement
  EXPECT_TRUE(Replayed({}, 0) == Saved());
  GoOn();
  EXPECT_EQ(arrive("c2", "1", desk.id).at, again.at) << "the later use is remembered";
  Drop(SessionKind::kDesktop, "app", desk);
  Advance(10 * 60'000);
  GoOn();
  EXPECT_TRUE(Replayed({}, 0) == Saved());
}

TEST_F(RestartTest, AnArrivalWithoutRequestIdIsAnsweredAsItWasFirst) {
  const Answer first = Gateway(Call("c1"));
  Gateway(Call("c2"));
  Gateway(EndContact{"c1"});
  GoOn();
  const Answer again = Gateway(Call("c1"));
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(again.contact->status.state, core::ContactState::kQueued);
  EXPECT_EQ(Gateway(Call("c1", "support")).status.reason(), "contact_exists");
}

TEST_F(RestartTest, ASessionIsToldWhatItHasNotBeenToldAndNothingTwice) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  const Session desk = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  Gateway(Call("c1"));
  Gateway(Call("c2"));
  const auto told = Told(gateway);
  ASSERT_EQ(told.size(), 3U) << "queued, offered, queued";
  clock_.Advance(5'000);
  GoOn();
  const Session again = Resume(SessionKind::kGateway, "pbx", gateway.id, CursorOf(*told[0]));
  EXPECT_TRUE(again.answer.resumed);
  EXPECT_EQ(again.id, gateway.id);
  EXPECT_TRUE(again.answer.held_contacts.empty());
  const auto rest = Told(again);
  ASSERT_GE(rest.size(), 2U);
  EXPECT_EQ(rest[0]->kind, EventKind::kOfferMade);
  EXPECT_EQ(rest[0]->offer, told[1]->offer);
  EXPECT_EQ(rest[0]->deadline_unix_ms, told[1]->deadline_unix_ms);
  EXPECT_EQ(rest[1]->at, told[2]->at);
  Gateway(EndContact{"c2"});
  const auto live = Told(again);
  ASSERT_FALSE(live.empty());
  EXPECT_EQ(live.back()->kind, EventKind::kContactEnded) << "and hears what follows";
  EXPECT_TRUE(
      Resume(SessionKind::kDesktop, "desk", desk.id, EventCursor{desk.answer.at, kWholeRecord})
          .answer.resumed);
}

TEST_F(RestartTest, AClientThatSaysNothingOrKnowsTooMuchGetsTheState) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  Gateway(Call("c1"));
  GoOn();
  const Session silent = Resume(SessionKind::kGateway, "pbx", gateway.id, {});
  EXPECT_FALSE(silent.answer.resumed);
  ASSERT_EQ(silent.answer.held_contacts.size(), 1U);
  EXPECT_NE(silent.id, gateway.id);
  GoOn();
  const Position lost{2, service_->figures().head.sequence};  // of the epoch before this one
  const Session ahead = Resume(SessionKind::kGateway, "pbx", silent.id, EventCursor{lost, 0});
  EXPECT_FALSE(ahead.answer.resumed) << "what it was told is not in the history";
}

// Two streams of a client race: the second must not go on from before what the first was told.
TEST_F(RestartTest, ASessionIsTakenUpOnceByWhatItsClientWasTold) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  Gateway(Call("c1"));
  const EventCursor told{gateway.answer.at, ~0U};
  GoOn();
  const Session first = Resume(SessionKind::kGateway, "pbx", gateway.id, told);
  EXPECT_TRUE(first.answer.resumed);
  EXPECT_EQ(Told(first).size(), 1U) << "queued";
  const Session second = Resume(SessionKind::kGateway, "pbx", gateway.id, told);
  EXPECT_FALSE(second.answer.resumed);
  EXPECT_EQ(second.answer.held_contacts.size(), 1U);
  EXPECT_TRUE(first.outbox->Drain().closed);
  EXPECT_FALSE(second.outbox->Drain().closed);
}

TEST_F(RestartTest, WhoIsAwayIsMissedAfterAGraceFromTheStartOn) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  Gateway(Call("c1"));
  clock_.Advance(10 * 60'000);
  GoOn();
  EXPECT_FALSE(engine().core().FindGateway(GatewayNo(0))->connected);
  Advance(engine().policy()->model->gateway_grace_ms - 1);
  EXPECT_EQ(engine().core().contact_count(), 1U);
  Advance(1);
  EXPECT_EQ(engine().core().contact_count(), 0U) << "its live contact is lost with it";
  EXPECT_FALSE(
      Resume(SessionKind::kGateway, "pbx", gateway.id, EventCursor{gateway.answer.at, kWholeRecord})
          .answer.resumed);
}

TEST_F(RestartTest, EventsOfBeforeAreReadAfterwards) {
  Traffic(9, 200);
  const std::vector<Event> before = History();
  GoOn();
  const std::vector<Event> after = History();
  ASSERT_GE(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].at, before[i].at) << i;
    EXPECT_EQ(after[i].index, before[i].index) << i;
    EXPECT_EQ(after[i].kind, before[i].kind) << i;
    EXPECT_EQ(after[i].unix_ms, before[i].unix_ms) << i;
    EXPECT_EQ(after[i].queue, before[i].queue) << i;
    EXPECT_EQ(after[i].agent, before[i].agent) << i;
    EXPECT_EQ(after[i].actor, before[i].actor) << i;
    EXPECT_EQ(after[i].position, before[i].position) << i;
    EXPECT_EQ(after[i].why, before[i].why) << i;
  }
}

TEST_F(RestartTest, ManyRestartsInADayLeaveASoundState) {
  for (unsigned day = 1; day <= 6; ++day) {
    Traffic(day, 80);
    clock_.Advance(day * 15'000);
    GoOn();
    ASSERT_EQ(engine().core().CheckInvariants(engine().now()), "") << "after start " << day;
  }
  EXPECT_TRUE(Replayed({}, 0) == Saved());
}

}  // namespace
}  // namespace routerd::engine
