// How long contacts take: per queue, and per agent and queue. From the answer to the end of the
// agent's item, wrap-up included. Kept only while the policy in force asks for it.
#include <algorithm>
#include <cstdlib>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {
namespace {

// The queue's mean counts as so many of an agent's own contacts.
constexpr std::int64_t kShrinkWeight = 20;
// Then half of what was seen is forgotten, so that the mean follows, and stays in bounds.
constexpr std::uint32_t kMaxSeen = 1'000;
// The mean that agents are compared with is taken anew when it has moved by an eighth: then all of
// the queue's agents change places, which is dear.
constexpr std::int64_t kTakenPart = 8;

void See(SpanMs took_ms, std::uint32_t& count, SpanMs& sum_ms) {
  if (count >= kMaxSeen) {
    count /= 2;
    sum_ms /= 2;
  }
  ++count;
  sum_ms += took_ms;
}

}  // namespace

SpanMs HandleTimeOf(const Agent& a, QueueNo queue, SpanMs mean_ms) {
  const auto it = std::lower_bound(a.handled.begin(), a.handled.end(), queue,
                                   [](const Handled& h, QueueNo no) { return h.queue < no; });
  if (it == a.handled.end() || it->queue != queue) return mean_ms;
  return (kShrinkWeight * mean_ms + it->sum_ms) / (kShrinkWeight + it->count);
}

// Where the policy begins to ask, or states another value, what was seen is void.
void Core::PlanHandling() {
  handling_asked_.assign(model_->queues.size(), false);
  for (std::size_t q = 0; q < model_->queues.size(); ++q) {
    const model::Queue& policy = model_->queues[q];
    const bool asks = std::any_of(policy.select.begin(), policy.select.end(), [](const auto& key) {
      return key.by == model::SelectBy::kFastest;
    });
    const bool by_cost = model_->order == model::Order::kCost;
    handling_asked_[q] = (asks || by_cost) && !policy.aht_stated;
    Handling& handling = queues_[q].handling;
    if (!handling_asked_[q]) handling = Handling{};
    if (handling.count == 0) handling.taken_ms = policy.aht_ms;
    if (handling_asked_[q]) continue;
    for (Agent& a : agents_) {
      std::erase_if(a.handled, [q](const Handled& h) { return h.queue.index() == q; });
    }
  }
}

void Core::SeeHandled(AgentNo no, QueueNo queue, SpanMs took_ms) {
  if (!handling_asked_[queue.index()]) return;
  took_ms = std::clamp<SpanMs>(took_ms, 1, limits::kMaxHandleMs);
  LeavePlaces(no);
  Agent& a = agents_[no.index()];
  auto it = std::lower_bound(a.handled.begin(), a.handled.end(), queue,
                             [](const Handled& h, QueueNo q) { return h.queue < q; });
  const bool known = it != a.handled.end() && it->queue == queue;
  if (known || a.handled.size() < limits::kMaxHandledQueues) {
    if (!known) it = a.handled.insert(it, Handled{queue});
    See(took_ms, it->count, it->sum_ms);
  }
  Handling& handling = queues_[queue.index()].handling;
  See(took_ms, handling.count, handling.sum_ms);
  const SpanMs mean = handling.sum_ms / handling.count;
  if (std::abs(mean - handling.taken_ms) * kTakenPart < handling.taken_ms) return;
  handling.taken_ms = mean;
  RebuildOrder(queue);
}

// Everybody's value has changed: those who are free take their places in this order anew.
void Core::RebuildOrder(QueueNo queue) {
  const std::uint32_t order = order_of_[queue.index()].order;
  if (order == 0 || orders_[order].order.queue != queue) return;
  orders_[order].handle_ms = queues_[queue.index()].handling.taken_ms;
  for (AgentClass& cls : classes_) {
    if (!cls.used) continue;
    const std::size_t o = PlaceOfOrder(cls, queue);
    if (o == cls.orders.size()) continue;
    for (std::size_t room = 0; room < rooms_; ++room) {
      cls.free[o * rooms_ + room] = kNil;
      const FreeNodes nodes{agents_, room};
      for (std::uint32_t i = Treap<FreeNodes>::First(nodes, cls.free[room]); i != kNil;
           i = Treap<FreeNodes>::After(nodes, cls.free[room], i)) {
        agents_[i].more[(o - 1) * rooms_ + room] = MorePlace{};
        TakeFurtherPlace(AgentNo(i), room, o);
      }
    }
  }
}

}  // namespace routerd::core
