// What queues leave to others, the obvious way: everybody is counted whenever it is asked.
#include "tests/unit/core/oracle.h"

namespace routerd::core {

// Whether he is one of those whom the queue leaves free for others.
bool Oracle::IsReserved(std::uint32_t queue, const OracleAgent& a) const {
  const auto& reserve = model_->queues[queue].reserve;
  if (!reserve) return false;
  bool one_of_them = false;
  for (const QueueNo other : reserve->queues) one_of_them = one_of_them || Counts(other.value, a);
  return one_of_them;
}

// So few of them are free that the queue may have none.
bool Oracle::HoldsBack(std::uint32_t queue) const {
  const auto& reserve = model_->queues[queue].reserve;
  if (!reserve) return false;
  bool open = false;
  for (const QueueNo other : reserve->queues) {
    open = open || Mode(other.value) == model::QueueMode::kOpen;
  }
  if (!open) return false;
  std::uint32_t count = 0;
  for (const auto& [number, a] : agents_) {
    if (!IsReserved(queue, a)) continue;
    bool free = false;
    const auto channels = static_cast<std::uint8_t>(model_->channels.size());
    for (std::uint8_t ch = 0; ch < channels; ++ch) {
      if (reserve->channel.valid() && reserve->channel.value != ch) continue;
      free = free || (ReadyFor(a, ch) && RoomFor(a, ch, {}) != Has::kNothing);
    }
    count += free ? 1 : 0;
  }
  return count <= reserve->agents;
}

// A queue that may have agents again has its contacts made servable.
void Oracle::LookAtReserves() {
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    if (!model_->queues[q].reserve && holding_.count(q) == 0) continue;
    const bool held = holding_.count(q) != 0;
    const bool holds = HoldsBack(q);
    if (held == holds) continue;
    if (holds) {
      holding_.insert(q);
      continue;
    }
    holding_.erase(q);
    MakeServableIn(q);
  }
}

// ---- Opening hours -----------------------------------------------------------------------------

void Oracle::On(const CalendarSet& e) {
  calendar_ = e.calendar;
  ReadAllHours();
}

void Oracle::On(const WallClockMoved& e) {
  wall_offset_ms_ = e.offset_ms;
  ReadAllHours();
}

void Oracle::ReadAllHours() {
  for (std::uint32_t i = 0; i < model_->hours.size(); ++i) ReadHours(i);
}

void Oracle::ReadHours(std::uint32_t hours) {
  Cancel(Why::kHours, 0, hours);
  open_hours_.erase(hours);
  if (calendar_ == nullptr || hours >= calendar_->hours.size()) return;
  bool open = calendar_->hours[hours].open;
  for (const TimeMs change : calendar_->hours[hours].changes) {
    const TimeMs at = change - wall_offset_ms_;
    if (at > now_) {
      Set(at, Why::kHours, 0, hours);
      break;
    }
    open = !open;
  }
  if (open) open_hours_.insert(hours);
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    if (model_->queues[q].hours == HoursNo(hours)) MakeServableIn(q);
  }
}

}  // namespace routerd::core
