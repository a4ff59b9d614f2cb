// The routing rules, written down the obvious way: no index, no lane, no class, no wheel; every
// question is answered by looking at everybody. It shares with the core only its vocabulary.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "routerd/core/arrivals.h"
#include "routerd/core/event.h"
#include "routerd/core/state.h"
#include "routerd/model/model.h"

namespace routerd::core {

// A number as facts name it.
inline std::string N(std::uint64_t n) { return std::to_string(n); }
inline std::string N(const OfferId& offer) { return N(offer.at.sequence) + "-" + N(offer.index); }

class Oracle {
 public:
  explicit Oracle(std::shared_ptr<const model::Model> model) : model_(std::move(model)) {
    TakeNewConditions();
    fresh_.clear();  // nobody is here: every figure is 0
    LookAtReserves();
    LookAtShares();
  }

  // Whether the event will be accepted, and if not, why.
  struct Reply {
    Refusal refusal = Refusal::kNone;
    ContactState state = ContactState::kQueued;  // with kWrongState
    std::optional<OfferOutcome> outcome = {};    // with kOfferEnded
  };
  [[nodiscard]] Reply Expects(const Event& event) const;

  // Applies an event that is accepted. `made` is the number the core gave an arrival.
  void Apply(TimeMs now, const Event& event, ContactNo made);
  void FireTimers(TimeMs now);
  [[nodiscard]] bool HasDue(TimeMs now) const;
  [[nodiscard]] std::optional<TimeMs> NextDeadline() const;

  // The record that the next call is about: what chance decides hangs on it.
  void At(const Position& record) {
    record_ = record;
    offer_index_ = 0;
  }

  // What happened since the last call: "offer 7 to 3", "end 7 abandoned", …
  std::vector<std::string> TakeFacts();

  static constexpr std::uint64_t kExternal = ~std::uint64_t{0};
  struct OracleBar {
    std::uint32_t agent;
    TimeMs since;
  };
  struct OracleOffer {
    std::uint32_t agent;
    model::Channel terms;  // the channel as it was when the offer was made
    int share = -1;        // of the queue's allocation; -1: none
    OfferId id = {};
  };
  // What became of an offer; there is none that is forgotten.
  struct OracleLease {
    std::uint64_t contact = 0;
    std::uint32_t agent = 0;
    std::optional<OfferOutcome> outcome = {};  // none: open
  };
  // A further queue that a contact waits in.
  struct OraclePlace {
    std::uint32_t queue = 0;
    TimeMs since = 0;
    SpanMs served_ms = 0;  // always
    SpanMs delay_ms = 0;
    std::size_t step = 0;
    std::vector<std::size_t> opened = {};
    TimeMs step_since = 0;
    bool made_servable = false;
  };
  struct OracleContact {
    ContactState state = ContactState::kScheduled;
    std::uint32_t queue = 0;
    std::uint8_t channel = 0;
    std::uint32_t gateway = 0;
    bool live = false;
    bool held = false;
    bool silent = false;
    TimeMs silent_at = 0;
    SpanMs silent_ms = 0;
    int priority = 0;
    bool own_priority = false;
    model::Channel terms;  // of the offer that was accepted
    model::Requirements own;
    std::uint64_t arrival = 0;
    TimeMs age_since = 0;
    TimeMs visit_since = 0;
    TimeMs answered = 0;
    SpanMs served_ms = 0;
    SpanMs waited_before_ms = 0;          // in visits that ended
    std::optional<std::uint32_t> agent;   // who accepted, or took it over
    std::optional<std::uint32_t> second;  // who has it as well
    bool second_asks = false;             // and asks somebody about it
    std::uint64_t about = kExternal;      // a consultation: the contact that it is about
    std::vector<OracleOffer> offers;      // open ones, oldest first
    int steps = 1;                        // agents that a progressive race may ask by now
    bool overdue = false;
    Wish wish = Wish::kNone;
    std::vector<WantedAgent> wanted;
    std::optional<SpanMs> wish_wait_ms;
    bool personal = false;       // only those wanted may have it, for now
    SpanMs delay_ms = 0;         // of the profiles' delays, what it has waited
    bool made_servable = false;  // by this event
    std::vector<OracleBar> bars;
    bool stuck = false;
    std::size_t step = 0;             // so many steps are behind it
    std::vector<std::size_t> opened;  // those of them that were not skipped, by index
    TimeMs step_since = 0;
    int wrap_ups = 0;
    int attempts = 0;  // of a callback
    std::vector<OraclePlace> also;
    std::vector<QueueNo> own_also;       // as it arrived
    std::size_t place = 0;               // looked at as in which of its queues; 0: its own
    std::optional<std::uint32_t> via;    // the further queue through which it is offered
    LimitKind limit = LimitKind::kFull;  // while it is treated
    OfferId treatment = {};              // its last, until somebody accepts it
    OfferId accepted = {};               // the offer by which `agent` has it
  };
  struct OracleItem {
    std::uint64_t contact;  // kExternal: work elsewhere
    std::uint8_t channel;
    ItemState state;
    int units;
    bool counts;
    std::uint32_t queue = 0;
    SpanMs talked_ms = 0;       // of a wrap-up
    TimeMs since = 0;           // likewise
    SpanMs extend_ms = 0;       // likewise: by so much it may be extended
    bool forced = false;        // likewise: it ends by time only
    std::uint64_t number = 0;   // of its offer
    std::uint64_t lent_to = 0;  // number of what it is parked for
    int lent_units = 0;
    SpanMs parked_ms = 0;
    TimeMs parked_at = 0;
    TimeMs answered = 0;  // when his part began
    bool silent = false;
    SpanMs silent_ms = 0;
    TimeMs silent_at = 0;        // while silent and not parked
    std::optional<int> waits{};  // units that it takes again when the customer is back
  };
  struct OracleMean {
    std::uint32_t count = 0;
    SpanMs sum_ms = 0;
    SpanMs taken_ms = 0;
  };
  struct OracleAgent {
    Presence presence = Presence::kLoggedOut;
    ReasonNo reason;
    bool pending = false;
    Presence pending_presence = Presence::kNotReady;
    ReasonNo pending_reason;
    bool connected = false;
    bool own_skills = false;
    model::AgentProfile profile;
    std::uint32_t channels = 0;
    std::uint32_t ready = 0;
    int misses = 0;
    TimeMs idle_since = 0;
    TimeMs offered_since = 0;
    TimeMs ready_since = 0;
    std::uint64_t offered = 0;
    SpanMs talk_ms = 0;
    std::map<std::uint8_t, std::pair<TimeMs, TimeMs>> clocks;  // worked, offered
    std::map<std::uint32_t, OracleMean> handled;
    std::vector<OracleItem> items;
  };

  [[nodiscard]] const std::map<std::uint64_t, OracleContact>& contacts() const { return contacts_; }
  [[nodiscard]] const std::map<std::uint32_t, OracleAgent>& agents() const { return agents_; }
  [[nodiscard]] model::QueueMode Mode(std::uint32_t queue) const;
  // What conditions read.
  [[nodiscard]] const std::map<std::uint32_t, model::QueueFigures>& seen() const { return seen_; }

 private:
  friend struct OracleRefusals;

  enum class Why : std::uint8_t {
    kOffer,
    kConnect,
    kWrapUp,
    kDue,
    kMaxWait,
    kBars,
    kAgentGrace,
    kGatewayGrace,
    kStep,
    kTick,
    kRaceStep,
    kPersonalEnd,
    kDelay,
    kHours,
    kAllocation,
    kTreatment,
    kRestartGrace
  };
  struct OracleTimer {
    TimeMs deadline;
    std::uint64_t number;
    Why why;
    std::uint64_t contact;
    std::uint32_t other;
  };

  void On(const ContactArrives& e);
  void On(const ContactUpdated& e);
  void On(const ContactTransferred& e);
  void On(const ContactEnds& e);
  void On(const ContactConnected& e);
  void On(const ContactConnectFailed& e);
  void On(const ContactHeld& e);
  void On(const OfferAccepted& e);
  void On(const OfferRejected& e);
  void On(const AgentLogsIn& e);
  void On(const AgentSetsPresence& e);
  void On(const AgentBusyElsewhere& e);
  void On(const AgentEndsWrapUp& e);
  void On(const AgentExtendsWrapUp& e);
  void On(const AgentLogsOut& e);
  void On(const AgentSkillsSet& e);
  void On(const AgentConnection& e);
  void On(const GatewayConnection& e);
  void On(const QueueModeSet& e);
  void On(const PolicySwapped& e);
  void On(const CallbackRequested& e);
  void On(const CalendarSet& e);
  void On(const WallClockMoved& e);
  void On(const QueueMoved& e);
  void On(const ConsultStarts& e);
  void On(const ConsultCompletes& e);
  void On(const ConsultJoins& e);
  void On(const ConsultCanceled& e);
  void On(const HolderLeaves& e);
  void On(const ContactInactive& e);
  void On(const TreatmentDone& e);
  void On(const RouterRestarted& e);
  [[nodiscard]] TimeMs Spared(TimeMs over) const;
  [[nodiscard]] bool WasUnheard(const OracleLease& lease) const;

  void Settle();
  void Decide();
  [[nodiscard]] bool MayServe(const OracleContact& c, std::uint32_t agent) const;
  [[nodiscard]] bool ReadyFor(const OracleAgent& a, std::uint8_t channel) const;
  [[nodiscard]] bool Meets(const OracleContact& c, const OracleAgent& a) const;
  [[nodiscard]] int Limit(const OracleAgent& a, std::uint8_t channel) const;
  [[nodiscard]] int Units(const OracleAgent& a, std::uint8_t channel) const;
  enum class Has : std::uint8_t { kNothing, kRoom, kRoomByParking };
  [[nodiscard]] Has RoomFor(const OracleAgent& a, std::uint8_t channel,
                            const std::vector<LabelNo>& labels) const;
  [[nodiscard]] int Labelled(const OracleAgent& a, LabelNo label) const;
  [[nodiscard]] int MostOf(const OracleAgent& a, LabelNo label) const;
  [[nodiscard]] bool MayPark(const OracleItem& item, std::uint8_t channel) const;
  void Park(std::uint32_t agent);
  void Unpark(std::uint32_t agent, std::uint64_t number);
  void FallsSilent(std::uint32_t agent, OracleItem& item);
  void SpeaksAgain(OracleItem& item) const;
  SpanMs Talked(std::uint32_t agent, std::uint64_t no);
  [[nodiscard]] bool ServedBefore(const OracleContact& a, const OracleContact& b,
                                  const OracleAgent* by = nullptr) const;
  [[nodiscard]] std::optional<std::pair<std::uint64_t, std::size_t>> BestFor(
      std::uint32_t agent) const;
  // Further queues (oracle_also.cc).
  [[nodiscard]] static std::uint32_t ServedIn(const OracleContact& c);
  [[nodiscard]] static OracleContact In(const OracleContact& c, std::size_t place);
  static void Exchange(OracleContact& c, OraclePlace& p);
  template <typename F>
  void Within(std::uint64_t no, std::size_t place, const F& f);
  [[nodiscard]] static std::uint32_t PlaceId(const OracleContact& c);
  [[nodiscard]] bool AsksHere(const OracleContact& there) const;
  [[nodiscard]] bool MeetsSomewhere(const OracleContact& c, const OracleAgent& a) const;
  static void MakeServable(OracleContact& c);
  void MakeServableIn(std::uint32_t queue);
  void StartAlso(std::uint64_t no);
  void SortAlso(OracleContact& c) const;
  [[nodiscard]] const std::vector<QueueNo>& AlsoOf(const OracleContact& c) const;
  void EndAlso(std::uint64_t no);
  void AdvanceAlso(std::uint64_t no);
  void AdvanceRinging(std::uint64_t no);
  void KeepAlso(std::uint64_t no);
  void FireIn(const OracleTimer& t);
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::size_t>> AtStep(std::uint32_t queue,
                                                                          std::size_t step) const;
  void AdvanceIn(std::uint64_t no, std::size_t place);
  [[nodiscard]] model::ProfileQueue InProfile(const OracleAgent& a, std::uint32_t queue) const;
  [[nodiscard]] SpanMs NextDelay(const OracleContact& c, SpanMs after) const;
  void Offer(std::uint64_t no, std::size_t place, std::uint32_t agent);
  void RestoreDelay(std::uint64_t no);
  void ArmDelay(std::uint64_t no);
  // As a fraction.
  [[nodiscard]] std::pair<__int128, std::int64_t> Score(const OracleContact& c,
                                                        const OracleAgent* by) const;
  [[nodiscard]] __int128 Excess(std::uint32_t queue) const;
  [[nodiscard]] bool EstimatesRate(std::uint32_t queue) const;
  void PlanRatios();
  [[nodiscard]] bool Serving(std::uint32_t queue) const;
  // Reserves (oracle_limits.cc).
  [[nodiscard]] bool IsReserved(std::uint32_t queue, const OracleAgent& a) const;
  [[nodiscard]] bool HoldsBack(std::uint32_t queue) const;
  void LookAtReserves();
  // Shares of groups (oracle_shares.cc).
  [[nodiscard]] int ShareOf(std::uint32_t queue, const OracleAgent& a) const;
  [[nodiscard]] std::int64_t Deficit(std::uint32_t queue, int share) const;
  [[nodiscard]] bool IsBeyondShare(std::uint32_t queue, const OracleAgent& a) const;
  void CountShare(std::uint32_t queue, int share);
  void PassShares(std::uint32_t queue, TimeMs deadline);
  void TakeNewShares(const model::Model& before);
  void LookAtShares();
  // Opening hours, in the same file as reserves.
  void ReadHours(std::uint32_t hours);
  void ReadAllHours();

  [[nodiscard]] std::uint32_t Choose(const OracleContact& c,
                                     std::vector<std::uint32_t> agents) const;
  [[nodiscard]] std::int64_t Value(const model::SelectKey& key, const OracleContact& c,
                                   const OracleAgent& a) const;
  [[nodiscard]] std::pair<bool, TimeMs> Idle(const OracleAgent& a, std::uint8_t channel) const;
  [[nodiscard]] bool AsksHandling(std::uint32_t queue) const;
  [[nodiscard]] SpanMs HandleTime(const OracleAgent& a, std::uint32_t queue) const;
  void Handled(std::uint32_t agent, std::uint32_t queue, SpanMs took_ms);
  void ForgetHandling();

  void Fact(std::string text) { facts_.push_back(std::move(text)); }
  struct Way {
    std::vector<std::uint32_t> queues;   // empty: none takes it
    std::optional<LimitKind> treated{};  // by the last, for this
    std::optional<LimitKind> refused{};  // by none: the first one's limit
  };
  [[nodiscard]] Way WayIn(std::uint32_t queue, bool treats) const;
  [[nodiscard]] const model::AtLimit& At(std::uint32_t queue, LimitKind limit) const;
  void Overflow(std::uint64_t no, const std::vector<std::uint32_t>& way);
  void Treat(std::uint64_t no, LimitKind limit);
  void GoOnAfter(std::uint64_t no, LimitKind limit);
  void Overdue(std::uint64_t no);
  void SendOn(std::uint64_t no, LimitKind limit);
  bool SendAway();
  [[nodiscard]] model::QueueFigures Seen(std::uint32_t queue) const;
  [[nodiscard]] std::vector<std::uint64_t> Waiting(std::uint32_t queue) const;
  void MoveTo(std::uint64_t no, std::uint32_t queue, const char* outcome);
  void Enter(std::uint64_t no);
  void Return(std::uint64_t no);
  void Leave(std::uint64_t no);  // offer, connection or place
  void EndOffer(std::uint64_t no, std::uint32_t agent, OfferOutcome outcome);
  void GoOn(std::uint64_t no);
  void ArmRace(std::uint64_t no);
  [[nodiscard]] bool AsksMore(const OracleContact& c) const;
  void Finish(std::uint64_t no, ContactState state);
  void AcceptNow(std::uint64_t no, std::uint32_t agent);
  void CallBack(std::uint64_t no, SpanMs delay_ms);
  void Fail(std::uint64_t no, std::uint32_t agent, int max_misses, ConnectFailure cause);
  void Answer(std::uint64_t no);
  void WrapUp(std::uint64_t no,
              const std::optional<model::WrapUp>& stated = {});  // of all who have it
  void WrapUpBy(std::uint32_t agent, std::uint64_t no,
                const std::optional<model::WrapUp>& stated = {});
  [[nodiscard]] std::optional<std::uint64_t> ConsultOf(std::uint64_t no) const;
  void EndConsultOf(std::uint64_t no);
  void TakeOver(std::uint64_t child, bool as_second);
  void Hold(std::uint64_t no, bool held);
  void EndWrapUp(std::uint32_t agent, std::uint64_t no);
  void RemoveItem(std::uint32_t agent, std::uint64_t contact, bool wrap_up, bool worked);
  void Miss(std::uint32_t agent, int max_misses);
  [[nodiscard]] SpanMs Waited(const OracleContact& c) const;
  bool EndIfStranded(std::uint64_t no);
  void SetPresence(std::uint32_t agent, Presence presence, ReasonNo reason);
  void RequestPresence(std::uint32_t agent, Presence presence, ReasonNo reason);
  void EndOffersOf(std::uint32_t agent);
  void LoseAgent(std::uint32_t agent);
  void Bar(std::uint64_t no, std::uint32_t agent);
  void ReviewBars(std::uint64_t no);
  void ReviewAllBars();
  // Steps and conditions (oracle_steps.cc).
  void StartSteps(std::uint64_t no);
  void Advance(std::uint64_t no);
  void Open(std::uint64_t no, std::size_t index);
  void ArmStep(std::uint64_t no);
  void KeepSteps(std::uint64_t no);
  bool LookAtConditions();
  bool OpenFor(std::uint32_t queue, const model::QueueFigures& before, bool fresh);
  void Tick();
  void TakeNewConditions();
  void ComesToWait(std::uint64_t no);
  void ReadOldest(std::uint32_t queue);
  void LeavesTheWaiting(const OracleContact& c);
  [[nodiscard]] bool Counts(std::uint32_t queue, const OracleAgent& a) const;
  [[nodiscard]] model::QueueFigures Count(std::uint32_t queue) const;
  [[nodiscard]] bool Reads(std::uint32_t queue, unsigned what) const;
  [[nodiscard]] bool HasTimer(Why why, std::uint64_t contact) const;
  void Set(TimeMs deadline, Why why, std::uint64_t contact, std::uint32_t other);
  void Cancel(Why why, std::uint64_t contact, std::uint32_t other);
  void Fire(const OracleTimer& timer);
  void LoseGateway(std::uint32_t gateway);
  void TakeWish(const ContactArrives& e, OracleContact& c);
  bool StartPersonal(std::uint64_t no);
  void EndPersonal(std::uint64_t no);
  void ReviewPersonal();
  bool EndNowOrNever();
  [[nodiscard]] bool IsGone(std::uint32_t agent) const;
  [[nodiscard]] bool CanCome(const OracleContact& c, std::uint32_t agent) const;
  void EndWish(std::uint64_t no);
  void TimeOut(std::uint64_t contact, std::uint32_t agent, bool heard);
  void Lose(std::uint32_t agent);

  std::shared_ptr<const model::Model> model_;
  TimeMs now_ = 0;
  TimeMs down_until_ = 0;
  ContactNo made_;
  std::uint64_t next_arrival_ = 1;
  std::uint64_t next_timer_ = 1;
  std::map<std::uint64_t, OracleContact> contacts_;
  std::map<OfferId, OracleLease> leases_;
  std::map<std::uint32_t, OracleAgent> agents_;
  std::map<std::uint32_t, bool> gateways_;  // connected
  std::map<std::uint32_t, model::QueueMode> modes_;
  std::map<std::uint32_t, model::QueueFigures> seen_;  // what conditions read
  std::map<std::uint32_t, std::int64_t> oldest_s_;     // as of the last tick
  std::shared_ptr<const model::Calendar> calendar_;
  SpanMs wall_offset_ms_ = 0;
  std::set<std::uint32_t> open_hours_;
  // By queue: who has accepted what share, and how many parts of the window it will count.
  std::map<std::uint32_t, std::vector<std::pair<int, int>>> accepted_;
  std::map<std::uint32_t, std::set<int>> entitled_;  // by strict queue, at the last look
  std::set<std::uint32_t> holding_;  // queues whose reserve held back at the last look
  std::set<std::uint32_t> fresh_;    // queues whose conditions have just come
  std::vector<OracleTimer> timers_;
  Position record_;
  std::uint32_t offer_index_ = 0;
  std::uint64_t offers_made_ = 0;
  std::map<std::uint32_t, OracleMean> means_;  // by queue
  std::map<std::uint32_t, Arrivals> arrivals_;
  Arrivals all_arrivals_;
  std::vector<std::string> facts_;
};

}  // namespace routerd::core
