#include "routerd/engine/recorder.h"

#include <utility>

#include "routerd/engine/record_codec.h"
#include "routerd/engine/views.h"

namespace routerd::engine {
namespace {

const std::string kNobody;  // the router itself

}  // namespace

Recorder::Recorder(World& world, std::uint32_t epoch, Position head)
    : world_(world),
      epoch_(epoch),
      sequence_(head.sequence),
      events_(std::make_shared<EventBatch>()),
      fan_out_(world),
      maker_(world, fan_out_) {}

void Recorder::BeginBatch() {
  batch_.Clear();
  batch_.header.epoch = epoch_;
  batch_.header.first_sequence = sequence_ + 1;
  batch_.header.time = world_.clock.now();
  batch_.header.previous_digest = digest_.value();
}

core::Applied Recorder::Apply(const core::Event& event) {
  effects_.clear();
  decision_.clear();
  note_.clear();
  const std::int64_t before = world_.clock.source().BootNs();
  const core::Applied applied = world_.core.Apply({next(), world_.clock.now()}, event, effects_);
  events_->decision_ns.push_back(world_.clock.source().BootNs() - before);
  EncodeEvent(event, decision_);
  return applied;
}

void Recorder::Add(journal::RecordKind kind, const std::string& actor) {
  ++sequence_;
  batch_.Add(kind, decision_, note_);
  digest_.Add(kind, decision_, effects_);
  maker_.Begin(*events_, last(), actor);
  maker_.Make(effects_);
  decision_.clear();
  note_.clear();
  effects_.clear();
}

// What the last Apply left behind if it was refused.
void Recorder::DropRefused() {
  decision_.clear();
  effects_.clear();
}

void Recorder::Commit(const std::string& actor) { Add(journal::RecordKind::kEvent, actor); }

void Recorder::Note(const std::string& actor) {
  DropRefused();
  Add(journal::RecordKind::kNote, actor);
}

void Recorder::Timers() {
  DropRefused();
  const std::int64_t before = world_.clock.source().BootNs();
  world_.core.FireTimers({next(), world_.clock.now()}, effects_);
  events_->decision_ns.push_back(world_.clock.source().BootNs() - before);
  Add(journal::RecordKind::kTimers, kNobody);
}

void Recorder::ClockMoved() {
  DropRefused();
  const std::int64_t before = world_.clock.source().BootNs();
  world_.core.Apply({next(), world_.clock.now()}, core::WallClockMoved{world_.clock.offset()},
                    effects_);
  events_->decision_ns.push_back(world_.clock.source().BootNs() - before);
  EncodeClock(world_.clock.offset(), decision_);
  Add(journal::RecordKind::kClock, kNobody);
}

void Recorder::Start() {
  DropRefused();
  EncodeStart({core::kRulesVersion, world_.policy->model}, decision_);
  NoteWriter(note_)
      .Text(NoteTag::kActor, world_.policy->actor)
      .Text(NoteTag::kPolicySource, world_.policy->source)
      .Text(NoteTag::kPolicyComment, world_.policy->comment);
  Add(journal::RecordKind::kStart, world_.policy->actor);
}

std::shared_ptr<const AgentView> Recorder::AgentTold(const std::string& id,
                                                     std::size_t from) const {
  for (std::size_t i = events_->events.size(); i-- > from;) {
    const Event& event = events_->events[i];
    if (event.kind == EventKind::kAgentChanged && event.agent == id) return event.agent_view;
  }
  return nullptr;
}

void Recorder::TellHours() {
  if (std::exchange(hours_reads_, world_.core.hours_reads()) == world_.core.hours_reads()) return;
  const model::Model& model = world_.model();
  if (std::exchange(hours_version_, model.version) != model.version) hours_told_.clear();
  hours_told_.resize(model.queues.size());
  for (std::uint32_t i = 0; i < model.queues.size(); ++i) {
    if (model.queues[i].name.empty()) continue;
    std::optional<HoursChangeView> next = HoursChangeOf(world_, QueueNo(i));
    if (next == hours_told_[i]) continue;
    hours_told_[i] = next;
    events_->hours.push_back({model.queues[i].name, next});
  }
}

void Recorder::Seal() {
  batch_.header.wall_offset_ms = world_.clock.offset();
  events_->last = last();
  events_->unix_ms = world_.clock.ToUnix(world_.clock.now());
  events_->wall_offset_ms = world_.clock.offset();
  TellHours();
}

std::shared_ptr<const EventBatch> Recorder::TakeEvents() {
  auto next = std::make_shared<EventBatch>();
  next->events.reserve(events_->events.size());  // batches come in sizes like the one before
  next->decision_ns.reserve(events_->decision_ns.size());
  return std::exchange(events_, std::move(next));
}

}  // namespace routerd::engine
