// The engine on the test's own thread, with a clock that stands still until told to move.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/engine/direct_service.h"
#include "routerd/journal/memory_journal.h"
#include "tests/unit/engine/test_model.h"

namespace routerd::engine {

inline constexpr TimeMs kWall = 1'700'000'000'000;

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() { Begin(); }

  // A new engine over a new journal.
  void Begin(EngineOptions options = {}) {
    service_.reset();
    journal_ = std::make_unique<journal::MemoryJournal>(epochs_);
    GoOn(std::move(options));
  }
  // A new engine over the same journal, as after a crash.
  void GoOn(EngineOptions options = {}) {
    service_.reset();
    if (options.model == nullptr) options.model = SharedTestModel();
    auto engine = Engine::Start(std::move(options), clock_, *journal_);
    ASSERT_TRUE(engine.ok()) << engine.status().message();
    service_ = std::make_unique<DirectService>(std::move(engine).value());
  }

  Engine& engine() { return service_->engine(); }

  static Envelope From(Role role, std::string client, Command command) {
    Envelope e;
    e.role = role;
    e.client = std::move(client);
    e.command = std::move(command);
    return e;
  }

  // One batch for one command.
  Answer Do(Envelope envelope) {
    std::optional<Answer> given;
    envelope.done = [&given](const Answer& answer) { given = answer; };
    service_->RunNow(std::move(envelope));
    EXPECT_TRUE(given.has_value());
    return given.value_or(Answer{});
  }
  Answer Gateway(Command c, std::string client = "pbx") {
    return Do(From(Role::kGateway, std::move(client), std::move(c)));
  }
  Answer Desktop(Command c, std::string client = "desk") {
    return Do(From(Role::kDesktop, std::move(client), std::move(c)));
  }
  Answer Operations(Command c) { return Do(From(Role::kOperations, "console", std::move(c))); }

  static Arrive Call(std::string id, std::string queue = "sales") {
    Arrive c;
    c.contact = std::move(id);
    c.channel = "voice";
    c.queue = std::move(queue);
    return c;
  }
  static Arrive Chat(std::string id, std::string queue = "sales") {
    Arrive c = Call(std::move(id), std::move(queue));
    c.channel = "chat";
    return c;
  }
  static LogIn Ready(std::string agent) {
    LogIn c;
    c.agent = std::move(agent);
    c.endpoints = {{"voice", "sip:" + c.agent}, {"chat", "@" + c.agent}, {"phone", "tel:1"}};
    c.ready = true;
    return c;
  }

  struct Session {
    std::string id;
    std::shared_ptr<Outbox> outbox;
    Answer answer;
  };
  Session Open(SessionKind kind, const std::string& client, std::string resume = {},
               std::shared_ptr<Outbox> outbox = nullptr) {
    if (outbox == nullptr) outbox = std::make_shared<Outbox>(100);
    const Role role = kind == SessionKind::kGateway ? Role::kGateway : Role::kDesktop;
    const Answer answer = Do(From(role, client, OpenSession{kind, std::move(resume), outbox}));
    EXPECT_TRUE(answer.status.ok()) << answer.status.message();
    return {answer.session, outbox, answer};
  }
  Answer Drop(SessionKind kind, const std::string& client, const Session& session) {
    const Role role = kind == SessionKind::kGateway ? Role::kGateway : Role::kDesktop;
    return Do(From(role, client, DropSession{session.id, session.outbox}));
  }

  void Advance(SpanMs ms) {
    clock_.Advance(ms);
    EXPECT_TRUE(service_->RunPending().ok());
  }

  // The kinds and agents of what an outbox holds.
  static std::vector<EventKind> Kinds(const std::shared_ptr<Outbox>& outbox) {
    std::vector<EventKind> kinds;
    for (const OutboxItem& item : outbox->Drain().items) kinds.push_back(item.event->kind);
    return kinds;
  }
  // All events of the history.
  std::vector<Event> History() {
    std::vector<Event> events;
    for (const auto& batch : service_->ReadEvents({}, 1'000'000).batches) {
      events.insert(events.end(), batch->events.begin(), batch->events.end());
    }
    return events;
  }

  ManualClock clock_{5'000, kWall};
  journal::MemoryEpochStore epochs_;
  std::unique_ptr<journal::MemoryJournal> journal_;
  std::unique_ptr<DirectService> service_;
};

}  // namespace routerd::engine
