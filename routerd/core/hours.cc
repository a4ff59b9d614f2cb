// Opening hours: each of the policy's has a timer at its next change. Instants come from outside,
// in wall time; here they are batch time and the offset between the two, which an event tells.
#include <algorithm>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/core/core.h"

namespace routerd::core {

void Core::PlanHours(const std::shared_ptr<const model::Calendar>& calendar) {
  if (calendar != nullptr) TakeCalendar(calendar);
  hours_.resize(std::max(hours_.size(), model_->hours.size()));
  ++hours_reads_;
  for (Hours& hours : hours_) hours.queues.clear();
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const HoursNo no = model_->queues[q].hours;
    if (no.valid()) hours_[no.index()].queues.push_back(QueueNo(q));
  }
  for (std::size_t no = 0; no < hours_.size(); ++no) ReadHours(no);
  LookAtPools();
}

// Sets it to what the calendar says of now, and its timer to the next change. Without a calendar it
// is closed.
bool Core::ReadHours(std::size_t no) {
  Hours& hours = hours_[no];
  ++hours_reads_;
  timers_.Cancel(hours.timer);
  bool open = false;
  if (calendar_ != nullptr && no < calendar_->hours.size()) {
    const model::OpenTimes& times = calendar_->hours[no];
    const TimeMs wall = stamp_.now + wall_offset_ms_;
    const auto next = std::upper_bound(times.changes.begin(), times.changes.end(), wall);
    open = times.open != ((next - times.changes.begin()) % 2 != 0);
    if (next != times.changes.end()) {
      hours.timer = timers_.Set(*next - wall_offset_ms_,
                                {TimerKind::kHours, ContactNo(), static_cast<std::uint32_t>(no)});
    }
  }
  return std::exchange(hours.open, open) != open;
}

void Core::LookAtHours(std::size_t no) {
  if (!ReadHours(no)) return;
  for (const QueueNo queue : hours_[no].queues) {
    // Where something else decides the mode nothing has changed.
    if (queues_[queue.index()].mode_set) continue;
    if (model_->queues[queue.index()].mode != model::QueueMode::kOpen) continue;
    NoteMode(queue, hours_[no].open ? model::QueueMode::kClosed : model::QueueMode::kOpen);
    Tell(QueueModeChanged{queue});
  }
}

void Core::LookAtAllHours() {
  for (std::size_t no = 0; no < hours_.size(); ++no) LookAtHours(no);
}

// Of a new policy: every queue with hours tells how it stands.
void Core::TellHours() {
  for (const Hours& hours : hours_) {
    for (const QueueNo queue : hours.queues) Tell(QueueModeChanged{queue});
  }
}

HoursNow Core::HoursOf(QueueNo no) const {
  const HoursNo is = model_->queues[no.index()].hours;
  if (!is.valid()) return {};
  const Hours& hours = hours_[is.index()];
  return {hours.open, timers_.DeadlineOf(hours.timer)};
}

void Core::TakeCalendar(const std::shared_ptr<const model::Calendar>& calendar) {
  calendar_ = calendar;
  Hasher h;
  for (const model::OpenTimes& times : calendar_->hours) {
    h.Add(std::uint64_t{times.changes.size()} << 1 | std::uint64_t{times.open});
    for (const TimeMs change : times.changes) h.AddSigned(change);
  }
  calendar_hash_ = h.digest();
}

Applied Core::On(const CalendarSet& e) {
  TakeCalendar(e.calendar);
  LookAtAllHours();
  return {};
}

// Time itself goes on; only what is said in wall time moves.
Applied Core::On(const WallClockMoved& e) {
  wall_offset_ms_ = e.offset_ms;
  LookAtAllHours();
  return {};
}

std::string Core::CheckHours(TimeMs now) const {
  for (std::size_t no = 0; no < hours_.size(); ++no) {
    const bool known = calendar_ != nullptr && no < calendar_->hours.size();
    const model::OpenTimes none;
    const model::OpenTimes& times = known ? calendar_->hours[no] : none;
    bool open = times.open;
    TimeMs next = 0;
    for (const TimeMs change : times.changes) {
      if (change > now + wall_offset_ms_) {
        next = change - wall_offset_ms_;
        break;
      }
      open = !open;
    }
    if (open != hours_[no].open || next != timers_.DeadlineOf(hours_[no].timer)) {
      return "hours " + std::to_string(no) + " are not as the calendar says";
    }
  }
  return "";
}

}  // namespace routerd::core
