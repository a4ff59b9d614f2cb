// A router that goes down and comes back, on a real engine: whatever a session's client had handled
// by then, it is told the rest, and nothing twice. No connection and no thread.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "routerd/api/prepare.h"
#include "routerd/api/session.h"
#include "routerd/api/words.h"
#include "routerd/engine/direct_service.h"
#include "routerd/journal/memory_journal.h"
#include "tests/unit/api/fake_engine.h"
#include "tests/unit/api/kept_link.h"
#include "tests/unit/api/test_time.h"

namespace routerd::api {
namespace {

using GatewayOut = v1::OpenGatewaySessionResponse;

class RestartEngineTest : public ::testing::Test {
 protected:
  // What dies with the router.
  struct Router {
    Router(const Clock& clock, journal::Journal& journal, TestTime& time, Executor& executor)
        : engine(Started(clock, journal)), runtime{engine, time, time, executor, "1.2.3", 4} {}
    static std::unique_ptr<engine::Engine> Started(const Clock& clock, journal::Journal& journal) {
      auto engine = engine::Engine::Start(
          {.model = std::make_shared<const model::Model>(SmallPolicy())}, clock, journal);
      EXPECT_TRUE(engine.ok());
      return std::move(engine).value();
    }
    engine::DirectService engine;
    Runtime runtime;
  };
  struct Client {
    engine::Answer answer;
    std::shared_ptr<KeptLink<GatewayOut>> link = std::make_shared<KeptLink<GatewayOut>>();
    std::shared_ptr<Session<GatewayKind>> session;
  };

  RestartEngineTest() { executor_.Stop(); }  // the test pumps by itself

  void Restart() {
    clock_.Advance(5'000);
    router_.reset();
    router_ = std::make_unique<Router>(clock_, journal_, time_, executor_);
  }
  // As SessionStream does; `at` is absent for one who has just started.
  Client Open(const GatewayOut* at = nullptr, const std::string& id = {}) {
    Client client;
    const auto outbox = std::make_shared<engine::Outbox>(limits::kSessionOutbox);
    engine::OpenSession open{engine::SessionKind::kGateway, id, outbox};
    if (at != nullptr) open.told = ParseCursor(at->cursor());
    const auto told = open.told;
    engine::Envelope hello;
    hello.client = "pbx";
    hello.command = std::move(open);
    hello.done = [&client](const engine::Answer& answer) { client.answer = answer; };
    router_->engine.RunNow(std::move(hello));
    client.session = std::make_shared<Session<GatewayKind>>(router_->runtime, "pbx", outbox);
    if (client.answer.resumed) {
      client.session->TakeUp(client.link, client.answer, at->number(), *told,
                             std::make_shared<GatewayOut>());
    } else {
      std::vector<v1::GatewayEvent> lists;
      AppendHeld(client.answer, at != nullptr, &lists);
      client.session->Open(client.link, client.answer, std::make_shared<GatewayOut>(),
                           std::move(lists));
    }
    return client;
  }
  // What there is to tell, in frames of at most one step each.
  static void ReadOn(const Client& client, std::vector<std::shared_ptr<const GatewayOut>>* frames) {
    while (true) {
      client.link->written.reset();
      client.session->Written(client.link);
      if (!client.link->written) return;
      frames->push_back(client.link->written);
    }
  }
  template <typename Request>
  void Do(const Request& request) {
    auto [status, envelope] = Prepare(request, {engine::Role::kGateway, "default", "pbx", {}, {}});
    ASSERT_TRUE(status.ok());
    router_->engine.RunNow(std::move(envelope));
  }
  void Arrive(const std::string& id) {
    v1::ArriveRequest arrival;
    arrival.mutable_header()->set_client("pbx");
    arrival.set_contact_id(id);
    arrival.set_channel("chat");
    arrival.set_queue("sales");
    Do(arrival);
  }
  void End(const std::string& id) {
    v1::EndContactRequest end;
    end.mutable_header()->set_client("pbx");
    end.set_contact_id(id);
    end.set_reason(v1::END_REASON_CUSTOMER_LEFT);
    Do(end);
  }
  static std::vector<std::string> EventsOf(
      const std::vector<std::shared_ptr<const GatewayOut>>& frames) {
    std::vector<std::string> events;
    for (const auto& frame : frames) {
      for (const auto& event : frame->events()) events.push_back(event.SerializeAsString());
    }
    return events;
  }

  ManualClock clock_{5'000, 1'700'000'000'000};
  journal::MemoryEpochStore epochs_;
  journal::MemoryJournal journal_{epochs_};
  TestTime time_;
  Executor executor_{1};
  std::unique_ptr<Router> router_ = std::make_unique<Router>(clock_, journal_, time_, executor_);
};

TEST_F(RestartEngineTest, WhateverWasHandledTheRestIsToldAndNothingTwice) {
  const Client before = Open();
  std::vector<std::shared_ptr<const GatewayOut>> frames = {before.link->written};
  for (int i = 1; i <= 4; ++i) {
    Arrive("c" + std::to_string(i));
    ReadOn(before, &frames);
    End("c" + std::to_string(i));
    ReadOn(before, &frames);
  }
  const std::vector<std::string> all = EventsOf(frames);
  ASSERT_EQ(all.size(), 8U);
  for (std::size_t handled = 0; handled < frames.size(); ++handled) {
    Restart();
    const Client after = Open(frames[handled].get(), before.answer.session);
    ASSERT_TRUE(after.answer.resumed) << handled;
    std::vector<std::shared_ptr<const GatewayOut>> rest;
    ReadOn(after, &rest);
    ASSERT_EQ(EventsOf(rest), std::vector<std::string>(
                                  all.begin() + static_cast<std::ptrdiff_t>(handled), all.end()));
    if (handled + 1 < frames.size()) {
      EXPECT_EQ(rest.front()->number(), frames[handled]->number() + 1);
    }
  }
}

TEST_F(RestartEngineTest, WhatHappensBetweenRestartAndReturnIsTold) {
  const Client before = Open();
  std::vector<std::shared_ptr<const GatewayOut>> frames;
  Arrive("c1");
  ReadOn(before, &frames);
  Restart();
  End("c1");
  const Client after = Open(frames.back().get(), before.answer.session);
  ASSERT_TRUE(after.answer.resumed);
  std::vector<std::shared_ptr<const GatewayOut>> rest;
  ReadOn(after, &rest);
  ASSERT_EQ(EventsOf(rest).size(), 1U);
  EXPECT_EQ(rest.back()->events(0).ended().contact_id(), "c1");
  // And once more, from there.
  Restart();
  const Client again = Open(rest.back().get(), before.answer.session);
  ASSERT_TRUE(again.answer.resumed);
  rest.clear();
  ReadOn(again, &rest);
  EXPECT_TRUE(rest.empty());
}

TEST_F(RestartEngineTest, ASessionWhoseListsAreNotThroughBeginsAnew) {
  Arrive("c1");
  const Client before = Open();
  ASSERT_EQ(before.link->written->cursor(), "");
  Restart();
  const Client after = Open(before.link->written.get(), before.answer.session);
  EXPECT_FALSE(after.answer.resumed);
  EXPECT_EQ(after.answer.held_contacts.size(), 1U);
}

}  // namespace
}  // namespace routerd::api
