// The batch under way: every change becomes a record, and its effects become events, which are
// held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "routerd/core/event.h"
#include "routerd/engine/applier.h"
#include "routerd/engine/command.h"
#include "routerd/engine/record_note.h"
#include "routerd/engine/world.h"
#include "routerd/journal/batch.h"

namespace routerd::engine {

class Recorder {
 public:
  // `head`: the last record of the history so far.
  Recorder(World& world, Applier& applier, std::uint32_t epoch, Position head);

  // Starts a batch at the world's present; the one before must have been taken.
  void BeginBatch();

  // ---- One record ----
  // Applies the event, and holds what it had until Commit. A refused one has changed nothing and is
  // no record; Commit must not follow, except for an arrival whose refusal is to be told.
  const core::Applied& Apply(core::Event event);
  // Where the record's names are written, between Apply (or nothing) and Commit, or before Note.
  // Who asks must be in it, if anybody does.
  [[nodiscard]] NoteWriter note() { return NoteWriter(note_); }
  // Makes it a record.
  void Commit();
  // A record that decides nothing.
  void Note();
  void Timers();
  void ClockMoved();
  // An empty state begins under the policy in force; or one that was there before goes on.
  void Start();
  void Restart();

  // ---- What is said of a record once it is known what it did ----
  // What the arrival that is the last record was answered first.
  void FirstAnswered(const FirstAnswer& answer);
  // What the command was answered: with its last record, or, if it made none since `before`, as one
  // of its own. The number that it gets in the session; 0: none.
  std::uint64_t Answered(const Envelope& envelope, std::shared_ptr<const Answer> answer,
                         Position before);

  // The last record: of this batch, or of the history if it has none yet.
  [[nodiscard]] Position last() const { return {epoch_, sequence_}; }
  [[nodiscard]] Position next() const { return {epoch_, sequence_ + 1}; }
  [[nodiscard]] std::size_t event_count() const { return applier_.events().events.size(); }
  // The agent as told by the last of this batch's events about him since number `from`, if any.
  [[nodiscard]] std::shared_ptr<const AgentView> AgentTold(const std::string& id,
                                                           std::size_t from) const;
  [[nodiscard]] FanOut& fan_out() { return applier_.fan_out(); }

  // ---- The batch ----
  [[nodiscard]] const journal::Batch& batch() const { return batch_; }
  [[nodiscard]] EventBatch& pending_events() { return applier_.events(); }
  // Completes the header; then the batch can be appended.
  void Seal();
  [[nodiscard]] std::shared_ptr<const EventBatch> TakeEvents() { return applier_.TakeEvents(); }
  [[nodiscard]] std::uint64_t digest() const { return applier_.digest(); }

 private:
  void Add(journal::RecordKind kind);
  void Extend();
  template <typename F>
  void Timed(F&& decide);

  World& world_;
  Applier& applier_;
  const std::uint32_t epoch_;
  std::uint64_t sequence_;
  journal::Batch batch_;
  // Of the record under way; used again.
  std::string decision_;
  std::string note_;
  RecordNote read_;
  std::string answer_;
};

}  // namespace routerd::engine
