// What EngineLoop and DirectService share: reads that any thread may make of the engine.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "routerd/engine/engine.h"
#include "routerd/engine/service.h"

namespace routerd::engine {

class EngineService : public Service {
 public:
  [[nodiscard]] EventPage ReadEvents(Position from, std::size_t max_batches) const override {
    return engine_->history().Read(from, max_batches);
  }
  std::uint64_t AddReleaseWaker(std::function<void()> waker) override {
    return engine_->AddReleaseWaker(std::move(waker));
  }
  void RemoveReleaseWaker(std::uint64_t token) override { engine_->RemoveReleaseWaker(token); }
  [[nodiscard]] std::shared_ptr<const PolicyInForce> policy() const override {
    return engine_->policy();
  }
  [[nodiscard]] Figures figures() const override { return engine_->figures(); }
  [[nodiscard]] const std::string& domain() const override { return engine_->domain(); }
  [[nodiscard]] std::uint32_t epoch() const override { return engine_->epoch(); }
  [[nodiscard]] TimeMs started_unix_ms() const override { return engine_->started_unix_ms(); }

 protected:
  explicit EngineService(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  const std::unique_ptr<Engine> engine_;
};

}  // namespace routerd::engine
