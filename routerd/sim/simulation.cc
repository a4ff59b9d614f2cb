#include "routerd/sim/simulation.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>
#include <variant>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/compiler/calendar.h"
#include "routerd/compiler/report.h"

namespace routerd::sim {
namespace {

// The core takes time 0 as "not yet", so a trace's 0 is later.
constexpr TimeMs kTraceStart = 1'000'000;
constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();
constexpr GatewayNo kTheGateway(0);

// The core draws lots from where a record stands; the epoch is what is free there. 0 is none.
std::uint32_t EpochOf(std::uint64_t seed) {
  return 1 + static_cast<std::uint32_t>(Mix64(seed) % 0xffff'ffff);
}

std::uint32_t SlotOf(ContactNo no) { return static_cast<std::uint32_t>(no.value); }

}  // namespace

Simulation::Simulation(std::shared_ptr<const model::Model> model, std::uint64_t seed,
                       SimulationFigures& figures, Sink sink)
    : model_(std::move(model)),
      figures_(figures),
      sink_(std::move(sink)),
      epoch_(EpochOf(seed)),
      names_(*model_),
      core_(model_),
      agents_(*model_, names_) {}

TimeMs Simulation::Shown(TimeMs time) const { return time - kTraceStart; }

// ---- Time --------------------------------------------------------------------------------------

core::Applied Simulation::Apply(const core::Event& event) {
  effects_.clear();
  return core_.Apply({{epoch_, ++sequence_}, now_}, event, effects_);
}

void Simulation::FireTimers() {
  effects_.clear();
  core_.FireTimers({{epoch_, ++sequence_}, now_}, effects_);
  TakeEffects();
}

void Simulation::MoveTo(TimeMs time) {
  now_ = std::max(now_, time);
  if (counting_ || Shown(now_) < figures_.count_from_ms) return;
  counting_ = true;
  figures_.occupancy.StartAt(figures_.count_from_ms);
}

// The core's wake-ups may be early, which moves its hands on and nothing else.
void Simulation::RunUntil(TimeMs until) {
  for (;;) {
    const TimeMs next =
        std::min(core_.NextWakeup().value_or(kNever), agenda_.Next().value_or(kNever));
    if (next > until) break;
    MoveTo(next);
    if (core_.HasDueTimers(now_)) {
      FireTimers();
    } else if (agenda_.Next() == now_) {
      Do(agenda_.Take());
    }
  }
}

void Simulation::Do(const VirtualAgenda::Entry& entry) {
  using Kind = VirtualAgenda::Kind;
  Life* const life = Find(entry.contact);
  switch (entry.kind) {
    case Kind::kConversationEnds:
      // Put off while it is parked.
      if (life != nullptr && life->parked == 0 && life->ends == entry.at) EndConversation(*life);
      return;
    case Kind::kWrapUpEnds:
      Apply(core::AgentEndsWrapUp{entry.agent, entry.contact});
      break;
    case Kind::kAccept:
      Apply(core::OfferAccepted{entry.offer});
      break;
    case Kind::kReject:
      Apply(core::OfferRejected{entry.offer});
      break;
    case Kind::kConnected:
      Apply(core::ContactConnected{entry.contact, entry.offer});
      break;
    case Kind::kGiveUp:
      if (life == nullptr || life->told || life->answered) return;
      Apply(core::ContactEnds{entry.contact});
      break;
  }
  // An offer that has ended meanwhile, a wrap-up that is over: refused, and nothing has happened.
  TakeEffects();
}

void Simulation::Finish() {
  RunUntil(now_ + limits::kAfterTraceMs);
  figures_.last_ms = Shown(now_);
  figures_.occupancy.EndAt(Shown(now_));
  figures_.state_hash = core_.StateHash();
  std::vector<Life*> left;
  for (Life& life : lives_) {
    if (life.no.valid() && !life.told) left.push_back(&life);
  }
  std::sort(left.begin(), left.end(), [this](const Life* a, const Life* b) {
    return core_.FindContact(a->no)->arrival < core_.FindContact(b->no)->arrival;
  });
  for (Life* life : left) {
    if (!life->answered) SetWaited(*life, now_ - life->visit_since);
    Tell(*life, life->answered ? ContactOutcome::kAnswered : ContactOutcome::kWaiting, {});
  }
}

// ---- Rows --------------------------------------------------------------------------------------

std::optional<RowProblem> Simulation::Play(const TraceRow& row) {
  const TimeMs at = kTraceStart + row.at_ms;
  if (!started_) {
    started_ = true;
    figures_.first_ms = row.at_ms;
    now_ = at;
    Apply(core::GatewayConnection{kTheGateway, true});
    OpenCalendar(row.at_ms);
  }
  RunUntil(at);
  MoveTo(at);
  return row.kind == RowKind::kAgent ? PlayAgent(row) : PlayContact(row);
}

// The trace's times are Unix times to opening hours.
void Simulation::OpenCalendar(TimeMs at_ms) {
  if (model_->hours.empty()) return;
  Apply(core::WallClockMoved{-kTraceStart});
  Apply(core::CalendarSet{
      std::make_shared<const model::Calendar>(compiler::MakeCalendar(*model_, at_ms))});
}

std::optional<RowProblem> Simulation::PlayAgent(const TraceRow& row) {
  core::Event event = core::AgentLogsOut{};
  if (auto problem = agents_.ToEvent(row.agent, event)) return problem;
  if (const core::Applied applied = Apply(event);
      !applied.ok() && applied.refusal != core::Refusal::kAgentLoggedOut) {
    return RowProblem{"agent", row.agent.agent,
                      "refused: " + std::string(core::Name(applied.refusal)), ""};
  }
  TakeEffects();
  return std::nullopt;
}

std::optional<RowProblem> Simulation::ToEvent(const ContactRow& row,
                                              core::ContactArrives& event) const {
  event.queue = names_.queues.Find(row.queue);
  if (!event.queue.valid()) {
    return RowProblem{"queue", row.queue, names_.queues.Unknown(row.queue),
                      names_.queues.Hint(row.queue)};
  }
  event.channel = names_.channels.Find(row.channel);
  if (!event.channel.valid()) {
    return RowProblem{"channel", row.channel, names_.channels.Unknown(row.channel),
                      names_.channels.Hint(row.channel)};
  }
  for (const auto& [name, level] : row.skills) {
    const SkillNo skill = names_.skills.Find(name);
    if (!skill.valid()) {
      return RowProblem{"skills", name, names_.skills.Unknown(name), names_.skills.Hint(name)};
    }
    event.requirements.all.push_back({skill, static_cast<std::uint8_t>(level)});
  }
  event.requirements.Normalize();
  event.gateway = kTheGateway;
  event.live = model_->channels[event.channel.index()].live;
  event.priority = row.priority;
  return std::nullopt;
}

std::optional<RowProblem> Simulation::PlayContact(const TraceRow& row) {
  core::ContactArrives event;
  if (auto problem = ToEvent(row.contact, event)) return problem;
  if (by_id_.contains(row.contact.contact)) {
    return RowProblem{"contact", row.contact.contact,
                      compiler::Quoted(row.contact.contact) + " is here already",
                      "give every contact an id of its own"};
  }
  const core::Applied applied = Apply(event);
  if (!applied.ok()) {
    Refused(row, event.queue);
    return std::nullopt;
  }
  Begin(applied.contact, row, event);
  TakeEffects();
  return std::nullopt;
}

void Simulation::Refused(const TraceRow& row, QueueNo queue) {
  Outcome outcome;
  outcome.contact = row.contact.contact;
  outcome.queue = model_->queues[queue.index()].name;
  outcome.queue_no = queue;
  outcome.outcome = ContactOutcome::kRefused;
  outcome.enqueued_ms = row.at_ms;
  outcome.ended_ms = row.at_ms;
  figures_.Add(outcome);
  sink_(outcome);
}

void Simulation::Begin(ContactNo no, const TraceRow& row, const core::ContactArrives& event) {
  const ContactRow& contact = row.contact;
  const std::uint32_t slot = SlotOf(no);
  if (slot >= lives_.size()) lives_.resize(slot + 1);
  Life& life = lives_[slot];
  life.no = no;
  life.line = row.line;
  life.id = contact.contact;
  life.queue = event.queue;
  life.handle = contact.handle;
  life.skill.reset();
  if (!contact.skills.empty()) {
    life.skill = names_.skills.Find(contact.skills.front().first);
  } else if (const auto& all = model_->queues[event.queue.index()].requirements.all; !all.empty()) {
    life.skill = all.front().skill;
  }
  life.wrap_up_ms = contact.wrap_up_ms;
  life.answers = contact.answers;
  life.next_answer = 0;
  life.offers.clear();
  life.told = false;
  life.agent = AgentNo();
  life.enqueued = now_;
  life.visit_since = now_;
  life.offered.reset();
  life.answered.reset();
  life.waited_ms = 0;
  life.visit_waited_ms = 0;
  life.sl_waited_ms = 0;
  life.steps = 0;
  life.declined = 0;
  by_id_.emplace(life.id, slot);
  if (contact.patience_ms) {
    agenda_.Add(now_ + *contact.patience_ms, VirtualAgenda::Kind::kGiveUp, no);
  }
}

// ---- Contacts ----------------------------------------------------------------------------------

Simulation::Life* Simulation::Find(ContactNo no) {
  if (!no.valid() || SlotOf(no) >= lives_.size()) return nullptr;
  Life& life = lives_[SlotOf(no)];
  return life.no == no ? &life : nullptr;
}

// All visits before this one were waits.
void Simulation::SetWaited(Life& life, SpanMs visit_waited_ms) const {
  life.visit_waited_ms = visit_waited_ms;
  life.waited_ms = life.visit_since - life.enqueued + visit_waited_ms;
}

void Simulation::Tell(Life& life, ContactOutcome what, std::optional<TimeMs> ended) {
  life.told = true;
  by_id_.erase(life.id);
  Outcome outcome;
  outcome.contact = life.id;
  outcome.queue = model_->queues[life.queue.index()].name;
  outcome.queue_no = life.queue;
  outcome.outcome = what;
  if (what == ContactOutcome::kAnswered) outcome.agent = agents_.id(life.agent);
  outcome.enqueued_ms = Shown(life.enqueued);
  if (life.offered) outcome.offered_ms = Shown(*life.offered);
  if (life.answered) outcome.answered_ms = Shown(*life.answered);
  if (ended) outcome.ended_ms = Shown(*ended);
  outcome.waited_ms = life.waited_ms;
  outcome.visit_waited_ms = life.visit_waited_ms;
  outcome.sl_waited_ms = life.sl_waited_ms;
  outcome.steps = life.steps;
  outcome.declined = life.declined;
  figures_.Add(outcome);
  sink_(outcome);
}

void Simulation::EndConversation(Life& life) {
  core::ContactEnds event{life.no};
  if (life.wrap_up_ms) {
    // What the trace says takes room as the policy's would; where that has none, it does.
    const model::WrapUp& usual = core_.WrapUpOf(*core_.FindContact(life.no));
    event.wrap_up = model::WrapUp{
        .mode = *life.wrap_up_ms == 0 ? model::WrapUpMode::kNone : model::WrapUpMode::kTimed,
        .duration_ms = *life.wrap_up_ms,
        .holds_room = usual.holds_room || usual.mode == model::WrapUpMode::kNone};
  }
  Tell(life, ContactOutcome::kAnswered, now_);
  Apply(event);
  TakeEffects();
}

std::optional<SpanMs> Simulation::ByLevel(const Life& life, AgentNo agent) const {
  const auto& skills = core_.FindAgent(agent)->profile.skills;
  std::optional<SpanMs> best;
  int best_level = 0;
  for (const auto& [key, span] : life.handle.by_key) {
    const auto colon = key.rfind(':');
    const std::string_view digits =
        colon == std::string::npos ? key : std::string_view(key).substr(colon + 1);
    int level = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), level);
    if (error != std::errc() || stop != digits.data() + digits.size()) continue;
    const SkillNo skill = colon == std::string::npos
                              ? life.skill.value_or(SkillNo())
                              : names_.skills.Find(std::string_view(key).substr(0, colon));
    if (!skill.valid() || level > model::LevelOf(skills, skill) || level <= best_level) continue;
    best_level = level;
    best = span;
  }
  return best;
}

// The agent's own before his level's, before what holds for everybody.
std::optional<SpanMs> Simulation::HandleMs(const Life& life, AgentNo agent) const {
  if (life.handle.by_key.empty()) return life.handle.otherwise_ms;
  for (const auto& [key, span] : life.handle.by_key) {
    if (key == agents_.id(agent)) return span;
  }
  const std::optional<SpanMs> by_level = ByLevel(life, agent);
  return by_level ? by_level : life.handle.otherwise_ms;
}

// ---- Effects -----------------------------------------------------------------------------------

void Simulation::TakeEffects() {
  for (const core::Effect& effect : effects_) {
    std::visit([this](const auto& e) { On(e); }, effect);
  }
}

void Simulation::On(const core::OfferMade& e) {
  Life& life = *Find(e.contact);
  life.offered = now_;
  life.offers.emplace_back(e.offer, now_);
  if (e.accept_by == model::AcceptBy::kAuto) return;
  Answering answer;
  if (!life.answers.empty()) {
    answer = life.answers[std::min(life.next_answer++, life.answers.size() - 1)];
  }
  if (answer.kind == Answering::Kind::kAccept) {
    agenda_.Add(now_ + answer.after_ms, VirtualAgenda::Kind::kAccept, e.contact, e.offer);
  } else if (answer.kind == Answering::Kind::kReject) {
    agenda_.Add(now_, VirtualAgenda::Kind::kReject, e.contact, e.offer);
  }
}

void Simulation::On(const core::OfferEnded& e) {
  Life* const life = Find(e.contact);
  if (life == nullptr) return;
  const bool declined =
      e.outcome == core::OfferOutcome::kRejected || e.outcome == core::OfferOutcome::kTimedOut;
  life->declined += declined ? 1 : 0;
  // In a race it need not be the last one that is accepted.
  const auto offer = std::find_if(life->offers.begin(), life->offers.end(),
                                  [&e](const auto& open) { return open.first == e.offer; });
  if (offer == life->offers.end()) return;
  if (e.outcome == core::OfferOutcome::kAccepted) life->offered = offer->second;
  life->offers.erase(offer);
}

void Simulation::On(const core::ContactConfirmed& e) {
  if (e.connect_deadline == 0) return;
  agenda_.Add(now_ + e.announce_ms, VirtualAgenda::Kind::kConnected, e.contact, e.offer);
}

void Simulation::On(const core::ContactAnswered& e) {
  Life& life = *Find(e.contact);
  life.answered = now_;
  life.agent = e.agent;
  SetWaited(life, e.waited_ms);
  life.sl_waited_ms = e.sl_waited_ms;
  const std::optional<SpanMs> handle = HandleMs(life, e.agent);
  if (!handle && !late_problem_) {
    late_problem_ = LateProblem{
        life.line,
        {"handle_ms",
         {},
         compiler::Quoted(life.id) + " came to " + compiler::Quoted(agents_.id(e.agent)) +
             ", for whom 'handle_ms' says nothing",
         "give it a \"default\""}};
  }
  life.ends = now_ + handle.value_or(0);
  life.parked = 0;
  agenda_.Add(life.ends, VirtualAgenda::Kind::kConversationEnds, e.contact);
}

// The agent has been called away from it, or is back: it goes on for as long as was left.
void Simulation::On(const core::ContactParkChanged& e) {
  Life& life = *Find(e.contact);
  if (e.parked) {
    life.parked = now_;
    return;
  }
  life.ends += now_ - std::exchange(life.parked, 0);
  agenda_.Add(life.ends, VirtualAgenda::Kind::kConversationEnds, e.contact);
}

void Simulation::On(const core::ContactMoved& e) {
  Life& life = *Find(e.contact);
  if (e.outcome == core::VisitOutcome::kOverflowed) {
    figures_.AddOverflow(e.from, Shown(life.enqueued));
  }
  life.queue = e.to;
  life.visit_since = now_;
  life.steps = 0;
}

void Simulation::On(const core::ContactStepOpened& e) {
  Find(e.contact)->steps = static_cast<int>(e.step);
}

void Simulation::On(const core::ContactEnded& e) {
  Life* life = Find(e.contact);
  if (life == nullptr || life->told) return;
  SetWaited(*life, e.waited_ms);
  life->sl_waited_ms = e.sl_waited_ms;
  life->queue = e.queue;
  Tell(*life,
       e.state == core::ContactState::kExpired ? ContactOutcome::kExpired
                                               : ContactOutcome::kAbandoned,
       now_);
}

void Simulation::On(const core::ContactForgotten& e) {
  if (Life* life = Find(e.contact)) life->no = ContactNo();
}

// Who has to end his wrap-up himself does so when the row says; where it says nothing, at once.
void Simulation::On(const core::WrapUpStarted& e) {
  if (e.deadline != 0) return;
  agenda_.Add(now_, VirtualAgenda::Kind::kWrapUpEnds, e.contact, {}, e.agent);
}

void Simulation::On(const core::AgentChanged& e) {
  const core::Agent& agent = *core_.FindAgent(e.agent);
  AgentTime what = AgentTime::kAway;
  if (!agent.items.empty()) {
    what = AgentTime::kAtWork;
  } else if (agent.presence == core::Presence::kReady) {
    what = AgentTime::kFree;
  }
  figures_.occupancy.Set(e.agent, Shown(now_), what);
}

}  // namespace routerd::sim
