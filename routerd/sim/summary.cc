#include "routerd/sim/summary.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "routerd/sim/json_text.h"

namespace routerd::sim {
namespace {

using Path = std::vector<std::string>;

class Collector {
 public:
  void Enter(std::string name) { path_.push_back(std::move(name)); }
  void Leave() { path_.pop_back(); }
  void Add(std::string name, double value) {
    path_.push_back(std::move(name));
    metrics_.push_back({path_, value});
    path_.pop_back();
  }
  void Add(std::string name, const std::optional<double>& value) {
    if (value) Add(std::move(name), *value);
  }
  void Count(std::string name, std::uint64_t count) {
    Add(std::move(name), static_cast<double>(count));
  }
  [[nodiscard]] std::vector<Metric> Take() { return std::move(metrics_); }

 private:
  Path path_;
  std::vector<Metric> metrics_;
};

void AddWaits(Collector& to, const char* name, const WaitHistogram& waits) {
  if (waits.count() == 0) return;
  to.Enter(name);
  to.Add("mean", waits.MeanMs());
  for (const int percent : {50, 90, 95, 99}) {
    to.Add("p" + std::to_string(percent), static_cast<double>(*waits.Percentile(percent)));
  }
  to.Add("max", static_cast<double>(waits.max_ms()));
  to.Leave();
}

void AddQueue(Collector& to, const QueueFigures& queue, SpanMs short_ms,
              const model::Queue* model) {
  to.Count("offered", queue.offered());
  for (std::size_t i = 0; i < kContactOutcomes; ++i) {
    to.Count(std::string(Name(static_cast<ContactOutcome>(i))), queue.count[i]);
  }
  if (model != nullptr) to.Count("overflowed", queue.overflowed);
  AddWaits(to, "wait_ms", queue.all);
  AddWaits(to, "answered_wait_ms", queue.answered);
  AddWaits(to, "abandoned_wait_ms", queue.abandoned);
  to.Enter("service_level");
  if (model != nullptr) {
    to.Add("within_ms", static_cast<double>(model->service_level_ms));
    to.Add("target", model->service_level_percent / 100.0);
  }
  to.Add("short_ms", static_cast<double>(short_ms));
  const ServiceLevels levels = ServiceLevelsOf(queue);
  to.Add("ignore_abandons", levels.ignore_abandons);
  to.Add("abandons_negative", levels.abandons_negative);
  to.Add("abandons_positive", levels.abandons_positive);
  to.Add("answered_only", levels.answered_only);
  to.Add("short_excluded", levels.short_excluded);
  to.Leave();
}

void AddAgents(Collector& to, const Occupancy::Result& occupancy) {
  to.Enter("agents");
  to.Count("count", occupancy.agents);
  if (occupancy.agents != 0) {
    to.Enter("occupancy");
    to.Add("mean", occupancy.mean);
    to.Add("stddev", occupancy.stddev);
    to.Add("min", occupancy.min);
    to.Add("max", occupancy.max);
    to.Leave();
  }
  to.Leave();
}

// Writes values at their paths as nested objects.
class Nested {
 public:
  explicit Nested(std::string& to) : to_(to) { to_ += '{'; }
  // Where the value of the path's last name is to be written.
  std::string& At(const Path& path) {
    std::size_t same = 0;
    while (same < open_.size() && same + 1 < path.size() && open_[same] == path[same]) ++same;
    CloseTo(same);
    for (; same + 1 < path.size(); ++same) {
      Key(path[same]);
      to_ += '{';
      open_.push_back(path[same]);
      first_ = true;
    }
    Key(path.back());
    return to_;
  }
  void Finish() {
    CloseTo(0);
    to_ += "\n}\n";
  }

 private:
  void CloseTo(std::size_t depth) {
    while (open_.size() > depth) {
      open_.pop_back();
      to_ += '\n';
      to_.append(2 * (open_.size() + 1), ' ');
      to_ += '}';
      first_ = false;
    }
  }
  void Key(const std::string& name) {
    to_ += first_ ? "\n" : ",\n";
    to_.append(2 * (open_.size() + 1), ' ');
    AppendText(name, to_);
    to_ += ": ";
    first_ = false;
  }
  std::string& to_;
  Path open_;
  bool first_ = true;
};

// What a later run has and the first had not goes behind its likes: each object is written once.
void KeepTogether(std::vector<const Path*>& order) {
  std::map<Path, std::size_t> first;  // where a path's beginning has appeared first
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t n = 1; n <= order[i]->size(); ++n) {
      first.try_emplace(Path(order[i]->begin(), order[i]->begin() + static_cast<std::ptrdiff_t>(n)),
                        i);
    }
  }
  const auto place = [&first](const Path& path) {
    std::vector<std::size_t> places;
    for (std::size_t n = 1; n <= path.size(); ++n) {
      places.push_back(first.at(Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(n))));
    }
    return places;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&place](const Path* a, const Path* b) { return place(*a) < place(*b); });
}

std::string HexText(std::uint64_t hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(hash >> shift) & 15];
  return text;
}

}  // namespace

std::vector<Metric> MetricsOf(const SimulationFigures& figures) {
  Collector to;
  to.Add("span_ms", static_cast<double>(figures.last_ms - figures.first_ms));
  to.Enter("total");
  AddQueue(to, figures.total, figures.short_abandon_ms, nullptr);
  to.Leave();
  to.Enter("queues");
  for (std::size_t i = 0; i < figures.queues.size(); ++i) {
    const model::Queue& queue = figures.model->queues[i];
    if (queue.name.empty()) continue;
    to.Enter(queue.name);
    AddQueue(to, figures.queues[i], figures.short_abandon_ms, &queue);
    to.Leave();
  }
  to.Leave();
  AddAgents(to, figures.occupancy.Get());
  return to.Take();
}

std::string SummaryText(const SimulationFigures& figures, std::uint64_t seed) {
  std::string text;
  Nested nested(text);
  AppendNumber(static_cast<std::int64_t>(seed), nested.At({"seed"}));
  for (const Metric& metric : MetricsOf(figures)) {
    AppendDecimal(metric.value, nested.At(metric.path));
  }
  AppendText(HexText(figures.state_hash), nested.At({"state_hash"}));
  nested.Finish();
  return text;
}

std::string RunsText(const std::vector<RunMetrics>& runs) {
  std::vector<const Path*> order;  // of the first appearance
  std::map<Path, std::vector<double>> values;
  for (const RunMetrics& run : runs) {
    for (const Metric& metric : run.metrics) {
      const auto [it, is_new] = values.try_emplace(metric.path);
      it->second.push_back(metric.value);
      if (is_new) order.push_back(&it->first);
    }
  }
  KeepTogether(order);
  std::string text;
  Nested nested(text);
  AppendNumber(static_cast<std::int64_t>(runs.size()), nested.At({"runs"}));
  AppendNumber(static_cast<std::int64_t>(runs.front().seed), nested.At({"first_seed"}));
  for (const Path* path : order) {
    const Interval interval = IntervalOf(values[*path]);
    std::string& to = nested.At(*path);
    to += "{\"mean\": ";
    AppendDecimal(interval.mean, to);
    if (interval.runs > 1) {
      to += ", \"half_width_95\": ";
      AppendDecimal(interval.half_width, to);
    }
    to += ", \"runs\": ";
    AppendNumber(static_cast<std::int64_t>(interval.runs), to);
    to += '}';
  }
  std::string& to = nested.At({"state_hashes"});
  to += '[';
  for (const RunMetrics& run : runs) {
    if (&run != &runs.front()) to += ", ";
    AppendText(HexText(run.state_hash), to);
  }
  to += ']';
  nested.Finish();
  return text;
}

}  // namespace routerd::sim
