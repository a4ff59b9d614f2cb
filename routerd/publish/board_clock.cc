// The wall clock moves, batch time does not: a contact that has waited for ten minutes has done so
// also after the clock was put back by an hour, so the Unix times that are shown move with it.
#include <memory>

#include "routerd/publish/board.h"

namespace routerd::publish {
namespace {

void Move(TimeMs& unix_ms, SpanMs by) {
  if (unix_ms != 0) unix_ms += by;  // 0: there is no such time
}

void Move(engine::ContactStatus& status, SpanMs by) {
  for (TimeMs* time :
       {&status.arrived_unix_ms, &status.age_since_unix_ms, &status.visit_since_unix_ms,
        &status.answered_unix_ms, &status.deadline_unix_ms}) {
    Move(*time, by);
  }
}

std::shared_ptr<const engine::OverrideView> Moved(
    const std::shared_ptr<const engine::OverrideView>& view, SpanMs by) {
  if (view == nullptr) return nullptr;
  auto moved = std::make_shared<engine::OverrideView>(*view);
  Move(moved->set_unix_ms, by);
  Move(moved->ends_unix_ms, by);
  return moved;
}

std::shared_ptr<const engine::AgentView> Moved(const engine::AgentView& view, SpanMs by) {
  auto moved = std::make_shared<engine::AgentView>(view);
  for (TimeMs* time :
       {&moved->shown_since_unix_ms, &moved->presence_since_unix_ms, &moved->idle_since_unix_ms}) {
    Move(*time, by);
  }
  moved->skills_override = Moved(moved->skills_override, by);
  for (engine::ItemView& item : moved->items) {
    Move(item.since_unix_ms, by);
    Move(item.deadline_unix_ms, by);
  }
  return moved;
}

}  // namespace

void Board::FollowWall(SpanMs wall_offset_ms) {
  const SpanMs by = wall_offset_ms - wall_offset_ms_;
  if (by == 0) return;
  wall_offset_ms_ = wall_offset_ms;
  contacts_.ForEach([by](ContactEntry& contact) { Move(contact.view.status, by); });
  for (auto& [id, agent] : agents_) agent.view = Moved(*agent.view, by);
  for (auto& [id, queue] : queues_) {
    queue.figures.mode_override = Moved(queue.figures.mode_override, by);
  }
  changes_.all = true;
}

}  // namespace routerd::publish
