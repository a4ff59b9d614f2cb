// What a decision costs, counted: what it looks at stays bounded however the room is made, and on
// the steady path nothing is allocated.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace {
std::size_t allocations = 0;
}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ROUTERD_COUNTS_ALLOCATIONS
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace routerd::core {
namespace {

constexpr std::uint64_t kMostWork = 4'000;

std::shared_ptr<model::Model> CostModel(int queues, int accelerations = 1) {
  auto model = std::make_shared<model::Model>();
  model->channels.emplace_back();
  model->channels[0].name = "voice";
  model->channels[0].wrap_up.mode = model::WrapUpMode::kMandatory;
  model->reasons = {{"rona"}};
  model->rona = ReasonNo(0);
  for (int q = 0; q < queues; ++q) {
    model->skills.push_back({"s" + std::to_string(q)});
    model::Queue queue;
    queue.name = "q" + std::to_string(q);
    queue.requirements.all = {{SkillNo(static_cast<std::uint32_t>(q)), 1}};
    queue.acceleration_milli = 100 * (q % accelerations);
    model->queues.push_back(queue);
  }
  return model;
}

class Room {
 public:
  explicit Room(std::shared_ptr<const model::Model> model) : core_(std::move(model)) {}

  Applied Do(const Event& event) {
    effects_.clear();
    const Stamp stamp{{1, ++sequence_}, now_ += step_};
    const std::size_t before = allocations;
    const Applied applied = core_.Apply(stamp, event, effects_);
    allocated_ += allocations - before;
    for (const Effect& effect : effects_) {
      if (const auto* made = std::get_if<OfferMade>(&effect)) offer_ = *made;
    }
    return applied;
  }
  void LogIn(std::uint32_t agent, std::vector<model::SkillLevel> skills) {
    model::AgentProfile profile;
    profile.skills = std::move(skills);
    Do(AgentLogsIn{AgentNo(agent), profile, false, 1, true, ReasonNo()});
  }
  void Arrive(int queue, int priority = 0, const model::Requirements& own = {}) {
    arrival_.queue = QueueNo(static_cast<std::uint32_t>(queue));
    arrival_.channel = ChannelNo(0);
    arrival_.gateway = GatewayNo(0);
    arrival_.priority = priority;
    arrival_.requirements = own;
    Do(arrival_);
  }
  // The last offer is accepted, and the contact ends, wrap-up included.
  void ServeOne() {
    const OfferMade made = offer_;
    Do(OfferAccepted{made.offer});
    Do(ContactEnds{made.contact, ContactState::kAbandoned, EndReason::kCustomerLeft});
    Do(AgentEndsWrapUp{made.agent, made.contact});
  }
  std::size_t FireTimers(SpanMs later) {
    effects_.clear();
    return core_.FireTimers({{1, ++sequence_}, now_ += later}, effects_);
  }
  void Stop() { step_ = 0; }  // the clock
  [[nodiscard]] const OfferMade& offer() const { return offer_; }
  Core& core() { return core_; }
  [[nodiscard]] std::size_t allocated() const { return allocated_; }  // by the core

 private:
  Core core_;
  Effects effects_;
  ContactArrives arrival_;
  OfferMade offer_;
  std::size_t allocated_ = 0;
  TimeMs now_ = 1'000'000;
  SpanMs step_ = 10;
  std::uint64_t sequence_ = 0;
};

std::vector<model::SkillLevel> SkillsTo(int n) {
  std::vector<model::SkillLevel> skills;
  skills.reserve(static_cast<std::size_t>(n));
  for (int s = 0; s < n; ++s) skills.push_back({SkillNo(static_cast<std::uint32_t>(s)), 10});
  return skills;
}

TEST(Work, OfAGeneralistWhoMeetsTwentyThousandLanes) {
  Room room(CostModel(20));
  room.LogIn(0, SkillsTo(20));
  room.Arrive(0);
  for (int i = 0; i < 40'000; ++i) room.Arrive(i % 20, i / 20 % 1'000 - 500);
  ASSERT_GE(room.core().lane_count(), 15'000U);
  for (int i = 0; i < 200; ++i) room.ServeOne();
  EXPECT_LE(room.core().most_work(), kMostWork);
}

// In every block of lanes the best are not for him, and each block is better than the one before.
TEST(Work, WhereWhomHeMayNotTakeStandsInFrontEverywhere) {
  Room room(CostModel(20));
  room.LogIn(0, {{SkillNo(0), 1}});
  room.Arrive(0);
  for (int i = 0; i < 20'000; ++i) {
    const bool for_him = i % 64 < 32;
    const int rank = i / 64 - 160;  // grows block by block
    model::Requirements own;        // tells lanes of the same queue and rank apart
    own.none = {{SkillNo(static_cast<std::uint32_t>(1 + i % 16)),
                 static_cast<std::uint8_t>(1 + i / 16 % 2)}};
    room.Arrive(for_him ? 0 : 1 + i % 19, for_him ? rank : 500 + rank, own);
  }
  ASSERT_GE(room.core().lane_count(), 15'000U);
  for (int i = 0; i < 20; ++i) room.ServeOne();
  EXPECT_LE(room.core().most_work(), kMostWork);
}

TEST(Work, OfSixteenAccelerationsInEveryBlock) {
  Room room(CostModel(16, 16));
  room.LogIn(0, SkillsTo(16));
  room.Arrive(0);
  for (int i = 0; i < 20'000; ++i) room.Arrive(i % 16, i / 16 % 1'000);
  for (int i = 0; i < 200; ++i) room.ServeOne();
  EXPECT_LE(room.core().most_work(), kMostWork);
}

TEST(Work, OfContactsThatFiveThousandClassesMayTake) {
  Room room(CostModel(14));
  for (std::uint32_t a = 0; a < 5'000; ++a) {
    std::vector<model::SkillLevel> skills = {{SkillNo(0), 1}};
    for (std::uint32_t bit = 0; bit < 13; ++bit) {
      if ((a >> bit & 1) != 0) skills.push_back({SkillNo(bit + 1), 1});
    }
    room.LogIn(a, std::move(skills));
  }
  ASSERT_EQ(room.core().class_count(), 5'000U);
  for (int i = 0; i < 1'000; ++i) room.Arrive(0, i);
  EXPECT_LE(room.core().most_work(), kMostWork);
}

// Five thousand were declined once. One of the many who are left leaves: whom that leaves without
// anybody else is known without looking at them.
TEST(Work, OfOneWhoLeavesManyThatWereDeclined) {
  constexpr std::uint32_t kQueues = 5;
  constexpr std::uint32_t kOthers = 50;
  Room room(CostModel(kQueues));
  room.Stop();
  for (std::uint32_t a = 0; a < kOthers; ++a) {
    room.LogIn(a, SkillsTo(kQueues));
    room.Arrive(0);
    room.Do(OfferAccepted{room.offer().offer});
  }
  for (std::uint32_t q = 0; q < kQueues; ++q) {
    for (int i = 0; i < 1'000; ++i) room.Arrive(static_cast<int>(q));
    room.LogIn(kOthers + q, {{SkillNo(q), 1}});
    for (int i = 0; i < 1'000; ++i) room.Do(OfferRejected{room.offer().offer});
    ASSERT_EQ(room.core().queue(QueueNo(q)).offered, 0U);
  }
  room.Do(AgentSetsPresence{AgentNo(0), false, ReasonNo(), 0});
  EXPECT_LE(room.core().most_work(), kMostWork);
}

// Whoever declines all that he is offered is offered the first again before he has seen them all.
TEST(Work, OfOneWhoDeclinesAll) {
  Room room(CostModel(1));
  room.Stop();
  for (std::uint32_t a = 0; a < 2; ++a) room.LogIn(a, SkillsTo(1));
  room.Arrive(0);
  room.Do(OfferAccepted{room.offer().offer});
  for (int i = 0; i < 6'000; ++i) room.Arrive(0);
  const ContactNo first = room.offer().contact;
  std::size_t again = 0;
  for (std::size_t i = 1; i <= 5'000; ++i) {
    room.Do(OfferRejected{room.offer().offer});
    if (room.offer().contact == first && again == 0) again = i;
  }
  EXPECT_EQ(again, limits::kMaxBarsPerAgent + 1);
  EXPECT_LE(room.core().most_work(), kMostWork);
  EXPECT_EQ(room.core().CheckInvariants(1'000'000), "");
}

// With what belongs to each; names, and what they have told, are the engine's.
TEST(Memory, OfAContactAndOfAnAgentIsBounded) {
  EXPECT_LE(sizeof(Contact), 400U);
  EXPECT_LE(sizeof(Agent) + limits::kMaxItemsPerAgent * sizeof(Item), 2'048U);
}

// All at one time, a thousand to a record; each is followed by its decisions.
TEST(Timers, ThatAreDueTogetherFireAThousandAtATime) {
  Room room([] {
    auto model = CostModel(1);
    model->channels[0].wrap_up = {model::WrapUpMode::kTimedForced, 60'000};
    return model;
  }());
  std::vector<OfferMade> made;
  for (std::uint32_t a = 0; a < 2'500; ++a) {
    room.LogIn(a, SkillsTo(1));
    room.Arrive(0);
    made.push_back(room.offer());
  }
  for (const OfferMade& offer : made) room.Do(OfferAccepted{offer.offer});
  room.Stop();
  for (const OfferMade& offer : made) {
    room.Do(ContactEnds{offer.contact, ContactState::kAbandoned, EndReason::kCustomerLeft});
  }
  for (int i = 0; i < 3'000; ++i) room.Arrive(0);
  EXPECT_EQ(room.FireTimers(60'000), 1'000U);
  EXPECT_EQ(room.core().queue(QueueNo(0)).waiting, 2'000U);
  EXPECT_EQ(room.FireTimers(0), 1'000U);
  room.Arrive(0);  // somebody comes in between
  EXPECT_EQ(room.core().queue(QueueNo(0)).waiting, 1'001U);
  EXPECT_EQ(room.FireTimers(0), 500U);
  EXPECT_EQ(room.core().queue(QueueNo(0)).waiting, 501U);
  EXPECT_EQ(room.FireTimers(0), 0U);
}

#ifdef ROUTERD_COUNTS_ALLOCATIONS
TEST(SteadyPath, AllocatesNothing) {
  Room room(CostModel(10));
  for (std::uint32_t a = 0; a < 50; ++a) room.LogIn(a, SkillsTo(10));
  model::Requirements own;
  own.all = {{SkillNo(3), 2}, {SkillNo(4), 1}};
  const auto cycles = [&](int n) {
    for (int i = 0; i < n; ++i) {
      room.Arrive(i % 10, i % 3, own);
      room.ServeOne();
    }
  };
  cycles(70'000);  // until the ended offers that are remembered are as many as may be
  const std::size_t before = room.allocated();
  cycles(1'000);
  EXPECT_EQ(room.allocated() - before, 0U);
}

// Each waits in three queues, is taken through one of the further ones, and waits there anew.
TEST(SteadyPath, AllocatesNothingForThoseWhoWaitInSeveralQueues) {
  auto model = CostModel(10);
  for (std::uint32_t q = 0; q < 10; ++q) {
    model->queues[q].also = {QueueNo((q + 3) % 10), QueueNo((q + 7) % 10)};
  }
  Room room(model);
  for (std::uint32_t a = 0; a < 5; ++a) room.LogIn(a, {{SkillNo(3), 1}});
  const auto cycles = [&](int n) {
    for (int i = 0; i < n; ++i) {
      room.Arrive(i % 2 == 0 ? 0 : 6, i % 3);
      EXPECT_TRUE(room.offer().via.valid());
      room.Do(OfferRejected{room.offer().offer});
      room.ServeOne();
    }
  };
  cycles(35'000);
  const std::size_t before = room.allocated();
  cycles(1'000);
  EXPECT_EQ(room.allocated() - before, 0U);
  EXPECT_LE(room.core().most_work(), kMostWork);
}
#endif

}  // namespace
}  // namespace routerd::core
