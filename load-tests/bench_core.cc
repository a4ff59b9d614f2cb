// The core alone: full life cycles (arrive, offer, accept, end, wrap-up end) by agents, queues and
// contacts waiting. In the regime `free` an agent is there for every arrival; in `busy` every agent
// works and each end pulls the best of those that wait.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "routerd/core/core.h"

namespace {

using namespace routerd;  // NOLINT(google-build-using-namespace)

std::shared_ptr<model::Model> MakeModel(int queues) {
  auto model = std::make_shared<model::Model>();
  model->channels.emplace_back();
  model->channels[0].name = "voice";
  model->reasons = {{"rona"}};
  model->rona = ReasonNo(0);
  for (int q = 0; q < queues; ++q) {
    model->skills.push_back({"s" + std::to_string(q)});
    model::Queue queue;
    queue.name = "q" + std::to_string(q);
    queue.requirements.all = {{SkillNo(static_cast<std::uint32_t>(q)), 1}};
    model->queues.push_back(queue);
  }
  return model;
}

// A centre whose agents have up to six skills each, in at most `profiles` ways.
class Centre {
 public:
  Centre(int agents, int queues, int profiles, int waiting)
      : queues_(queues), random_(1), core_(MakeModel(queues)) {
    std::vector<model::AgentProfile> kinds(static_cast<std::size_t>(profiles));
    for (auto& kind : kinds) {
      for (int i = 0; i < 6; ++i) kind.skills.push_back({SkillNo(Below(queues)), 5});
      model::Requirements sorted{kind.skills, {}, {}};
      sorted.Normalize();
      kind.skills = sorted.all;
    }
    for (int a = 0; a < agents; ++a) {
      Do(core::AgentLogsIn{AgentNo(static_cast<std::uint32_t>(a)),
                           kinds[static_cast<std::size_t>(a % profiles)], false, 1, true,
                           ReasonNo()});
    }
    // Nobody can take these while all are busy: arrivals beyond the agents.
    if (waiting > 0) {
      for (int i = 0; i < agents * 50 && busy() < static_cast<std::size_t>(agents); ++i) {
        Arrive();
        AcceptAll();
      }
      for (int i = 0; i < waiting; ++i) Arrive();
      AcceptAll();
    }
  }

  // One more contact comes; one that is worked on ends, wrap-up included. Returns events applied.
  int Cycle() {
    const std::uint64_t before = sequence_;
    Arrive();
    AcceptAll();
    if (!working_.empty()) {
      const std::size_t i = random_() % working_.size();
      const Work done = working_[i];
      working_[i] = working_.back();
      working_.pop_back();
      Do(core::ContactEnds{done.contact, core::ContactState::kAbandoned,
                           core::EndReason::kCustomerLeft});
      Do(core::AgentEndsWrapUp{done.agent, done.contact});
      AcceptAll();
    }
    return static_cast<int>(sequence_ - before);
  }
  [[nodiscard]] std::size_t busy() const { return working_.size(); }

 private:
  struct Work {
    ContactNo contact;
    AgentNo agent;
  };

  std::uint32_t Below(int n) {
    return static_cast<std::uint32_t>(random_() % static_cast<unsigned>(n));
  }

  void Do(const core::Event& event) {
    effects_.clear();
    now_ += 1;
    core_.Apply({{1, ++sequence_}, now_}, event, effects_);
    for (const core::Effect& effect : effects_) {
      if (const auto* offer = std::get_if<core::OfferMade>(&effect)) {
        offers_.push_back(offer->offer);
        working_.push_back({offer->contact, offer->agent});
      }
    }
  }
  void Arrive() {
    core::ContactArrives e;
    e.queue = QueueNo(Below(queues_));
    e.channel = ChannelNo(0);
    e.gateway = GatewayNo(0);
    Do(e);
  }
  void AcceptAll() {
    while (!offers_.empty()) {
      const OfferId offer = offers_.back();
      offers_.pop_back();
      Do(core::OfferAccepted{offer});
    }
  }

  int queues_;
  std::mt19937 random_;
  core::Core core_;
  core::Effects effects_;
  std::vector<OfferId> offers_;
  std::vector<Work> working_;
  TimeMs now_ = 1'000'000;
  std::uint64_t sequence_ = 0;
};

void LifeCycle(benchmark::State& state) {
  Centre centre(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)),
                static_cast<int>(state.range(2)), static_cast<int>(state.range(3)));
  std::int64_t events = 0;
  for (auto step : state) events += centre.Cycle();
  state.counters["events/s"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}

BENCHMARK(LifeCycle)
    ->ArgNames({"agents", "queues", "profiles", "waiting"})
    ->Args({10, 1, 1, 0})
    ->Args({100, 10, 10, 0})
    ->Args({1000, 100, 100, 0})
    ->Args({1000, 100, 100, 1000})
    ->Args({10000, 1000, 1000, 0})
    ->Args({10000, 1000, 1000, 100000})
    ->MinTime(0.3);

}  // namespace

BENCHMARK_MAIN();
