#include "load-tests/bench_table.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <string>

namespace routerd::bench {
namespace {

constexpr int kNameWidth = 38;
constexpr int kWidth = 14;

// `scale` times the counter, inverted for what is told per event; spaces if it is not set.
void Column(std::ostream& out, const benchmark::UserCounters& counters, const char* name,
            double scale, int digits, bool inverted = false) {
  const auto found = counters.find(name);
  out << std::setw(kWidth);
  if (found == counters.end() || found->second.value == 0) {
    out << "";
    return;
  }
  const double value = found->second.value;
  out << std::fixed << std::setprecision(digits) << scale * (inverted ? 1 / value : value);
}

}  // namespace

bool Table::ReportContext(const Context& /*context*/) {
  std::ostream& out = GetOutputStream();
  out << std::left << std::setw(kNameWidth) << "benchmark" << std::right;
  for (const char* title : {"ns/event", "M events/s", "k cycles/s", "worst us", "bytes/waiting"}) {
    out << std::setw(kWidth) << title;
  }
  out << std::endl;
  return true;
}

void Table::ReportRuns(const std::vector<Run>& runs) {
  const auto is_median = [](const Run& run) { return run.aggregate_name == "median"; };
  const bool has_median = std::any_of(runs.begin(), runs.end(), is_median);
  for (const Run& run : runs) {
    if (!has_median || is_median(run)) Print(run);
  }
}

void Table::Print(const Run& run) {
  std::ostream& out = GetOutputStream();
  // Without what the library adds about how it ran.
  out << std::left << std::setw(kNameWidth) << run.run_name.function_name << std::right;
  if (run.error_occurred) {
    out << "  " << run.error_message << std::endl;
    return;
  }
  Column(out, run.counters, kEventsPerSecond, 1e9, 0, true);
  Column(out, run.counters, kEventsPerSecond, 1e-6, 2);
  Column(out, run.counters, kCyclesPerSecond, 1e-3, 0);
  Column(out, run.counters, kWorstUs, 1, 1);
  Column(out, run.counters, kBytesPerWaiting, 1, 0);
  out << std::endl;
}

}  // namespace routerd::bench
