// From opening hours in a zone's own time to instants. The one file that knows zones; they come
// from the machine's tz database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/model/calendar.h"
#include "routerd/model/model.h"

namespace routerd::compiler {

// Thread-safe, as all here.
bool IsZone(const std::string& name);
// Sorted; empty when the machine has no tz database.
std::vector<std::string> ZoneNames();

// When the policy's hours begin and end: from two days before `now` (Unix time) on, for
// limits::kCalendarDays. A time that the clocks jump over is the instant of the jump; of one that
// comes twice, hours begin with the first and end with the second. Hours of a zone that this
// machine does not know are closed.
model::Calendar MakeCalendar(const model::Model& model, TimeMs now_unix_ms);

}  // namespace routerd::compiler
