// `hours:` and `holidays:`: when queues are open, in a zone's own time.
#include "routerd/compiler/hours.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/compiler/calendar.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/sections.h"
#include "routerd/compiler/values.h"

namespace routerd::compiler {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kRangesWanted = "hours like 08:00-18:00, a list of such, or closed";

std::optional<std::size_t> DayOf(std::string_view text) {
  const auto* const it = std::find(kDays.begin(), kDays.end(), text);
  if (it == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(it - kDays.begin());
}

void ReadRange(const YamlNode& node, const std::string& where, Context& context,
               std::vector<model::DayRange>& out) {
  const auto range = node.kind == NodeKind::kScalar ? ParseDayRange(node.text) : std::nullopt;
  if (!range) {
    const std::string found = node.kind == NodeKind::kScalar ? ", not " + Quoted(node.text) : "";
    context.report.Error(node, "bad_hours",
                         where + " must be " + std::string(kRangesWanted) + found,
                         "a day begins at 00:00 and ends at 24:00; 22:00-06:00 ends the next day");
    return;
  }
  out.push_back({range->from, range->to});
}

// `closed`, a range or a list of them.
std::vector<model::DayRange> ReadRanges(const YamlNode* node, const YamlNode& at,
                                        const std::string& where, Context& context) {
  std::vector<model::DayRange> ranges;
  if (node == nullptr || node->kind == NodeKind::kNull) {
    ReportWrongType(at, where, kRangesWanted, context.report);
    return ranges;
  }
  if (node->kind == NodeKind::kScalar && node->text == "closed") return ranges;
  if (node->kind != NodeKind::kList) {
    ReadRange(*node, where, context, ranges);
  } else {
    if (node->children.empty()) {
      context.report.Error(*node, "empty_list", where + " lists no hours", "write closed");
    }
    for (const YamlNode* element : ElementsOf(node, where, context.report)) {
      ReadRange(*element, where, context, ranges);
    }
  }
  std::sort(ranges.begin(), ranges.end());
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    const bool to_next_day = ranges[i - 1].to <= ranges[i - 1].from;
    if (!to_next_day && ranges[i].from >= ranges[i - 1].to) continue;
    context.report.Error(*node, "contradiction", where + ": two of these hours overlap",
                         "let each begin when the one before has ended");
    break;
  }
  if (ranges.size() > limits::kMaxRangesPerDay) {
    context.report.Error(
        *node, "too_many",
        where + " has more than " + std::to_string(limits::kMaxRangesPerDay) + " ranges");
    ranges.clear();
  }
  return ranges;
}

// The days that a key names, `mon` or `mon-fri`; none after reporting.
std::vector<std::size_t> DaysOf(const YamlNode& key, const std::string& where, Context& context) {
  const std::string_view text = key.text;
  const std::size_t dash = text.find('-');
  const auto first = DayOf(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : DayOf(text.substr(dash + 1));
  if (!first || !last) {
    context.report.Error(key, "bad_day", where + ": " + Quoted(text) + " is no day",
                         "write mon, tue, wed, thu, fri, sat or sun, or a range like mon-fri");
    return {};
  }
  std::vector<std::size_t> days{*first};
  while (days.back() != *last) days.push_back((days.back() + 1) % kDays.size());
  return days;
}

void ReadWeek(Fields& fields, Context& context, model::Hours& hours) {
  const std::string where = fields.Where("days");
  std::array<bool, 7> said{};
  for (const Entry& entry : EntriesOf(fields.Find("days"), where, context.report)) {
    const auto days = DaysOf(*entry.key, where, context);
    const auto ranges =
        ReadRanges(entry.value, *entry.key, where + ": " + Shown(entry.key->text), context);
    for (const std::size_t day : days) {
      if (said[day]) {
        context.report.Error(*entry.key, "duplicate_key",
                             where + ": " + std::string(kDays[day]) + " stands here again",
                             "say each day once");
        break;
      }
      said[day] = true;
      hours.week[day] = ranges;
    }
  }
}

void ReadZone(Fields& fields, const Entry& entry, Context& context, model::Hours& hours) {
  const YamlNode* node = fields.Find("zone");
  if (node == nullptr) {
    context.report.Error(*entry.key, "missing_key", fields.where() + " have no zone",
                         "say whose clocks they go by, like zone: Europe/Berlin");
    return;
  }
  const std::string where = fields.Where("zone");
  if (node->kind != NodeKind::kScalar) {
    return ReportWrongType(*node, where, "a time zone like Europe/Berlin", context.report);
  }
  hours.zone = node->text;
  if (node->text.size() <= limits::kMaxZoneBytes && IsZone(node->text)) return;
  const std::vector<std::string> names = ZoneNames();
  std::string hint = names.empty() ? "this machine has no tz database: install tzdata"
                                   : DidYouMean(Nearest(node->text, {names.begin(), names.end()}));
  if (hint.empty()) hint = "write it as the tz database does, like Europe/Berlin or UTC";
  context.report.Error(*node, "unknown_zone", where + ": no time zone " + Quoted(node->text), hint);
}

}  // namespace

model::HolidayList CompileHolidays(const Entry& entry, Context& context) {
  model::HolidayList list;
  list.name = entry.key->text;
  const std::string where = "holidays " + Quoted(list.name);
  const auto days = EntriesOf(entry.value, where, context.report);
  if (days.size() > limits::kMaxHolidays) {
    context.report.Error(
        *entry.key, "too_many",
        where + " have more than " + std::to_string(limits::kMaxHolidays) + " days");
    return list;
  }
  for (const Entry& day : days) {
    const auto date = ParseDate(day.key->text);
    if (!date) {
      context.report.Error(*day.key, "bad_date",
                           where + ": " + Quoted(day.key->text) + " is no date",
                           "write 2026-12-25, or 12-25 for every year");
    }
    const std::string of_day = where + ": " + Shown(day.key->text);
    auto open = ReadRanges(day.value, *day.key, of_day, context);
    if (date) list.days.push_back({{date->year, date->month, date->day}, std::move(open)});
  }
  std::sort(list.days.begin(), list.days.end());
  return list;
}

model::Hours CompileHours(const Entry& entry, const model::Model& model, Context& context) {
  model::Hours hours;
  hours.name = entry.key->text;
  Fields fields(entry.value, "hours " + Quoted(hours.name), context.report);
  ReadZone(fields, entry, context, hours);
  ReadWeek(fields, context, hours);
  const std::string where = fields.Where("holidays");
  for (const YamlNode* element : ElementsOf(fields.Find("holidays"), where, context.report)) {
    const auto number = context.names.holidays.Resolve(*element, where, context.report);
    if (number) hours.holidays.emplace_back(*number);
  }
  fields.Finish();
  bool opens = std::any_of(hours.week.begin(), hours.week.end(),
                           [](const auto& day) { return !day.empty(); });
  for (const HolidaysNo no : hours.holidays) {
    const auto& days = model.holidays[no.index()].days;
    opens = opens || std::any_of(days.begin(), days.end(),
                                 [](const model::Holiday& day) { return !day.open.empty(); });
  }
  if (!opens && !context.report.has_errors()) {
    context.report.Error(*entry.key, "never_open", fields.where() + " never open",
                         "say when, like days: {mon-fri: 08:00-18:00}");
  }
  return hours;
}

void CompileQueueHours(Fields& fields, Context& context, model::Queue& queue) {
  const YamlNode* node = fields.Find("hours");
  if (node == nullptr) return;
  const auto number = context.names.hours.Resolve(*node, fields.Where("hours"), context.report);
  if (number) queue.hours = HoursNo(*number);
  if (queue.mode == model::QueueMode::kOpen) return;
  context.report.Error(*node, "unused_key",
                       fields.Where("hours") + " does nothing while the mode is not open",
                       "remove one of them");
}

void WarnOfUnusedHours(const model::Model& model, Context& context) {
  std::vector<bool> used(model.hours.size());
  for (const model::Queue& queue : model.queues) {
    if (queue.hours.valid()) used[queue.hours.index()] = true;
  }
  for (std::uint32_t i = 0; i < used.size(); ++i) {
    const YamlNode* at = context.names.hours.PlaceOf(i);
    if (at == nullptr || used[i]) continue;
    context.report.Warning(*at, "unused_hours", "no queue has the hours " + Quoted(at->text),
                           "give them to a queue, or remove them");
  }
}

}  // namespace routerd::compiler
