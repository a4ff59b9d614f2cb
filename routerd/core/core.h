// The routing core: state plus Apply(event) → effects. Deterministic, single-threaded, a plain
// value: any number of them may live in a process. Time comes in the stamp, and only there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/core/core_state.h"
#include "routerd/core/effect.h"
#include "routerd/core/event.h"
#include "routerd/core/state.h"
#include "routerd/core/vocabulary.h"
#include "routerd/model/model.h"

namespace routerd::core {

// Raised by every change that alters a decision or the form of the state.
inline constexpr std::uint32_t kRulesVersion = 3;

class Core : private CoreState {
 public:
  explicit Core(std::shared_ptr<const model::Model> model);

  // Applies one event, and then takes every decision that it makes possible. Validates first: a
  // refused event has changed nothing. Timers due before `stamp.now` must have been fired, but for
  // RouterRestarted and what is told of its time; of those due at it as many as one call of
  // FireTimers takes.
  Applied Apply(const Stamp& stamp, const Event& event, Effects& effects);

  // Fires the timers due at or before `stamp.now`, in order, each followed by its decisions. One
  // record in the journal; returns how many fired, limits::kMaxTimersAtOnce at most.
  std::size_t FireTimers(const Stamp& stamp, Effects& effects);
  [[nodiscard]] bool HasDueTimers(TimeMs now) { return timers_.HasDue(now); }
  // No timer fires before this; absent: none is set. May be early.
  [[nodiscard]] std::optional<TimeMs> NextWakeup() const { return timers_.NextWakeup(); }

  // ---- Reading; references are good until the next Apply or FireTimers ----
  [[nodiscard]] const model::Model& model() const { return *model_; }
  // nullptr: not held (never was, or has ended).
  [[nodiscard]] const Contact* FindContact(ContactNo no) const;
  // Where else it waits: of a contact the first, of a stand-in the next; nullptr: nowhere.
  [[nodiscard]] const Contact* AlsoIn(const Contact& c) const {
    return c.also == kNil ? nullptr : &contacts_[c.also];
  }
  [[nodiscard]] const Agent* FindAgent(AgentNo no) const;  // nullptr: never logged in
  [[nodiscard]] const Queue& queue(QueueNo no) const { return queues_[no.index()]; }
  [[nodiscard]] const Lane& lane(LaneNo no) const { return lanes_[no.index()]; }
  [[nodiscard]] const Gateway* FindGateway(GatewayNo no) const;
  [[nodiscard]] std::size_t queue_count() const { return queues_.size(); }
  [[nodiscard]] std::size_t lane_count() const { return lanes_.size(); }  // with empty ones kept
  [[nodiscard]] std::size_t class_count() const { return classes_.size() - free_classes_.size(); }
  [[nodiscard]] std::size_t agent_count() const { return agents_.size(); }
  [[nodiscard]] std::size_t contact_count() const { return contact_count_; }
  // Contacts that would be served before this one in its queue, plus 1. Absent: it does not wait,
  // or more than limits::kMaxPositionCount would have to be counted.
  [[nodiscard]] std::optional<std::uint32_t> Position(ContactNo no) const;
  void ForEachContact(const std::function<void(ContactNo, const Contact&)>& f) const;
  // The mode in force: a run-time one, the policy's, or what its hours make of it.
  [[nodiscard]] model::QueueMode ModeOf(QueueNo queue) const;
  // What the queue's hours say, whatever the mode is. Greater `hours_reads`: it may be another now.
  [[nodiscard]] HoursNow HoursOf(QueueNo queue) const;
  [[nodiscard]] std::uint64_t hours_reads() const { return hours_reads_; }
  // The open offer of this id; nullptr: never made, or ended.
  [[nodiscard]] const Lease* FindOffer(const OfferId& offer) const;
  // A contact's open offers, oldest first: start at `first_lease`, go on by `next`.
  [[nodiscard]] const Lease& lease(std::uint32_t no) const { return leases_[no]; }
  // Deadline of the oldest open offer, the connection or the schedule; 0 = none.
  [[nodiscard]] TimeMs DeadlineOf(const Contact& contact) const;
  [[nodiscard]] TimeMs DeadlineOf(const Lease& lease) const;
  // Of a wrap-up under way; 0 = none.
  [[nodiscard]] TimeMs DeadlineOf(const Item& item) const { return timers_.DeadlineOf(item.timer); }

  // How long the work was parked, now included if it is.
  [[nodiscard]] SpanMs ParkedFor(const Item& item) const;
  // What follows the contact's end for its agent, unless the gateway says otherwise.
  [[nodiscard]] const model::WrapUp& WrapUpOf(const Contact& contact) const;

  // May this agent be offered this contact now, and if not, what forbids it? The one place that
  // says so; matching keeps indexes of its parts.
  [[nodiscard]] Verdict Judge(ContactNo contact, AgentNo agent) const;
  [[nodiscard]] bool MayServe(ContactNo contact, AgentNo agent) const;

  // The step that the contact has reached: the last that was opened; 0 = as the queue is written.
  [[nodiscard]] std::uint32_t StepOf(const Contact& contact) const;

  // Hash of everything that decisions depend on; O(state).
  [[nodiscard]] std::uint64_t StateHash() const;
  // What one event looked at, at most, since the core began: words of bitmaps with a block of what
  // is ordered, first contacts of lanes, first agents of classes, and whoever was passed over.
  // Policies are left out.
  [[nodiscard]] std::uint64_t most_work() const { return most_work_; }
  // First broken invariant in words, or empty; O(state), for tests.
  [[nodiscard]] std::string CheckInvariants(TimeMs now) const;
  // From how many lanes and classes on they are kept in order; before the first event, for tests.
  // It decides nothing.
  void SetOrderedFrom(std::size_t lanes, std::size_t classes) { ordered_from_ = {lanes, classes}; }

 private:
  friend class Snapshot;
  // ---- One event at a time (core.cc) ----
  Applied On(const ContactArrives& e);
  Applied On(const ContactUpdated& e);
  Applied On(const ContactTransferred& e);
  Applied On(const ContactEnds& e);
  Applied On(const ContactConnected& e);
  Applied On(const ContactConnectFailed& e);
  Applied On(const ContactHeld& e);
  Applied On(const OfferAccepted& e);
  Applied On(const OfferRejected& e);
  Applied On(const AgentLogsIn& e);
  Applied On(const AgentSetsPresence& e);
  Applied On(const AgentBusyElsewhere& e);
  Applied On(const AgentEndsWrapUp& e);
  Applied On(const AgentExtendsWrapUp& e);
  Applied On(const AgentLogsOut& e);
  Applied On(const AgentSkillsSet& e);
  Applied On(const AgentConnection& e);
  Applied On(const GatewayConnection& e);
  Applied On(const QueueModeSet& e);
  Applied On(const PolicySwapped& e);
  Applied On(const CallbackRequested& e);
  Applied On(const CalendarSet& e);
  Applied On(const WallClockMoved& e);
  Applied On(const QueueMoved& e);
  Applied On(const ConsultStarts& e);
  Applied On(const ConsultCompletes& e);
  Applied On(const ConsultJoins& e);
  Applied On(const ConsultCanceled& e);
  Applied On(const HolderLeaves& e);
  Applied On(const ContactInactive& e);
  Applied On(const TreatmentDone& e);
  Applied On(const RouterRestarted& e);
  void Begin(const Stamp& stamp, Effects& effects);
  void Fire(const TimerWheel::Due& due);

  // ---- Consultations, conferences (consults.cc) ----
  [[nodiscard]] Refusal FindConsulted(ContactNo no, std::uint32_t* child, Applied* refused);
  void Unlink(std::uint32_t slot);
  void SetHeld(std::uint32_t slot, bool held);
  void EndConsultOf(std::uint32_t slot);
  void TakeOver(std::uint32_t child, bool as_second);

  // ---- Contacts (contacts.cc) ----
  // `parent`: the contact that it is a consultation about, or kNil.
  Applied Arrive(const ContactArrives& e, std::uint32_t parent);
  Contact* Held(ContactNo no);
  std::uint32_t NewContact(const ContactArrives& e, int priority, LaneNo lane);
  void EnterQueue(std::uint32_t slot);     // a new visit begins
  void StartWaiting(std::uint32_t slot);   // for whoever may serve it
  void ReturnToPlace(std::uint32_t slot);  // the visit goes on
  void LeaveVisit(std::uint32_t slot);     // out of lane, offer or connection
  void Answer(std::uint32_t slot);
  void EndContact(std::uint32_t slot, ContactState state, EndReason reason);
  void DropContact(std::uint32_t slot);  // frees the slot
  void ArmMaxWait(std::uint32_t slot);
  void FinishIfOver(std::uint32_t slot);  // when its last wrap-up has ended
  void LoseGateway(GatewayNo no);
  void LinkToGateway(std::uint32_t slot);
  void UnlinkFromGateway(std::uint32_t slot);
  void SetState(Contact& c, ContactState state);
  void CountWaiting(Contact& c, bool waits);
  // Of the visit, until its answer or now; time with agents who were lost is none.
  [[nodiscard]] SpanMs Waited(const Contact& c) const;
  [[nodiscard]] SpanMs SlWaited(const Contact& c) const;

  // ---- Further queues that it waits in (also.cc) ----
  bool MakeStandIns(std::uint32_t slot);
  void KeepStandIns(std::uint32_t slot);  // under a new policy
  void DropStandIn(std::uint32_t stand_in);
  void DropStandIns(std::uint32_t slot);
  bool Follow(std::uint32_t stand_in, std::uint64_t arrival);
  void JoinAlso(std::uint32_t slot);
  void LeaveLanes(std::uint32_t slot);
  void LookForLanes(std::uint32_t slot);
  [[nodiscard]] Verdict JudgeIn(std::uint32_t place, AgentNo agent) const;
  [[nodiscard]] std::string CheckAlso() const;

  // ---- Callbacks (callbacks.cc) ----
  [[nodiscard]] Needs NeedsAsCallback(const Contact& c) const;
  void BecomeCallback(std::uint32_t slot, SpanMs delay_ms);
  bool DialAgain(std::uint32_t slot, ConnectFailure cause);

  // ---- Limits of queues (overflow.cc, treatments.cc) ----
  // By one contact more; none: the queue takes it.
  [[nodiscard]] std::optional<LimitKind> LimitReached(QueueNo queue) const;
  [[nodiscard]] WayIn FindWayIn(QueueNo queue, bool treats, LimitKind* stopped) const;
  void EnterBy(std::uint32_t slot, const WayIn& way);
  [[nodiscard]] const model::AtLimit& AtLimitOf(QueueNo queue, LimitKind limit) const;
  void PassMaxWait(std::uint32_t slot);
  bool Overdue(std::uint32_t slot);
  bool SendOn(std::uint32_t slot, LimitKind limit);  // out of the queue that it waits in
  bool GoOnAfter(std::uint32_t slot, LimitKind limit);
  void Treat(std::uint32_t slot, LimitKind limit);
  void EndTreatment(std::uint32_t slot);
  void LeaveFor(std::uint32_t slot, const Needs& needs, QueueNo next, VisitOutcome outcome);
  void SendAway();          // who waits where leave_if holds (leaving.cc)
  void MoveOn(QueueNo no);  // the next contacts of a queue that is being moved
  void EndMove(QueueNo no);
  void EndMovesToNowhere();  // after a new policy
  void FindFirstWaiting(QueueNo no);
  void AddNextWaiting(const Lane& lane, std::uint32_t side);
  std::uint32_t TakeFirstWaiting();

  // ---- After a restart (restart.cc) ----
  void RestartGraces();
  void SpareWaits();
  void EndRestartGrace();
  [[nodiscard]] std::string CheckRestartGrace() const;

  // ---- Offers (offers.cc) ----
  void Offer(std::uint32_t slot, AgentNo agent);
  [[nodiscard]] OfferTerms TermsOf(const Agent& a, ChannelNo channel) const;
  std::uint32_t NewLease(std::uint32_t slot, AgentNo agent);
  void FreeLease(std::uint32_t lease);
  void Accept(std::uint32_t lease);
  void EndOffer(std::uint32_t lease, OfferOutcome outcome);
  void EndOffersFor(std::uint32_t slot, OfferOutcome outcome);
  void PassDeadline(std::uint32_t lease, TimeMs deadline);
  void Miss(AgentNo agent, int max_misses);
  Applied Decide(const OfferId& offer, OfferOutcome outcome);

  // ---- Races (races.cc) ----
  [[nodiscard]] std::uint32_t MostOffers(const Contact& c) const;
  [[nodiscard]] bool AsksMore(const Contact& c) const;
  void StartRace(std::uint32_t slot);
  void StandForMore(std::uint32_t slot);
  void ReviewRace(std::uint32_t slot);
  void StepRace(std::uint32_t slot);
  void GoOn(std::uint32_t slot);  // after an offer has ended: with the others, or back in its place
  void ArmRace(std::uint32_t slot);

  // ---- Agents whom a contact asks for (personal.cc) ----
  void EndWish(Contact& c);
  [[nodiscard]] SpanMs WishWait(const Contact& c) const;
  bool StartPersonal(std::uint32_t slot);
  void EndPersonal(std::uint32_t slot);
  void ReviewPersonal(std::uint32_t slot);
  void ReviewAllPersonal();
  void JoinPersonal(std::uint32_t slot);
  void LeavePersonal(std::uint32_t slot);
  [[nodiscard]] bool CanCome(const Contact& c, AgentNo agent) const;
  [[nodiscard]] AgentNo BestWanted(const Contact& c) const;
  [[nodiscard]] std::uint32_t BestPersonal(AgentNo no, std::uint32_t best) const;

  // ---- Bars (bars.cc) ----
  void ReviewBars(std::uint32_t slot);
  void ArmBars(std::uint32_t slot);
  void ReviewBarsOfClass(ClassNo cls);
  void ReviewStuckOfClass(ClassNo cls);
  void NoteBarred(const Lane& lane);
  void DropBars(Contact& c);
  [[nodiscard]] ReadyAgents ReadyFor(const Contact& c) const;
  void ReviewStuck(std::uint32_t slot);

  // ---- Steps (steps.cc) ----
  // The visit stands at step 0, whose clock begins now; it is in no lane yet.
  void StartSteps(std::uint32_t slot);
  // Opens every step whose time or condition has come; false: there is no lane for the next.
  bool AdvanceSteps(std::uint32_t slot);
  void KeepSteps(std::uint32_t slot);  // under a new policy
  [[nodiscard]] StepPlace StepDue(const Contact& c) const;
  bool MoveToStep(std::uint32_t slot, const StepPlace& place);
  void ArmStep(std::uint32_t slot);

  // ---- Conditions (conditions.cc) ----
  void Watch();  // what the policy's conditions read
  void WatchClass(ClassNo no);
  void CountForConditions(AgentNo no, bool staffed, bool ready, bool free);
  void CountForConditions(AgentNo no);  // as he is
  void NoteFigures(QueueNo no);
  void AddToOldest(std::uint32_t slot);
  void RemoveFromOldest(std::uint32_t slot);
  void ReadOldest(QueueNo no);
  void ArmTick();
  void Tick();
  [[nodiscard]] model::QueueFigures FiguresOf(QueueNo no) const;
  bool LookAtConditions();  // true: contacts were moved, and want decisions
  void OpenByCondition(QueueNo no);
  void LookAgain(QueueNo no, SpanMs after);
  bool OpenStepForAll(QueueNo no, std::size_t step);
  [[nodiscard]] std::uint32_t FirstOf(const Lane& lane) const;

  // ---- Agents (agents.cc, capacity.cc) ----
  Agent* LoggedIn(AgentNo no, Applied* refused);
  void RemoveItem(AgentNo no, Item* item, bool was_work);
  [[nodiscard]] const model::WrapUp& WrapUpOf(const Contact& c, AgentNo no) const;
  void StartWrapUp(std::uint32_t slot, AgentNo no, const std::optional<model::WrapUp>& own = {});
  void ExtendWrapUp(AgentNo no, Item& item, SpanMs by_ms);
  void EndConversation(std::uint32_t slot, const std::optional<model::WrapUp>& own = {});
  void EndWrapUp(AgentNo no, ContactNo contact);
  void SetPresence(AgentNo no, Presence presence, ReasonNo reason);
  void RequestPresence(AgentNo no, Presence presence, ReasonNo reason);
  void LoseAgent(AgentNo no);
  void EndOffersOf(AgentNo no, OfferOutcome outcome);
  void SetProfile(AgentNo no, const model::AgentProfile& profile);
  void Touch(AgentNo no);
  void CountReady(ClassNo no, std::size_t channel, int change);
  void Recount(AgentNo no);        // ready counts of his class
  void RefreshPlaces(AgentNo no);  // his places among the free
  void RefreshPlace(AgentNo no, std::size_t room, bool want);

  // ---- Kinds of room (rooms.cc) ----
  static constexpr std::size_t kNoPlace = ~std::size_t{0};
  void PlanRooms();  // after a new policy
  [[nodiscard]] std::size_t RoomFor(QueueNo queue, ChannelNo channel) const;
  [[nodiscard]] bool Lends(const Item& item, ChannelNo to) const;
  [[nodiscard]] Room RoomIn(const Agent& a, std::size_t room) const;
  [[nodiscard]] std::size_t PlaceFor(const Agent& a, std::size_t room) const;

  // ---- Interrupted work, silent customers (parking.cc, silence.cc) ----
  [[nodiscard]] SpanMs Talked(const Item& item) const;
  void ParkFor(AgentNo no, Item& item);
  void ResumeAfter(AgentNo no, std::uint64_t serial, std::uint64_t lent_to);
  void FallSilent(AgentNo no, Item& item);
  void TakeRoomBack(AgentNo no, Item& item);

  // ---- Lanes and classes (lanes.cc, classes.cc) ----
  LaneNo FindOrMakeLane(const Needs& needs);
  [[nodiscard]] bool LaneAvailable(const Needs& needs, std::size_t further = 0) const;
  void MoveToLane(std::uint32_t slot, LaneNo lane);
  void JoinLane(std::uint32_t slot);   // starts to wait
  void LeaveLane(std::uint32_t slot);  // stops waiting
  [[nodiscard]] std::size_t KindOf(QueueNo queue) const;
  std::uint32_t TakeLaneNumber(QueueNo no);
  bool TakeNearLanes(std::size_t kind_no, Queue& queue);
  std::uint32_t TakeLeftLane();
  std::uint32_t TakeEmptyLane(std::size_t kind);
  [[nodiscard]] std::uint32_t FirstInSide(const Lane& lane) const;
  [[nodiscard]] std::uint32_t NextInSide(const Lane& lane, std::uint32_t slot) const;
  void RefreshLane(LaneNo no);   // its bit among those that have somebody to serve
  void RefreshFirst(LaneNo no);  // of one that is among these, in their order
  ClassNo FindOrMakeClass(const model::AgentProfile& profile);
  void UnrefClass(ClassNo no);
  [[nodiscard]] bool ClassAvailable(const model::AgentProfile& profile) const;
  [[nodiscard]] ClassNo LookUpClass(const model::AgentProfile& profile) const;
  void GrowChannels();  // after a policy with more channels

  // ---- Which class may serve which lane (relations.cc) ----
  void RelateLane(LaneNo no);
  void RelateClass(ClassNo no);
  const model::SkillLevel* KeyLane(LaneNo no);  // under which skill; null: none
  void UnkeyLane(LaneNo no);
  [[nodiscard]] std::uint64_t ClassesFor(const Lane& lane, std::size_t word,
                                         const std::vector<const Bitmap*>& having) const;
  [[nodiscard]] bool Related(const Lane& lane, const AgentClass& cls) const;
  [[nodiscard]] bool Serves(QueueNo queue) const;
  [[nodiscard]] bool Serves(const Lane& lane) const;
  void NoteMode(QueueNo queue, model::QueueMode before);

  // ---- Lanes and classes in order, where there are many (ordered.cc) ----
  void PlanLaneOrder();  // after a new policy
  void OrderLanesIfMany();
  void OrderClassesIfMany();
  [[nodiscard]] LaneKey KeyOf(QueueNo queue, std::uint32_t slot) const;
  void NoteFree(std::size_t channel, ClassNo no);  // its bit among those with somebody free
  struct BestLane;
  void BestOfLanes(AgentNo no, std::size_t channel, BestLane& best) const;
  void BestOfOrderedLanes(AgentNo no, std::size_t channel, BestLane& best) const;
  void TakeNotExcluded(AgentNo no, std::size_t first, std::uint64_t alike, BestLane& best) const;
  void BestByKey(AgentNo no, const Bitmap& served, const Bitmap& waiting, BestLane& best) const;
  [[nodiscard]] std::uint64_t Withheld(ClassNo no, std::size_t block, std::uint64_t asked) const;
  [[nodiscard]] bool LaneBefore(const LaneKey& key, const BestLane& best, const Agent& by) const;
  [[nodiscard]] AgentNo LongestIdle(const Contact& c, std::size_t room) const;

  // ---- Opening hours (hours.cc) ----
  // After a new policy; `calendar`: null = as it was.
  void PlanHours(const std::shared_ptr<const model::Calendar>& calendar);
  bool ReadHours(std::size_t no);
  void LookAtHours(std::size_t no);
  void LookAtAllHours();
  void TellHours();
  void TakeCalendar(const std::shared_ptr<const model::Calendar>& calendar);

  // ---- Shares of groups (allocation.cc) ----
  void PlanAllocations();  // after a new policy
  [[nodiscard]] std::uint8_t ShareOf(QueueNo no, ClassNo cls) const;
  void CountOpen(const Lease& lease, int by);
  void CountAccepted(QueueNo no, std::uint8_t share);
  void ArmAllocation(QueueNo no, TimeMs at);
  void PassAllocation(QueueNo no);
  [[nodiscard]] bool IsBeyondShare(QueueNo no, ClassNo cls) const;
  [[nodiscard]] std::uint64_t LanesBeyondShare(ClassNo cls, std::size_t block,
                                               std::uint64_t asked) const;
  [[nodiscard]] int CompareShares(QueueNo no, ClassNo x, ClassNo y) const;
  void LookAtAllocations();

  // ---- Agents kept free for other queues (reserve.cc) ----
  void PlanReserves();  // after a new policy
  [[nodiscard]] std::uint64_t PoolsOf(const AgentClass& cls) const;
  void CountForReserves(AgentNo no);
  void LookAtPools();
  [[nodiscard]] std::uint64_t HeldBack(QueueNo no) const;
  [[nodiscard]] std::uint64_t HeldLanes(const AgentClass& cls, std::size_t block,
                                        std::uint64_t asked) const;
  void SetPools(ClassNo no);
  void LookAtReserves();
  template <typename LetsGo>
  void ReleasePersonal(std::size_t pool, const LetsGo& lets_go);
  void ForgetReleased();

  // ---- Routing profiles (profiles.cc) ----
  void PlanProfiles();                // after a new policy
  void ArmDelay(std::uint32_t slot);  // of the next delay, if its queue has one
  void PassDelay(std::uint32_t slot);
  void RestoreDelay(std::uint32_t slot);  // what the visit's wait has passed by now
  [[nodiscard]] SpanMs PassedDelay(const Contact& c) const;
  [[nodiscard]] int RankOf(QueueNo queue, const AgentClass& cls) const;
  [[nodiscard]] bool InProfile(QueueNo queue, const AgentClass& cls) const;
  [[nodiscard]] SpanMs DelayOf(QueueNo queue, const AgentClass& cls) const;

  // ---- Which agent (select.cc, places.cc, choose.cc) ----
  void PlanOrders();  // after a new policy
  void TakePlace(AgentNo no, std::size_t channel);
  void TakeFurtherPlace(AgentNo no, std::size_t channel, std::size_t order);
  void LeavePlace(AgentNo no, std::size_t channel);
  void LeavePlaces(AgentNo no);  // before something changes that orders compare
  void EmptyPlaces();
  void TakePart(AgentClass& cls, QueueNo queue);
  [[nodiscard]] std::int64_t ClassValue(const model::SelectKey& key, const Needs& needs,
                                        const AgentClass& cls) const;
  [[nodiscard]] int CompareAgents(const Contact& c, std::uint32_t i, std::uint32_t j) const;
  [[nodiscard]] std::size_t PlaceOfOrder(const AgentClass& cls, QueueNo queue) const;
  template <typename Nodes>
  [[nodiscard]] std::uint32_t FirstOf(const Nodes& nodes, std::uint32_t root,
                                      const Contact& c) const;
  [[nodiscard]] std::uint32_t BestOfClass(std::size_t cls, const Contact& c,
                                          std::size_t room) const;
  [[nodiscard]] AgentNo DrawFromClasses(const Contact& c, std::uint32_t best,
                                        std::size_t room) const;
  [[nodiscard]] std::uint64_t Draw(std::uint64_t below) const;
  void KeepIfBest(const Contact& c, std::uint32_t agent) const;
  [[nodiscard]] AgentNo DrawFromTied(const Contact& c) const;
  [[nodiscard]] AgentNo BestAgent(const Contact& c) const;
  [[nodiscard]] AgentNo BestInRoom(const Contact& c, std::size_t room) const;
  [[nodiscard]] AgentNo BestProposer(std::uint32_t slot, std::size_t freed) const;
  [[nodiscard]] bool HasWork(const Agent& a, std::size_t channel) const;
  [[nodiscard]] TimeMs IdleSince(const Agent& a, std::size_t channel) const;

  // ---- How long contacts take (handling.cc) ----
  void PlanHandling();  // after a new policy
  void SeeHandled(AgentNo no, QueueNo queue, SpanMs took_ms);
  void RebuildOrder(QueueNo queue);

  // ---- Queues' shares of all who wait (queue_ratio.cc) ----
  void PlanRatios();  // after a new policy
  void CountArrival(QueueNo no);
  [[nodiscard]] __int128 Excess(QueueNo no) const;

  // ---- Recounting (invariants.cc) ----
  [[nodiscard]] std::string CheckAgents() const;
  [[nodiscard]] std::string CheckSilent(const Agent& a) const;
  [[nodiscard]] std::string CheckQueues() const;
  [[nodiscard]] std::string CheckContacts(TimeMs now) const;
  [[nodiscard]] std::string CheckSteps(TimeMs now) const;
  [[nodiscard]] std::string CheckFigures() const;
  [[nodiscard]] std::string CheckPersonal() const;
  [[nodiscard]] std::string CheckReserves() const;
  [[nodiscard]] std::string CheckAllocations() const;
  [[nodiscard]] std::string CheckHours(TimeMs now) const;
  [[nodiscard]] std::string CheckOffers(std::uint32_t slot, TimeMs now) const;
  [[nodiscard]] std::string CheckRelations(TimeMs now) const;
  [[nodiscard]] std::string CheckOrders() const;
  [[nodiscard]] std::string CheckBarred() const;
  [[nodiscard]] std::string CheckLinks(std::uint32_t slot) const;
  // ---- Policy (policy_swap.cc) ----
  [[nodiscard]] bool KeepsWhatIsHeld(const model::Model& next) const;
  void SwapAgents(const PolicySwapped& e);
  [[nodiscard]] bool IsLawful(const Lease& lease) const;
  void RescindUnlawfulOffers();
  void TakeQueuesPriority(std::uint32_t slot);

  // ---- Matching (matching.cc) ----
  void Settle();  // every decision that this event made possible
  void ReviewBarred();
  void Review(AgentNo no);  // after anything about him changed
  void Serve();
  bool FreedMore();
  void ServeOpenedLanes();
  [[nodiscard]] bool HasSomebodyFree(const Lane& lane) const;
  std::uint32_t BestOpened(std::vector<LaneNo>& lanes, std::vector<std::uint32_t>& personal,
                           AgentNo* agent) const;
  std::uint32_t BestReleased(AgentNo* agent);
  void TellAgents();
  [[nodiscard]] std::uint32_t FirstServable(const Lane& lane, AgentNo* agent) const;
  [[nodiscard]] std::uint32_t BestContact(AgentNo no) const;
  [[nodiscard]] std::uint32_t FirstFor(const Lane& lane, AgentNo agent) const;
  struct ServedLater;
  [[nodiscard]] Score ScoreOf(const Contact& c, const Agent* by) const;
  // Ranks aside, without `by`.
  [[nodiscard]] bool ServedBefore(const Contact& a, const Contact& b,
                                  const Agent* by = nullptr) const;
  [[nodiscard]] bool ServedBefore(const Contact& a, const Contact& b, const Agent& by) const;
};

}  // namespace routerd::core
