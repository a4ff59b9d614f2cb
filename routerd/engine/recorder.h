// The batch under way: every change becomes a record, and its effects become events, which are
// held.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "routerd/core/event.h"
#include "routerd/engine/effect_digest.h"
#include "routerd/engine/event_maker.h"
#include "routerd/engine/fan_out.h"
#include "routerd/engine/record_note.h"
#include "routerd/engine/world.h"
#include "routerd/journal/batch.h"

namespace routerd::engine {

class Recorder {
 public:
  // `head`: the last record of the history so far.
  Recorder(World& world, std::uint32_t epoch, Position head);

  // Starts a batch at the world's present; the one before must have been taken.
  void BeginBatch();

  // ---- One record ----
  // Applies the event, and holds what it had until Commit. A refused one has changed nothing and is
  // no record; Commit must not follow, except for an arrival whose refusal is to be told.
  core::Applied Apply(const core::Event& event);
  // Where the record's names are written, between Apply (or nothing) and Commit, or before Note.
  [[nodiscard]] NoteWriter note() { return NoteWriter(note_); }
  // Makes it a record. `actor`: on whose behalf.
  void Commit(const std::string& actor);
  // A record that decides nothing.
  void Note(const std::string& actor);
  void Timers();
  void ClockMoved();
  void Start();

  // What no effect tells; about the record just made.
  [[nodiscard]] EventMaker& events() { return maker_; }
  [[nodiscard]] FanOut& fan_out() { return fan_out_; }

  // The last record: of this batch, or of the history if it has none yet.
  [[nodiscard]] Position last() const { return {epoch_, sequence_}; }
  [[nodiscard]] Position next() const { return {epoch_, sequence_ + 1}; }
  [[nodiscard]] std::size_t event_count() const { return events_->events.size(); }
  // The agent as told by the last of this batch's events about him since number `from`, if any.
  [[nodiscard]] std::shared_ptr<const AgentView> AgentTold(const std::string& id,
                                                           std::size_t from) const;

  // ---- The batch ----
  [[nodiscard]] const journal::Batch& batch() const { return batch_; }
  [[nodiscard]] EventBatch& pending_events() { return *events_; }
  // Completes the header; then the batch can be appended.
  void Seal();
  [[nodiscard]] std::shared_ptr<const EventBatch> TakeEvents();
  [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }

 private:
  void DropRefused();
  void TellHours();
  void Add(journal::RecordKind kind, const std::string& actor);

  World& world_;
  const std::uint32_t epoch_;
  std::uint64_t sequence_;
  journal::Batch batch_;
  std::shared_ptr<EventBatch> events_;
  FanOut fan_out_;
  EventMaker maker_;
  EffectDigest digest_;
  // What the batches have said of when hours change, under that policy, by queue; and as of which
  // Core::hours_reads.
  std::vector<std::optional<HoursChangeView>> hours_told_;
  std::uint64_t hours_version_ = 0;
  std::uint64_t hours_reads_ = 0;
  // Of the record under way; used again.
  core::Effects effects_;
  std::string decision_;
  std::string note_;
};

}  // namespace routerd::engine
