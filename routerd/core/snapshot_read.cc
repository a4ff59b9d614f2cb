// Reading a snapshot's bytes: every number within its range, every list within its limit.
#include <string>

#include "routerd/base/limits.h"
#include "routerd/core/ahead.h"
#include "routerd/core/snapshot_loader.h"

namespace routerd::core {
namespace {

constexpr std::uint64_t kMostSlots = limits::kMaxContacts * (1 + limits::kMaxAlsoQueues);

}  // namespace

Status Snapshot::Loader::Load() {
  if (Status status = ReadHeader(); !status.ok()) return status;
  ReadQueues();
  ReadContacts();
  ReadAgents();
  ReadOffers();
  ReadTimers();
  a_.Require(a_.AtEnd(), "more follows where it should end");
  if (a_.ok()) Link();
  if (a_.ok()) Rebuild();
  if (!a_.ok()) return a_.Failure();
  return Verify();
}

Status Snapshot::Loader::ReadHeader() {
  const auto refused = [](const std::string& what, std::uint64_t is, std::uint64_t wanted) {
    return Status(Code::kFailedPrecondition, "snapshot: " + what + " " + std::to_string(is) +
                                                 "; here it is " + std::to_string(wanted));
  };
  header_.Form(a_);
  if (!a_.ok()) return a_.Failure();
  if (header_.version != kSnapshotVersion) {
    return refused("its form has version", header_.version, kSnapshotVersion);
  }
  header_.Rest(a_);
  if (!a_.ok()) return a_.Failure();
  if (header_.rules > kRulesVersion) {
    return refused("its rules have version", header_.rules, kRulesVersion);
  }
  if (header_.model != core_.model_->version) {
    return refused("its policy has version", header_.model, core_.model_->version);
  }
  if (calendar_ != nullptr) core_.TakeCalendar(calendar_);
  if (header_.calendar != core_.calendar_hash_) {
    return refused("its calendar hashes to", header_.calendar, core_.calendar_hash_);
  }
  const model::Model& model = *core_.model_;
  a_.base.channels = model.channels.size();
  a_.base.queues = core_.queues_.size();
  a_.base.profiles = model.profiles.size();
  a_.base.treatments = model.treatments.size();
  core_.stamp_ = a_.base.stamp;
  core_.next_arrival_ = a_.base.next_arrival;
  a_.Require(core_.next_arrival_ % kArrivalStep == 1, "next arrival");
  a_.Unsigned(core_.offers_made_, "offers made", kMostCounted);
  a_.Signed(core_.wall_offset_ms_, "wall clock", -kMostMs, kMostMs);
  a_.SinceOrNever(core_.down_until_, "downtime", core_.stamp_.now);
  a_.Require(core_.down_until_ <= core_.stamp_.now, "downtime");
  Layout(a_, core_.weight_of_all_);
  return a_.ok() ? Status::Ok() : a_.Failure();
}

void Snapshot::Loader::ReadQueues() {
  const auto as_many = [&](const char* section, auto& list) {
    std::uint64_t count = 0;
    a_.At(section);
    a_.Count(count, "count", list.size());
    a_.Require(count == list.size(), "the policy has another number of them");
    for (std::size_t i = 0; a_.ok() && i < list.size(); ++i) {
      a_.At(section, i);
      Layout(a_, list[i]);
    }
  };
  as_many("queue", core_.queues_);
  as_many("hours", core_.hours_);
  a_.At("gateway");
  std::uint64_t count = 0;
  a_.Count(count, "count", limits::kMaxGateways);
  core_.gateways_.resize(count);
  for (Gateway& gateway : core_.gateways_) Layout(a_, gateway);
  core_.PlanOrders();  // by the handling times just read
}

void Snapshot::Loader::ReadContacts() {
  a_.At("needs");
  a_.ListOf(needs_, "count", limits::kMaxLanes, [&](Needs& needs) { Layout(a_, needs); });
  a_.At("contacts");
  a_.Count(a_.base.slots, "count", kMostSlots);
  ResizeAhead(core_.contacts_, a_.base.slots, limits::kMaxContacts);
  needs_of_.resize(a_.base.slots, 0);
  std::size_t unused = 0;
  for (std::uint32_t slot = 0; a_.ok() && slot < a_.base.slots; ++slot) {
    a_.At("contact", slot);
    Contact& c = core_.contacts_[slot];
    std::uint64_t head = 0;
    a_.Unsigned(head, "generation", (std::uint64_t{1} << 33) - 1);
    c.generation = static_cast<std::uint32_t>(head >> 1);
    c.used = (head & 1) != 0;
    if (c.used) {
      ReadContact(slot);
    } else {
      ++unused;
    }
  }
  if (a_.ok()) ReadFree(unused);
}

void Snapshot::Loader::ReadContact(std::uint32_t slot) {
  Contact& c = core_.contacts_[slot];
  a_.Unsigned(needs_of_[slot], "needs", needs_.size());
  Layout(a_, c);
  std::uint64_t offers = 0;
  a_.Count(offers, "offers", limits::kMaxOffersPerContact);
  for (; a_.ok() && offers != 0; --offers) {
    const auto no = static_cast<std::uint32_t>(core_.leases_.size());
    Lease& lease = core_.leases_.emplace_back();
    Layout(a_, lease);
    lease.contact = slot;
    lease.prev = c.last_lease;
    (c.last_lease == kNil ? c.first_lease : core_.leases_[c.last_lease].next) = no;
    c.last_lease = no;
    ++c.lease_count;
  }
}

// The slots that are not used, in the order in which they were left: the last is taken next.
void Snapshot::Loader::ReadFree(std::size_t unused) {
  a_.At("free slots");
  std::vector<bool> listed(core_.contacts_.size(), false);
  core_.free_contacts_.reserve(unused);
  while (a_.ok() && core_.free_contacts_.size() < unused) {
    std::uint32_t slot = 0;
    a_.Unsigned(slot, "slot", core_.contacts_.size() - 1);
    a_.Require(!core_.contacts_[slot].used && !listed[slot], "it is used, or listed twice");
    listed[slot] = true;
    core_.free_contacts_.push_back(slot);
  }
}

void Snapshot::Loader::ReadAgents() {
  a_.At("agents");
  std::uint64_t known = 0;
  a_.Count(known, "count", limits::kMaxAgents);
  ResizeAhead(core_.agents_, known, limits::kMaxAgents);
  std::uint64_t next = 0;
  for (; a_.ok() && known != 0; --known) {
    a_.At("agent", next);
    std::uint64_t gap = 0;
    a_.Unsigned(gap, "number", limits::kMaxAgents - 1 - next);
    next += gap + 1;
    if (next > core_.agents_.size()) core_.agents_.resize(next);
    a_.At("agent", next - 1);
    core_.agents_[next - 1].known = true;
    Layout(a_, core_.agents_[next - 1]);
    a_.Require(next < limits::kMaxAgents || known == 1, "number");
  }
}

void Snapshot::Loader::ReadOffers() {
  a_.At("ended offers");
  std::uint64_t count = 0;
  a_.Count(count, "count", OfferTable::kRemembered);
  for (; a_.ok() && count != 0; --count) {
    OfferId offer;
    OfferOutcome outcome = OfferOutcome::kAccepted;
    a_.Offer(offer, "offer");
    a_.Word(outcome, "outcome", OfferOutcome::kRouterDown);
    a_.Require(core_.offers_.RestoreEnded(offer, outcome), "offer");
  }
}

void Snapshot::Loader::ReadTimers() {
  a_.At("timers");
  TimeMs before = core_.stamp_.now;
  a_.ListOf(pending_, "count", kMostCounted, [&](TimerWheel::Pending& one) {
    std::uint32_t slot = kNil;
    a_.Word(one.timer.kind, "kind", kLastTimerKind);
    a_.Since(one.deadline, "deadline", before);
    a_.SlotOrNone(slot, "contact");
    a_.Unsigned(one.timer.other, "whose");
    a_.Require(&one == pending_.data() || one.deadline >= before, "deadline");
    if (slot != kNil) one.timer.contact = ContactNo(slot);
    before = one.deadline;
  });
}

}  // namespace routerd::core
