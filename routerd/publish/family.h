// A metric with its label values, put together at the scrape.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace routerd::publish {

using Labels = std::vector<prometheus::ClientMetric::Label>;

class Family {
 public:
  static Family Counter(std::string name, std::string help) {
    return {std::move(name), std::move(help), prometheus::MetricType::Counter};
  }
  static Family Gauge(std::string name, std::string help) {
    return {std::move(name), std::move(help), prometheus::MetricType::Gauge};
  }

  template <typename Number>
  Family& Add(Labels labels, Number value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    const auto number = static_cast<double>(value);
    if (family_.type == prometheus::MetricType::Counter) {
      metric.counter.value = number;
    } else {
      metric.gauge.value = number;
    }
    family_.metric.push_back(std::move(metric));
    return *this;
  }
  void MoveTo(std::vector<prometheus::MetricFamily>& all) {
    if (!family_.metric.empty()) all.push_back(std::move(family_));
  }

 private:
  Family(std::string name, std::string help, prometheus::MetricType type)
      : family_{std::move(name), std::move(help), type, {}} {}

  prometheus::MetricFamily family_;
};

}  // namespace routerd::publish
