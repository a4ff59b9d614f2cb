#include "load-tests/bench_adversaries.h"

#include <algorithm>

#include "load-tests/bench_room.h"

namespace routerd::bench {
namespace {

using core::AgentLogsIn;
using core::ContactArrives;

// Applies events in `f` and tells what they cost.
template <typename F>
AdversaryResult Measure(Desk& desk, F&& f) {
  desk.TimeEvents(true);
  const std::uint64_t before = desk.events();
  const std::int64_t start = ThreadNs();
  f();
  AdversaryResult result{desk.events() - before, ThreadNs() - start, desk.worst_ns()};
  desk.TimeEvents(false);
  return result;
}

void LogIn(Desk& desk, int agent, std::vector<model::SkillLevel> skills) {
  model::Requirements sorted{std::move(skills), {}, {}};
  sorted.Normalize();
  desk.Do(AgentLogsIn{AgentNo(static_cast<std::uint32_t>(agent)),
                      {sorted.all, {}, {}},
                      false,
                      1,
                      true,
                      ReasonNo()});
}

ContactNo Arrive(Desk& desk, int queue, int priority = 0, int own_skill = -1) {
  ContactArrives e;
  e.queue = QueueNo(static_cast<std::uint32_t>(queue));
  e.channel = ChannelNo(0);
  e.gateway = GatewayNo(0);
  if (priority != 0) e.priority = priority;
  if (own_skill >= 0) {
    e.requirements.all = {{SkillNo(static_cast<std::uint32_t>(own_skill)), 1}};
  }
  return desk.Do(e).contact;
}

std::vector<model::SkillLevel> AllSkills(int n) {
  std::vector<model::SkillLevel> all;
  all.reserve(static_cast<std::size_t>(n));
  for (int s = 0; s < n; ++s) all.push_back({SkillNo(static_cast<std::uint32_t>(s)), 10});
  return all;
}

// One agent who may take anything frees again and again: he meets 20,000 lanes.
AdversaryResult Generalist() {
  constexpr int kQueues = 20;
  Desk desk(PlainModel(kQueues, kQueues));
  LogIn(desk, 0, AllSkills(kQueues));
  Arrive(desk, 0);
  desk.AcceptAll();
  for (int i = 0; i < 20'000; ++i) Arrive(desk, i % kQueues, 1 + i / kQueues % 1000 - 500);
  for (int i = 0; i < 20'000; ++i) Arrive(desk, i % kQueues, 1 + i / kQueues % 1000 - 500);
  return Measure(desk, [&] {
    for (int i = 0; i < 2'000; ++i) {
      desk.EndWork(0);
      desk.AcceptAll();
    }
  });
}

// 20,000 lanes of old, urgent contacts whom nobody serves stand before the one he may take.
AdversaryResult UnservableInFront() {
  constexpr int kQueues = 21;
  Desk desk(PlainModel(kQueues, kQueues));
  LogIn(desk, 0, {{SkillNo(0), 10}});
  Arrive(desk, 0);
  desk.AcceptAll();
  for (int i = 0; i < 20'000; ++i) Arrive(desk, 1 + i % 20, 1 + i / 20 % 1000);
  for (int i = 0; i < 2'001; ++i) Arrive(desk, 0);
  return Measure(desk, [&] {
    for (int i = 0; i < 2'000; ++i) {
      desk.EndWork(0);
      desk.AcceptAll();
    }
  });
}

// A lane of a million; the agent accepts, the connection fails, the contact returns to its place.
AdversaryResult ReturnToPlace() {
  Desk desk([] {
    auto model = PlainModel(1, 1);
    model->channels[0].connect = true;
    return model;
  }());
  for (int a = 0; a < 2'000; ++a) {
    LogIn(desk, a, {{SkillNo(0), 10}});
    Arrive(desk, 0);
  }
  for (int i = 0; i < 1'000'000; ++i) Arrive(desk, 0);
  return Measure(desk, [&] {
    for (int i = 0; i < 2'000; ++i) {
      const Desk::Work work = desk.working[static_cast<std::size_t>(i)];
      desk.Do(core::OfferAccepted{desk.offers[static_cast<std::size_t>(i)]});
      desk.Do(
          core::ContactConnectFailed{work.contact, core::ConnectFailure::kCustomerBusy, OfferId()});
    }
  });
}

// 5,000 agents' wrap-ups end in the same millisecond; all have somebody to take.
AdversaryResult WrapUpsAtOnce() {
  constexpr int kAgents = 5'000;
  Desk desk([] {
    auto model = PlainModel(100, 100);
    for (auto& channel : model->channels) {
      channel.wrap_up = {model::WrapUpMode::kTimedForced, 3'600'000};
    }
    return model;
  }());
  for (int a = 0; a < kAgents; ++a) {
    desk.Do(AgentLogsIn{AgentNo(static_cast<std::uint32_t>(a)), ProfileOf(a % 100, 100), false, 1,
                        true, ReasonNo()});
    Arrive(desk, a % 100 * 6 % 100);
    desk.AcceptAll();
  }
  for (int i = 0; i < 20'000; ++i) Arrive(desk, i % 100);
  // One instant for all: events without time between them.
  for (const Desk::Work& work : desk.working) {
    desk.DoAt(desk.now(), core::ContactEnds{work.contact, core::ContactState::kAbandoned,
                                            core::EndReason::kCustomerLeft});
  }
  desk.TimeEvents(true);
  const std::int64_t start = ThreadNs();
  desk.FireUntil(desk.now() + 3'600'000);
  return {kAgents, ThreadNs() - start, desk.worst_ns()};  // the worst of a thousand together
}

// 20,000 agents log in, with 5,000 profiles that nobody had before, where 20,000 lanes wait.
AdversaryResult LogInsAtOnce() {
  constexpr int kQueues = 5'000;
  Desk desk(PlainModel(kQueues, kQueues));
  for (int i = 0; i < 20'000; ++i) Arrive(desk, i % kQueues, i / kQueues);
  return Measure(desk, [&] {
    for (int a = 0; a < 20'000; ++a) {
      desk.Do(AgentLogsIn{AgentNo(static_cast<std::uint32_t>(a)), ProfileOf(a % 5'000, kQueues),
                          false, 1, true, ReasonNo()});
    }
  });
}

// A gateway is given up whose 2,000 live calls are all in conversation, while others wait.
AdversaryResult LostGateway() {
  constexpr int kAgents = 2'000;
  auto model = PlainModel(100, 100);
  for (auto& channel : model->channels) channel.wrap_up = {model::WrapUpMode::kNone, 0};
  Desk desk(std::move(model));
  for (int a = 0; a < kAgents; ++a) {
    desk.Do(AgentLogsIn{AgentNo(static_cast<std::uint32_t>(a)), ProfileOf(a % 100, 100), false, 1,
                        true, ReasonNo()});
    ContactArrives call;
    call.queue = QueueNo(static_cast<std::uint32_t>(a % 100 * 6 % 100));
    call.channel = ChannelNo(0);
    call.gateway = GatewayNo(1);
    call.live = true;
    desk.Do(call);
    desk.AcceptAll();
  }
  for (int i = 0; i < 20'000; ++i) Arrive(desk, i % 100);
  desk.Do(core::GatewayConnection{GatewayNo(1), false});
  desk.TimeEvents(true);
  const std::int64_t start = ThreadNs();
  desk.FireUntil(desk.now() + 60'000);
  return {kAgents, ThreadNs() - start, desk.worst_ns()};  // of one event that frees them all
}

// Each contact is declined by one agent after the other, while thousands wait.
AdversaryResult RingOfDeclines() {
  Desk desk(PlainModel(10, 10));
  for (int a = 0; a < 200; ++a) LogIn(desk, a, AllSkills(10));
  for (int i = 0; i < 10'000; ++i) Arrive(desk, i % 10);
  return Measure(desk, [&] {
    for (int i = 0; i < 20'000 && !desk.offers.empty(); ++i) {
      const OfferId offer = desk.offers.front();
      desk.offers.erase(desk.offers.begin());
      desk.Do(core::OfferRejected{offer});
    }
  });
}

// A million contacts are moved to another queue, some in each step.
AdversaryResult MoveAQueue() {
  Desk desk(PlainModel(2, 2));
  for (int i = 0; i < 1'000'000; ++i) Arrive(desk, 0);
  desk.TimeEvents(true);
  const std::int64_t start = ThreadNs();
  desk.Do(core::QueueMoved{QueueNo(0), QueueNo(1)});
  while (desk.core().queue(QueueNo(0)).move.left != 0) desk.FireUntil(desk.now() + 1);
  return {1'000'000, ThreadNs() - start, desk.worst_ns()};
}

// One agent declines whatever he is offered, while others are busy: from the first contact on, all
// that he has declined stand in front of the next for him.
AdversaryResult OneDeclinesAll() {
  Desk desk(PlainModel(1, 1));
  for (int a = 0; a < 2; ++a) LogIn(desk, a, AllSkills(1));
  Arrive(desk, 0);
  desk.AcceptAll();
  for (int i = 0; i < 20'000; ++i) Arrive(desk, 0);
  return Measure(desk, [&] {
    for (int i = 0; i < 4'000; ++i) {
      const OfferId offer = desk.offers.back();
      desk.offers.clear();
      desk.DoAt(desk.now(), core::OfferRejected{offer});
    }
  });
}

}  // namespace

std::vector<Adversary> Adversaries() {
  return {
      {"generalist-meets-20k-lanes", Generalist},  {"20k-unservable-in-front", UnservableInFront},
      {"return-to-place-in-1M", ReturnToPlace},    {"5k-wrap-ups-at-once", WrapUpsAtOnce},
      {"20k-log-ins-5k-profiles", LogInsAtOnce},   {"ring-of-declines", RingOfDeclines},
      {"2k-calls-of-a-lost-gateway", LostGateway}, {"move-a-queue-of-1M", MoveAQueue},
      {"one-declines-4k", OneDeclinesAll}};
}

}  // namespace routerd::bench
