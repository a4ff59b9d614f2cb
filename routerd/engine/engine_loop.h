// The engine with a thread of its own: the writer.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "routerd/base/clock.h"
#include "routerd/base/limits.h"
#include "routerd/engine/engine_service.h"
#include "routerd/engine/inbox.h"
#include "routerd/engine/past.h"

namespace routerd::engine {

// Waits for commands or for the next timer, whichever is first, and takes whatever has come
// meanwhile as one batch. Thread-safe.
class EngineLoop final : public EngineService {
 public:
  // `clock` is the engine's; it must outlive the loop.
  EngineLoop(std::unique_ptr<Engine> engine, const Clock& clock,
             std::size_t inbox_capacity = limits::kInboxCommands);
  // Stops at once, without a drain, if nobody has.
  ~EngineLoop() override;
  EngineLoop(const EngineLoop&) = delete;
  EngineLoop& operator=(const EngineLoop&) = delete;

  // Starts the thread. Before it, commands wait in the inbox.
  void Start();
  // Refuses arrivals and log-ins from now on; ends the thread when the offers that are open have
  // ended, at the latest after `max_ms`. What comes later is answered kUnavailable. Does not wait.
  void BeginDrain(SpanMs max_ms = limits::kDrainMs);
  // The same, and waits for that end; if the drain has begun already, for the end of that one.
  void Drain(SpanMs max_ms = limits::kDrainMs);
  // Ends the thread after the batch under way.
  void Stop();

  // Runs on the writer's thread between two batches. False: it has ended.
  bool WithJournal(std::function<void(journal::Journal&)> task);

  // Where events are read from that are no longer in memory. Before Start, or after Stop with null.
  void SetPast(std::shared_ptr<Past> past) { past_ = std::move(past); }
  // Any thread; told in the figures.
  void NoteSnapshot(std::uint64_t sequence) { snapshot_ = sequence; }
  void NoteSnapshotsStopped() { snapshots_stopped_ = true; }
  void WakeReaders() { engine_->TellWakers(); }
  [[nodiscard]] EventPage ReadEvents(Position from, std::size_t max_batches) const override;

  void Submit(Envelope envelope) override;
  void AddFeed(std::shared_ptr<Feed> feed,
               std::function<void(std::shared_ptr<const Snapshot>)> done) override;
  void TakeSnapshot(std::function<void(std::shared_ptr<const Snapshot>)> done) override;
  [[nodiscard]] Figures figures() const override;
  // Before Start and after Stop only: between them it is the writer's.
  [[nodiscard]] const Engine& engine() const { return *engine_; }
  // Likewise before Start: the state was there before this process.
  [[nodiscard]] bool recovered() const { return engine_->recovered(); }

 private:
  void Run();
  void RunAll(std::vector<Envelope>& envelopes);
  [[nodiscard]] std::optional<SpanMs> Timeout() const;
  [[nodiscard]] bool Over();
  void Join();

  const Clock& clock_;
  std::shared_ptr<Past> past_;
  Inbox inbox_;
  std::atomic<std::uint64_t> overloaded_{0};
  std::atomic<std::uint64_t> snapshot_{0};
  std::atomic<bool> snapshots_stopped_{false};
  std::atomic<bool> stop_{false};
  std::optional<TimeMs> drain_until_;  // of boot time; the writer's
  std::mutex thread_mutex_;
  std::thread thread_;
};

}  // namespace routerd::engine
