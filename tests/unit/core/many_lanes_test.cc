// Thousands of lanes and hundreds of classes: a core that keeps them in order decides as one that
// compares all of them.
#include <gtest/gtest.h>

#include "tests/unit/core/random_world.h"

namespace routerd::core {
namespace {

constexpr std::size_t kNever = ~std::size_t{0};
constexpr int kManyQueues = 40;
constexpr int kManySkills = 12;
constexpr int kManyAgents = 400;

std::shared_ptr<model::Model> LargeModel(Random& random) {
  auto model = std::make_shared<model::Model>();
  model->channels.resize(2);
  model->channels[0].name = "voice";
  model->channels[1].name = "chat";
  model->channels[1].units = 30;
  model->channels[1].max_per_agent = 3;
  model->reasons = {{"rona"}};
  model->rona = ReasonNo(0);
  for (int s = 0; s < kManySkills; ++s) model->skills.push_back({"s" + std::to_string(s)});
  if (Chance(random, 30)) model->order = static_cast<model::Order>(Below(random, 4));
  for (int q = 0; q < kManyQueues; ++q) {
    model::Queue queue;
    queue.name = "q" + std::to_string(q);
    if (Chance(random, 70)) {
      queue.requirements.all = {{SkillNo(static_cast<std::uint32_t>(q % kManySkills)), 1}};
    }
    queue.acceleration_milli = 500 * Below(random, 3);
    if (Chance(random, 30)) queue.cap = Below(random, 15);
    queue.service_level_ms = 10'000 * (1 + Below(random, 3));
    model->queues.push_back(queue);
  }
  return model;
}

model::AgentProfile BroadProfile(Random& random) {
  model::AgentProfile profile;
  for (std::uint32_t s = 0; s < kManySkills; ++s) {
    if (Chance(random, 30)) continue;
    profile.skills.push_back({SkillNo(s), static_cast<std::uint8_t>(1 + Below(random, 3))});
  }
  return profile;
}

Event LargeArrival(Random& random) {
  ContactArrives e;
  e.queue = QueueNo(static_cast<std::uint32_t>(Below(random, kManyQueues)));
  e.channel = ChannelNo(static_cast<std::uint8_t>(Below(random, 2)));
  e.gateway = GatewayNo(0);
  e.priority = Below(random, 30) - 10;
  if (Chance(random, 10)) e.credit_ms = Below(random, 600'000) - 100'000;
  const auto level = static_cast<std::uint8_t>(1 + Below(random, 3));
  e.requirements.all = {{SkillNo(static_cast<std::uint32_t>(Below(random, kManySkills))), level}};
  return e;
}

// Two cores that hear the same.
class TwoCores {
 public:
  TwoCores(std::uint64_t seed, std::size_t lanes, std::size_t classes)
      : random_(seed), model_(LargeModel(random_)), ordered_(model_), compared_(model_) {
    ordered_.SetOrderedFrom(lanes, classes);
    compared_.SetOrderedFrom(kNever, kNever);
  }

  Random& random() { return random_; }
  const Core& core() const { return ordered_; }
  std::shared_ptr<const model::Model> model() const { return model_; }
  std::size_t offers() const { return offers_.size(); }

  void Apply(const Event& event) {
    now_ += Below(random_, 200);
    const Stamp stamp{{1, ++sequence_}, now_};
    Effects mine;
    Effects others;
    ordered_.FireTimers(stamp, mine);
    compared_.FireTimers(stamp, others);
    Compare(mine, others);
    const Stamp next{{1, ++sequence_}, now_};
    ordered_.Apply(next, event, mine = {});
    compared_.Apply(next, event, others = {});
    Compare(mine, others);
  }

  void CompareStates() {
    ASSERT_EQ(ordered_.StateHash(), compared_.StateHash());
    ASSERT_EQ(ordered_.CheckInvariants(now_), "");
  }

  Event Next() {
    if (!offers_.empty() && Chance(random_, 40)) {
      const auto i = static_cast<std::size_t>(Below(random_, static_cast<int>(offers_.size())));
      const OfferId offer = offers_[i];
      offers_[i] = offers_.back();
      offers_.pop_back();
      if (Chance(random_, 30)) return OfferRejected{offer};
      return OfferAccepted{offer};
    }
    const AgentNo agent(static_cast<std::uint32_t>(Below(random_, kManyAgents)));
    const Agent* a = ordered_.FindAgent(agent);
    if (Chance(random_, 20)) return LargeArrival(random_);
    if (a == nullptr || a->presence == Presence::kLoggedOut) {
      return AgentLogsIn{agent, BroadProfile(random_), true, 3, true, ReasonNo()};
    }
    if (Chance(random_, 10)) return AgentSkillsSet{agent, BroadProfile(random_), true};
    if (a->presence != Presence::kReady) return AgentSetsPresence{agent, true, ReasonNo(), 3};
    if (a->items.empty()) return LargeArrival(random_);
    const Item& item = a->items.front();
    if (item.state == ItemState::kWrapUp) return AgentEndsWrapUp{agent, item.contact};
    return ContactEnds{item.contact, ContactState::kAbandoned, EndReason::kCustomerLeft};
  }

 private:
  void Compare(const Effects& mine, const Effects& others) {
    ASSERT_EQ(mine.size(), others.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
      ASSERT_EQ(mine[i].index(), others[i].index());
      const auto* made = std::get_if<OfferMade>(&mine[i]);
      if (made == nullptr) continue;
      const auto& other = std::get<OfferMade>(others[i]);
      ASSERT_EQ(made->contact, other.contact);
      ASSERT_EQ(made->agent, other.agent);
      offers_.push_back(made->offer);
    }
  }

  Random random_;
  std::shared_ptr<const model::Model> model_;
  Core ordered_;
  Core compared_;
  std::vector<OfferId> offers_;
  TimeMs now_ = 1'000'000;
  std::uint64_t sequence_ = 0;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kLargeSeeds = 1;
#else
constexpr std::uint64_t kLargeSeeds = 4;
#endif

TEST(ManyLanes, AreServedAsIfAllWereCompared) {
  for (std::uint64_t seed = 1; seed <= kLargeSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    // In some worlds the order begins when much is going on already.
    const bool late = seed % 2 == 0;
    TwoCores cores(seed, late ? 1'024 : 1, late ? 256 : 1);
    for (int i = 0; i < 3'000; ++i) cores.Apply(LargeArrival(cores.random()));
    for (int i = 0; i < 6'000; ++i) {
      cores.Apply(cores.Next());
      if (HasFatalFailure()) return;
    }
    cores.CompareStates();
    auto changed = std::make_shared<model::Model>(*LargeModel(cores.random()));
    changed->version = 2;
    cores.Apply(PolicySwapped{changed, {}});
    for (int i = 0; i < 2'000; ++i) {
      cores.Apply(cores.Next());
      if (HasFatalFailure()) return;
    }
    cores.CompareStates();
    EXPECT_GT(cores.core().lane_count(), 1'024U);
    EXPECT_GT(cores.core().class_count(), 256U);
  }
}

}  // namespace
}  // namespace routerd::core
