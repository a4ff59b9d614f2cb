// Which contact comes first: the score by the domain's model, then age, then arrival.
#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

// One priority point in the score's unit: thousandths of a point per minute × milliseconds.
constexpr std::int64_t kPoint = 60'000'000;
constexpr std::int64_t kMinuteMs = 60'000;

}  // namespace

// `by`: whose service rate counts; null: the queue's mean.
Score Core::ScoreOf(const Contact& c, const Agent* by) const {
  const model::Queue& queue = model_->queues[c.queue.index()];
  // Less than nothing for one who was debited more than he has waited, so that the order of
  // contacts that age alike never changes.
  const __int128 age = stamp_.now - c.age_since;
  switch (model_->order) {
    case model::Order::kPriority: {
      const __int128 score = __int128{c.priority} * kPoint + queue.acceleration_milli * age;
      return {queue.cap ? std::min(score, __int128{*queue.cap} * kPoint) : score, 1};
    }
    case model::Order::kSla:
      return {age, std::max<SpanMs>(queue.service_level_ms, 1)};
    case model::Order::kQueueRatio:
      return {Excess(c.queue), 1};
    case model::Order::kCost: {
      const SpanMs mean_ms = queues_[c.queue.index()].handling.taken_ms;
      const SpanMs handle_ms = by == nullptr ? mean_ms : HandleTimeOf(*by, c.queue, mean_ms);
      const __int128 slope = queue.cost_quadratic ? 2 * age : kMinuteMs;
      return {queue.cost_milli * slope, handle_ms};
    }
  }
  return {};
}

// Where the score is one that grows evenly, lanes whose first contacts' scores grow alike are one
// group; else those whose contacts nothing but age tells apart.
void Core::PlanLaneOrder() {
  const std::vector<model::Queue>& queues = model_->queues;
  std::vector<LaneOrder::Group> groups;
  std::map<std::pair<std::int64_t, std::optional<int>>, std::uint32_t> known;
  group_of_queue_.assign(queues.size(), 0);
  for (std::uint32_t q = 0; q < queues.size(); ++q) {
    LaneOrder::Group group;
    std::pair<std::int64_t, std::optional<int>> alike;
    if (model_->order == model::Order::kPriority) {
      alike = {queues[q].acceleration_milli, queues[q].cap};
      group.growth = queues[q].acceleration_milli;
      if (queues[q].cap) group.cap = __int128{*queues[q].cap} * kPoint;
    } else {
      const bool sla = model_->order == model::Order::kSla;
      alike.first = sla ? queues[q].service_level_ms : std::int64_t{q};
    }
    const auto [it, fresh] = known.emplace(alike, static_cast<std::uint32_t>(groups.size()));
    if (fresh) groups.push_back(group);
    group_of_queue_[q] = it->second;
  }
  lane_order_.Plan(std::move(groups));
}

LaneKey Core::KeyOf(QueueNo queue, std::uint32_t slot) const {
  const Contact& c = contacts_[slot];
  LaneKey key;
  key.group = group_of_queue_[queue.index()];
  key.slot = slot;
  key.age_since = c.age_since;
  key.arrival = c.arrival;
  if (model_->order == model::Order::kPriority) {
    const std::int64_t growth = model_->queues[queue.index()].acceleration_milli;
    key.base = __int128{c.priority} * kPoint - growth * __int128{c.age_since};
  }
  return key;
}

bool Core::ServedBefore(const Contact& a, const Contact& b, const Agent* by) const {
  const Score x = ScoreOf(a, by);
  const Score y = ScoreOf(b, by);
  const __int128 left = x.num * y.den;
  const __int128 right = y.num * x.den;
  if (left != right) return left > right;
  if (model_->order == model::Order::kQueueRatio && a.queue != b.queue) {
    const std::vector<model::Queue>& queues = model_->queues;
    const std::uint32_t of_a = queues[a.queue.index()].place;
    const std::uint32_t of_b = queues[b.queue.index()].place;
    return of_a != of_b ? of_a < of_b : a.queue < b.queue;
  }
  return std::tie(a.age_since, a.arrival) < std::tie(b.age_since, b.arrival);
}

// As this agent sees it: his profile's ranks first, and his own service rates.
bool Core::ServedBefore(const Contact& a, const Contact& b, const Agent& by) const {
  const AgentClass& cls = classes_[by.cls.index()];
  const int x = RankOf(a.queue, cls);
  const int y = RankOf(b.queue, cls);
  return x != y ? x < y : ServedBefore(a, b, &by);
}

}  // namespace routerd::core
