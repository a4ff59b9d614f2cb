// Does again what the journal holds: from its beginning, or from a snapshot on. Whoever decides
// otherwise than it says stops and says so.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "routerd/base/clock.h"
#include "routerd/base/status.h"
#include "routerd/engine/applier.h"
#include "routerd/engine/world.h"
#include "routerd/engine/world_snapshot.h"
#include "routerd/journal/batch.h"

namespace routerd::engine {

// A world and what changes it.
struct Realm {
  std::unique_ptr<World> world;
  std::unique_ptr<Applier> applier;
};

// One thread.
class Replayer {
 public:
  // `clock` outlives what is made; no time is read from it here.
  explicit Replayer(const Clock& clock) : clock_(clock) {}
  // `upto`: the last record that the snapshot knows.
  Replayer(const Clock& clock, LoadedWorld snapshot, Position upto);

  // From now on events are made, for history and for sessions, which gather what they would have
  // been told: see TakeEvents.
  void StartTelling();
  // Whether events are made; sessions gather nothing.
  void SetTelling(bool telling);
  // The batch that follows the last one. kFailedPrecondition: by rules that are not known here, it
  // does not belong there, or had other effects when it was made; kInvalidArgument: it cannot be
  // read; the message says which record. After an error the world is not to
  // be used.
  Status Replay(const journal::Batch& batch);
  // Of the batch just replayed; told to sessions as it was then, as far as they have an outbox.
  [[nodiscard]] std::shared_ptr<const EventBatch> TakeEvents();

  // Null: the journal has not begun yet.
  [[nodiscard]] const World* world() const { return realm_.world.get(); }
  [[nodiscard]] World* world() { return realm_.world.get(); }
  [[nodiscard]] Position last() const { return last_; }
  [[nodiscard]] std::uint64_t digest() const;
  [[nodiscard]] Realm Take();

 private:
  Status Do(const journal::RecordView& record, Position at);
  Status Begin(const journal::RecordView& record, TimeMs unix_ms);
  Status Event(const journal::RecordView& record, Position at);
  Status Restart(const journal::RecordView& record, Position at);
  void Finish(const journal::RecordView& record, Position at);
  void KeepForSessions();
  void NoteEpoch(const journal::BatchHeader& header);
  [[nodiscard]] static Status At(Position at, const Status& why);

  const Clock& clock_;
  Realm realm_;
  Position last_;
  bool telling_ = false;
  bool keeping_ = false;  // sessions gather what they would have been told
  RecordNote note_;       // of the record under way
};

}  // namespace routerd::engine
