// What a snapshot's things say of each other: looked at from both sides before anything is made of
// it, so that no later step meets a number that leads nowhere.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/snapshot_loader.h"

namespace routerd::core {

bool Snapshot::Loader::IsHeld(std::uint32_t slot) const {
  if (slot >= core_.contacts_.size()) return false;
  const Contact& c = core_.contacts_[slot];
  return c.used && c.stands_for == kNil && !IsTerminal(c.state);
}

void Snapshot::Loader::Link() {
  SortByArrival();
  work_of_.assign(core_.contacts_.size(), 0);
  for (const std::uint32_t slot : by_arrival_) {
    if (!a_.ok()) return;
    a_.At("contact", slot);
    LinkContact(slot);
  }
  // Backwards, since each becomes the first.
  for (auto it = by_arrival_.rbegin(); it != by_arrival_.rend() && a_.ok(); ++it) {
    a_.At("contact", *it);
    if (core_.contacts_[*it].stands_for != kNil) LinkStandIn(*it);
  }
  for (std::size_t i = 0; i < by_arrival_.size() && a_.ok(); ++i) {
    a_.At("contact", by_arrival_[i]);
    CheckStanding(by_arrival_[i]);
  }
  for (std::uint32_t i = 0; i < core_.agents_.size() && a_.ok(); ++i) {
    a_.At("agent", i);
    for (Item& item : core_.agents_[i].items) {
      if (a_.ok()) LinkItem(AgentNo(i), item);
    }
  }
  if (a_.ok()) CheckWork();
}

// No two came as the same one: it is what ends every comparison.
void Snapshot::Loader::SortByArrival() {
  for (std::uint32_t slot = 0; slot < core_.contacts_.size(); ++slot) {
    if (core_.contacts_[slot].used) by_arrival_.push_back(slot);
  }
  const auto arrival = [this](std::uint32_t slot) { return core_.contacts_[slot].arrival; };
  std::sort(by_arrival_.begin(), by_arrival_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return arrival(a) < arrival(b); });
  for (std::size_t i = 0; i < by_arrival_.size(); ++i) {
    a_.At("contact", by_arrival_[i]);
    const std::uint64_t own = arrival(by_arrival_[i]);
    a_.Require(own != 0 && own < core_.next_arrival_, "arrival");
    a_.Require(i == 0 || own != arrival(by_arrival_[i - 1]), "another came as the same one");
  }
}

void Snapshot::Loader::LinkContact(std::uint32_t slot) {
  Contact& c = core_.contacts_[slot];
  const bool over = IsTerminal(c.state);
  const bool stand_in = c.stands_for != kNil;
  const std::uint32_t no = needs_of_[slot];
  a_.Require((no == 0) == over, "it has needs, or lacks them");
  if (!a_.ok()) return;
  if (no != 0) {
    const Needs& needs = needs_[no - 1];
    a_.Require(needs.queue == c.queue && needs.channel == c.channel && needs.also == stand_in,
               "it has another's needs");
  }
  const std::size_t gateway = c.gateway.index();
  a_.Require(gateway < core_.gateways_.size() && core_.gateways_[gateway].known,
             "its gateway is unknown");
  for (std::size_t i = 0; i < c.bars.size(); ++i) {
    const auto same = [&](const Bar& bar) { return bar.agent == c.bars[i].agent; };
    a_.Require(IsKnown(c.bars[i].agent), "an agent is barred who is unknown");
    a_.Require(std::none_of(c.bars.begin(), c.bars.begin() + static_cast<std::ptrdiff_t>(i), same),
               "an agent is barred twice");
    a_.Require(i == 0 || c.bars[i - 1].since <= c.bars[i].since, "its bars are out of order");
  }
  if (stand_in || !a_.ok()) return;
  if (!over) core_.LinkToGateway(slot);
  LinkHolders(slot);
  CheckOffers(c);
}

// Agents who have it, and what it is a question about.
void Snapshot::Loader::LinkHolders(std::uint32_t slot) {
  Contact& c = core_.contacts_[slot];
  for (const AgentNo no : {c.agent, c.second}) {
    a_.Require(!no.valid() || IsKnown(no), "its agent is unknown");
  }
  a_.Require(!c.second.valid() || c.second != c.agent, "its agent has it twice");
  if (IsTerminal(c.state)) {
    a_.Require(!c.agent.valid() && !c.second.valid() && c.parent == kNil && c.bars.empty(),
               "it is over, and goes on");
    return;
  }
  if (c.parent == kNil) return;
  const bool there = IsHeld(c.parent) && c.parent != slot;
  a_.Require(there && core_.contacts_[c.parent].child == kNil, "it is a question about nothing");
  if (a_.ok()) core_.contacts_[c.parent].child = slot;
}

void Snapshot::Loader::CheckOffers(const Contact& c) {
  const Allocation* allocation = core_.queues_[ServingQueueOf(c).index()].allocation.get();
  const std::size_t shares = allocation != nullptr ? allocation->groups.size() : 0;
  for (std::uint32_t i = c.first_lease; i != kNil; i = core_.leases_[i].next) {
    const Lease& lease = core_.leases_[i];
    a_.Require(IsKnown(lease.agent), "it is offered to an agent who is unknown");
    a_.Require(lease.share == kNoShare || lease.share < shares, "an offer is of no share");
    a_.Require(Owners::LeaseOf(core_, c, lease.agent) == i, "it rings an agent twice");
  }
  a_.Require((c.lease_count != 0) == (c.state == ContactState::kOffered),
             "it has offers, or lacks them");
}

void Snapshot::Loader::LinkStandIn(std::uint32_t place) {
  Contact& c = core_.contacts_[place];
  a_.Require(IsHeld(c.stands_for), "it stands for nobody");
  if (!a_.ok()) return;
  Contact& real = core_.contacts_[c.stands_for];
  const bool in_place = real.state == ContactState::kQueued ||
                        real.state == ContactState::kOffered ||
                        real.state == ContactState::kConnecting;
  a_.Require(in_place && !real.personal, "it stands for one who waits nowhere else");
  a_.Require(c.state == ContactState::kScheduled && c.lease_count == 0 && !c.agent.valid() &&
                 !c.second.valid() && c.parent == kNil && !c.personal && c.bars.empty() &&
                 c.wanted.empty() && c.own_also.empty(),
             "it has what only a contact has");
  a_.Require(c.gateway == real.gateway && c.live == real.live && c.arrival > real.arrival &&
                 c.arrival - real.arrival < kArrivalStep && c.age_since == real.age_since,
             "it is not whom it stands for");
  std::size_t others = 0;
  for (std::uint32_t i = real.also; i != kNil; i = core_.contacts_[i].also) ++others;
  a_.Require(others < limits::kMaxAlsoQueues, "the same contact waits in too many queues");
  c.also = real.also;
  real.also = place;
}

void Snapshot::Loader::CheckStanding(std::uint32_t slot) {
  const Contact& c = core_.contacts_[slot];
  if (c.standing == Standing::kOut) return;
  const Contact& real = core_.RealOf(c);
  const bool asks = real.state == ContactState::kQueued || real.state == ContactState::kOffered;
  const bool there = !c.live || core_.gateways_[c.gateway.index()].connected;
  a_.Require(asks && there, "it stands in a lane and does not wait");
  const bool personal = c.standing == Standing::kPersonal;
  a_.Require(real.personal == personal && (!personal || c.stands_for == kNil),
             "it stands where it should not");
  const bool plain = real.bars.empty() && real.lease_count == 0 && real.parent == kNil;
  a_.Require(c.standing != Standing::kFifo || plain, "it excludes somebody and stands in a list");
  const auto known = [this](const WantedAgent& wanted) { return IsKnown(wanted.agent); };
  a_.Require(!personal || std::all_of(c.wanted.begin(), c.wanted.end(), known),
             "it stands for an agent who is unknown");
}

// An item of the contact, one of a kind; work is the agent's, an offer is open.
void Snapshot::Loader::LinkItem(AgentNo no, Item& item) {
  Agent& agent = core_.agents_[no.index()];
  const bool offer = item.state == ItemState::kOffered;
  const bool wrap_up = item.state == ItemState::kWrapUp;
  if (!item.contact.valid()) {
    a_.Require(!item.queue.valid() && item.lent_to == 0 && !item.away &&
                   item.state == ItemState::kOnContact,
               "work elsewhere is like work here");
    return;
  }
  const auto slot = static_cast<std::uint32_t>(item.contact.value);
  Contact& c = core_.contacts_[slot];
  a_.Require(c.used && c.stands_for == kNil && item.queue.valid(), "an item is of no contact");
  if (!a_.ok()) return;
  item.contact = core_.NumberOf(slot);
  const Item* first =
      wrap_up ? Core::FindWrapUp(agent, item.contact) : Core::FindWork(agent, item.contact);
  a_.Require(first == &item, "a contact is twice the same agent's");
  if (wrap_up) {
    ++c.wrap_ups;
    return;
  }
  ++work_of_[slot];
  if (offer) item.lease = Owners::LeaseOf(core_, c, no);
  a_.Require(offer ? item.lease != kNil : Core::Holds(c, no), "it works on what is not its");
}

// Whoever has a contact, or is offered it, has an item of it.
void Snapshot::Loader::CheckWork() {
  for (const std::uint32_t slot : by_arrival_) {
    const Contact& c = core_.contacts_[slot];
    const std::uint32_t holders =
        c.lease_count + (c.agent.valid() ? 1U : 0U) + (c.second.valid() ? 1U : 0U);
    const bool over = IsTerminal(c.state) || c.state == ContactState::kWrapUp;
    a_.At("contact", slot);
    a_.Require(work_of_[slot] == holders, "agents have it and do not work on it");
    a_.Require(!over || c.wrap_ups != 0, "it is over, and nobody writes up about it");
  }
}

}  // namespace routerd::core
