// The core against the oracle: random policies, random traffic, the same facts after every event.
#include "tests/unit/core/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <set>

#include "tests/unit/core/coverage.h"
#include "tests/unit/core/effect_facts.h"
#include "tests/unit/core/random_consults.h"
#include "tests/unit/core/random_mistakes.h"
#include "tests/unit/core/random_restart.h"
#include "tests/unit/core/random_world.h"
#include "tests/unit/core/shrink.h"
#include "tests/unit/core/tell_event.h"

namespace routerd::core {
namespace {

// One random world, step by step in core and oracle.
class World {
 public:
  explicit World(std::uint64_t seed)
      : random_(seed), model_(RandomModel(random_)), core_(model_), oracle_(model_) {
    coverage_.See(*model_);
    agents_ = 1 + Below(random_, 8);
    gateways_ = 1 + Below(random_, 3);
    // In half of the worlds what only many lanes and classes are kept in.
    if (seed % 2 == 0) core_.SetOrderedFrom(1, 1);
    // In some there are enough to ask each other.
    consults_ = seed % 8 == 1;
    if (consults_) agents_ = 8;
  }

  // A random event and what is due before it. Empty, or what differs.
  std::string Step() {
    ++step_;
    if (!restart_.empty()) return PlayRestart();
    if (Chance(random_, 1)) {
      const auto next = oracle_.NextDeadline();
      now_ = next && Chance(random_, 20) ? std::max(now_, *next) : now_ + RandomDowntime(random_);
      restart_ = RandomRestart(random_, core_, agents_, gateways_);
      return PlayRestart();
    }
    Advance();
    if (std::string broken = FireDue(); !broken.empty()) return broken;
    if (Chance(random_, 4)) return Play(RandomMistake(random_, core_, past_, agents_));
    if (consults_ && Chance(random_, 50)) {
      if (const std::optional<Event> event = RandomConsult(random_, core_)) return Play(*event);
    }
    return Play(RandomEvent(random_, core_, now_, agents_, gateways_));
  }

  // One that was recorded in a world of the same seed.
  struct Recorded {
    std::uint64_t step = 0;
    TimeMs now = 0;
    std::optional<Event> event;  // none: only what is due
    bool restart = false;        // nothing that is due fires before it
  };
  std::string Repeat(const Recorded& r) {
    step_ = r.step;
    now_ = r.now;
    if (r.restart) {
      recorded_.push_back(r);
      return Play(*r.event);
    }
    if (std::string broken = FireDue(); !broken.empty() || !r.event) return broken;
    return Play(*r.event);
  }
  [[nodiscard]] const std::vector<Recorded>& recorded() const { return recorded_; }
  [[nodiscard]] std::uint64_t decisions() const { return decisions_; }
  [[nodiscard]] const Coverage& coverage() const { return coverage_; }
  [[nodiscard]] const std::set<std::string>& outcomes() const { return outcomes_; }
  [[nodiscard]] std::uint64_t hash() const { return core_.StateHash(); }

 private:
  std::string PlayRestart() {
    const Event event = restart_.front();
    restart_.pop_front();
    recorded_.push_back({.step = step_, .now = now_, .event = {}, .restart = true});
    return Play(event);
  }

  std::string FireDue() {
    recorded_.push_back({.step = step_, .now = now_, .event = {}});
    fired_until_ = now_;
    if (core_.HasDueTimers(now_) != oracle_.HasDue(now_) && oracle_.HasDue(now_)) {
      return "the core has no timer due, the oracle has";
    }
    if (!core_.HasDueTimers(now_)) return "";
    Effects effects;
    const Stamp stamp = {{1, 2 * step_ - 1}, now_};
    core_.FireTimers(stamp, effects);
    Remember({}, effects);
    oracle_.At(stamp.at);
    oracle_.FireTimers(now_);
    return Compare(effects, "timers");
  }

  std::string Play(const Event& event) {
    recorded_.back().event = event;
    const Oracle::Reply expected = oracle_.Expects(event);
    const bool refused = expected.refusal != Refusal::kNone;
    Effects effects;
    const std::uint64_t before = refused ? core_.StateHash() : 0;
    const Stamp stamp = {{1, 2 * step_}, now_};
    const Applied applied = core_.Apply(stamp, event, effects);
    if (std::string broken = CompareReplies(applied, expected); !broken.empty()) {
      return Told(event) + ": " + broken;
    }
    if (refused) {
      coverage_.See(event, expected.refusal);
      if (!effects.empty()) return "a refused event had effects";
      return core_.StateHash() != before ? "a refused event changed the state" : "";
    }
    coverage_.See(event);
    if (const auto* swap = std::get_if<PolicySwapped>(&event)) coverage_.See(*swap->model);
    decisions_ += static_cast<std::uint64_t>(
        std::count_if(effects.begin(), effects.end(),
                      [](const Effect& e) { return std::holds_alternative<OfferMade>(e); }));
    Remember(applied, effects);
    oracle_.At(stamp.at);
    oracle_.Apply(now_, event, applied.contact);
    return Compare(effects, "event " + N(event.index()));
  }

  // Mostly small steps; sometimes to the very instant of the next timer.
  void Advance() {
    const auto next = oracle_.NextDeadline();
    if (next && Chance(random_, 15)) {
      now_ = std::max(now_, *next);
    } else if (Chance(random_, 70)) {
      now_ += Below(random_, 3'000);
    }
  }

  std::string CompareReplies(const Applied& core, const Oracle::Reply& oracle) {
    const bool state = oracle.refusal == Refusal::kWrongState && core.state != oracle.state;
    if (core.refusal == oracle.refusal && core.outcome == oracle.outcome && !state) return "";
    const auto told = [](Refusal refusal, ContactState contact, std::optional<OfferOutcome> offer) {
      std::string text(Name(refusal));
      if (refusal == Refusal::kWrongState) text += " of " + std::string(Name(contact));
      return offer ? text + " as " + std::string(Name(*offer)) : text;
    };
    return "core: " + told(core.refusal, core.state, core.outcome) +
           "; oracle: " + told(oracle.refusal, oracle.state, oracle.outcome);
  }

  // What may be told of later, when it is over.
  void Remember(const Applied& applied, const Effects& effects) {
    if (applied.contact.valid()) past_.contacts.push_back(applied.contact);
    for (const Effect& effect : effects) {
      const auto* made = std::get_if<OfferMade>(&effect);
      if (made != nullptr) past_.offers.push_back({made->contact, made->offer});
      const auto* treated = std::get_if<ContactTreated>(&effect);
      if (treated != nullptr) past_.offers.push_back({treated->contact, treated->id});
    }
  }

  std::string Compare(const Effects& effects, const std::string& what) {
    coverage_.See(effects);
    coverage_.SeeVerdicts(core_);
    std::vector<std::string> ours = FactsOf(effects);
    std::vector<std::string> his = oracle_.TakeFacts();
    for (const std::string& fact : ours) outcomes_.insert(fact.substr(fact.rfind(' ') + 1));
    std::sort(ours.begin(), ours.end());
    std::sort(his.begin(), his.end());
    if (ours != his) {
      std::string text = what + " at " + std::to_string(now_) + "\n  core:";
      for (const std::string& fact : ours) text += "\n    " + fact;
      text += "\n  oracle:";
      for (const std::string& fact : his) text += "\n    " + fact;
      return text;
    }
    if (std::string states = CompareStates(); !states.empty()) return what + ": " + states;
    return core_.CheckInvariants(fired_until_);
  }

  std::string CompareStates() {
    std::string broken;
    for (const auto& [queue, his] : oracle_.seen()) {
      const Queue& ours = core_.queue(QueueNo(queue));
      if ((ours.reads & model::kReadsOldest) == 0 || ours.seen.oldest_s == his.oldest_s) continue;
      return "the oldest of queue " + N(queue) + " is read as " +
             std::to_string(ours.seen.oldest_s) + " s; oracle " + std::to_string(his.oldest_s);
    }
    std::size_t held = 0;
    core_.ForEachContact([&](ContactNo no, const Contact& c) {
      ++held;
      NoticeSpared(c);
      if (c.lease_count > 1) outcomes_.insert("several at a time");
      if (c.lease_count > 1 && c.via.valid()) outcomes_.insert("several through a further queue");
      if (c.agent.valid() && c.via.valid()) outcomes_.insert("through a further queue");
      Notice(c);
      if (c.standing == Standing::kPersonal) outcomes_.insert("for certain agents");
      NoteVerdicts(no);
      if (c.second.valid()) outcomes_.insert("a conference");
      if (c.second_asks) outcomes_.insert("asked about by the second");
      if (c.state == ContactState::kTreated) {
        outcomes_.insert("treated for " + N(static_cast<std::uint64_t>(c.limit)));
      }
      if (c.parent != kNil) outcomes_.insert(c.agent.valid() ? "consulted" : "to be consulted");
      const auto it = oracle_.contacts().find(no.value);
      if (it == oracle_.contacts().end()) {
        broken = "contact " + N(no.value) + " is unknown to the oracle";
      } else if (std::string also = CompareAlso(c, it->second); !also.empty()) {
        broken = "contact " + N(no.value) + also;
      } else if (it->second.state != c.state || it->second.queue != c.queue.value ||
                 it->second.bars.size() != c.bars.size() || it->second.stuck != c.stuck ||
                 it->second.offers.size() != c.lease_count ||
                 it->second.step != core_.lane(c.lane).needs.step) {
        const Oracle::OracleContact& his = it->second;
        broken = "contact " + N(no.value) + " differs: " + std::string(Name(c.state)) + " in " +
                 N(c.queue.value) + " with " + N(c.bars.size()) + " bars at step " +
                 N(core_.lane(c.lane).needs.step) + "; oracle " + std::string(Name(his.state)) +
                 " in " + N(his.queue) + " with " + N(his.bars.size()) + " bars at step " +
                 N(his.step);
      }
    });
    for (std::uint32_t q = 0; q < core_.model().queues.size(); ++q) {
      if (core_.ModeOf(QueueNo(q)) != oracle_.Mode(q)) return "queue " + N(q) + " has another mode";
    }
    const auto open = std::count_if(oracle_.contacts().begin(), oracle_.contacts().end(),
                                    [](const auto& c) { return !IsTerminal(c.second.state); });
    if (static_cast<std::size_t>(open) != held) return "the oracle holds others";
    for (const auto& [number, his] : oracle_.agents()) {
      const Agent& ours = *core_.FindAgent(AgentNo(number));
      if (ours.presence != his.presence || ours.pending != his.pending ||
          ours.items.size() != his.items.size() || ours.misses != his.misses ||
          ours.idle_since != his.idle_since || ours.connected != his.connected ||
          ours.talk_ms != his.talk_ms || ours.units_used != UnitsOf(his)) {
        return "agent " + N(number) + " differs";
      }
    }
    return broken;
  }

  std::string CompareAlso(const Contact& c, const Oracle::OracleContact& his) {
    std::string ours;
    std::string theirs;
    for (const Contact* i = core_.AlsoIn(c); i != nullptr; i = core_.AlsoIn(*i)) {
      const Needs& needs = core_.lane(i->lane).needs;
      ours += " " + N(i->queue.value) + " at step " + N(needs.step) + " after " +
              std::to_string(needs.delay_ms);
      if (needs.step != 0) outcomes_.insert("a step of a further queue");
      if (needs.delay_ms != 0) outcomes_.insert("a delay of a further queue");
    }
    for (const Oracle::OraclePlace& p : his.also) {
      theirs += " " + N(p.queue) + " at step " + N(p.step) + " after " + std::to_string(p.delay_ms);
    }
    return ours == theirs ? "" : " also waits in" + ours + "; oracle" + theirs;
  }

  static int UnitsOf(const Oracle::OracleAgent& his) {
    int units = 0;
    for (const Oracle::OracleItem& item : his.items) units += item.units;
    return units;
  }

  // What must have come to pass somewhere, or it was not compared.
  void Notice(const Contact& c) {
    if (!c.agent.valid()) return;
    if (core_.FindAgent(c.agent)->over) outcomes_.insert("above capacity");
    for (const Item& item : core_.FindAgent(c.agent)->items) {
      if (item.state == ItemState::kParked) outcomes_.insert("parked");
      if (item.lent_to != 0 && item.state == ItemState::kWrapUp) outcomes_.insert("ended parked");
      if (item.away) outcomes_.insert(item.lent_to != 0 ? "silent and parked" : "silent");
      if (c.silent_since != 0 && !item.away) outcomes_.insert("silent and in hand");
    }
  }

  // After a restart, when what was due has fired.
  void NoticeSpared(const Contact& c) {
    if (c.state != ContactState::kQueued || now_ != fired_until_) return;
    const model::Queue& policy = core_.model().queues[c.queue.index()];
    const SpanMs waited = now_ - c.visit_since - c.served_ms;
    if (policy.max_wait_ms && waited > *policy.max_wait_ms) outcomes_.insert("waits on");
    const bool leaves = policy.leave_if && policy.leave_if->Holds(core_.queue(c.queue).seen);
    if (leaves && c.standing != Standing::kOut) outcomes_.insert("stays");
  }

  void NoteVerdicts(ContactNo no) {
    for (std::uint32_t i = 0; i < core_.agent_count(); ++i) {
      outcomes_.insert(std::string(Name(core_.Judge(no, AgentNo(i)))));
    }
  }

  Random random_;
  std::shared_ptr<const model::Model> model_;
  Core core_;
  Oracle oracle_;
  int agents_ = 1;
  int gateways_ = 1;
  bool consults_ = false;  // more than elsewhere
  TimeMs now_ = 1'000'000;
  Past past_;
  std::deque<Event> restart_;  // what is still to be told of one
  TimeMs fired_until_ = 0;     // before it; what was due meanwhile fires after it
  // Each step has two records, so that each keeps its number however many are left out before it.
  std::uint64_t step_ = 0;
  std::vector<Recorded> recorded_;
  std::uint64_t decisions_ = 0;
  Coverage coverage_;
  std::set<std::string> outcomes_;
};

// A sanitizer makes each step about ten times as dear.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSeeds = 300;
#else
constexpr int kSeeds = 3'500;
#endif

// What differs in the shortest part of `recorded` that still shows a difference, and that part.
std::string Shortest(std::uint64_t seed, const std::vector<World::Recorded>& recorded) {
  std::string broken;
  const auto play = [&](const std::vector<World::Recorded>& steps) {
    World world(seed);
    for (const World::Recorded& step : steps) {
      if (std::string found = world.Repeat(step); !found.empty()) return found;
    }
    return std::string();
  };
  const std::vector<World::Recorded> shortest = Shrunk<World::Recorded>(
      recorded, [&](const std::vector<World::Recorded>& steps) { return !play(steps).empty(); });
  std::string text = play(shortest) + "\n  after:";
  for (const World::Recorded& step : shortest) {
    text += "\n    at " + std::to_string(step.now) + " " +
            (step.event ? Told(*step.event) : std::string("nothing"));
  }
  return text;
}

// ROUTERD_ORACLE_SEEDS=N for more, or fewer.
int Seeds() {
  const char* wanted = std::getenv("ROUTERD_ORACLE_SEEDS");
  return wanted != nullptr ? std::atoi(wanted) : kSeeds;
}

TEST(Oracle, DecidesAsTheCoreDoes) {
  std::uint64_t decisions = 0;
  Coverage coverage;
  std::set<std::string> outcomes;
  for (int seed = 1; seed <= Seeds(); ++seed) {
    World world(static_cast<std::uint64_t>(seed));
    for (int step = 0; step < 620; ++step) {
      const std::string broken = world.Step();
      ASSERT_EQ(broken, "") << "seed " << seed << ", step " << step << "; in short: "
                            << Shortest(static_cast<std::uint64_t>(seed), world.recorded());
    }
    decisions += world.decisions();
    coverage.Add(world.coverage());
    outcomes.insert(world.outcomes().begin(), world.outcomes().end());
  }
  std::cout << decisions << " decisions\n";
  // What was not exercised was not compared.
  EXPECT_GT(decisions, static_cast<std::uint64_t>(Seeds()) * 25);
  EXPECT_EQ(coverage.Missing(), "");
  EXPECT_EQ(coverage.MissingRefusals(), "");
  for (const char* outcome : {"accepted",
                              "rejected",
                              "timed_out",
                              "rescinded",
                              "contact_gone",
                              "agent_gone",
                              "failed",
                              "router_down",
                              "waits on",
                              "stays",
                              "expired",
                              "abandoned",
                              "completed",
                              "opened",
                              "stuck",
                              "transferred",
                              "overflowed",
                              "expired_callback",
                              "several at a time",
                              "for certain agents",
                              "reserved",
                              "beyond_share",
                              "to be consulted",
                              "consulted",
                              "a conference",
                              "asked about by the second",
                              "parked",
                              "ended parked",
                              "through a further queue",
                              "several through a further queue",
                              "a step of a further queue",
                              "a delay of a further queue",
                              "silent",
                              "silent and parked",
                              "silent and in hand",
                              "above capacity",
                              "treated for 0",
                              "treated for 1",
                              "treated for 2",
                              "treated for 3",
                              "treated for 4"}) {
    EXPECT_TRUE(outcomes.count(outcome)) << outcome;
  }
}

TEST(Oracle, TheSameEventsGiveTheSameHash) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    World a(seed);
    World b(seed);
    for (int step = 0; step < 300; ++step) {
      ASSERT_EQ(a.Step(), "");
      ASSERT_EQ(b.Step(), "");
    }
    EXPECT_EQ(a.hash(), b.hash());
  }
}

}  // namespace
}  // namespace routerd::core
