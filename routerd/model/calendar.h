// When opening hours begin and end, as instants of wall time. The policy says hours in some zone's
// words; the compiler works the instants out for a time to come, and this is what the core goes by:
// it knows no zone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::model {

struct OpenTimes {
  bool open = false;            // before the first change
  std::vector<TimeMs> changes;  // Unix time, ascending: open becomes closed, closed open
  friend bool operator==(const OpenTimes&, const OpenTimes&) = default;
};

struct Calendar {
  std::string tzdata;            // version of the zones' data that it was made with
  TimeMs until_unix_ms = 0;      // what comes later is not in it
  std::vector<OpenTimes> hours;  // by HoursNo
  friend bool operator==(const Calendar&, const Calendar&) = default;
};

}  // namespace routerd::model
