#include "routerd/compiler/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "routerd/base/limits.h"

namespace routerd::compiler {
namespace {

constexpr int kDaysBefore = 2;  // a range that began yesterday, in whatever zone

// The library says what it lacks by throwing.
const date::tzdb* Database() {
  try {
    return &date::get_tzdb();
  } catch (const std::exception&) {
    return nullptr;
  }
}

const date::time_zone* FindZone(const std::string& name) {
  const date::tzdb* database = Database();
  if (database == nullptr) return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

TimeMs ToUnixMs(const date::time_zone& zone, date::local_days day, int minute,
                date::choose choose) {
  const auto local = date::local_time<std::chrono::milliseconds>(day.time_since_epoch()) +
                     std::chrono::minutes(minute);
  return zone.to_sys(local, choose).time_since_epoch().count();
}

const std::vector<model::DayRange>& RangesOf(const model::Model& model, const model::Hours& hours,
                                             date::local_days day) {
  const date::year_month_day date(day);
  const model::Date exact{static_cast<int>(date.year()),
                          static_cast<int>(static_cast<unsigned>(date.month())),
                          static_cast<int>(static_cast<unsigned>(date.day()))};
  const model::Date yearly{0, exact.month, exact.day};
  for (const HolidaysNo no : hours.holidays) {
    const std::vector<model::Holiday>& days = model.holidays[no.index()].days;
    for (const model::Date& wanted : {exact, yearly}) {
      const auto it = std::lower_bound(
          days.begin(), days.end(), wanted,
          [](const model::Holiday& holiday, const model::Date& d) { return holiday.date < d; });
      if (it != days.end() && it->date == wanted) return it->open;
    }
  }
  return hours.week[date::weekday(day).iso_encoding() - 1];
}

model::OpenTimes TimesOf(const model::Model& model, const model::Hours& hours,
                         const date::time_zone& zone, TimeMs now_unix_ms) {
  std::vector<std::pair<TimeMs, TimeMs>> open;
  const auto now =
      date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(now_unix_ms));
  const auto today = std::chrono::floor<date::days>(zone.to_local(now));
  for (auto day = today - date::days(kDaysBefore); day <= today + date::days(limits::kCalendarDays);
       day += date::days(1)) {
    for (const model::DayRange& range : RangesOf(model, hours, day)) {
      const int to = range.to > range.from ? range.to : range.to + 24 * 60;
      open.emplace_back(ToUnixMs(zone, day, range.from, date::choose::earliest),
                        ToUnixMs(zone, day, to, date::choose::latest));
    }
  }
  std::sort(open.begin(), open.end());
  model::OpenTimes times;
  std::vector<TimeMs>& changes = times.changes;
  for (const auto& [from, to] : open) {
    if (from >= to) continue;
    if (!changes.empty() && from <= changes.back()) {
      changes.back() = std::max(changes.back(), to);
    } else {
      changes.push_back(from);
      changes.push_back(to);
    }
  }
  return times;
}

}  // namespace

bool IsZone(const std::string& name) { return FindZone(name) != nullptr; }

std::vector<std::string> ZoneNames() {
  std::vector<std::string> names;
  const date::tzdb* database = Database();
  if (database == nullptr) return names;
  for (const date::time_zone& zone : database->zones) names.push_back(zone.name());
  std::sort(names.begin(), names.end());
  return names;
}

model::Calendar MakeCalendar(const model::Model& model, TimeMs now_unix_ms) {
  model::Calendar calendar;
  const date::tzdb* database = Database();
  if (database != nullptr) calendar.tzdata = database->version;
  calendar.until_unix_ms = now_unix_ms + limits::kCalendarDays * 24 * 3'600'000;
  for (const model::Hours& hours : model.hours) {
    const date::time_zone* zone = hours.name.empty() ? nullptr : FindZone(hours.zone);
    calendar.hours.push_back(zone != nullptr ? TimesOf(model, hours, *zone, now_unix_ms)
                                             : model::OpenTimes());
  }
  return calendar;
}

}  // namespace routerd::compiler
