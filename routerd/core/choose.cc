// The best of the agents who are free for a contact, and the draw where chance decides between
// them.
#include <algorithm>
#include <array>
#include <tuple>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"
#include "routerd/core/sum_treap.h"

namespace routerd::core {
namespace {

auto ContentOf(const AgentClass& cls) {
  return std::tie(cls.skills, cls.groups, cls.profile, cls.primary_queues, cls.primary_skills,
                  cls.tiers);
}

}  // namespace

// The same on every replay: the record that decides, and which of its offers this is.
std::uint64_t Core::Draw(std::uint64_t below) const {
  Hasher h;
  h.Add(stamp_.at.epoch);
  h.Add(stamp_.at.sequence);
  h.Add(next_offer_index_);
  return h.digest() % below;
}

std::size_t Core::PlaceOfOrder(const AgentClass& cls, QueueNo queue) const {
  const std::uint32_t order = order_of_[queue.index()].order;
  const auto it = std::find(cls.orders.begin(), cls.orders.end(), order);
  return static_cast<std::size_t>(it - cls.orders.begin());
}

// The first of the class whom the contact does not exclude.
template <typename Nodes>
std::uint32_t Core::FirstOf(const Nodes& nodes, std::uint32_t root, const Contact& c) const {
  std::uint32_t agent = Treap<Nodes>::First(nodes, root);
  while (agent != kNil && Excludes(c, AgentNo(agent))) {
    ++work_;
    agent = Treap<Nodes>::After(nodes, root, agent);
  }
  return agent;
}

std::uint32_t Core::BestOfClass(std::size_t cls_no, const Contact& c, std::size_t room) const {
  const AgentClass& cls = classes_[cls_no];
  auto& agents = const_cast<std::vector<Agent>&>(agents_);  // searching writes to no node
  const std::size_t o = order_of_[c.queue.index()].order == 0 ? 0 : PlaceOfOrder(cls, c.queue);
  if (o == 0) return FirstOf(FreeNodes{agents, room}, cls.free[room], c);
  const OrderedNodes nodes{agents, room, (o - 1) * rooms_ + room, orders_[cls.orders[o]]};
  return FirstOf(nodes, cls.free[o * rooms_ + room], c);
}

// Those who need not interrupt anything for it go first, however the others compare.
AgentNo Core::BestAgent(const Contact& c) const {
  if (c.personal) return BestWanted(c);
  const std::size_t room = RoomFor(c.queue, c.channel);
  const AgentNo free = BestInRoom(c, room);
  if (free.valid() || rooms_ == plain_rooms_) return free;
  return BestInRoom(c, room + plain_rooms_);
}

AgentNo Core::BestInRoom(const Contact& c, std::size_t room) const {
  const bool shares = queues_[c.queue.index()].allocation != nullptr;
  if (classes_ordered_ && !shares && order_of_[c.queue.index()].plain) return LongestIdle(c, room);
  std::uint32_t best = kNil;
  tied_.clear();
  const std::uint64_t held_back = HeldBack(c.queue);
  ForEachCommon(lanes_[c.lane.index()].classes, free_in_room_[room], [&](std::size_t cls) {
    ++work_;
    if (held_back != 0 && (classes_[cls].pools & held_back) != 0) return true;
    const ClassNo no(static_cast<std::uint32_t>(cls));
    if (shares && IsBeyondShare(c.queue, no)) return true;
    const std::uint32_t agent = BestOfClass(cls, c, room);
    if (agent == kNil) return true;
    const int order = best == kNil ? -1 : CompareAgents(c, agent, best);
    if (order > 0) return true;
    if (order < 0) tied_.clear();
    if (order < 0) best = agent;
    tied_.push_back(static_cast<std::uint32_t>(cls));
    return true;
  });
  if (best == kNil) return AgentNo();
  return orders_[order_of_[c.queue.index()].order].chance ? DrawFromClasses(c, best, room)
                                                          : AgentNo(best);
}

// Of the free of the tied classes, those equal to `best` and not barred. Classes stand in the order
// of what they are, for their numbers are nobody's business.
AgentNo Core::DrawFromClasses(const Contact& c, std::uint32_t best, std::size_t room) const {
  auto& agents = const_cast<std::vector<Agent>&>(agents_);
  std::sort(tied_.begin(), tied_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return ContentOf(classes_[a]) < ContentOf(classes_[b]);
  });
  const auto draw_of = [&](std::uint32_t cls_no, std::uint64_t* offset) {
    const AgentClass& cls = classes_[cls_no];
    const std::size_t o = PlaceOfOrder(cls, c.queue);
    const OrderPlan& plan = orders_[cls.orders[o]];
    const OrderedNodes nodes{agents, room, (o - 1) * rooms_ + room, plan};
    using Tree = SumTreap<OrderedNodes>;
    const std::uint32_t root = cls.free[o * rooms_ + room];
    const auto order_to_best = [&](std::uint32_t i) {
      return CompareFree(agents_, i, best, room, plan);
    };
    const std::uint64_t begin =
        Tree::SumWhile(nodes, root, [&](std::uint32_t i) { return order_to_best(i) < 0; });
    std::uint64_t length =
        Tree::SumWhile(nodes, root, [&](std::uint32_t i) { return order_to_best(i) <= 0; }) - begin;
    std::array<std::uint32_t, limits::kMaxBarsPerContact + limits::kMaxOffersPerContact + 2> out{};
    std::size_t n = 0;
    const auto leave_out = [&](AgentNo no) {
      const Agent& a = agents_[no.index()];
      if (a.cls != ClassNo(cls_no) || !a.places[room].in || order_to_best(no.value) != 0) return;
      if (std::find(out.begin(), out.begin() + n, no.value) != out.begin() + n) return;
      out[n++] = no.value;
      length -= nodes.weight(no.value);
    };
    const Contact& real = RealOf(c);
    for (const Bar& bar : real.bars) leave_out(bar.agent);
    for (std::uint32_t l = real.first_lease; l != kNil; l = leases_[l].next) {
      leave_out(leases_[l].agent);
    }
    if (real.parent != kNil) {
      for (const AgentNo holder : {contacts_[real.parent].agent, contacts_[real.parent].second}) {
        if (holder.valid()) leave_out(holder);
      }
    }
    if (*offset >= length) {
      *offset -= length;
      return std::pair(length, AgentNo());
    }
    std::sort(out.begin(), out.begin() + n);
    std::uint64_t at = begin + *offset;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t before = Tree::SumWhile(
          nodes, root, [&](std::uint32_t other) { return nodes.Less(other, out[i]); });
      if (before <= at) at += nodes.weight(out[i]);
    }
    return std::pair(length, AgentNo(Tree::At(nodes, root, at)));
  };
  std::uint64_t all = 0;
  for (const std::uint32_t cls : tied_) {
    std::uint64_t nowhere = ~std::uint64_t{0};
    all += draw_of(cls, &nowhere).first;
  }
  std::uint64_t offset = Draw(all);
  for (const std::uint32_t cls : tied_) {
    const AgentNo drawn = draw_of(cls, &offset).second;
    if (drawn.valid()) return drawn;
  }
  return AgentNo(best);
}

// Into those between whom chance decides, if nobody of them is preferred; alone, if he is.
void Core::KeepIfBest(const Contact& c, std::uint32_t agent) const {
  const int order = tied_.empty() ? -1 : CompareAgents(c, agent, tied_.front());
  if (order > 0) return;
  if (order < 0) tied_.clear();
  tied_.push_back(agent);
}

AgentNo Core::DrawFromTied(const Contact& c) const {
  if (tied_.empty()) return AgentNo();
  if (tied_.size() == 1) return AgentNo(tied_.front());
  std::sort(tied_.begin(), tied_.end(), [&](std::uint32_t a, std::uint32_t b) {
    const ClassNo x = agents_[a].cls;
    const ClassNo y = agents_[b].cls;
    if (x == y) return a < b;
    return ContentOf(classes_[x.index()]) < ContentOf(classes_[y.index()]);
  });
  const bool weighted = orders_[order_of_[c.queue.index()].order].weighted;
  const auto weight = [&](std::uint32_t i) {
    return weighted ? static_cast<std::uint64_t>(agents_[i].profile.weight) : 1;
  };
  std::uint64_t all = 0;
  for (const std::uint32_t i : tied_) all += weight(i);
  std::uint64_t offset = Draw(all);
  for (const std::uint32_t i : tied_) {
    if (offset < weight(i)) return AgentNo(i);
    offset -= weight(i);
  }
  return AgentNo();
}

// Of the agents made free for whom this is the best contact: its best agent.
AgentNo Core::BestProposer(std::uint32_t slot, std::size_t freed) const {
  const Contact& c = contacts_[slot];
  if (c.personal) return BestWanted(c);
  tied_.clear();
  for (std::size_t i = 0; i < freed; ++i) {
    if (proposed_[i] == slot) KeepIfBest(c, touched_[i].value);
  }
  return DrawFromTied(c);
}

}  // namespace routerd::core
