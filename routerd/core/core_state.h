// All that a core holds: what lasts from event to event, and what is used while one is applied.
// Only the core's own files see it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/block_order.h"
#include "routerd/core/class_sets.h"
#include "routerd/core/effect.h"
#include "routerd/core/event.h"
#include "routerd/core/lane_order.h"
#include "routerd/core/nodes.h"
#include "routerd/core/offer_table.h"
#include "routerd/core/plans.h"
#include "routerd/core/state.h"
#include "routerd/core/timer_wheel.h"
#include "routerd/model/model.h"

namespace routerd::core {

class CoreState {
 protected:
  explicit CoreState(std::shared_ptr<const model::Model> model) : model_(std::move(model)) {}

  // ---- Contacts, their stand-ins and lanes ----
  [[nodiscard]] ContactNo NumberOf(std::uint32_t slot) const {
    return ContactNo(std::uint64_t{contacts_[slot].generation} << 32 | slot);
  }
  [[nodiscard]] const Needs& NeedsOf(const Contact& c) const {
    return lanes_[c.lane.index()].needs;
  }
  // The contact itself, also of a stand-in.
  [[nodiscard]] std::uint32_t RealOf(std::uint32_t slot) const {
    return contacts_[slot].stands_for == kNil ? slot : contacts_[slot].stands_for;
  }
  [[nodiscard]] const Contact& RealOf(const Contact& c) const {
    return c.stands_for == kNil ? c : contacts_[c.stands_for];
  }
  [[nodiscard]] std::uint32_t OfferedFrom(std::uint32_t slot) const;
  [[nodiscard]] bool Stands(std::uint32_t slot) const;
  [[nodiscard]] bool IsOut(std::uint32_t slot) const {
    return slot != kNil && contacts_[slot].standing == Standing::kOut;
  }
  void MakeServable(std::uint32_t slot);
  // Live, and nobody will say any more whether the customer is still there.
  [[nodiscard]] bool IsStranded(const Contact& c) const;
  [[nodiscard]] static Applied WrongState(const Contact& c);
  [[nodiscard]] bool IsCallback(const Contact& c) const;
  [[nodiscard]] bool IsLawfulAlso(const ContactArrives& e) const;
  [[nodiscard]] const std::vector<QueueNo>& AlsoOf(const Contact& c) const;
  void KeepOwnAlso(Contact& c) const;
  [[nodiscard]] std::uint32_t PhoneOffer(const Contact& c, const OfferId& offer) const;
  // Nothing expires yet: the router was down, and who is to come back may still do so.
  [[nodiscard]] bool InRestartGrace() const { return timers_.DeadlineOf(restart_grace_) != 0; }
  // When a wait expires that would be over at `over`.
  [[nodiscard]] TimeMs ExpiryOf(TimeMs over) const {
    return std::max(over, timers_.DeadlineOf(restart_grace_));
  }
  // Some queue keeps agents for others, or shares its contacts out.
  [[nodiscard]] bool Withholds() const { return !pools_.empty() || !allocating_.empty(); }
  std::uint32_t TakeSlot();
  void FreeSlot(std::uint32_t slot);
  static Item* FindWork(Agent& a, ContactNo contact);  // his item, unless it is wrap-up
  static Item* FindWrapUp(Agent& a, ContactNo contact);
  [[nodiscard]] static bool Holds(const Contact& c, AgentNo agent);
  [[nodiscard]] SpanMs QuietFor(const Item& item) const;
  [[nodiscard]] bool TakesOffers(const Agent& a) const;
  [[nodiscard]] std::uint32_t UsableChannels(const Agent& a) const;
  [[nodiscard]] static std::uint32_t ReadyChannels(const Agent& a);
  [[nodiscard]] static bool IsReadyFor(const Agent& a, ChannelNo channel);
  [[nodiscard]] int LimitOf(const Agent& a, ChannelNo channel) const;
  [[nodiscard]] int UnitsOf(const Agent& a, ChannelNo channel) const;
  [[nodiscard]] int CountOfLabel(const Agent& a, LabelNo label) const;
  [[nodiscard]] int LabelLimitOf(const Agent& a, LabelNo label) const;
  [[nodiscard]] static bool IsMember(const model::Queue& queue, model::OpenedSteps opened,
                                     const AgentClass& cls);
  [[nodiscard]] static ShownState Shown(const Agent& a);
  [[nodiscard]] static std::uint64_t PoolBit(std::size_t pool) { return std::uint64_t{1} << pool; }
  [[nodiscard]] static bool Wants(const Contact& c, AgentNo agent);
  [[nodiscard]] static bool IsBarred(const Contact& c, AgentNo agent);
  [[nodiscard]] bool IsBarred(const Declined& declined, AgentNo agent) const;
  // Barred, or asked already.
  [[nodiscard]] bool Excludes(const Contact& c, AgentNo agent) const;
  [[nodiscard]] bool IsAskedBy(const Contact& c, AgentNo agent) const;
  [[nodiscard]] bool Rings(const Contact& c, AgentNo agent) const;
  [[nodiscard]] LaneNo LookUpLane(const Needs& needs, std::uint64_t hash) const;
  void RefLane(LaneNo no);
  void UnrefLane(LaneNo no);
  [[nodiscard]] bool HasSkills(const Lane& lane, const AgentClass& cls) const;
  void AddBar(std::uint32_t slot, AgentNo agent);
  template <typename Falls>
  void EraseBars(Contact& c, const Falls& falls);
  void DropOldestBar(AgentNo agent);
  void LinkBars(std::uint32_t slot, bool has);
  void LinkBarred(std::uint32_t place);  // into the list of its lane, whose side set it stands in
  void UnlinkBarred(std::uint32_t place);
  [[nodiscard]] static std::uint32_t FreeOf(const Pool& pool);
  void AddToEmpty(std::uint32_t lane);
  void RemoveFromEmpty(std::uint32_t lane);

  template <typename E>
  void Tell(E&& effect) {
    effects_->emplace_back(std::forward<E>(effect));
  }

  std::shared_ptr<const model::Model> model_;
  std::vector<Contact> contacts_;
  std::vector<std::uint32_t> free_contacts_;
  // Of the event under way: contacts that are personal because one of those wanted was free.
  std::vector<std::uint32_t> now_or_never_;
  std::vector<Lease> leases_;
  std::vector<std::uint32_t> free_leases_;
  std::size_t contact_count_ = 0;
  std::size_t stand_ins_ = 0;
  std::uint64_t next_arrival_ = 1;
  std::vector<Agent> agents_;
  std::vector<Queue> queues_;
  std::vector<Gateway> gateways_;
  std::vector<Lane> lanes_;
  std::vector<LaneKind> lane_kinds_;
  std::vector<std::uint8_t> kind_of_block_;  // of 64 lanes' numbers
  std::size_t spare_lanes_ = 0;              // empty, or never had
  std::size_t robbed_ = 0;  // queue whose unused lanes others take, when there are no others
  std::vector<std::vector<std::uint32_t>> lane_index_;  // hash buckets
  std::vector<AgentClass> classes_;
  std::vector<std::uint32_t> free_classes_;
  std::vector<std::vector<std::uint32_t>> class_index_;
  std::vector<Bitmap> waiting_lanes_;     // by plain room: lanes with somebody to serve
  std::vector<Bitmap> free_in_room_;      // by room: classes with somebody free
  std::vector<Bitmap> ready_by_channel_;  // by channel: classes with somebody ready, busy or not
  Bitmap barred_lanes_;                   // in whose side sets contacts with bars stand
  ClassSets class_sets_;
  std::vector<std::uint32_t> keyed_lanes_;  // by skill, from 1 on: first lane that hangs there
  // Kept once there are many; until then all that come into question are compared.
  OrderedFrom ordered_from_;
  bool lanes_ordered_ = false;
  bool classes_ordered_ = false;
  LaneOrder lane_order_;
  std::vector<std::uint32_t> group_of_queue_;      // in lane_order_
  std::vector<BlockOrder<IdleKey>> class_orders_;  // by room: by their longest idle
  // From the policy's profiles, for looking up quickly; by queue.
  std::vector<std::vector<std::uint8_t>> ranks_;  // by profile
  std::vector<bool> ranked_;                      // by profile: has more than one rank
  std::vector<std::vector<SpanMs>> delays_;       // all there are, sorted
  // From the policy's `select`.
  std::vector<OrderPlan> orders_;       // the first is longest idle
  std::vector<PlannedOrder> order_of_;  // by queue
  std::vector<bool> handling_asked_;    // by queue
  std::vector<Pool> pools_;             // of the policy's reserves
  std::vector<Hours> hours_;            // by number
  std::uint64_t hours_reads_ = 0;       // how often one was looked at, or all were given anew
  std::vector<QueueNo> allocating_;     // queues that share their contacts out
  std::shared_ptr<const model::Calendar> calendar_;
  std::uint64_t calendar_hash_ = 0;
  SpanMs wall_offset_ms_ = 0;  // wall time = batch time + this
  std::uint64_t offers_made_ = 0;
  // From the policy's channels and labels.
  std::vector<std::vector<LabelNo>> label_sets_;  // the first is empty
  std::vector<std::uint32_t> label_set_of_;       // by queue
  std::vector<RoomKind> plain_kinds_;             // by plain room
  std::size_t plain_rooms_ = 0;                   // label sets × channels
  std::size_t rooms_ = 0;                         // and as many with parking, if there is any
  Ratios ratios_;
  Arrivals weight_of_all_;           // of those whose rate is estimated, as one estimator
  std::uint64_t waiting_count_ = 0;  // contacts that wait, in all queues
  TimerWheel timers_;
  OfferTable offers_;
  TimerId tick_;                   // set while somebody waits whose age conditions read
  TimeMs down_until_ = 0;          // whose deadline is no later could not be heard
  TimerId restart_grace_;          // set while nothing expires
  std::vector<QueueNo> watching_;  // queues whose conditions count agents

  // ---- Of the event under way; empty between events ----
  Stamp stamp_;
  Effects* effects_ = nullptr;
  std::uint32_t next_offer_index_ = 0;
  std::vector<AgentNo> touched_;
  std::vector<std::uint32_t> servable_;
  std::vector<std::uint32_t> proposed_;      // best contact of each agent made free
  mutable std::vector<std::uint32_t> tied_;  // classes, or agents, between whom chance decides
  Needs asked_;                              // to look for a lane without allocating
  std::vector<const Bitmap*> having_;        // of the lane that is being related
  std::vector<LaneNo> opened_;
  std::vector<std::uint32_t> opened_personal_;
  // What a reserve or a share held back, and no longer does; the second of each: as long as it
  // finds somebody.
  std::vector<QueueNo> released_queues_;
  std::vector<LaneNo> released_;
  std::vector<LaneNo> releasing_;
  std::vector<std::uint32_t> released_personal_;
  std::vector<std::uint32_t> releasing_personal_;
  std::vector<std::uint32_t> personal_review_;  // whose agents may have gone
  bool freed_more_ = false;            // a decision took offers back, or what it gave can be parked
  std::vector<std::uint32_t> barred_;  // contacts whose bars may have ended
  std::vector<QueueNo> noted_;         // queues whose figures have changed
  std::vector<QueueNo> looking_;
  std::vector<std::uint32_t> first_of_lanes_;
  std::size_t may_open_ = 0;   // contacts that conditions may still move in this step
  std::size_t may_leave_ = 0;  // likewise send away
  mutable std::uint64_t work_ = 0;
  std::uint64_t most_work_ = 0;
};

}  // namespace routerd::core
