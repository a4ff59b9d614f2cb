// An engine::Service that does nothing by itself: the test says what it answers and tells.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "routerd/engine/service.h"

namespace routerd::api {

class FakeEngine final : public engine::Service {
 public:
  using Handler = std::function<engine::Answer(const engine::Envelope&)>;

  FakeEngine();
  ~FakeEngine() override;

  // ---- What the test says ----------------------------------------------------------------------

  // Answers everything but OpenSession and DropSession; on the writer's thread.
  void SetHandler(Handler handler);
  // Answers OpenSession, given what would be answered; on the writer's thread.
  void SetOpenHandler(std::function<void(const engine::OpenSession&, engine::Answer&)> handler);
  // Tells the session of `client` something, on the writer's thread. Waits until it is told.
  void Tell(const std::string& client, engine::Event event, std::string endpoint = {});
  // Closes the outbox of the client's session.
  void Shut(const std::string& client, const std::string& reason);
  // Runs something on the writer's thread and waits for it.
  void OnWriter(std::function<void()> task);
  // Adds a batch to the history and wakes those who wait.
  void Release(std::vector<engine::Event> events);
  void TrimHistory(std::size_t batches_kept);
  void SetDomain(std::string domain) { domain_ = std::move(domain); }
  void SetPolicy(engine::PolicyInForce policy);

  // ---- What the test asks ----------------------------------------------------------------------

  // The first envelope with this kind of command that no Await has given yet.
  template <typename Command>
  engine::Envelope Await() {
    return AwaitIf(
        [](const engine::Envelope& e) { return std::holds_alternative<Command>(e.command); });
  }
  engine::Envelope AwaitIf(const std::function<bool(const engine::Envelope&)>& wanted);
  [[nodiscard]] std::size_t submitted() const;
  // The most commands that ever waited for the writer.
  [[nodiscard]] std::size_t most_waiting() const;

  // ---- engine::Service -------------------------------------------------------------------------

  void Submit(engine::Envelope envelope) override;
  void AddFeed(std::shared_ptr<engine::Feed> feed,
               std::function<void(std::shared_ptr<const engine::Snapshot>)> done) override;
  void TakeSnapshot(std::function<void(std::shared_ptr<const engine::Snapshot>)> done) override;
  [[nodiscard]] engine::EventPage ReadEvents(Position from, std::size_t max_batches) const override;
  std::uint64_t AddReleaseWaker(std::function<void()> waker) override;
  void RemoveReleaseWaker(std::uint64_t token) override;
  [[nodiscard]] std::shared_ptr<const engine::PolicyInForce> policy() const override;
  [[nodiscard]] engine::Figures figures() const override;
  [[nodiscard]] const std::string& domain() const override { return domain_; }
  [[nodiscard]] std::uint32_t epoch() const override { return 7; }
  [[nodiscard]] TimeMs started_unix_ms() const override { return 1'700'000'000'000; }

 private:
  struct Session {
    std::string id;
    std::shared_ptr<engine::Outbox> outbox;
  };

  void Run();
  engine::Answer AnswerTo(const engine::Envelope& envelope);
  void Open(const engine::Envelope& envelope, const engine::OpenSession& open,
            engine::Answer& answer);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::deque<engine::Envelope> seen_;  // without `done`
  std::size_t submitted_ = 0;
  std::size_t most_waiting_ = 0;
  Handler handler_;
  std::function<void(const engine::OpenSession&, engine::Answer&)> open_handler_;
  std::map<std::string, Session> sessions_;  // by client and kind
  std::uint64_t next_session_ = 1;
  std::uint64_t sequence_ = 100;
  std::vector<std::shared_ptr<const engine::EventBatch>> history_;
  Position dropped_;
  std::map<std::uint64_t, std::function<void()>> wakers_;
  std::uint64_t next_waker_ = 1;
  std::shared_ptr<const engine::PolicyInForce> policy_;
  std::string domain_ = "default";
  std::thread thread_;
};

// A policy with channels `voice` (phone) and `chat` (desktop), queue `sales`, version 3.
model::Model SmallPolicy();

}  // namespace routerd::api
