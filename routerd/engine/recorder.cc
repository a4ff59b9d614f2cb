#include "routerd/engine/recorder.h"

#include <cassert>
#include <utility>

#include "routerd/engine/answer_codec.h"
#include "routerd/engine/record_codec.h"

namespace routerd::engine {

Recorder::Recorder(World& world, Applier& applier, std::uint32_t epoch, Position head)
    : world_(world), applier_(applier), epoch_(epoch), sequence_(head.sequence) {}

void Recorder::BeginBatch() {
  batch_.Clear();
  batch_.header.epoch = epoch_;
  batch_.header.first_sequence = sequence_ + 1;
  batch_.header.time = world_.clock.now();
  batch_.header.previous_digest = applier_.digest();
  applier_.BeginBatch();
}

template <typename F>
void Recorder::Timed(F&& decide) {
  const std::int64_t before = world_.clock.source().BootNs();
  decide();
  applier_.events().decision_ns.push_back(world_.clock.source().BootNs() - before);
}

const core::Applied& Recorder::Apply(core::Event event) {
  note_.clear();
  const core::Applied* applied = nullptr;
  Timed([&] { applied = &applier_.Apply(next(), std::move(event)); });
  return *applied;
}

void Recorder::Add(journal::RecordKind kind) {
  ++sequence_;
  batch_.Add(kind, decision_, note_);
  [[maybe_unused]] const Status read = read_.Read(note_);
  assert(read.ok() && "a note that cannot be read");
  applier_.Finish(kind, last(), decision_, read_);
  decision_.clear();
  note_.clear();
}

void Recorder::Commit() {
  EncodeEvent(applier_.event(), decision_);
  Add(journal::RecordKind::kEvent);
}

void Recorder::Note() {
  applier_.Nothing();
  Add(journal::RecordKind::kNote);
}

void Recorder::Timers() {
  note_.clear();
  Timed([this] { applier_.FireTimers(next()); });
  Add(journal::RecordKind::kTimers);
}

void Recorder::ClockMoved() {
  Apply(core::WallClockMoved{world_.clock.offset()});
  EncodeClock(world_.clock.offset(), decision_);
  Add(journal::RecordKind::kClock);
}

void Recorder::Start() {
  applier_.Nothing();
  note_.clear();
  EncodeStart({core::kRulesVersion, world_.policy->model}, decision_);
  NoteWriter(note_)
      .Text(NoteTag::kActor, world_.policy->actor)
      .Text(NoteTag::kPolicySource, world_.policy->source)
      .Text(NoteTag::kPolicyComment, world_.policy->comment)
      .Number(NoteTag::kFromFile, world_.policy->file_hash != 0 ? 1 : 0);
  Add(journal::RecordKind::kStart);
}

void Recorder::Restart() {
  Apply(core::RouterRestarted{});
  EncodeRestart(core::kRulesVersion, decision_);
  Add(journal::RecordKind::kRestart);
}

// ---- Afterwards --------------------------------------------------------------------------------

// More of the last record's names.
void Recorder::Extend() {
  batch_.ExtendIdentity(note_);
  [[maybe_unused]] const Status read = read_.Read(note_);
  assert(read.ok() && "a note that cannot be read");
}

void Recorder::FirstAnswered(const FirstAnswer& answer) {
  note_.clear();
  answer_.clear();
  EncodeFirstAnswer(answer, answer_);
  NoteWriter(note_).Text(NoteTag::kFirstAnswer, answer_);
  Extend();
  applier_.FirstAnswered(read_, last());
  note_.clear();
}

std::uint64_t Recorder::Answered(const Envelope& envelope, std::shared_ptr<const Answer> answer,
                                 Position before) {
  if (last() == before) {
    note_.clear();
    Note();
  }
  answer_.clear();
  EncodeAnswer(*answer, answer_);
  note_.clear();
  NoteWriter(note_)
      .Text(NoteTag::kClient, envelope.client)
      .Text(NoteTag::kSession, envelope.session)
      .Text(NoteTag::kRequestId, envelope.request_id)
      .Number(NoteTag::kBodyHash, envelope.body_hash)
      .Number(NoteTag::kAcked, world_.answers.TakeAcked(envelope.session))
      .Text(NoteTag::kAnswer, answer_);
  Extend();
  const std::uint64_t number = applier_.Answered(read_, std::move(answer));
  note_.clear();
  return number;
}

std::shared_ptr<const AgentView> Recorder::AgentTold(const std::string& id,
                                                     std::size_t from) const {
  const std::vector<Event>& events = applier_.events().events;
  for (std::size_t i = events.size(); i-- > from;) {
    if (events[i].kind == EventKind::kAgentChanged && events[i].agent == id) {
      return events[i].agent_view;
    }
  }
  return nullptr;
}

void Recorder::Seal() {
  batch_.header.wall_offset_ms = world_.clock.offset();
  applier_.Seal(last());
}

}  // namespace routerd::engine
