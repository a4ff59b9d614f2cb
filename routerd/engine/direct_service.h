// The engine without a thread, for simulation and tests: what is submitted is run by the caller,
// when he says so, at the time that his clock shows.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "routerd/engine/engine_service.h"

namespace routerd::engine {

// One thread.
class DirectService final : public EngineService {
 public:
  explicit DirectService(std::unique_ptr<Engine> engine,
                         std::size_t inbox_capacity = limits::kInboxCommands)
      : EngineService(std::move(engine)), inbox_capacity_(inbox_capacity) {}

  // Holds the command until RunPending.
  void Submit(Envelope envelope) override;
  // Runs what is pending, and timers that are due, as one batch (more than limits::kMaxBatch
  // commands: as several). Commands submitted meanwhile stay pending.
  Status RunPending();
  // A batch of its own for one command; what was pending goes before it.
  void RunNow(Envelope envelope);

  void AddFeed(std::shared_ptr<Feed> feed,
               std::function<void(std::shared_ptr<const Snapshot>)> done) override {
    engine_->AddFeed(std::move(feed), std::move(done));
  }
  void TakeSnapshot(std::function<void(std::shared_ptr<const Snapshot>)> done) override {
    engine_->TakeSnapshot(std::move(done));
  }
  [[nodiscard]] Figures figures() const override;
  [[nodiscard]] Engine& engine() { return *engine_; }

 private:
  const std::size_t inbox_capacity_;
  std::vector<Envelope> pending_;
  std::uint64_t overloaded_ = 0;
};

}  // namespace routerd::engine
