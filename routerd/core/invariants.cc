// What must hold after every event, recounted from nothing. For tests: it costs contacts × agents.
#include <algorithm>
#include <string>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

std::string Number(std::uint64_t n) { return std::to_string(n); }

std::string CheckParked(const Agent& a) {
  for (const Item& item : a.items) {
    if (item.state == ItemState::kParked && item.lent_to == 0) return " parks work for nobody";
    if (item.lent_to == 0) continue;
    const bool there = std::any_of(a.items.begin(), a.items.end(),
                                   [&](const Item& other) { return other.serial == item.lent_to; });
    if (!there) return " has work parked that nothing interrupts any more";
    if (item.units != 0) return " lends units and keeps them";
  }
  return "";
}

}  // namespace

std::string Core::CheckAgents() const {
  std::size_t offers = 0;
  for (std::uint32_t i = 0; i < agents_.size(); ++i) {
    const Agent& a = agents_[i];
    if (!a.known) continue;
    int units = 0;
    int routed = 0;  // work from elsewhere comes on top
    int open = 0;
    for (const Item& item : a.items) {
      units += item.units;
      if (item.contact.valid()) routed += item.units;
      if (item.state == ItemState::kOffered) ++open;
      if (!item.contact.valid()) continue;
      const Contact* c = FindContact(item.contact);
      if (c == nullptr) return "agent " + Number(i) + " has an item of a contact that is gone";
      const bool offer = item.state == ItemState::kOffered;
      if (offer != (item.lease != kNil)) return "agent " + Number(i) + " has an offer and no lease";
      const bool his = offer ? leases_[item.lease].agent == AgentNo(i) : Holds(*c, AgentNo(i));
      if (item.state != ItemState::kWrapUp && !his) {
        return "agent " + Number(i) + " works on a contact that is not his";
      }
    }
    if (std::string wrong = CheckParked(a); !wrong.empty()) return "agent " + Number(i) + wrong;
    if (units != a.units_used) return "agent " + Number(i) + " has miscounted units";
    if (routed > limits::kUnitsPerAgent && !a.over) {
      return "agent " + Number(i) + " is above capacity";
    }
    if (std::string wrong = CheckSilent(a); !wrong.empty()) return "agent " + Number(i) + wrong;
    if (open != a.open_offers) return "agent " + Number(i) + " has miscounted offers";
    if (a.pending && a.items.empty()) return "agent " + Number(i) + " pends without work";
    if (a.touched) return "agent " + Number(i) + " was not told of";
    offers += static_cast<std::size_t>(open);
  }
  return offers == offers_.open() ? "" : "offers are miscounted";
}

std::string Core::CheckSilent(const Agent& a) const {
  for (const Item& item : a.items) {
    if (!item.away) continue;
    const Contact* c = FindContact(item.contact);
    if (item.state == ItemState::kWrapUp || c == nullptr || c->silent_since == 0) {
      return " has work that takes no room, and whose customer is not silent";
    }
    if (item.units != 0 || item.counts) return " keeps the room of a silent customer";
  }
  return "";
}

std::string Core::CheckQueues() const {
  std::vector<Queue> counted(queues_.size());
  std::vector<std::uint32_t> waiting(lanes_.size(), 0);
  std::size_t held = 0;
  std::size_t queued = 0;
  for (const Contact& c : contacts_) {
    if (!c.used || IsTerminal(c.state)) continue;
    if (c.standing == Standing::kFifo || c.standing == Standing::kSide) ++waiting[c.lane.index()];
    if (c.stands_for != kNil) continue;
    ++held;
    Queue& q = counted[c.queue.index()];
    if (c.state == ContactState::kQueued) ++q.waiting;
    if (c.state == ContactState::kQueued) ++queued;
    if (c.state == ContactState::kOffered || c.state == ContactState::kConnecting) ++q.offered;
    if (c.state == ContactState::kAssigned) ++q.assigned;
    if (c.standing != Standing::kOut && c.state != ContactState::kQueued && !AsksMore(c)) {
      return "a contact stands in a lane and does not wait";
    }
  }
  if (held != contact_count_ || queued != waiting_count_) return "contacts are miscounted";
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    if (counted[i].waiting != queues_[i].waiting || counted[i].offered != queues_[i].offered ||
        counted[i].assigned != queues_[i].assigned) {
      return "queue " + Number(i) + " is miscounted";
    }
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (waiting[i] != lanes_[i].waiting) return "lane " + Number(i) + " is miscounted";
  }
  return "";
}

std::string Core::CheckOffers(std::uint32_t slot, TimeMs now) const {
  const Contact& c = contacts_[slot];
  std::uint32_t count = 0;
  for (std::uint32_t i = c.first_lease; i != kNil; i = leases_[i].next) {
    const Lease& lease = leases_[i];
    ++count;
    if (lease.contact != slot) return " has another contact's offer";
    if (timers_.DeadlineOf(lease.deadline) < now) return " has an offer without a deadline";
    for (std::uint32_t j = lease.next; j != kNil; j = leases_[j].next) {
      if (leases_[j].agent == lease.agent) return " rings the same agent twice";
    }
  }
  if (count != c.lease_count || count > limits::kMaxOffersPerContact)
    return " miscounts its offers";
  if ((count != 0) != (c.state == ContactState::kOffered)) return " has offers, or lacks them";
  return "";
}

std::string Core::CheckLinks(std::uint32_t slot) const {
  const Contact& c = contacts_[slot];
  if (c.second.valid() && (c.state != ContactState::kAssigned || c.second == c.agent)) {
    return " has a second agent and should not";
  }
  if (c.child != kNil) {
    if (c.state != ContactState::kAssigned)
      return " is not answered and somebody is asked about it";
    if (contacts_[c.child].parent != slot) return " is linked to what is not linked to it";
  }
  if (c.second_asks && (c.child == kNil || !c.second.valid())) return " is asked about by nobody";
  if (c.parent == kNil) return "";
  if (contacts_[c.parent].child != slot) return " is linked to what is not linked to it";
  if (c.standing == Standing::kFifo) return " is a consultation and stands in a list";
  return IsAskedBy(c, c.agent) ? " is with him who asks" : "";
}

std::string Core::CheckContacts(TimeMs now) const {
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    const Contact& c = contacts_[slot];
    if (!c.used || IsTerminal(c.state) || c.stands_for != kNil) continue;
    const ContactNo no = NumberOf(slot);
    const std::string who = "contact " + Number(slot);
    const bool has_agent =
        c.state == ContactState::kConnecting || c.state == ContactState::kAssigned;
    if (has_agent != c.agent.valid()) return who + " has an agent and should not, or the reverse";
    if (const std::string broken = CheckLinks(slot); !broken.empty()) return who + broken;
    const bool timed = c.state == ContactState::kConnecting ||
                       c.state == ContactState::kScheduled || c.state == ContactState::kTreated;
    if (c.state == ContactState::kTreated && !c.offer.valid()) return who + " has no treatment";
    if (timed && timers_.DeadlineOf(c.timer) < now) return who + " has no deadline ahead of it";
    if (const std::string broken = CheckOffers(slot, now); !broken.empty()) return who + broken;
    if (c.state != ContactState::kQueued && !AsksMore(c)) continue;
    if (c.state == ContactState::kQueued && IsStranded(c))
      return who + " waits for a gateway that will not come back";
    for (std::uint32_t agent = 0; agent < agents_.size(); ++agent) {
      if (MayServe(no, AgentNo(agent))) {
        return who + " waits, and agent " + Number(agent) + " may serve it";
      }
    }
  }
  return "";
}

std::string Core::CheckInvariants(TimeMs now) const {
  for (const std::string& broken :
       {CheckAgents(), CheckQueues(), CheckPersonal(), CheckContacts(now), CheckSteps(now),
        CheckFigures(), CheckRelations(now), CheckOrders(), CheckReserves(), CheckHours(now),
        CheckAllocations(), CheckAlso(), CheckRestartGrace()}) {
    if (!broken.empty()) return broken;
  }
  return "";
}

}  // namespace routerd::core
