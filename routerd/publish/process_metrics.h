// What the kernel says of this process, under the names that every Prometheus client uses.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace routerd::publish {

// process_cpu_seconds_total, process_resident_memory_bytes, process_virtual_memory_bytes,
// process_open_fds, process_max_fds, process_start_time_seconds, process_threads. What cannot be
// read is left out. Any thread.
[[nodiscard]] std::vector<prometheus::MetricFamily> ProcessMetrics();

}  // namespace routerd::publish
