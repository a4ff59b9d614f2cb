// The results of all benchmarks as one table, for people; the library's own reporters give the
// rest.
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

namespace routerd::bench {

// Counters of a benchmark that the table has columns for; those that it does not set stay empty.
inline constexpr char kEventsPerSecond[] = "events/s";
inline constexpr char kCyclesPerSecond[] = "cycles/s";
inline constexpr char kWorstUs[] = "worst_us";
inline constexpr char kBytesPerWaiting[] = "bytes/waiting";

// A line for each benchmark, as soon as it is done: the median of its repetitions, or, where there
// is none, each run.
class Table : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

 private:
  void Print(const Run& run);
};

}  // namespace routerd::bench
