// Percent allocation: a queue's contacts are shared among groups of agents (vendors, sites). Of the
// agents who are free, those come first whose group has had least of its share lately; a strict
// queue gives nothing to a group that has had its share.
#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "routerd/core/core.h"

namespace routerd::core {
namespace {

// By how much of a contact, in hundredths, the group's part of all of them and of one more is
// greater than what it has had. Who has no share comes last.
std::int64_t DeficitOf(const Allocation& allocation, std::uint8_t share) {
  if (share == kNoShare) return std::numeric_limits<std::int64_t>::min();
  std::int64_t all = 1;
  for (const Allocated& group : allocation.groups) all += group.accepted + group.open;
  const Allocated& group = allocation.groups[share];
  return allocation.policy.shares[share].percent * all - 100 * (group.accepted + group.open);
}

}  // namespace

// After a new policy. A queue whose allocation stays goes on with what it has counted.
void Core::PlanAllocations() {
  allocating_.clear();
  for (std::uint32_t q = 0; q < queues_.size(); ++q) {
    Queue& queue = queues_[q];
    const bool known = q < model_->queues.size();
    const auto& policy = known ? model_->queues[q].allocation : std::nullopt;
    if (queue.allocation == nullptr && !policy) continue;
    if (queue.allocation != nullptr && policy != queue.allocation->policy) {
      timers_.Cancel(queue.allocation->timer);
      queue.allocation.reset();
    }
    if (!policy) continue;
    if (queue.allocation == nullptr) {
      queue.allocation = std::make_unique<Allocation>();
      queue.allocation->policy = *policy;
      queue.allocation->groups.resize(policy->shares.size());
    }
    for (Allocated& group : queue.allocation->groups) group.open = 0;
    allocating_.push_back(QueueNo(q));
  }
  // Who rings now has the share that his group has now.
  for (Lease& lease : leases_) {
    if (!lease.id.valid()) continue;
    const QueueNo queue = ServingQueueOf(contacts_[lease.contact]);
    lease.share = ShareOf(queue, agents_[lease.agent.index()].cls);
    CountOpen(lease, 1);
  }
  for (const QueueNo no : allocating_) queues_[no.index()].allocation->looked = ~std::uint32_t{0};
}

// The first of the shares whose group the class is in; kNoShare: none is.
std::uint8_t Core::ShareOf(QueueNo no, ClassNo cls) const {
  const Allocation* allocation = queues_[no.index()].allocation.get();
  if (allocation == nullptr) return kNoShare;
  const std::vector<GroupNo>& groups = classes_[cls.index()].groups;
  const auto& shares = allocation->policy.shares;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (std::binary_search(groups.begin(), groups.end(), shares[i].group)) {
      return static_cast<std::uint8_t>(i);
    }
  }
  return kNoShare;
}

void Core::CountOpen(const Lease& lease, int by) {
  const QueueNo queue = ServingQueueOf(contacts_[lease.contact]);
  Allocation* allocation = queues_[queue.index()].allocation.get();
  if (allocation == nullptr || lease.share == kNoShare) return;
  allocation->groups[lease.share].open += by;
}

void Core::CountAccepted(QueueNo no, std::uint8_t share) {
  Allocation* allocation = queues_[no.index()].allocation.get();
  if (allocation == nullptr || share == kNoShare) return;
  Allocated& group = allocation->groups[share];
  ++group.parts[allocation->part];
  ++group.accepted;
  if (timers_.DeadlineOf(allocation->timer) != 0) return;
  ArmAllocation(no, stamp_.now + allocation->policy.window_ms / kAllocationParts);
}

void Core::ArmAllocation(QueueNo no, TimeMs at) {
  Allocation& allocation = *queues_[no.index()].allocation;
  allocation.next = at;
  allocation.timer = timers_.Set(at, {TimerKind::kAllocation, ContactNo(), no.value});
}

// A part of the window has passed: what lies a whole window back counts no more.
void Core::PassAllocation(QueueNo no) {
  Allocation& allocation = *queues_[no.index()].allocation;
  allocation.part = (allocation.part + 1) % kAllocationParts;
  bool counted = false;
  for (Allocated& group : allocation.groups) {
    group.accepted -= std::exchange(group.parts[allocation.part], 0);
    counted = counted || group.accepted != 0;
  }
  if (counted) ArmAllocation(no, allocation.next + allocation.policy.window_ms / kAllocationParts);
}

// The shares that a strict queue gives contacts to now, as bits. One at least: not all can have had
// their share of one contact more than there were.
std::uint32_t EntitledOf(const Allocation& allocation) {
  if (!allocation.policy.strict) return ~std::uint32_t{0};
  std::uint32_t entitled = 0;
  const auto groups = static_cast<std::uint8_t>(allocation.groups.size());
  for (std::uint8_t i = 0; i < groups; ++i) {
    if (DeficitOf(allocation, i) > 0) entitled |= std::uint32_t{1} << i;
  }
  return entitled;
}

bool Core::IsBeyondShare(QueueNo no, ClassNo cls) const {
  const Allocation* allocation = queues_[no.index()].allocation.get();
  if (allocation == nullptr || !allocation->policy.strict) return false;
  const std::uint8_t share = ShareOf(no, cls);
  return share == kNoShare || DeficitOf(*allocation, share) <= 0;
}

// Of these 64 lanes.
std::uint64_t Core::LanesBeyondShare(ClassNo cls, std::size_t block, std::uint64_t asked) const {
  std::uint64_t beyond = 0;
  for (std::uint64_t bits = asked; bits != 0; bits &= bits - 1) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
    if (IsBeyondShare(lanes_[block * 64 + bit].needs.queue, cls)) beyond |= std::uint64_t{1} << bit;
  }
  return beyond;
}

// -1: the first class comes first; 1: the second; 0: they are of one share, or there are none.
int Core::CompareShares(QueueNo no, ClassNo x, ClassNo y) const {
  const Allocation* allocation = queues_[no.index()].allocation.get();
  if (allocation == nullptr || x == y) return 0;
  const std::uint8_t of_x = ShareOf(no, x);
  const std::uint8_t of_y = ShareOf(no, y);
  if (of_x == of_y) return 0;
  const std::int64_t lacks_x = DeficitOf(*allocation, of_x);
  const std::int64_t lacks_y = DeficitOf(*allocation, of_y);
  if (lacks_x != lacks_y) return lacks_x > lacks_y ? -1 : 1;
  return of_x < of_y ? -1 : 1;
}

// Of strict queues: who may take contacts again makes those servable that wait.
void Core::LookAtAllocations() {
  for (const QueueNo no : allocating_) {
    Queue& queue = queues_[no.index()];
    const std::uint32_t entitled = EntitledOf(*queue.allocation);
    const std::uint32_t before = std::exchange(queue.allocation->looked, entitled);
    if ((entitled & ~before) == 0) continue;
    if (!std::exchange(queue.released, true)) released_queues_.push_back(no);
    // They may be there from an offer before; once is enough.
    const auto its = [&](LaneNo lane) { return lanes_[lane.index()].needs.queue == no; };
    const auto of_it = [&](std::uint32_t slot) { return contacts_[slot].queue == no; };
    std::erase_if(released_, its);
    std::erase_if(releasing_, its);
    std::erase_if(released_personal_, of_it);
    std::erase_if(releasing_personal_, of_it);
    for (const LaneNo lane : queue.lanes) {
      if (lanes_[lane.index()].waiting == 0) continue;
      released_.push_back(lane);
      releasing_.push_back(lane);
    }
    for (std::uint32_t slot = queue.first_personal; slot != kNil; slot = contacts_[slot].next) {
      released_personal_.push_back(slot);
      releasing_personal_.push_back(slot);
    }
  }
}

std::string Core::CheckAllocations() const {
  for (const QueueNo no : allocating_) {
    const Allocation& allocation = *queues_[no.index()].allocation;
    std::vector<int> open(allocation.groups.size(), 0);
    for (const Lease& lease : leases_) {
      const bool here = lease.id.valid() && ServingQueueOf(contacts_[lease.contact]) == no;
      if (here && lease.share != kNoShare) ++open[lease.share];
    }
    bool counted = false;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const Allocated& group = allocation.groups[i];
      int accepted = 0;
      for (const int part : group.parts) accepted += part;
      counted = counted || accepted != 0;
      if (group.open != open[i] || group.accepted != accepted) return "a share is miscounted";
    }
    if (counted != (timers_.DeadlineOf(allocation.timer) != 0)) return "a share never passes";
    if (allocation.looked != EntitledOf(allocation)) return "a share was not looked at";
  }
  return "";
}

}  // namespace routerd::core
