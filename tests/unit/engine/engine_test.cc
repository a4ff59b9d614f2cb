// Batches: durable before anybody hears, time that never goes back, policies, feeds, drain.
#include "routerd/engine/engine.h"

#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

using journal::Appended;

class BatchTest : public EngineTest {};

TEST_F(BatchTest, TheFirstRecordSaysWhatTheStateStartsFrom) {
  const auto batches = journal_->Read(1, 10).value();
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0].at(0).kind, journal::RecordKind::kStart);
  EXPECT_EQ(batches[0].header.time, kWall);
  EXPECT_EQ(service_->figures().head, (Position{1, 1}));
}

TEST_F(BatchTest, EachCommandIsARecordAndAnIdleBatchIsNone) {
  Gateway(Call("c1"));
  Gateway(Call("c2"));
  EXPECT_EQ(service_->figures().head.sequence, 4U) << "two calls, and a gateway that is new";
  ASSERT_TRUE(service_->RunPending().ok());
  Gateway(Hold{"none", true});
  EXPECT_EQ(service_->figures().head.sequence, 4U);
  EXPECT_EQ(journal_->head(), service_->figures().head);
}

TEST_F(BatchTest, NothingIsReleasedWhenTheJournalFails) {
  for (const Appended how : {Appended::kFailed, Appended::kFenced}) {
    Status fatal;
    EngineOptions options;
    options.on_fatal = [&fatal](const Status& status) { fatal = status; };
    Begin(std::move(options));
    const Session gateway = Open(SessionKind::kGateway, "pbx");
    auto feed = std::make_shared<Feed>(100);
    service_->AddFeed(feed, [](const auto&) {});
    const std::size_t events = History().size();
    journal_->Fail(how);
    const Answer answer = Gateway(Call("c1"));
    EXPECT_EQ(answer.status.code(), Code::kUnavailable);
    EXPECT_FALSE(fatal.ok());
    EXPECT_TRUE(gateway.outbox->Drain().items.empty());
    EXPECT_TRUE(feed->Drain().batches.empty());
    EXPECT_EQ(History().size(), events);
    EXPECT_EQ(Gateway(Call("c2")).status.code(), Code::kUnavailable) << "it has ended for good";
    EXPECT_FALSE(service_->RunPending().ok());
    bool told = false;
    service_->TakeSnapshot([&told](const auto& snapshot) {
      EXPECT_EQ(snapshot, nullptr) << "the state is ahead of the journal";
      told = true;
    });
    EXPECT_TRUE(told);
  }
}

TEST_F(BatchTest, AnUnknownAppendIsResolvedBeforeAnybodyHears) {
  for (const bool stored : {true, false}) {
    journal_->Fail(Appended::kUnknown, 1, stored);
    EXPECT_TRUE(Gateway(Call(stored ? "c1" : "c2")).status.ok());
  }
  EXPECT_EQ(journal_->head(), service_->figures().head);
  journal_->Fail(Appended::kUnknown, 3, false);
  EXPECT_EQ(Gateway(Call("c3")).status.code(), Code::kUnavailable) << "it stays unknown";
}

TEST_F(BatchTest, WithoutSpaceItWaitsAndGoesOnByItself) {
  std::vector<bool> full;
  EngineOptions options;
  options.on_no_space = [&full](bool is_full) { full.push_back(is_full); };
  Begin(std::move(options));
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  journal_->SetFull(true);
  Envelope arrival = From(Role::kGateway, "pbx", Call("c1"));
  arrival.request_id = "r1";
  const Answer refused = Do(std::move(arrival));
  EXPECT_EQ(refused.status.code(), Code::kUnavailable);
  EXPECT_EQ(refused.status.reason(), "no_space");
  EXPECT_GT(refused.status.retry_after_ms(), 0);
  EXPECT_EQ(Gateway(Call("c2")).status.reason(), "no_space");
  EXPECT_TRUE(gateway.outbox->Drain().items.empty());
  bool snapped = false;
  service_->TakeSnapshot([&snapped](const auto&) { snapped = true; });
  EXPECT_FALSE(snapped) << "the state is ahead of the journal";
  EXPECT_TRUE(engine().UntilWakeup().has_value());
  const std::uint64_t answered = service_->figures().commands_total;
  EXPECT_TRUE(Gateway(AckAnswers{}).status.ok()) << "needs no space";
  EXPECT_EQ(service_->figures().commands_total, answered + 1) << "the writer is seen to get on";
  journal_->SetFull(false);
  ASSERT_TRUE(service_->RunPending().ok());
  EXPECT_TRUE(snapped);
  EXPECT_EQ(Kinds(gateway.outbox), std::vector<EventKind>{EventKind::kContactQueued});
  Envelope again = From(Role::kGateway, "pbx", Call("c1"));
  again.request_id = "r1";
  EXPECT_TRUE(Do(std::move(again)).status.ok()) << "asked again, it is told the answer";
  EXPECT_EQ(engine().core().contact_count(), 1U);
  EXPECT_EQ(full, (std::vector<bool>{true, false}));
}

TEST_F(BatchTest, ASessionOpenedWhileThereWasNoSpaceIsNotTakenForConnected) {
  journal_->SetFull(true);
  auto outbox = std::make_shared<Outbox>(10);
  const Answer refused =
      Do(From(Role::kGateway, "pbx", OpenSession{SessionKind::kGateway, {}, outbox}));
  EXPECT_EQ(refused.status.reason(), "no_space");
  journal_->SetFull(false);
  ASSERT_TRUE(service_->RunPending().ok());
  EXPECT_FALSE(engine().core().FindGateway(GatewayNo(0))->connected);
}

TEST_F(BatchTest, AConnectionLostWhileThereWasNoSpaceIsLostAfterwards) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  journal_->SetFull(true);
  Gateway(Call("c1"));
  Drop(SessionKind::kGateway, "pbx", gateway);
  EXPECT_TRUE(engine().core().FindGateway(GatewayNo(0))->connected);
  journal_->SetFull(false);
  ASSERT_TRUE(service_->RunPending().ok());
  EXPECT_FALSE(engine().core().FindGateway(GatewayNo(0))->connected);
}

TEST_F(BatchTest, TheWallClockMayJumpAndNoOfferEnds) {
  std::vector<SpanMs> moved;
  EngineOptions options;
  options.on_clock_moved = [&moved](SpanMs by) { moved.push_back(by); };
  Begin(std::move(options));
  Desktop(Ready("ann"));
  Gateway(Call("c1"));
  auto feed = std::make_shared<Feed>(100);
  std::shared_ptr<const Snapshot> before;
  service_->AddFeed(feed, [&before](const auto& snapshot) { before = snapshot; });
  clock_.JumpWall(-3'600'000);
  Advance(10'000);
  const auto batches = feed->Drain().batches;
  ASSERT_EQ(batches.size(), 1U) << "who shows times hears of it at once";
  EXPECT_EQ(batches[0]->wall_offset_ms, before->wall_offset_ms - 3'600'000);
  service_->TakeSnapshot([&batches](const auto& now) {
    EXPECT_EQ(now->wall_offset_ms, batches[0]->wall_offset_ms);
    EXPECT_EQ(now->unix_ms, now->boot_ms + now->wall_offset_ms);
  });
  EXPECT_EQ(moved, std::vector<SpanMs>{-3'600'000});
  EXPECT_EQ(service_->figures().clock_jumps_total, 1U);
  const Answer after = Gateway(UpdateContact{"c1", 1, {}, {}, {}});
  EXPECT_EQ(after.contact->status.state, core::ContactState::kOffered);
  EXPECT_EQ(after.unix_ms, clock_.WallMs());
  EXPECT_EQ(after.contact->status.deadline_unix_ms, clock_.WallMs() + 10'000);
  Advance(10'000);
  EXPECT_EQ(engine().core().queue(QueueNo(0)).waiting, 1U) << "it ends when it was to end";
  EXPECT_EQ(engine().core().FindAgent(AgentNo(0))->presence, core::Presence::kNotResponding);
}

TEST_F(BatchTest, ARestartGoesOnWithSequencesUnderAGreaterEpoch) {
  Gateway(Call("c1"));
  const Position before = service_->figures().head;
  clock_.JumpWall(-10'000);
  GoOn();
  EXPECT_EQ(engine().epoch(), 2U);
  // The restart, and how far the wall clock is from batch time.
  EXPECT_EQ(service_->figures().head, (Position{2, before.sequence + 2}));
  EXPECT_GE(engine().now(), kWall) << "time does not go back";
  EXPECT_EQ(engine().core().contact_count(), 1U);
  EXPECT_FALSE(service_->ReadEvents(before, 10).out_of_range);
}

TEST_F(BatchTest, TimersFireWithoutCommands) {
  Desktop(Ready("ann"));
  Gateway(Chat("c1"));
  ASSERT_TRUE(engine().UntilWakeup().has_value());
  EXPECT_LE(*engine().UntilWakeup(), 30'000);
  Advance(30'000);
  const std::vector<Event> events = History();
  bool timed_out = false;
  for (const Event& event : events) {
    if (event.kind != EventKind::kOfferEnded) continue;
    timed_out = event.outcome == core::OfferOutcome::kTimedOut;
    EXPECT_EQ(event.actor, "") << "nobody did it";
    EXPECT_EQ(event.agent, "ann");
  }
  EXPECT_TRUE(timed_out);
}

// Wake-ups may be early; they must not come for ever without anything being due.
TEST_F(BatchTest, AWakeupLeadsSomewhere) {
  Arrive call = Call("c1");
  call.not_before_unix_ms = kWall + 86'400'000;
  Gateway(call);
  int wakeups = 0;
  while (engine().core().queue(QueueNo(0)).waiting == 0) {
    const std::optional<SpanMs> wait = engine().UntilWakeup();
    ASSERT_TRUE(wait.has_value());
    ASSERT_LT(++wakeups, 100);
    Advance(*wait);
  }
  EXPECT_EQ(engine().now(), kWall + 86'400'000);
}

TEST_F(BatchTest, APolicySwapsOnlyOverTheVersionItWasCompiledAgainst) {
  const Answer stale = Operations(ApplyPolicy{SharedTestModel(2), "new", "why", 7});
  EXPECT_EQ(stale.status.reason(), "policy_version");
  EXPECT_EQ(stale.policy_version, 1U);
  const Answer overtaken = Operations(ApplyPolicy{SharedTestModel(3), "", "", {}});
  EXPECT_EQ(overtaken.status.code(), Code::kUnavailable);
  EXPECT_EQ(overtaken.status.reason(), "policy_overtaken");
  EXPECT_EQ(overtaken.policy_version, 1U);
  Operations(SetQueueMode{"sales", model::QueueMode::kClosed});
  Desktop(Ready("ann"));
  model::Model next = TestModel(2);
  next.queues[0].service_level_ms = 45'000;
  next.agents[0].profile.skills = {{SkillNo(1), 2}};
  const Answer applied =
      Operations(ApplyPolicy{std::make_shared<const model::Model>(next), "new", "why", 1});
  ASSERT_TRUE(applied.status.ok()) << applied.status.message();
  EXPECT_EQ(applied.policy_version, 2U);
  const auto policy = service_->policy();
  EXPECT_EQ(policy->source, "new");
  EXPECT_EQ(policy->comment, "why");
  EXPECT_EQ(policy->actor, "console");
  EXPECT_EQ(policy->applied_unix_ms, kWall);
  EXPECT_EQ(Gateway(Call("c1")).refused_by, core::EndReason::kQueueClosed) << "the override stays";
  EXPECT_EQ(Operations(SetQueueMode{"sales", std::nullopt}).queue_mode, model::QueueMode::kOpen);
  EXPECT_EQ(Gateway(Call("c2")).contact->status.state, core::ContactState::kOffered)
      << "the override is cleared";
  EXPECT_EQ(Desktop(SetPresence{"ann", true, "", {}}).agent->skills,
            (std::vector<SkillNeed>{{"french", 2}}));
}

// The api compiles it again and submits it under the same request id.
TEST_F(BatchTest, APolicyThatWasOvertakenMayBeAppliedByTheSameRequest) {
  const auto apply = [this](std::uint64_t version) {
    Envelope e =
        From(Role::kOperations, "console", ApplyPolicy{SharedTestModel(version), "", "", {}});
    e.request_id = "r1";
    e.body_hash = 1;
    return Do(std::move(e));
  };
  EXPECT_EQ(apply(3).status.reason(), "policy_overtaken");
  const Answer applied = apply(2);
  EXPECT_TRUE(applied.status.ok()) << applied.status.message();
  EXPECT_EQ(apply(2).at, applied.at) << "and that answer is the request's";
}

TEST_F(BatchTest, APolicyMayNotRemoveAQueueWithContacts) {
  Gateway(Call("c1", "support"));
  model::Model next = TestModel(2);
  next.queues[1] = {};
  next.queues[1].name = "";
  const Answer refused =
      Operations(ApplyPolicy{std::make_shared<const model::Model>(next), "", "", {}});
  EXPECT_EQ(refused.status.reason(), "queue_has_contacts");
  EXPECT_EQ(service_->policy()->model->version, 1U);
}

TEST_F(BatchTest, AFeedStartsWithASnapshotAndMissesNothing) {
  Gateway(Call("c1"));
  Desktop(Ready("ann"));
  auto feed = std::make_shared<Feed>(2);
  std::shared_ptr<const Snapshot> snapshot;
  service_->AddFeed(feed, [&snapshot](const auto& s) { snapshot = s; });
  ASSERT_NE(snapshot, nullptr);
  EXPECT_EQ(snapshot->at, service_->figures().head);
  EXPECT_EQ(snapshot->queues.size(), 3U);
  ASSERT_EQ(snapshot->agents.size(), 1U);
  ASSERT_EQ(snapshot->contacts.size(), 1U);
  EXPECT_EQ(snapshot->contacts[0].status.state, core::ContactState::kOffered);
  Gateway(Call("c2"));
  const Feed::Drained first = feed->Drain();
  ASSERT_EQ(first.batches.size(), 1U);
  EXPECT_FALSE(first.lost);
  EXPECT_EQ(first.batches[0]->commands, 1U);
  EXPECT_EQ(first.batches[0]->decision_ns.size(), 1U);
  for (const char* id : {"c3", "c4", "c5"}) Gateway(Call(id));
  EXPECT_TRUE(feed->Drain().lost);
  service_->TakeSnapshot([&snapshot](const auto& s) { snapshot = s; });
  EXPECT_EQ(snapshot->contacts.size(), 5U);
}

TEST_F(BatchTest, ReadersAreWokenAfterARelease) {
  int woken = 0;
  const std::uint64_t token = service_->AddReleaseWaker([&woken] { ++woken; });
  Gateway(Call("c1"));
  EXPECT_EQ(woken, 1);
  service_->RemoveReleaseWaker(token);
  Gateway(Call("c2"));
  EXPECT_EQ(woken, 1);
}

TEST_F(BatchTest, ADrainingRouterTakesNothingNew) {
  Gateway(Call("c1"));
  engine().BeginDrain();
  EXPECT_TRUE(service_->figures().draining);
  const Answer call = Gateway(Call("c2"));
  EXPECT_EQ(call.status.code(), Code::kUnavailable);
  EXPECT_EQ(call.status.reason(), "draining");
  EXPECT_EQ(Desktop(Ready("ann")).status.reason(), "draining");
  EXPECT_TRUE(Gateway(Call("c1")).status.ok()) << "what it has taken it answers for";
  EXPECT_TRUE(Gateway(EndContact{"c1"}).status.ok());
}

TEST_F(BatchTest, TheDirectInboxIsBoundedToo) {
  auto engine = Engine::Start({.model = SharedTestModel()}, clock_, *journal_);
  DirectService small(std::move(engine).value(), 1);
  std::vector<Code> codes;
  for (int i = 0; i < 2; ++i) {
    Envelope e = From(Role::kGateway, "pbx", Call("c" + std::to_string(i)));
    e.done = [&codes](const Answer& answer) { codes.push_back(answer.status.code()); };
    small.Submit(std::move(e));
  }
  EXPECT_EQ(codes, std::vector<Code>{Code::kResourceExhausted});
  EXPECT_EQ(small.figures().commands_overloaded_total, 1U);
  EXPECT_EQ(small.figures().inbox_depth, 1U);
  ASSERT_TRUE(small.RunPending().ok());
  EXPECT_EQ(codes.size(), 2U);
}

// So many contacts whose time has come do not hold up a caller, and come at one time.
TEST_F(EngineTest, ManyTimersAtOnceLeaveRoomForCommandsInBetween) {
  constexpr int kMany = 2'500;
  Arrive later = Call("", "support");
  later.not_before_unix_ms = kWall + 60'000;
  for (int i = 0; i < kMany; ++i) {
    later.contact = "c" + std::to_string(i);
    ASSERT_TRUE(Gateway(later).status.ok());
  }
  clock_.Advance(60'000);
  EXPECT_TRUE(Gateway(Call("now", "support")).status.ok());
  EXPECT_TRUE(engine().behind());
  const TimeMs time = engine().now();
  EXPECT_EQ(engine().core().queue(QueueNo(1)).waiting, 1'001U);
  Advance(500);
  EXPECT_FALSE(engine().behind());
  EXPECT_EQ(engine().core().queue(QueueNo(1)).waiting, 2'501U);
  EXPECT_EQ(engine().now(), time);
  EXPECT_TRUE(Gateway(Call("then", "support")).status.ok());
  EXPECT_EQ(engine().now(), time + 500);
  EXPECT_EQ(engine().figures().clock_jumps_total, 0U) << "time stood still, no clock was moved";
}

}  // namespace
}  // namespace routerd::engine
