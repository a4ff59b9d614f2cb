// A trace in virtual time: the routing core of production decides, and contacts and agents behave
// as the rows say. It speaks to the core directly, in numbers, without the engine's journal,
// sessions and events, which decide nothing; a test plays the same traffic through both and
// compares.
//
// Of one instant: what falls due in the core, then conversations and wrap-ups that end, then what
// becomes of offers, then customers who give up, each kind in the order in which it was begun; then
// the rows, in their order.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "routerd/core/core.h"
#include "routerd/sim/outcome.h"
#include "routerd/sim/sim_agents.h"
#include "routerd/sim/simulation_figures.h"
#include "routerd/sim/trace_names.h"
#include "routerd/sim/trace_row.h"
#include "routerd/sim/virtual_agenda.h"

namespace routerd::sim {

class Simulation {
 public:
  using Sink = std::function<void(const Outcome&)>;

  // `sink` gets every contact when it has ended, in the order of the ends. `figures` must outlive
  // this. `seed`: of what the policy decides by lot.
  Simulation(std::shared_ptr<const model::Model> model, std::uint64_t seed,
             SimulationFigures& figures, Sink sink);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // Lets happen what happens until the row's time, and then the row. What is wrong with it, if it
  // cannot be played; it has changed nothing then.
  std::optional<RowProblem> Play(const TraceRow& row);
  // There are no more rows: everything goes on until nothing happens by itself any more, for
  // limits::kAfterTraceMs at most. Those who then still wait have their outcome, too.
  void Finish();

  // What rows say that makes no difference.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return agents_.warnings(); }
  [[nodiscard]] const core::Core& core() const { return core_; }
  // What showed itself only when the row's contact was answered.
  struct LateProblem {
    std::int64_t line = 0;
    RowProblem problem;
  };
  [[nodiscard]] const std::optional<LateProblem>& late_problem() const { return late_problem_; }

 private:
  // A contact that the core holds, by its slot.
  struct Life {
    ContactNo no;
    std::int64_t line = 0;
    std::string id;
    QueueNo queue;
    HandleTime handle;
    std::optional<SkillNo> skill;  // that a level in `handle` is of
    std::optional<SpanMs> wrap_up_ms;
    std::vector<Answering> answers;
    std::size_t next_answer = 0;
    std::vector<std::pair<OfferId, TimeMs>> offers;  // open
    bool told = false;
    AgentNo agent;
    TimeMs enqueued = 0;
    TimeMs visit_since = 0;
    std::optional<TimeMs> offered;
    std::optional<TimeMs> answered;
    TimeMs ends = 0;    // the conversation, as long as it is not parked
    TimeMs parked = 0;  // since when; 0: it is not
    SpanMs waited_ms = 0;
    SpanMs visit_waited_ms = 0;
    SpanMs sl_waited_ms = 0;
    int steps = 0;
    int declined = 0;
  };

  std::optional<RowProblem> PlayContact(const TraceRow& row);
  std::optional<RowProblem> PlayAgent(const TraceRow& row);
  std::optional<RowProblem> ToEvent(const ContactRow& row, core::ContactArrives& event) const;
  void Begin(ContactNo no, const TraceRow& row, const core::ContactArrives& event);
  void Refused(const TraceRow& row, QueueNo queue);

  void MoveTo(TimeMs time);
  void RunUntil(TimeMs until);
  void Do(const VirtualAgenda::Entry& entry);
  void FireTimers();
  core::Applied Apply(const core::Event& event);
  void OpenCalendar(TimeMs at_ms);
  void TakeEffects();
  void EndConversation(Life& life);
  [[nodiscard]] std::optional<SpanMs> HandleMs(const Life& life, AgentNo agent) const;
  [[nodiscard]] std::optional<SpanMs> ByLevel(const Life& life, AgentNo agent) const;

  void On(const core::OfferMade& e);
  void On(const core::OfferEnded& e);
  void On(const core::ContactConfirmed& e);
  void On(const core::ContactAnswered& e);
  void On(const core::ContactParkChanged& e);
  void On(const core::ContactMoved& e);
  void On(const core::ContactStepOpened& e);
  void On(const core::ContactEnded& e);
  void On(const core::ContactForgotten& e);
  void On(const core::WrapUpStarted& e);
  void On(const core::AgentChanged& e);
  template <typename Other>
  void On(const Other&) {}

  Life* Find(ContactNo no);
  void Tell(Life& life, ContactOutcome outcome, std::optional<TimeMs> ended);
  void SetWaited(Life& life, SpanMs visit_waited_ms) const;
  [[nodiscard]] TimeMs Shown(TimeMs time) const;

  const std::shared_ptr<const model::Model> model_;
  SimulationFigures& figures_;
  const Sink sink_;
  const std::uint32_t epoch_;
  const TraceNames names_;
  core::Core core_;
  SimAgents agents_;
  VirtualAgenda agenda_;
  std::deque<Life> lives_;
  std::unordered_map<std::string_view, std::uint32_t> by_id_;  // of those in the queue or served
  core::Effects effects_;
  TimeMs now_ = 0;  // the core's
  std::uint64_t sequence_ = 0;
  bool counting_ = false;
  bool started_ = false;
  std::optional<LateProblem> late_problem_;
};

}  // namespace routerd::sim
