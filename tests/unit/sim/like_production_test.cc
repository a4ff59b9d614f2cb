// A simulation decides as production does: the same traffic is played by the engine, in names, over
// sessions and with a journal, and every contact must come out the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "routerd/sim/connections.h"
#include "routerd/sim/outcome.h"
#include "routerd/sim/simulation.h"
#include "routerd/sim/virtual_engine.h"
#include "tests/unit/sim/drawn.h"

namespace routerd::sim {
namespace {

constexpr char kProductionPolicy[] = R"(version: 1
channels:
  voice: {connect: true, wrap_up: 8s, offer_time: 10s, max_misses: 2}
  chat: {wrap_up: {mode: optional, duration: 20s}, max_per_agent: 3}
  email: {accept_by: auto, wrap_up: mandatory}
skills: [billing, german]
groups: [north, south]
queues:
  calls:
    acceleration: 1
    require: {billing: 3}
    steps: [{after: 15s, lower: {billing: 2}}, {after: 20s, when: queue.oldest_s > 50, drop: [billing]}]
  vip: {priority: 5, groups: [north], max_wait: 90s, offer: {race: 2}}
  chats: {groups: [south], retry_after: 20s, max_waiting: 6, when_full: {overflow: mails}}
  mails: {priority: -3}
agents:
  team-1: {skills: {billing: 1}, groups: [south]}
)";

constexpr char kProductionWorkload[] = R"(version: 1
contacts:
  calls:
    queue: calls
    channel: voice
    rates: {every: 1h, per_hour: [150, 260]}
    handle: {exponential: 90s}
    patience: {exponential: 60s}
    answer: {uniform: {from: 0s, to: 11s}}
  vip: {queue: vip, channel: voice, rates: {every: 1h, per_hour: [40, 60]}, handle: 2m, answer: 3s}
  chats:
    queue: chats
    channel: chat
    rates: {every: 1h, per_hour: [80, 90]}
    handle: {lognormal: {mean: 4m, variation: 1}}
    patience: 3m
    skills: {german: 3}
  mails: {queue: mails, channel: email, rates: {every: 1h, per_hour: [20]}, handle: 5m}
agents:
  team:
    count: 6
    groups: [north]
    skills: {billing: 4}
    shifts: [{from: 0s, to: 90m, breaks: [{at: 30m, for: 10m}]}]
  others: {count: 5, skills: {billing: 2, german: 5}, groups: [south]}
)";

// What the engine has to be told, in the order in which a simulation does it.
class Production {
 public:
  explicit Production(std::shared_ptr<const model::Model> model)
      : engine_(std::move(model), kProductionPolicy) {
    (void)connections_.Ensure(engine::SessionKind::kGateway, "pbx");
    (void)connections_.Ensure(engine::SessionKind::kDesktop, "desk");
  }

  void Play(const TraceRow& row) {
    RunUntil(row.at_ms);
    if (row.kind == RowKind::kAgent) {
      PlayAgent(row.agent);
    } else {
      PlayContact(row.contact, row.at_ms);
    }
  }
  std::vector<std::string> Finish() {
    RunUntil(engine_.now_ms() + 24LL * 3'600'000);
    return std::move(rows_);
  }

 private:
  struct Contact {
    ContactRow row;
    Outcome outcome;
    std::size_t offers = 0;
    std::map<OfferId, TimeMs> offered;
    std::string agent;
  };
  // At, rank within the instant, order.
  using Key = std::tuple<TimeMs, int, int>;

  void RunUntil(TimeMs until) {
    for (;;) {
      const TimeMs todo = todo_.empty() ? until + 1 : std::get<0>(todo_.begin()->first);
      const TimeMs next = std::min({todo, engine_.NextWakeup().value_or(until), until});
      while (engine_.now_ms() < next) {
        (void)engine_.Step(next);
        TakeIn();
      }
      if (todo_.empty() || std::get<0>(todo_.begin()->first) > engine_.now_ms()) {
        if (engine_.now_ms() >= until) return;
        continue;
      }
      auto first = todo_.extract(todo_.begin());
      first.mapped()();
    }
  }
  void After(SpanMs ms, int rank, std::function<void()> what) {
    todo_.emplace(Key{engine_.now_ms() + ms, rank, ++order_}, std::move(what));
  }
  void Tell(engine::Role role, engine::Command command) {
    engine::Envelope envelope;
    envelope.role = role;
    envelope.client = role == engine::Role::kGateway ? "pbx" : "desk";
    envelope.command = std::move(command);
    (void)engine_.Run(std::move(envelope));
    TakeIn();
  }

  void PlayAgent(const AgentRow& row) {
    if (row.kind == AgentRow::Kind::kLogOut) {
      Tell(engine::Role::kDesktop, engine::LogOut{row.agent, ""});
    } else if (row.kind == AgentRow::Kind::kState) {
      Tell(engine::Role::kDesktop, engine::SetPresence{row.agent, row.ready, row.reason, {}});
    } else {
      engine::LogIn in;
      in.agent = row.agent;
      in.ready = row.ready;
      if (row.skills) {
        in.skills.emplace();
        for (const auto& [skill, level] : *row.skills) in.skills->push_back({skill, level});
      }
      Tell(engine::Role::kDesktop, std::move(in));
    }
  }

  void PlayContact(const ContactRow& row, TimeMs at) {
    Contact& contact = contacts_[row.contact];
    contact.row = row;
    contact.outcome.contact = contact.row.contact;
    contact.outcome.queue = contact.row.queue;
    contact.outcome.enqueued_ms = at;
    engine::Arrive arrive;
    arrive.contact = row.contact;
    arrive.channel = row.channel;
    arrive.queue = row.queue;
    for (const auto& [skill, level] : row.skills) arrive.requirements.push_back({skill, level});
    if (row.patience_ms) {
      After(*row.patience_ms, 2, [this, &contact] {
        const bool over = contact.outcome.answered_ms || contact.outcome.ended_ms;
        if (!over) Tell(engine::Role::kGateway, engine::EndContact{contact.row.contact});
      });
    }
    Tell(engine::Role::kGateway, std::move(arrive));
  }

  void TakeIn() {
    connections_.Drain();
    for (const engine::Event& event : engine_.TakeEvents()) On(event);
  }

  void On(const engine::Event& e) {
    using engine::EventKind;
    if (e.contact.identity == nullptr) return;
    Contact& contact = contacts_.at(e.contact.identity->id);
    if (e.kind == EventKind::kOfferMade) {
      OnOffer(contact, e);
    } else if (e.kind == EventKind::kOfferEnded) {
      const bool declined =
          e.outcome == core::OfferOutcome::kRejected || e.outcome == core::OfferOutcome::kTimedOut;
      contact.outcome.declined += declined ? 1 : 0;
      if (e.outcome == core::OfferOutcome::kAccepted) {
        contact.outcome.offered_ms = contact.offered.at(e.offer);
      }
    } else if (e.kind == EventKind::kContactConfirmed && e.deadline_unix_ms != 0) {
      After(0, 1, [this, &contact, offer = e.offer] {
        Tell(engine::Role::kGateway, engine::Connected{contact.row.contact, offer});
      });
    } else if (e.kind == EventKind::kContactMoved) {
      contact.row.queue = e.queue;
      contact.outcome.queue = contact.row.queue;
      contact.outcome.steps = 0;
    } else if (e.kind == EventKind::kContactStepOpened) {
      contact.outcome.steps = static_cast<int>(e.step);
    } else if (e.kind == EventKind::kContactAnswered) {
      contact.outcome.answered_ms = engine_.now_ms();
      contact.outcome.waited_ms = engine_.now_ms() - contact.outcome.enqueued_ms;
      contact.agent = e.agent;
      After(*contact.row.handle.otherwise_ms, 0, [this, &contact] {
        End(contact, ContactOutcome::kAnswered);
        Tell(engine::Role::kGateway, engine::EndContact{contact.row.contact});
      });
    } else if (e.kind == EventKind::kWrapUpStarted && e.deadline_unix_ms == 0) {
      After(0, 0, [this, &contact, agent = e.agent] {
        Tell(engine::Role::kDesktop, engine::EndWrapUp{agent, contact.row.contact});
      });
    } else if (e.kind == EventKind::kContactEnded && !contact.outcome.ended_ms) {
      contact.outcome.waited_ms = engine_.now_ms() - contact.outcome.enqueued_ms;
      End(contact, e.contact.status.state == core::ContactState::kExpired
                       ? ContactOutcome::kExpired
                       : ContactOutcome::kAbandoned);
    }
  }

  void OnOffer(Contact& contact, const engine::Event& e) {
    contact.outcome.offered_ms = engine_.now_ms();
    contact.offered[e.offer] = engine_.now_ms();
    if (e.accept_by == model::AcceptBy::kAuto) return;
    Answering answer;
    const auto& answers = contact.row.answers;
    if (!answers.empty()) answer = answers[std::min(contact.offers++, answers.size() - 1)];
    if (answer.kind == Answering::Kind::kMiss) return;
    After(answer.after_ms, 1, [this, offer = e.offer, kind = answer.kind] {
      if (kind == Answering::Kind::kAccept) {
        Tell(engine::Role::kDesktop, engine::AcceptOffer{offer, ""});
      } else {
        Tell(engine::Role::kDesktop, engine::RejectOffer{offer, "", ""});
      }
    });
  }

  void End(Contact& contact, ContactOutcome outcome) {
    contact.outcome.outcome = outcome;
    contact.outcome.ended_ms = engine_.now_ms();
    if (outcome == ContactOutcome::kAnswered) contact.outcome.agent = contact.agent;
    rows_.emplace_back();
    AppendRow(contact.outcome, 0, rows_.back());
  }

  VirtualEngine engine_;
  Connections connections_{engine_};
  std::map<std::string, Contact> contacts_;
  std::map<Key, std::function<void()>> todo_;
  int order_ = 0;
  std::vector<std::string> rows_;
};

// Drawn traffic, and by hand: offers that are rejected or missed, and agents who come back from it.
std::vector<TraceRow> Traffic(const model::Model& model) {
  const Workload workload = WorkloadOf(kProductionWorkload, model);
  WorkloadSource source(workload, 11);
  std::vector<TraceRow> rows;
  TraceRow row;
  while (source.Next(row)) {
    // Groups cannot be told to production at log-in; here the policy has none for them either.
    row.agent.groups.reset();
    if (row.at_ms > 2 * 3'600'000) break;
    if (row.kind == RowKind::kContact && rows.size() % 13 == 0) {
      row.contact.answers = {{Answering::Kind::kReject, 0},
                             {Answering::Kind::kMiss, 0},
                             {Answering::Kind::kAccept, 1'500}};
    }
    rows.push_back(row);
  }
  for (int agent = 1; agent <= 5; ++agent) {
    for (TimeMs at = 600'000; at < 2 * 3'600'000; at += 300'000) {
      TraceRow back;
      back.at_ms = at;
      back.agent = {.kind = AgentRow::Kind::kState,
                    .agent = "others-" + std::to_string(agent),
                    .ready = true,
                    .reason = "",
                    .skills = {},
                    .groups = {}};
      rows.push_back(back);
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const TraceRow& a, const TraceRow& b) { return a.at_ms < b.at_ms; });
  return rows;
}

TEST(Simulation, DecidesAsProductionDoes) {
  // Groups of the team come from the policy, for both.
  std::string policy = kProductionPolicy;
  for (int i = 2; i <= 6; ++i) policy += "  team-" + std::to_string(i) + ": {groups: [north]}\n";
  for (int i = 1; i <= 5; ++i) policy += "  others-" + std::to_string(i) + ": {groups: [south]}\n";
  const auto model = ModelOf(policy);
  const std::vector<TraceRow> traffic = Traffic(*model);
  Production production(model);
  std::vector<std::string> simulated;
  SimulationFigures figures(model);
  Simulation simulation(model, 1, figures, [&simulated](const Outcome& outcome) {
    simulated.emplace_back();
    AppendRow(outcome, 0, simulated.back());
  });
  for (const TraceRow& row : traffic) {
    production.Play(row);
    ASSERT_FALSE(simulation.Play(row));
  }
  simulation.Finish();
  std::erase_if(simulated, [](const std::string& row) {
    return row.find("\"waiting\"") != std::string::npos;
  });
  const std::vector<std::string> produced = production.Finish();
  ASSERT_GT(produced.size(), 500U);
  EXPECT_GT(figures.total.Of(ContactOutcome::kAbandoned), 20U);
  EXPECT_GT(figures.total.Of(ContactOutcome::kExpired), 0U);
  EXPECT_GT(figures.queues[model->FindQueue("chats").index()].overflowed, 0U);
  const auto widened = [](const std::string& row) {
    return row.find("\"steps\":0") == std::string::npos;
  };
  EXPECT_GT(std::count_if(produced.begin(), produced.end(), widened), 10);
  ASSERT_EQ(simulated.size(), produced.size());
  for (std::size_t i = 0; i < produced.size(); ++i) ASSERT_EQ(simulated[i], produced[i]) << i;
}

}  // namespace
}  // namespace routerd::sim
