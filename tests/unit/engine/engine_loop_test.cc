// The writer's thread: many submitters, wake-ups, drain and stop. Nothing here waits for time to
// pass: tests wait for what is answered.
#include "routerd/engine/engine_loop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "routerd/journal/memory_journal.h"
#include "tests/unit/engine/test_model.h"

namespace routerd::engine {
namespace {

class EngineLoopTest : public ::testing::Test {
 protected:
  std::unique_ptr<EngineLoop> MakeLoop(std::size_t inbox = limits::kInboxCommands) {
    auto engine = Engine::Start({.model = model_}, clock_, journal_);
    EXPECT_TRUE(engine.ok());
    return std::make_unique<EngineLoop>(std::move(engine).value(), clock_, inbox);
  }

  static Envelope From(Role role, std::string client, Command command) {
    Envelope e;
    e.role = role;
    e.client = std::move(client);
    e.command = std::move(command);
    return e;
  }
  static Envelope Chat(const std::string& id) {
    Arrive c;
    c.contact = id;
    c.channel = "chat";
    c.queue = "sales";
    return From(Role::kGateway, "pbx", std::move(c));
  }
  static Envelope LogInAnn() {
    LogIn c;
    c.agent = "ann";
    c.ready = true;
    return From(Role::kDesktop, "desk", std::move(c));
  }
  static Answer Do(Service& service, Envelope envelope) {
    std::promise<Answer> promise;
    std::future<Answer> future = promise.get_future();
    envelope.done = [&promise](const Answer& answer) { promise.set_value(answer); };
    service.Submit(std::move(envelope));
    return future.get();
  }

  SystemClock clock_;
  journal::MemoryEpochStore epochs_;
  journal::MemoryJournal journal_{epochs_};
  std::shared_ptr<const model::Model> model_ = SharedTestModel();
};

TEST_F(EngineLoopTest, ManyThreadsSubmitAndEachCommandIsAnsweredOnce) {
  constexpr int kThreads = 4;
  constexpr int kEach = 500;
  auto loop = MakeLoop();
  auto feed = std::make_shared<Feed>(limits::kFeedBatches);
  std::promise<void> fed;
  loop->Start();
  loop->AddFeed(feed, [&fed](const auto&) { fed.set_value(); });
  fed.get_future().wait();
  std::atomic<int> answered{0};
  std::atomic<int> ok{0};
  std::promise<void> all;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        Envelope e = Chat("c" + std::to_string(t) + "-" + std::to_string(i));
        e.request_id = std::to_string(t) + "-" + std::to_string(i);
        e.done = [&](const Answer& answer) {
          if (answer.status.ok()) ++ok;
          if (++answered == kThreads * kEach) all.set_value();
        };
        loop->Submit(std::move(e));
        if (i % 50 == 0) {
          static_cast<void>(loop->figures());
          static_cast<void>(loop->policy());
          static_cast<void>(loop->ReadEvents({}, 10));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  all.get_future().wait();
  EXPECT_EQ(ok, kThreads * kEach);
  loop->Stop();
  EXPECT_EQ(answered, kThreads * kEach);
  std::size_t queued = 0;
  for (const auto& batch : feed->Drain().batches) queued += batch->events.size();
  EXPECT_EQ(queued, static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(loop->figures().inbox_depth, 0U);
  EXPECT_GE(loop->figures().commands_total, static_cast<std::uint64_t>(kThreads * kEach));
}

TEST_F(EngineLoopTest, AFullInboxAnswersAtOnce) {
  auto loop = MakeLoop(2);  // not started: nobody takes
  std::vector<Code> codes;
  std::promise<void> all;
  for (int i = 0; i < 3; ++i) {
    Envelope e = Chat("c" + std::to_string(i));
    e.done = [&](const Answer& answer) {
      codes.push_back(answer.status.code());
      if (!answer.status.ok()) {
        EXPECT_GT(answer.status.retry_after_ms(), 0);
      }
      if (codes.size() == 3) all.set_value();
    };
    loop->Submit(std::move(e));
  }
  EXPECT_EQ(codes, std::vector<Code>{Code::kResourceExhausted});
  EXPECT_EQ(loop->figures().commands_overloaded_total, 1U);
  loop->Start();
  all.get_future().wait();
  EXPECT_EQ(codes.back(), Code::kOk);
  loop->Stop();
}

// A millisecond's offer ends without any command: the loop wakes up by itself.
TEST_F(EngineLoopTest, TimersWakeTheWriter) {
  model::Model quick = TestModel();
  quick.channels[1].offer_ms = 1;
  model_ = std::make_shared<const model::Model>(quick);
  auto loop = MakeLoop();
  loop->Start();
  ASSERT_TRUE(Do(*loop, LogInAnn()).status.ok());
  auto outbox = std::make_shared<Outbox>(100);
  std::promise<void> ended;
  std::atomic<bool> told{false};
  outbox->SetWaker([&] {
    for (const OutboxItem& item : outbox->Drain().items) {
      if (item.event->kind == EventKind::kOfferEnded && !told.exchange(true)) ended.set_value();
    }
  });
  Do(*loop, From(Role::kDesktop, "desk", OpenSession{SessionKind::kDesktop, {}, outbox}));
  Do(*loop, Chat("c1"));
  ended.get_future().wait();
  loop->Stop();
}

TEST_F(EngineLoopTest, ADrainWaitsForOpenOffersAndThenEnds) {
  auto loop = MakeLoop();
  loop->Start();
  ASSERT_TRUE(Do(*loop, LogInAnn()).status.ok());
  const OfferId offer = Do(*loop, Chat("c1")).contact->status.offer;
  ASSERT_TRUE(offer.valid());
  std::thread drainer([&loop] { loop->Drain(); });
  // Until it is seen to drain, arrivals are still taken.
  for (int i = 0;; ++i) {
    const Answer answer = Do(*loop, Chat("d" + std::to_string(i)));
    if (answer.status.reason() == "draining") break;
  }
  EXPECT_TRUE(loop->figures().draining);
  EXPECT_TRUE(Do(*loop, From(Role::kDesktop, "desk", AcceptOffer{offer, "ann"})).status.ok());
  drainer.join();
  EXPECT_EQ(Do(*loop, Chat("late")).status.code(), Code::kUnavailable);
}

TEST_F(EngineLoopTest, ADrainEndsAtItsTimeWhateverIsOpen) {
  auto loop = MakeLoop();
  loop->Start();
  ASSERT_TRUE(Do(*loop, LogInAnn()).status.ok());
  ASSERT_TRUE(Do(*loop, Chat("c1")).contact->status.offer.valid());
  loop->Drain(0);
  EXPECT_EQ(Do(*loop, Chat("late")).status.code(), Code::kUnavailable);
  loop->Drain(0);
  loop->Stop();
}

TEST_F(EngineLoopTest, ADrainBegunIsUnderWayAtOnceAndCanBeWaitedFor) {
  auto loop = MakeLoop();
  loop->Start();
  ASSERT_TRUE(Do(*loop, LogInAnn()).status.ok());
  const OfferId offer = Do(*loop, Chat("c1")).contact->status.offer;
  loop->BeginDrain();
  EXPECT_EQ(Do(*loop, Chat("c2")).status.reason(), "draining");
  EXPECT_TRUE(Do(*loop, From(Role::kDesktop, "desk", AcceptOffer{offer, "ann"})).status.ok());
  loop->Drain();
  EXPECT_EQ(Do(*loop, Chat("late")).status.code(), Code::kUnavailable);
}

TEST_F(EngineLoopTest, WhoAsksForASnapshotAfterTheEndIsToldThatThereIsNone) {
  auto loop = MakeLoop();
  loop->Start();
  loop->Drain(0);
  int told = 0;
  const auto none = [&told](const auto& snapshot) {
    EXPECT_EQ(snapshot, nullptr);
    ++told;
  };
  loop->TakeSnapshot(none);
  loop->AddFeed(std::make_shared<Feed>(1), none);
  EXPECT_EQ(told, 2);
}

TEST_F(EngineLoopTest, WhoWaitsForASnapshotAtTheEndIsToldThatThereIsNone) {
  auto loop = MakeLoop();
  journal_.SetFull(true);
  loop->Start();
  EXPECT_EQ(Do(*loop, Chat("c1")).status.reason(), "no_space");
  std::promise<std::shared_ptr<const Snapshot>> snapshot;
  loop->TakeSnapshot([&snapshot](const auto& taken) { snapshot.set_value(taken); });
  loop->Stop();
  EXPECT_EQ(snapshot.get_future().get(), nullptr);
}

TEST_F(EngineLoopTest, WhatWasNeverRunIsAnsweredAtTheEnd) {
  Code code = Code::kOk;
  {
    auto loop = MakeLoop();
    Envelope e = Chat("c1");
    e.done = [&code](const Answer& answer) { code = answer.status.code(); };
    loop->Submit(std::move(e));
  }
  EXPECT_EQ(code, Code::kUnavailable);
}

TEST_F(EngineLoopTest, AfterAFatalFailureTheOwnerIsToldAndEverythingIsRefused) {
  std::promise<void> told;
  auto engine =
      Engine::Start({.model = model_, .on_fatal = [&told](const Status&) { told.set_value(); }},
                    clock_, journal_);
  EngineLoop loop(std::move(engine).value(), clock_);
  journal_.Fail(journal::Appended::kFailed);
  loop.Start();
  EXPECT_EQ(Do(loop, Chat("c1")).status.code(), Code::kUnavailable);
  told.get_future().wait();
  EXPECT_EQ(Do(loop, Chat("c2")).status.code(), Code::kUnavailable);
}

}  // namespace
}  // namespace routerd::engine
