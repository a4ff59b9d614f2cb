#include "routerd/core/snapshot.h"

#include <utility>
#include <vector>

#include "routerd/core/snapshot_loader.h"
#include "routerd/core/snapshot_parts.h"

namespace routerd::core {

class Snapshot::Saver {
 public:
  Saver(const Core& core, std::string& out) : core_(core), a_(out) {}

  void Save() {
    Begin();
    Queues();
    Contacts();
    Agents();
    Offers();
    Timers();
  }

 private:
  void Begin() {
    Header header;
    header.hash = core_.StateHash();
    header.model = core_.model_->version;
    header.calendar = core_.calendar_hash_;
    a_.base.stamp = core_.stamp_;
    a_.base.next_arrival = core_.next_arrival_;
    header.Form(a_);
    header.Rest(a_);
    a_.Unsigned(core_.offers_made_, "offers made");
    a_.Signed(core_.wall_offset_ms_, "wall clock", -kMostMs, kMostMs);
    a_.SinceOrNever(core_.down_until_, "downtime", core_.stamp_.now);
    Layout(a_, core_.weight_of_all_);
  }

  template <typename List, typename Each>
  void All(const List& list, const Each& each) {
    a_.ListOf(list, "count", kMostCounted, each);
  }

  void Queues() {
    const auto each = [&](const auto& one) { Layout(a_, one); };
    All(core_.queues_, each);
    All(core_.hours_, each);
    All(core_.gateways_, each);
  }

  // Needs first, in the order in which contacts have them: contacts say which are theirs.
  void Contacts() {
    std::vector<std::uint32_t> needs_of_lane(core_.lanes_.size(), 0);
    std::vector<LaneNo> lanes;
    for (const Contact& c : core_.contacts_) {
      if (!c.used || !c.lane.valid() || needs_of_lane[c.lane.index()] != 0) continue;
      lanes.push_back(c.lane);
      needs_of_lane[c.lane.index()] = static_cast<std::uint32_t>(lanes.size());
    }
    All(lanes, [&](LaneNo no) { Layout(a_, core_.lanes_[no.index()].needs); });
    All(core_.contacts_, [&](const Contact& c) {
      const std::uint64_t head = std::uint64_t{c.generation} << 1 | std::uint64_t{c.used};
      a_.Unsigned(head, "generation");
      if (!c.used) return;
      const std::uint32_t needs = c.lane.valid() ? needs_of_lane[c.lane.index()] : 0;
      a_.Unsigned(needs, "needs");
      Layout(a_, c);
      a_.Unsigned(c.lease_count, "offers");
      for (std::uint32_t i = c.first_lease; i != kNil; i = core_.leases_[i].next) {
        Layout(a_, core_.leases_[i]);
      }
    });
    for (const std::uint32_t slot : core_.free_contacts_) a_.Unsigned(slot, "free slot");
  }

  void Agents() {
    std::uint64_t known = 0;
    for (const Agent& agent : core_.agents_) known += agent.known ? 1 : 0;
    a_.Unsigned(known, "agents");
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < core_.agents_.size(); ++i) {
      if (!core_.agents_[i].known) continue;
      const std::uint32_t gap = i - next;
      a_.Unsigned(gap, "agent");
      Layout(a_, core_.agents_[i]);
      next = i + 1;
    }
  }

  void Offers() {
    std::vector<std::pair<OfferId, OfferOutcome>> ended;
    core_.offers_.ForEachEnded(
        [&](const OfferId& offer, OfferOutcome outcome) { ended.emplace_back(offer, outcome); });
    All(ended, [&](const auto& one) {
      a_.Offer(one.first, "offer");
      a_.Word(one.second, "outcome", OfferOutcome::kRouterDown);
    });
  }

  void Timers() {
    std::vector<TimerWheel::Pending> pending = core_.timers_.InOrder();
    std::erase_if(pending, [&](const TimerWheel::Pending& one) {
      const TimerId* owner = Owners::Of(core_, one.timer);
      return owner == nullptr || *owner != one.id;
    });
    TimeMs before = core_.stamp_.now;
    All(pending, [&](const TimerWheel::Pending& one) {
      const auto slot = static_cast<std::uint32_t>(one.timer.contact.value);  // of none: kNil
      const bool offer = one.timer.kind == TimerKind::kOfferDeadline;
      a_.Word(one.timer.kind, "kind", kLastTimerKind);
      a_.Since(one.deadline, "deadline", before);
      a_.SlotOrNone(slot, "contact");
      const std::uint32_t whose =
          offer ? core_.leases_[one.timer.other].agent.value : one.timer.other;
      a_.Unsigned(whose, "whose");
      before = one.deadline;
    });
  }

  const Core& core_;
  SnapshotWriter a_;
};

void Snapshot::Save(const Core& core, std::string& out) { Saver(core, out).Save(); }

Result<Core> Snapshot::Load(std::shared_ptr<const model::Model> model,
                            const std::shared_ptr<const model::Calendar>& calendar,
                            std::string_view bytes) {
  Core core(std::move(model));
  if (Status status = Loader(core, calendar, bytes).Load(); !status.ok()) return status;
  return core;
}

}  // namespace routerd::core
