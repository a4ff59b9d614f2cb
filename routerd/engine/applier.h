// What one record does to the world, the same when it is made and when it is replayed: the core
// decides, the names' books follow, effects become events, and all of it goes into the digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/core/event.h"
#include "routerd/engine/effect_digest.h"
#include "routerd/engine/event_maker.h"
#include "routerd/engine/fan_out.h"
#include "routerd/engine/record_note.h"
#include "routerd/engine/registrar.h"
#include "routerd/engine/world.h"
#include "routerd/journal/batch.h"

namespace routerd::engine {

// One thread. `world` outlives it.
class Applier {
 public:
  explicit Applier(World& world)
      : world_(world),
        events_(std::make_shared<EventBatch>()),
        fan_out_(world),
        maker_(world, fan_out_),
        registrar_(world, maker_, fan_out_) {}
  Applier(const Applier&) = delete;
  Applier& operator=(const Applier&) = delete;

  // Whether events are made. Without them the books are kept all the same, for whoever wants to
  // know only how things stand at the end.
  void SetTelling(bool telling) { maker_.SetTelling(telling); }

  // At the start of each batch, once the world's clock stands at its time.
  void BeginBatch();

  // ---- One record, numbered `at`: one of the first three, then Finish ----
  // Kept until Finish. A refused event has changed nothing; Finish must not follow, except for an
  // arrival whose refusal is to be told.
  const core::Applied& Apply(Position at, core::Event event);
  void FireTimers(Position at);
  // Nothing for the core.
  void Nothing() { Forget(); }
  // `note`: the record's identity part.
  void Finish(journal::RecordKind kind, Position at, std::string_view decision,
              const RecordNote& note);
  // Of the record last finished: what is said once it is known what it did.
  void FirstAnswered(const RecordNote& note, Position at) { registrar_.FirstAnswered(note, at); }
  // The number that the answer got in its session; 0: none.
  std::uint64_t Answered(const RecordNote& note, std::shared_ptr<const Answer> answer) {
    return registrar_.Answered(note, std::move(answer));
  }
  [[nodiscard]] const core::Event& event() const { return *event_; }

  [[nodiscard]] FanOut& fan_out() { return fan_out_; }
  [[nodiscard]] EventBatch& events() { return *events_; }
  [[nodiscard]] const EventBatch& events() const { return *events_; }
  // Completes the batch of events, whose last record is `last`.
  void Seal(Position last);
  [[nodiscard]] std::shared_ptr<const EventBatch> TakeEvents();

  [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }
  // Before the first batch: of all that went before it. Absent: nothing did.
  void SetDigest(std::uint64_t value) { digest_.Set(value); }

 private:
  void Forget();
  void TellHours();

  World& world_;
  std::shared_ptr<EventBatch> events_;
  FanOut fan_out_;
  EventMaker maker_;
  Registrar registrar_;
  EffectDigest digest_;
  // What the batches have said of when hours change, under that policy, by queue; and as of which
  // Core::hours_reads.
  std::vector<std::optional<HoursChangeView>> hours_told_;
  std::uint64_t hours_version_ = 0;
  std::uint64_t hours_reads_ = 0;
  // Of the record under way; used again.
  std::optional<core::Event> event_;
  core::Applied applied_;
  core::Effects effects_;
  std::string actor_;
};

}  // namespace routerd::engine
