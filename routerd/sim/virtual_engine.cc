#include "routerd/sim/virtual_engine.h"

#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/calendar.h"

namespace routerd::sim {
namespace {

// 2026-01-05 08:00 UTC, a Monday morning. Any would do; it is the same in every run.
constexpr TimeMs kStartUnixMs = 1'767'600'000'000;
constexpr std::size_t kFeedCapacity = 1'000'000;
// Of one instant; a router that is never done with it must not hang the scenario.
constexpr int kMaxBatches = 1'000;

}  // namespace

VirtualEngine::VirtualEngine(std::shared_ptr<const model::Model> model, std::string source)
    : clock_(0, kStartUnixMs), feed_(std::make_shared<engine::Feed>(kFeedCapacity)) {
  engine::EngineOptions options;
  if (!model->hours.empty()) {
    options.calendar =
        std::make_shared<model::Calendar>(compiler::MakeCalendar(*model, kStartUnixMs));
  }
  options.model = std::move(model);
  options.policy_source = std::move(source);
  options.policy_actor = "scenario";
  // A memory journal without faults takes everything, so starting cannot fail.
  service_ = std::make_unique<engine::DirectService>(
      engine::Engine::Start(std::move(options), clock_, journal_).value());
  service_->AddFeed(feed_, [](const auto&) {});
}

std::vector<engine::Answer> VirtualEngine::Run(std::vector<engine::Envelope> envelopes) {
  std::vector<engine::Answer> answers(envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    envelopes[i].done = [&answers, i](const engine::Answer& answer) { answers[i] = answer; };
    service_->Submit(std::move(envelopes[i]));
  }
  RunInstant();
  return answers;
}

// What a batch makes due at once belongs to the same instant; the engine's own thread would not
// wait either.
void VirtualEngine::RunInstant() {
  static_cast<void>(service_->RunPending());
  for (int i = 0; i < kMaxBatches && service_->engine().UntilWakeup() == 0; ++i) {
    static_cast<void>(service_->RunPending());
  }
  stands_still_ = service_->engine().UntilWakeup() == 0;
}

engine::Answer VirtualEngine::Run(engine::Envelope envelope) {
  std::vector<engine::Envelope> one;
  one.push_back(std::move(envelope));
  return std::move(Run(std::move(one)).front());
}

std::optional<TimeMs> VirtualEngine::NextWakeup() const {
  const auto until = service_->engine().UntilWakeup();
  if (!until) return std::nullopt;
  return now_ms() + std::max<SpanMs>(1, *until);
}

bool VirtualEngine::Step(TimeMs until_ms) {
  if (now_ms() >= until_ms) return false;
  const TimeMs next = std::min(NextWakeup().value_or(until_ms), until_ms);
  clock_.Advance(next - now_ms());
  RunInstant();
  return true;
}

std::vector<engine::Event> VirtualEngine::TakeEvents() {
  std::vector<engine::Event> events;
  for (const auto& batch : feed_->Drain().batches) {
    events.insert(events.end(), batch->events.begin(), batch->events.end());
  }
  return events;
}

std::shared_ptr<const engine::Snapshot> VirtualEngine::Snapshot() {
  std::shared_ptr<const engine::Snapshot> taken;
  service_->TakeSnapshot([&taken](auto snapshot) { taken = std::move(snapshot); });
  return taken;
}

std::optional<std::uint32_t> VirtualEngine::PositionOf(const std::string& contact) {
  return service_->engine().PositionOf(contact);
}

std::shared_ptr<const engine::PolicyInForce> VirtualEngine::policy() const {
  return service_->policy();
}

std::string VirtualEngine::CheckInvariants() const {
  if (stands_still_) return "time stands still: something is due again and again";
  const engine::Engine& engine = service_->engine();
  return engine.core().CheckInvariants(engine.now());
}

std::uint64_t VirtualEngine::StateHash() const { return service_->engine().core().StateHash(); }

}  // namespace routerd::sim
