// The router's metrics for Prometheus. Gauges and counters are read off the projection at the
// scrape; histograms are fed batch by batch.
#pragma once

#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <functional>
#include <string>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/engine/event.h"
#include "routerd/engine/service.h"
#include "routerd/publish/projection.h"
#include "routerd/publish/redis_status.h"

namespace routerd::publish {

struct BuildInfo {
  std::string version;
  std::string compiler;
  int rules_version = 0;  // of the routing rules: the same rules decide the same
};

// Observe on the loop's thread; Text on any. Neither ever waits for the writer.
class Metrics {
 public:
  // What is referred to must outlive the metrics. `redis` may be empty: not configured.
  Metrics(engine::Service& service, const Projection& projection, const Clock& clock,
          std::function<RedisStatus()> redis, const BuildInfo& build);

  // To be the projection's observer.
  void Observe(const engine::EventBatch& batch, const std::vector<SpanMs>& first_offer_waits);

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const;
  // Collect in Prometheus' text format, version 0.0.4.
  [[nodiscard]] std::string Text() const;

 private:
  const engine::Service& service_;
  const Projection& projection_;
  const Clock& clock_;
  const std::function<RedisStatus()> redis_;
  const BuildInfo build_;
  prometheus::Registry registry_;
  prometheus::Histogram& decision_;
  prometheus::Histogram& first_offer_;
  prometheus::Histogram& batch_;
  prometheus::Histogram& append_;
};

}  // namespace routerd::publish
