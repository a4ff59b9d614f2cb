// The engine that routes in production, in virtual time: its clock stands still until it is moved,
// and everything runs on the caller's thread. The same commands at the same times give the same
// history, whatever the machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/base/ids.h"
#include "routerd/engine/command.h"
#include "routerd/engine/direct_service.h"
#include "routerd/engine/event.h"
#include "routerd/engine/feed.h"
#include "routerd/engine/service.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/memory_journal.h"
#include "routerd/model/model.h"

namespace routerd::sim {

// Times without `unix` are milliseconds since the start. Not thread-safe.
class VirtualEngine {
 public:
  VirtualEngine(std::shared_ptr<const model::Model> model, std::string source);
  VirtualEngine(const VirtualEngine&) = delete;
  VirtualEngine& operator=(const VirtualEngine&) = delete;

  [[nodiscard]] TimeMs now_ms() const { return clock_.BootMs(); }
  [[nodiscard]] TimeMs ToUnix(TimeMs at_ms) const { return clock_.WallMs() + at_ms - now_ms(); }
  // What people's clocks say moves, time itself does not.
  void JumpWall(SpanMs by_ms) { clock_.JumpWall(by_ms); }

  // Hands all of them in at once, and carries them out now. Answers in the same order.
  std::vector<engine::Answer> Run(std::vector<engine::Envelope> envelopes);
  engine::Answer Run(engine::Envelope envelope);

  // Moves to the next instant at which something may happen by itself, `until_ms` at the latest,
  // and lets it happen. False: `until_ms` had been reached already.
  bool Step(TimeMs until_ms);
  // When something may happen by itself; absent: never.
  [[nodiscard]] std::optional<TimeMs> NextWakeup() const;

  // What happened since it was last asked for.
  [[nodiscard]] std::vector<engine::Event> TakeEvents();
  [[nodiscard]] std::shared_ptr<const engine::Snapshot> Snapshot();
  // Place in its queue, 1 = next; absent: it does not wait.
  [[nodiscard]] std::optional<std::uint32_t> PositionOf(const std::string& contact);
  [[nodiscard]] std::shared_ptr<const engine::PolicyInForce> policy() const;
  // First broken invariant in words, or empty. That time gets on is one of them.
  [[nodiscard]] std::string CheckInvariants() const;
  [[nodiscard]] std::uint64_t StateHash() const;

 private:
  void RunInstant();

  bool stands_still_ = false;  // something is due for ever in this instant

  ManualClock clock_;
  journal::MemoryEpochStore epochs_;
  journal::MemoryJournal journal_{epochs_};
  std::shared_ptr<engine::Feed> feed_;
  std::unique_ptr<engine::DirectService> service_;
};

}  // namespace routerd::sim
