#include "routerd/publish/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace routerd::publish {
namespace {

using prometheus::MetricType;

void Add(std::vector<prometheus::MetricFamily>& all, const char* name, const char* help,
         MetricType type, double value) {
  prometheus::MetricFamily family{name, help, type, {}};
  prometheus::ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(metric);
  all.push_back(std::move(family));
}

// Fields of /proc/self/stat from the third on, see proc(5): the second, the name, may have spaces.
std::vector<std::uint64_t> StatFields() {
  std::ifstream file("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 4 > text.size()) return {};
  std::istringstream rest(text.substr(name_end + 4));  // past `) S`
  std::vector<std::uint64_t> fields = {0, 0, 0, 0};    // so that [n] is field n of proc(5)
  for (std::string word; rest >> word;) fields.push_back(std::strtoull(word.c_str(), nullptr, 10));
  return fields;
}

// When the machine started, Unix time in seconds.
std::optional<double> BootTime() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) return std::strtod(line.c_str() + 6, nullptr);
  }
  return std::nullopt;
}

std::optional<double> OpenFiles() {
  std::error_code error;
  std::filesystem::directory_iterator it("/proc/self/fd", error);
  if (error) return std::nullopt;
  const auto count = std::distance(it, std::filesystem::directory_iterator());
  return static_cast<double>(count - 1);  // the one that counts them is not one of them
}

}  // namespace

std::vector<prometheus::MetricFamily> ProcessMetrics() {
  std::vector<prometheus::MetricFamily> all;
  const std::vector<std::uint64_t> stat = StatFields();
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  if (stat.size() > 24) {
    Add(all, "process_cpu_seconds_total", "User and system CPU time spent, in seconds.",
        MetricType::Counter, static_cast<double>(stat[14] + stat[15]) / ticks);
    Add(all, "process_threads", "Threads of the process.", MetricType::Gauge,
        static_cast<double>(stat[20]));
    Add(all, "process_virtual_memory_bytes", "Virtual memory size in bytes.", MetricType::Gauge,
        static_cast<double>(stat[23]));
    Add(all, "process_resident_memory_bytes", "Resident memory size in bytes.", MetricType::Gauge,
        static_cast<double>(stat[24]) * static_cast<double>(sysconf(_SC_PAGESIZE)));
    if (const auto boot = BootTime()) {
      Add(all, "process_start_time_seconds", "Start time of the process, Unix time in seconds.",
          MetricType::Gauge, *boot + static_cast<double>(stat[22]) / ticks);
    }
  }
  if (const auto open = OpenFiles()) {
    Add(all, "process_open_fds", "Open file descriptors.", MetricType::Gauge, *open);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    Add(all, "process_max_fds", "File descriptors the process may have open.", MetricType::Gauge,
        static_cast<double>(limit.rlim_cur));
  }
  return all;
}

}  // namespace routerd::publish
