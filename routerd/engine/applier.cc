#include "routerd/engine/applier.h"

#include <utility>

#include "routerd/engine/views.h"

namespace routerd::engine {

void Applier::BeginBatch() {
  digest_.BeginBatch();
  registrar_.Age();
}

// What the last Apply left behind if it was refused.
void Applier::Forget() {
  event_.reset();
  effects_.clear();
}

const core::Applied& Applier::Apply(Position at, core::Event event) {
  effects_.clear();
  event_ = std::move(event);
  applied_ = world_.core.Apply({at, world_.clock.now()}, *event_, effects_);
  return applied_;
}

void Applier::FireTimers(Position at) {
  Forget();
  world_.core.FireTimers({at, world_.clock.now()}, effects_);
}

void Applier::Finish(journal::RecordKind kind, Position at, std::string_view decision,
                     const RecordNote& note) {
  digest_.Add(kind, decision, effects_);
  actor_ = note.on_behalf_of();
  maker_.Begin(*events_, at, actor_);
  const std::size_t first = events_->events.size();
  if (event_) {
    registrar_.Enter(*event_, applied_, note, at);
  } else {
    registrar_.EnterNote(note, at);
  }
  maker_.Make(effects_);
  if (event_) {
    registrar_.Tell(*event_, note, *events_, first);
  } else {
    registrar_.TellNote(note);
  }
  effects_.clear();
}

void Applier::TellHours() {
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

void Applier::Seal(Position last) {
  events_->last = last;
  events_->unix_ms = world_.clock.ToUnix(world_.clock.now());
  events_->wall_offset_ms = world_.clock.offset();
  TellHours();
}

std::shared_ptr<const EventBatch> Applier::TakeEvents() {
  auto next = std::make_shared<EventBatch>();
  next->events.reserve(events_->events.size());  // batches come in sizes like the one before
  next->decision_ns.reserve(events_->decision_ns.size());
  return std::exchange(events_, std::move(next));
}

}  // namespace routerd::engine
