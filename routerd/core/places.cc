// Where the free stand: in one tree per order that their class needs, and room. What a tree
// compares stays as it was when an agent took his place; he leaves it before that changes.
#include <algorithm>

#include "routerd/core/core.h"
#include "routerd/core/nodes.h"
#include "routerd/core/sum_treap.h"

namespace routerd::core {

void Core::TakePlace(AgentNo no, std::size_t room) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  a.places[room].in = true;
  ++a.free_in;
  FreeNodes nodes{agents_, room};
  Treap<FreeNodes>::Insert(nodes, cls.free[room], no.value);
  for (std::size_t o = 1; o < cls.orders.size(); ++o) TakeFurtherPlace(no, room, o);
}

void Core::TakeFurtherPlace(AgentNo no, std::size_t room, std::size_t o) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  const std::size_t rooms = a.places.size();
  if (a.more.size() < o * rooms) a.more.resize(o * rooms);
  const OrderPlan& plan = orders_[cls.orders[o]];
  OrderedNodes nodes{agents_, room, (o - 1) * rooms + room, plan};
  std::uint32_t& root = cls.free[o * rooms + room];
  if (plan.chance) {
    SumTreap<OrderedNodes>::Insert(nodes, root, no.value);
  } else {
    Treap<OrderedNodes>::Insert(nodes, root, no.value);
  }
}

void Core::LeavePlace(AgentNo no, std::size_t room) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  const std::size_t rooms = a.places.size();
  for (std::size_t o = 1; o < cls.orders.size(); ++o) {
    const OrderPlan& plan = orders_[cls.orders[o]];
    OrderedNodes nodes{agents_, room, (o - 1) * rooms + room, plan};
    std::uint32_t& root = cls.free[o * rooms + room];
    if (plan.chance) {
      SumTreap<OrderedNodes>::Erase(nodes, root, no.value);
    } else {
      Treap<OrderedNodes>::Erase(nodes, root, no.value);
    }
  }
  FreeNodes nodes{agents_, room};
  Treap<FreeNodes>::Erase(nodes, cls.free[room], no.value);
  a.places[room].in = false;
  --a.free_in;
}

void Core::LeavePlaces(AgentNo no) {
  Agent& a = agents_[no.index()];
  for (std::size_t room = 0; room < a.places.size(); ++room) {
    if (!a.places[room].in) continue;
    LeavePlace(no, room);
    NoteFree(room, a.cls);
  }
}

// All at once, before the orders or the rooms change; those who are free take new ones.
void Core::EmptyPlaces() {
  for (Bitmap& of_room : waiting_lanes_) of_room.Reset();  // those that wait are put back
  for (Bitmap& of_room : free_in_room_) of_room.Reset();
  for (BlockOrder<IdleKey>& of_room : class_orders_) of_room.Reset();
  for (AgentClass& cls : classes_) {
    if (!cls.used) continue;
    cls.orders.assign(1, 0);
    cls.free.assign(rooms_, kNil);
  }
  for (Agent& a : agents_) {
    if (a.known) a.places.assign(rooms_, FreePlace{});
    a.more.clear();
    a.free_in = 0;
  }
}

// The class may now serve the queue: its free stand in the queue's order from here on.
void Core::TakePart(AgentClass& cls, QueueNo queue) {
  const std::uint32_t order = order_of_[queue.index()].order;
  if (std::find(cls.orders.begin(), cls.orders.end(), order) != cls.orders.end()) return;
  const std::size_t o = cls.orders.size();
  const std::size_t rooms = rooms_;
  cls.orders.push_back(order);
  cls.free.resize((o + 1) * rooms, kNil);
  for (std::size_t room = 0; room < rooms; ++room) {
    const FreeNodes nodes{agents_, room};
    for (std::uint32_t i = Treap<FreeNodes>::First(nodes, cls.free[room]); i != kNil;
         i = Treap<FreeNodes>::After(nodes, cls.free[room], i)) {
      TakeFurtherPlace(AgentNo(i), room, o);
    }
  }
}

}  // namespace routerd::core
