// Reserves: agents whom a deferrable queue leaves free for other queues. Queues that keep agents
// for the same others share a pool, which knows how many of these agents are free; so that holding
// back costs one comparison, and letting go looks at those only whom it lets go.
#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

// After a new policy: who is counted where. The agents themselves are counted when they are looked
// at, as all are after a swap.
void Core::PlanReserves() {
  pools_.clear();
  for (Queue& queue : queues_) queue.pool = kNoPool;
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const auto& reserve = model_->queues[q].reserve;
    if (!reserve) continue;
    const auto same = [&](const Pool& pool) {
      return pool.queues == reserve->queues && pool.channel == reserve->channel;
    };
    auto it = std::find_if(pools_.begin(), pools_.end(), same);
    if (it == pools_.end()) {
      Pool pool;
      pool.queues = reserve->queues;
      pool.channel = reserve->channel;
      pool.looked = std::numeric_limits<std::uint32_t>::max();
      it = pools_.insert(pools_.end(), std::move(pool));
    }
    queues_[q].pool = static_cast<std::uint8_t>(it - pools_.begin());
    it->least = it->most == 0 ? reserve->agents : std::min(it->least, reserve->agents);
    it->most = std::max(it->most, reserve->agents);
    it->personal += queues_[q].personal;
  }
  for (std::uint32_t i = 0; i < classes_.size(); ++i) {
    if (classes_[i].used) SetPools(ClassNo(i));
  }
  for (Agent& a : agents_) a.pools = 0;
}

// The pools whose queues the class may serve, as conditions count it: at step 0, and whatever a
// contact asks for besides.
std::uint64_t Core::PoolsOf(const AgentClass& cls) const {
  std::uint64_t pools = 0;
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    const auto serves = [&](QueueNo no) {
      const model::Queue& queue = model_->queues[no.index()];
      return IsMember(queue, 0, cls) && InProfile(no, cls) &&
             model::Meets(cls.skills, queue.requirements);
    };
    const Pool& pool = pools_[p];
    if (std::any_of(pool.queues.begin(), pool.queues.end(), serves)) pools |= PoolBit(p);
  }
  return pools;
}

void Core::SetPools(ClassNo no) {
  AgentClass& cls = classes_[no.index()];
  cls.pools = cls.used ? PoolsOf(cls) : 0;
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    pools_[p].classes.Assign(no.index(), (cls.pools & PoolBit(p)) != 0);
  }
}

// As his places among the free are.
void Core::CountForReserves(AgentNo no) {
  if (pools_.empty()) return;
  Agent& a = agents_[no.index()];
  const bool free = std::any_of(a.places.begin(), a.places.end(),
                                [](const FreePlace& place) { return place.in; });
  std::uint64_t now = free ? classes_[a.cls.index()].pools : 0;
  for (std::uint64_t bits = now; bits != 0; bits &= bits - 1) {
    const auto p = static_cast<std::size_t>(std::countr_zero(bits));
    const ChannelNo channel = pools_[p].channel;
    if (channel.valid() && PlaceFor(a, channel.index()) == kNoPlace) now &= ~PoolBit(p);
  }
  for (std::uint64_t bits = now ^ a.pools; bits != 0; bits &= bits - 1) {
    const auto p = static_cast<std::size_t>(std::countr_zero(bits));
    (now & PoolBit(p)) != 0 ? ++pools_[p].free : --pools_[p].free;
  }
  a.pools = now;
}

// How many are free for decisions to go by. A pool keeps nobody while none of its queues is open.
std::uint32_t CoreState::FreeOf(const Pool& pool) {
  return pool.open ? pool.free : std::numeric_limits<std::uint32_t>::max();
}

// After a policy, opening hours or an operator have changed queues' modes.
void Core::LookAtPools() {
  for (Pool& pool : pools_) {
    pool.open = std::any_of(pool.queues.begin(), pool.queues.end(),
                            [this](QueueNo no) { return ModeOf(no) == model::QueueMode::kOpen; });
  }
}

// The pool whose agents the queue may not have now, as a bit; 0: it may have everybody.
std::uint64_t Core::HeldBack(QueueNo no) const {
  const std::uint8_t pool = queues_[no.index()].pool;
  if (pool == kNoPool || FreeOf(pools_[pool]) > model_->queues[no.index()].reserve->agents)
    return 0;
  return PoolBit(pool);
}

// Of these 64 lanes, those that are held back from the class.
std::uint64_t Core::HeldLanes(const AgentClass& cls, std::size_t block, std::uint64_t asked) const {
  std::uint64_t held = 0;
  for (std::uint64_t pools = cls.pools; pools != 0; pools &= pools - 1) {
    const Pool& pool = pools_[static_cast<std::size_t>(std::countr_zero(pools))];
    const std::uint32_t free = FreeOf(pool);
    if (free > pool.most) continue;
    const std::uint64_t lanes = asked & pool.lanes.word(block);
    if (free <= pool.least) {
      held |= lanes;
      continue;
    }
    for (std::uint64_t bits = lanes; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
      const QueueNo queue = lanes_[block * 64 + bit].needs.queue;
      if (model_->queues[queue.index()].reserve->agents >= free) held |= std::uint64_t{1} << bit;
    }
  }
  return held;
}

// More are free than at the last look: what was held back until now is made servable.
void Core::LookAtReserves() {
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    Pool& pool = pools_[p];
    const std::uint32_t free = FreeOf(pool);
    const std::uint32_t before = std::exchange(pool.looked, free);
    if (free <= before) continue;
    const auto lets_go = [&](QueueNo no) {
      const std::uint32_t agents = model_->queues[no.index()].reserve->agents;
      return before <= agents && agents < free;
    };
    pool.lanes.ForEach([&](std::size_t lane) {
      const QueueNo queue = lanes_[lane].needs.queue;
      if (!lets_go(queue)) return true;
      queues_[queue.index()].released = true;
      released_.push_back(LaneNo(static_cast<std::uint32_t>(lane)));
      releasing_.push_back(released_.back());
      return true;
    });
    if (pool.personal != 0) ReleasePersonal(p, lets_go);
  }
}

// Contacts that ask for certain agents stand with these; only who is free matters.
template <typename LetsGo>
void Core::ReleasePersonal(std::size_t p, const LetsGo& lets_go) {
  std::vector<std::uint32_t>& out = releasing_personal_;
  for (std::size_t room = 0; room < free_in_room_.size(); ++room) {
    const FreeNodes nodes{agents_, room};
    free_in_room_[room].ForEach([&](std::size_t cls) {
      if ((classes_[cls].pools & PoolBit(p)) == 0) return true;
      const std::uint32_t root = classes_[cls].free[room];
      for (std::uint32_t agent = Treap<FreeNodes>::First(nodes, root); agent != kNil;
           agent = Treap<FreeNodes>::After(nodes, root, agent)) {
        for (const std::uint32_t slot : agents_[agent].personal) {
          const QueueNo queue = contacts_[slot].queue;
          if (queues_[queue.index()].pool == p && lets_go(queue)) out.push_back(slot);
        }
      }
      return true;
    });
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  released_personal_ = out;
}

void Core::ForgetReleased() {
  for (const LaneNo lane : released_) {
    queues_[lanes_[lane.index()].needs.queue.index()].released = false;
  }
  for (const QueueNo no : released_queues_) queues_[no.index()].released = false;
  released_queues_.clear();
  released_.clear();
  releasing_.clear();
  released_personal_.clear();
  releasing_personal_.clear();
}

std::string Core::CheckReserves() const {
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    const Pool& pool = pools_[p];
    std::uint32_t free = 0;
    for (const Agent& a : agents_) {
      if (!a.known || (PoolsOf(classes_[a.cls.index()]) & PoolBit(p)) == 0) continue;
      bool counts = false;
      const auto channels = static_cast<std::uint8_t>(model_->channels.size());
      for (std::uint8_t ch = 0; ch < channels; ++ch) {
        if (pool.channel.valid() && pool.channel != ChannelNo(ch)) continue;
        counts = counts ||
                 (IsReadyFor(a, ChannelNo(ch)) && TakesOffers(a) && RoomIn(a, ch) != Room::kNone);
      }
      free += counts ? 1 : 0;
    }
    if (free != pool.free) return "pool " + std::to_string(p) + " miscounts who is free";
    const bool open = std::any_of(pool.queues.begin(), pool.queues.end(), [this](QueueNo no) {
      return ModeOf(no) == model::QueueMode::kOpen;
    });
    if (open != pool.open) return "pool " + std::to_string(p) + " does not know who is open";
    if (pool.looked != FreeOf(pool)) return "pool " + std::to_string(p) + " was not looked at";
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
      const bool has = lanes_[lane].used && lanes_[lane].waiting != 0 &&
                       queues_[lanes_[lane].needs.queue.index()].pool == p;
      if (pool.lanes.Test(lane) != has) return "pool " + std::to_string(p) + " has a stale lane";
    }
  }
  return "";
}

}  // namespace routerd::core
