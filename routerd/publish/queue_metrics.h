// The metrics of contacts, visits, offers and agents.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/publish/figures.h"

namespace routerd::publish {

// Appends what queues and their channels count. `now_unix_ms` is what ages are measured against.
void AddQueues(std::vector<prometheus::MetricFamily>& all, const std::string& domain,
               const std::vector<QueueSeries>& queues, TimeMs now_unix_ms);
void AddDomain(std::vector<prometheus::MetricFamily>& all, const std::string& domain,
               const DomainFigures& figures);

}  // namespace routerd::publish
