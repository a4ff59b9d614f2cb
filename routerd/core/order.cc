// Which contact comes first: the score by the domain's model, then age, then arrival.
#include <algorithm>
#include <tuple>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

// One priority point in the score's unit: thousandths of a point per minute × milliseconds.
constexpr std::int64_t kPoint = 60'000'000;
constexpr std::int64_t kMinuteMs = 60'000;

}  // namespace

// A fraction with a positive denominator. Where it is not 1, numerators: 10^6 × the age in
// milliseconds at most; an age stays below 10^15 however often it is credited. Denominators: 4 ×
// 10^10. Products fit.
struct Core::Score {
  __int128 num = 0;
  std::int64_t den = 1;
};

// `by`: whose service rate counts; null: the queue's mean.
Core::Score Core::ScoreOf(const Contact& c, const Agent* by) const {
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

bool Core::ServedBefore(const Contact& a, const Contact& b, const Agent* by) const {
  const Score x = ScoreOf(a, by);
  const Score y = ScoreOf(b, by);
  const __int128 left = x.num * y.den;
  const __int128 right = y.num * x.den;
  if (left != right) return left > right;
  if (model_->order == model::Order::kQueueRatio && a.queue != b.queue) return a.queue < b.queue;
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
