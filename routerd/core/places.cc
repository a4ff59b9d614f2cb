// Where the free stand: in one tree per order that their class needs, and channel. What a tree
// compares stays as it was when an agent took his place; he leaves it before that changes.
#include <algorithm>

#include "routerd/core/core.h"
#include "routerd/core/nodes.h"
#include "routerd/core/sum_treap.h"

namespace routerd::core {

void Core::TakePlace(AgentNo no, std::size_t ch) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  a.places[ch].in = true;
  a.free_on |= 1U << ch;
  FreeNodes nodes{agents_, ch};
  Treap<FreeNodes>::Insert(nodes, cls.free[ch], no.value);
  for (std::size_t o = 1; o < cls.orders.size(); ++o) TakeFurtherPlace(no, ch, o);
}

void Core::TakeFurtherPlace(AgentNo no, std::size_t ch, std::size_t o) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  const std::size_t channels = a.places.size();
  if (a.more.size() < o * channels) a.more.resize(o * channels);
  const OrderPlan& plan = orders_[cls.orders[o]];
  OrderedNodes nodes{agents_, ch, (o - 1) * channels + ch, plan};
  std::uint32_t& root = cls.free[o * channels + ch];
  if (plan.chance) {
    SumTreap<OrderedNodes>::Insert(nodes, root, no.value);
  } else {
    Treap<OrderedNodes>::Insert(nodes, root, no.value);
  }
}

void Core::LeavePlace(AgentNo no, std::size_t ch) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  const std::size_t channels = a.places.size();
  for (std::size_t o = 1; o < cls.orders.size(); ++o) {
    const OrderPlan& plan = orders_[cls.orders[o]];
    OrderedNodes nodes{agents_, ch, (o - 1) * channels + ch, plan};
    std::uint32_t& root = cls.free[o * channels + ch];
    if (plan.chance) {
      SumTreap<OrderedNodes>::Erase(nodes, root, no.value);
    } else {
      Treap<OrderedNodes>::Erase(nodes, root, no.value);
    }
  }
  FreeNodes nodes{agents_, ch};
  Treap<FreeNodes>::Erase(nodes, cls.free[ch], no.value);
  a.places[ch].in = false;
  a.free_on &= ~(1U << ch);
}

void Core::LeavePlaces(AgentNo no) {
  Agent& a = agents_[no.index()];
  for (std::size_t ch = 0; ch < a.places.size(); ++ch) {
    if (!a.places[ch].in) continue;
    LeavePlace(no, ch);
    NoteFree(ch, a.cls);
  }
}

// All at once, before the orders or the channels change; those who are free take new ones.
void Core::EmptyPlaces() {
  for (Bitmap& of_channel : free_by_channel_) of_channel.Reset();
  for (BlockOrder<IdleKey>& of_channel : class_orders_) of_channel.Reset();
  for (AgentClass& cls : classes_) {
    if (!cls.used) continue;
    cls.orders.assign(1, 0);
    cls.free.assign(model_->channels.size(), kNil);
  }
  for (Agent& a : agents_) {
    for (FreePlace& place : a.places) place = FreePlace{};
    a.more.clear();
    a.free_on = 0;
  }
}

// The class may now serve the queue: its free stand in the queue's order from here on.
void Core::TakePart(AgentClass& cls, QueueNo queue) {
  const std::uint32_t order = order_of_[queue.index()].order;
  if (std::find(cls.orders.begin(), cls.orders.end(), order) != cls.orders.end()) return;
  const std::size_t o = cls.orders.size();
  const std::size_t channels = model_->channels.size();
  cls.orders.push_back(order);
  cls.free.resize((o + 1) * channels, kNil);
  for (std::size_t ch = 0; ch < channels; ++ch) {
    const FreeNodes nodes{agents_, ch};
    for (std::uint32_t i = Treap<FreeNodes>::First(nodes, cls.free[ch]); i != kNil;
         i = Treap<FreeNodes>::After(nodes, cls.free[ch], i)) {
      TakeFurtherPlace(AgentNo(i), ch, o);
    }
  }
}

}  // namespace routerd::core
