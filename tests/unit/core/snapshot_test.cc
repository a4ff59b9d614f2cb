// A core that was saved and loaded goes on as the one that was saved: random policies, random
// traffic, the same effects, states and bytes after every event.
#include "routerd/core/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tests/unit/core/coverage.h"
#include "tests/unit/core/effect_words.h"
#include "tests/unit/core/random_restart.h"
#include "tests/unit/core/random_world.h"
#include "tests/unit/core/tell_event.h"

namespace routerd::core {
namespace {

// A core and, after some of its events, one that was loaded from its snapshot.
class SavedWorld {
 public:
  explicit SavedWorld(std::uint64_t seed)
      : random_(seed), model_(RandomModel(random_)), core_(model_), ordered_(seed % 2 == 0) {
    agents_ = 1 + Below(random_, 8);
    gateways_ = 1 + Below(random_, 3);
    if (ordered_) core_.SetOrderedFrom(1, 1);
    coverage_.See(*model_);
  }

  // A random event and what is due before it, in both cores. Empty, or what differs.
  std::string Step() {
    if (restart_.empty() && Chance(random_, 1)) {
      now_ += RandomDowntime(random_);
      restart_ = RandomRestart(random_, core_, agents_, gateways_);
    }
    if (!restart_.empty()) {  // nothing that is due fires before it
      const Event told = restart_.front();
      restart_.pop_front();
      if (std::holds_alternative<RouterRestarted>(told)) {
        grace_until_ = now_ + std::max(model_->gateway_grace_ms, model_->agent_grace_ms);
        if (twin_) saved_.insert("a restart of a loaded core");
      }
      const std::string wrong = Play(told);
      return wrong.empty() ? "" : Told(told) + " " + wrong;
    }
    Advance();
    if (std::string wrong = Fire(); !wrong.empty()) return "timers " + wrong;
    const Event event = RandomEvent(random_, core_, now_, agents_, gateways_);
    const std::string wrong = Play(event);
    return wrong.empty() ? "" : Told(event) + " " + wrong;
  }

  // From here on the second core is one that was loaded now. Empty, or what is wrong with it.
  std::string SaveAndLoad() {
    Notice();
    std::string bytes;
    Snapshot::Save(core_, bytes);
    Result<Core> loaded = Snapshot::Load(model_, calendar_, bytes);
    if (!loaded.ok()) return loaded.status().message();
    twin_.emplace(std::move(loaded).value());
    if (ordered_) twin_->SetOrderedFrom(1, 1);
    if (twin_->StateHash() != core_.StateHash()) return "it hashes to something else";
    if (std::string broken = twin_->CheckInvariants(fired_until_); !broken.empty()) return broken;
    std::string again;
    Snapshot::Save(*twin_, again);
    return again == bytes ? CompareReaders() : "it is saved in other bytes";
  }

  [[nodiscard]] const Coverage& coverage() const { return coverage_; }
  // What was there in some state that was saved.
  [[nodiscard]] const std::set<std::string>& saved() const { return saved_; }

 private:
  void Notice() {
    coverage_.SeeVerdicts(core_);
    if (core_.HasDueTimers(now_)) saved_.insert("timers that are due");
    if (now_ < grace_until_) saved_.insert("in the grace after a restart");
    core_.ForEachContact([&](ContactNo, const Contact& c) {
      saved_.insert(std::string(Name(c.state)));
      if (c.standing == Standing::kSide) saved_.insert("beside a row");
      if (c.standing == Standing::kPersonal) saved_.insert("for certain agents");
      if (c.lease_count > 1) saved_.insert("several offers");
      if (c.also != kNil) saved_.insert("in several queues");
      if (c.via.valid()) saved_.insert("through a further queue");
      if (c.second.valid()) saved_.insert("a conference");
      if (c.parent != kNil) saved_.insert("a question");
      if (c.silent_since != 0) saved_.insert("silent");
      if (c.stuck) saved_.insert("stuck");
      if (core_.StepOf(c) != 0) saved_.insert("steps");
    });
    for (std::uint32_t i = 0; i < core_.agent_count(); ++i) {
      if (const Agent* agent = core_.FindAgent(AgentNo(i))) Notice(*agent);
    }
    for (std::uint32_t i = 0; i < core_.queue_count(); ++i) {
      const Queue& queue = core_.queue(QueueNo(i));
      if (queue.mode_set) saved_.insert("a mode");
      if (queue.allocation != nullptr) saved_.insert("shares");
      if (queue.pool != kNoPool) saved_.insert("a reserve");
      if (queue.handling.count != 0) saved_.insert("handling times");
      if (queue.arrivals.level() != 0) saved_.insert("arrivals");
      if (queue.has_conditions) saved_.insert("conditions");
    }
  }

  void Notice(const Agent& agent) {
    if (agent.pending) saved_.insert("pending");
    if (!agent.connected && agent.presence != Presence::kLoggedOut) saved_.insert("in grace");
    if (agent.over) saved_.insert("above capacity");
    if (agent.bars != 0) saved_.insert("bars");
    for (const Item& item : agent.items) {
      if (item.state == ItemState::kParked) saved_.insert("parked");
      if (item.away) saved_.insert("away");
      if (!item.contact.valid()) saved_.insert("work elsewhere");
      const Contact* c = core_.FindContact(item.contact);
      if (c != nullptr && IsTerminal(c->state)) saved_.insert("written up after its end");
    }
  }

  // Mostly small steps; sometimes to an instant at which a timer may be due.
  void Advance() {
    const auto next = core_.NextWakeup();
    if (next && Chance(random_, 20)) {
      now_ = std::max(now_, *next);
    } else if (Chance(random_, 70)) {
      now_ += Below(random_, 3'000);
    }
  }

  std::string Fire() {
    const Stamp stamp{{1, ++sequence_}, now_};
    fired_until_ = now_;
    Effects ours;
    Effects theirs;
    if (twin_ && twin_->HasDueTimers(now_) != core_.HasDueTimers(now_)) return "are due, or not";
    const std::size_t fired = core_.FireTimers(stamp, ours);
    coverage_.See(ours);
    if (!twin_) return "";
    if (twin_->FireTimers(stamp, theirs) != fired) return "fire in other numbers";
    return Compare(ours, theirs);
  }

  std::string Play(const Event& event) {
    coverage_.See(event);
    const Stamp stamp{{1, ++sequence_}, now_};
    Effects ours;
    Effects theirs;
    const Applied applied = core_.Apply(stamp, event, ours);
    Remember(event, applied);
    coverage_.See(ours);
    if (!applied.ok()) coverage_.See(event, applied.refusal);
    if (!twin_) return "";
    const Applied same = twin_->Apply(stamp, event, theirs);
    if (same.refusal != applied.refusal || same.contact != applied.contact ||
        same.state != applied.state || same.outcome != applied.outcome) {
      return "is answered otherwise";
    }
    return Compare(ours, theirs);
  }

  // Policy and calendar are kept beside a snapshot.
  void Remember(const Event& event, const Applied& applied) {
    if (!applied.ok()) return;
    if (const auto* set = std::get_if<CalendarSet>(&event)) calendar_ = set->calendar;
    const auto* swap = std::get_if<PolicySwapped>(&event);
    if (swap == nullptr) return;
    coverage_.See(*swap->model);
    model_ = swap->model;
    if (swap->calendar != nullptr) calendar_ = swap->calendar;
  }

  std::string Compare(const Effects& ours, const Effects& theirs) {
    if (EffectWords::Of(ours) != EffectWords::Of(theirs)) return "has other effects";
    if (core_.StateHash() != twin_->StateHash()) return "leaves another state";
    return CompareReaders();
  }

  // What decides nothing, and is shown.
  std::string CompareReaders() {
    if (core_.contact_count() != twin_->contact_count()) return "other contacts are held";
    std::string wrong;
    core_.ForEachContact([&](ContactNo no, const Contact& c) {
      const Contact* its = twin_->FindContact(no);
      if (its == nullptr) {
        wrong = "a contact is gone";
      } else if (its->standing != c.standing || twin_->Position(no) != core_.Position(no) ||
                 twin_->DeadlineOf(*its) != core_.DeadlineOf(c) ||
                 twin_->StepOf(*its) != core_.StepOf(c)) {
        wrong = "a contact is shown otherwise";
      }
    });
    for (std::uint32_t i = 0; i < core_.agent_count(); ++i) {
      const Agent* ours = core_.FindAgent(AgentNo(i));
      const Agent* its = twin_->FindAgent(AgentNo(i));
      if ((ours == nullptr) != (its == nullptr)) return "an agent is gone";
      if (ours == nullptr) continue;
      const bool same = ours->presence_since == its->presence_since && ours->shown == its->shown &&
                        ours->shown_since == its->shown_since &&
                        ours->units_used == its->units_used && ours->over == its->over &&
                        ours->open_offers == its->open_offers && ours->usable == its->usable;
      if (!same) return "an agent is shown otherwise";
    }
    return wrong.empty() ? CompareQueues() : wrong;
  }

  std::string CompareQueues() {
    for (std::uint32_t i = 0; i < core_.queue_count(); ++i) {
      const Queue& ours = core_.queue(QueueNo(i));
      const Queue& its = twin_->queue(QueueNo(i));
      const bool same = ours.waiting == its.waiting && ours.also_waiting == its.also_waiting &&
                        ours.offered == its.offered && ours.assigned == its.assigned &&
                        ours.personal == its.personal && ours.ready == its.ready &&
                        ours.free == its.free && ours.staffed == its.staffed;
      if (!same) return "a queue is shown otherwise";
      if (core_.ModeOf(QueueNo(i)) != twin_->ModeOf(QueueNo(i))) return "a queue is open, or not";
    }
    return "";
  }

  Random random_;
  std::shared_ptr<const model::Model> model_;
  std::shared_ptr<const model::Calendar> calendar_;
  Core core_;
  std::optional<Core> twin_;
  bool ordered_ = false;  // what only many lanes and classes are kept in
  int agents_ = 1;
  int gateways_ = 1;
  TimeMs now_ = 1'000'000;
  std::uint64_t sequence_ = 0;
  std::deque<Event> restart_;  // what is still to be told of one
  TimeMs fired_until_ = 0;     // before it; what was due meanwhile fires after it
  TimeMs grace_until_ = 0;     // after the last
  Coverage coverage_;
  std::set<std::string> saved_;
};

// A sanitizer makes each step about ten times as dear.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSavedSeeds = 150;
#else
constexpr int kSavedSeeds = 600;
#endif

// ROUTERD_SNAPSHOT_SEEDS=N for more, or fewer.
int SavedSeeds() {
  const char* wanted = std::getenv("ROUTERD_SNAPSHOT_SEEDS");
  return wanted != nullptr ? std::atoi(wanted) : kSavedSeeds;
}

TEST(Snapshot, ALoadedCoreGoesOnAsTheSavedOneDoes) {
  Coverage coverage;
  std::set<std::string> saved;
  for (int seed = 1; seed <= SavedSeeds(); ++seed) {
    SavedWorld world(static_cast<std::uint64_t>(seed));
    const int every = seed % 3 == 0 ? 150 : 30;
    for (int step = 0; step < 400; ++step) {
      ASSERT_EQ(world.Step(), "") << "seed " << seed << ", step " << step;
      if ((step + seed) % every != 0) continue;
      ASSERT_EQ(world.SaveAndLoad(), "") << "seed " << seed << ", step " << step;
    }
    coverage.Add(world.coverage());
    saved.insert(world.saved().begin(), world.saved().end());
  }
  // What was not there was not saved. A few worlds do not have everything.
  if (SavedSeeds() < 600) return;
  EXPECT_EQ(coverage.Missing(), "");
  for (const char* thing : {"scheduled",
                            "queued",
                            "offered",
                            "connecting",
                            "assigned",
                            "wrap_up",
                            "treated",
                            "timers that are due",
                            "beside a row",
                            "for certain agents",
                            "several offers",
                            "in several queues",
                            "through a further queue",
                            "a conference",
                            "a question",
                            "silent",
                            "stuck",
                            "steps",
                            "a mode",
                            "shares",
                            "a reserve",
                            "handling times",
                            "arrivals",
                            "conditions",
                            "pending",
                            "in grace",
                            "above capacity",
                            "bars",
                            "parked",
                            "away",
                            "work elsewhere",
                            "written up after its end",
                            "in the grace after a restart",
                            "a restart of a loaded core"}) {
    EXPECT_TRUE(saved.count(thing)) << thing;
  }
}

TEST(Snapshot, OfNobody) {
  Random random(1);
  const std::shared_ptr<model::Model> model = RandomModel(random);
  const Core core(model);
  std::string bytes;
  Snapshot::Save(core, bytes);
  const Result<Core> loaded = Snapshot::Load(model, nullptr, bytes);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded.value().StateHash(), core.StateHash());
}

}  // namespace
}  // namespace routerd::core
