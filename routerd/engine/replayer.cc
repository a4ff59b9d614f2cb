#include "routerd/engine/replayer.h"

#include <utility>

#include "routerd/base/limits.h"
#include "routerd/engine/record_codec.h"
#include "routerd/engine/refusals.h"

namespace routerd::engine {
namespace {

Status OtherRules(std::uint32_t version) {
  return {Code::kFailedPrecondition,
          "decided by rules version " + std::to_string(version) + ", this router has " +
              std::to_string(core::kRulesVersion) +
              ": end the older router in order, so that it leaves a snapshot, then start this one"};
}

Status Differs(std::string what) { return {Code::kFailedPrecondition, std::move(what)}; }

// The first batch of an epoch: it says which rules decide from there on.
bool BeginsAnew(const journal::Batch& batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const journal::RecordKind kind = batch.at(i).kind;
    if (kind == journal::RecordKind::kRestart || kind == journal::RecordKind::kStart) return true;
  }
  return false;
}

}  // namespace

Replayer::Replayer(const Clock& clock, LoadedWorld snapshot, Position upto)
    : clock_(clock), last_(upto) {
  realm_.world = std::move(snapshot.world);
  realm_.applier = std::make_unique<Applier>(*realm_.world);
  realm_.applier->SetDigest(snapshot.digest);
  realm_.applier->SetTelling(false);
  if (upto.sequence != 0) realm_.world->epoch_starts.push_back(upto);
}

std::uint64_t Replayer::digest() const {
  return realm_.applier == nullptr ? 0 : realm_.applier->digest();
}

Status Replayer::At(Position at, const Status& why) {
  Status status(why.code(), "record " + std::to_string(at.epoch) + "-" +
                                std::to_string(at.sequence) + ": " + why.message());
  return status.WithReason(why.reason());
}

void Replayer::StartTelling() {
  SetTelling(true);
  keeping_ = true;
  KeepForSessions();
}

void Replayer::SetTelling(bool telling) {
  telling_ = telling;
  if (realm_.applier != nullptr) realm_.applier->SetTelling(telling);
}

// What a session is told from here on waits for its client to come back.
void Replayer::KeepForSessions() {
  if (!keeping_ || realm_.world == nullptr) return;
  const auto keep = [this](Sessions::Session& session) {
    session.outbox = std::make_shared<Outbox>(limits::kSessionOutbox);
    session.kept_from = last_.sequence;
  };
  realm_.world->sessions.ForEach(keep);
  realm_.world->sessions.SetOnOpen(keep);
}

Realm Replayer::Take() {
  if (realm_.world != nullptr) realm_.world->sessions.SetOnOpen({});
  return std::move(realm_);
}

Status Replayer::Replay(const journal::Batch& batch) {
  const journal::BatchHeader& header = batch.header;
  Position at{header.epoch, header.first_sequence};
  if (header.first_sequence != last_.sequence + 1) {
    return At(at, Differs("does not follow record " + std::to_string(last_.sequence)));
  }
  if (realm_.world != nullptr && realm_.world->rules_version != core::kRulesVersion &&
      !BeginsAnew(batch)) {
    return At(at, OtherRules(realm_.world->rules_version));
  }
  if (header.previous_digest != digest()) {
    return At(at, Differs("the records before it had other effects when they were made"));
  }
  if (realm_.world != nullptr) {
    realm_.world->clock.Replay(header.time, header.wall_offset_ms);
    realm_.applier->BeginBatch();
  }
  for (std::size_t i = 0; i < batch.size(); ++i, ++at.sequence) {
    const journal::RecordView record = batch.at(i);
    Status done = note_.Read(record.identity);
    if (done.ok() && record.kind == journal::RecordKind::kStart) {
      done = Begin(record, header.time + header.wall_offset_ms);
      if (done.ok()) {
        realm_.world->clock.Replay(header.time, header.wall_offset_ms);
        realm_.applier->BeginBatch();
        Finish(record, at);
      }
    } else if (done.ok()) {
      done = Do(record, at);
    }
    if (!done.ok()) return At(at, done);
    last_ = at;
  }
  NoteEpoch(header);
  return Status::Ok();
}

void Replayer::NoteEpoch(const journal::BatchHeader& header) {
  std::vector<Position>& starts = realm_.world->epoch_starts;
  if (!starts.empty() && starts.back().epoch == header.epoch) return;
  starts.push_back({header.epoch, header.first_sequence});
}

// An empty state, under the policy that the record carries.
Status Replayer::Begin(const journal::RecordView& record, TimeMs unix_ms) {
  Result<StartRecord> start = DecodeStart(record.decision);
  if (!start.ok()) return start.status();
  if (start.value().rules_version != core::kRulesVersion) {
    return OtherRules(start.value().rules_version);
  }
  auto policy = std::make_shared<PolicyInForce>();
  policy->model = std::move(start.value().model);
  policy->source = note_.policy_source;
  policy->comment = note_.policy_comment;
  policy->actor = note_.on_behalf_of();
  policy->applied_unix_ms = unix_ms;
  policy->file_hash = note_.from_file ? HashOfSource(policy->source) : 0;
  const std::uint64_t before = digest();
  realm_.applier.reset();
  std::vector<Position> epochs;
  if (realm_.world != nullptr) epochs = std::move(realm_.world->epoch_starts);
  realm_.world = std::make_unique<World>(clock_, 0, std::move(policy));
  realm_.world->epoch_starts = std::move(epochs);
  realm_.applier = std::make_unique<Applier>(*realm_.world);
  realm_.applier->SetDigest(before);
  realm_.applier->SetTelling(telling_);
  KeepForSessions();
  return Status::Ok();
}

Status Replayer::Do(const journal::RecordView& record, Position at) {
  if (realm_.world == nullptr) return Differs("nothing has begun before it");
  Applier& applier = *realm_.applier;
  switch (record.kind) {
    case journal::RecordKind::kEvent: {
      Status done = Event(record, at);
      if (!done.ok()) return done;
      break;
    }
    case journal::RecordKind::kTimers:
      applier.FireTimers(at);
      break;
    case journal::RecordKind::kClock: {
      const Result<SpanMs> offset = DecodeClock(record.decision);
      if (!offset.ok()) return offset.status();
      applier.Apply(at, core::WallClockMoved{offset.value()});
      break;
    }
    case journal::RecordKind::kRestart: {
      Status done = Restart(record, at);
      if (!done.ok()) return done;
      break;
    }
    case journal::RecordKind::kNote:
      applier.Nothing();
      break;
    case journal::RecordKind::kStart:
      break;  // Begin has it
  }
  Finish(record, at);
  return Status::Ok();
}

Status Replayer::Event(const journal::RecordView& record, Position at) {
  Result<core::Event> event = DecodeEvent(record.decision);
  if (!event.ok()) return event.status();
  const core::Applied& applied = realm_.applier->Apply(at, std::move(event).value());
  const bool told = applied.ok() || IsLimitOfArrivals(applied.refusal);
  return told ? Status::Ok()
              : Differs("is refused now: " + std::string(core::Name(applied.refusal)));
}

Status Replayer::Restart(const journal::RecordView& record, Position at) {
  const Result<std::uint32_t> rules = DecodeRestart(record.decision);
  if (!rules.ok()) return rules.status();
  if (rules.value() != core::kRulesVersion) return OtherRules(rules.value());
  realm_.world->rules_version = rules.value();
  realm_.applier->Apply(at, core::RouterRestarted{});
  return Status::Ok();
}

void Replayer::Finish(const journal::RecordView& record, Position at) {
  Applier& applier = *realm_.applier;
  applier.Finish(record.kind, at, record.decision, note_);
  if (!note_.first_answer.empty()) applier.FirstAnswered(note_, at);
  if (!note_.answer.empty() || note_.acked != 0) applier.Answered(note_, nullptr);
}

std::shared_ptr<const EventBatch> Replayer::TakeEvents() {
  Applier& applier = *realm_.applier;
  applier.Seal(last_);
  std::shared_ptr<const EventBatch> events = applier.TakeEvents();
  applier.fan_out().Release(events, events->events.size());
  return events;
}

}  // namespace routerd::engine
