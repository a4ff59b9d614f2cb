#include "load-tests/bench_room.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace routerd::bench {
namespace {

constexpr int kCommonSkills = 5;  // languages, tiers: what contacts ask for besides their queue's

std::string Short(int n) {
  if (n != 0 && n % 1'000'000 == 0) return std::to_string(n / 1'000'000) + "M";
  if (n != 0 && n % 1'000 == 0) return std::to_string(n / 1'000) + "k";
  return std::to_string(n);
}

// What the process really has in memory; what is reserved and not touched is not.
std::int64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

int SkillsOf(const RoomSize& size) { return std::min(size.queues, size.profiles * 6); }

}  // namespace

std::int64_t ThreadNs() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

std::string RoomSize::Name() const {
  return "a" + Short(agents) + "-q" + Short(queues) + "-p" + Short(profiles) + "-w" +
         Short(waiting) + (asked > 1 ? "-s" + Short(asked) : "");
}

core::Applied Desk::DoAt(TimeMs now, const core::Event& event) {
  effects_.clear();
  now_ = now;
  if (core_.HasDueTimers(now_)) FireUntil(now_);
  const std::int64_t start = time_events_ ? ThreadNs() : 0;
  const core::Applied applied = core_.Apply({{1, ++sequence_}, now_}, event, effects_);
  if (time_events_) worst_ns_ = std::max(worst_ns_, ThreadNs() - start);
  TakeEffects();
  return applied;
}

void Desk::FireUntil(TimeMs now) {
  now_ = std::max(now_, now);
  do {
    const std::int64_t start = time_events_ ? ThreadNs() : 0;
    core_.FireTimers({{1, ++sequence_}, now_}, effects_);
    if (time_events_) worst_ns_ = std::max(worst_ns_, ThreadNs() - start);
    TakeEffects();
    effects_.clear();
  } while (core_.HasDueTimers(now_));
}

void Desk::TakeEffects() {
  for (const core::Effect& effect : effects_) {
    if (const auto* offer = std::get_if<core::OfferMade>(&effect)) {
      offers.push_back(offer->offer);
      working.push_back({offer->contact, offer->agent});
    }
  }
}

void Desk::AcceptAll() {
  while (!offers.empty()) {
    const OfferId offer = offers.back();
    offers.pop_back();
    Do(core::OfferAccepted{offer});
  }
}

void Desk::EndWork(std::size_t i) {
  const Work done = working[i];
  working[i] = working.back();
  working.pop_back();
  Do(core::ContactEnds{done.contact, core::ContactState::kAbandoned,
                       core::EndReason::kCustomerLeft});
  Do(core::AgentEndsWrapUp{done.agent, done.contact});
}

std::shared_ptr<model::Model> PlainModel(int queues, int skills) {
  auto model = std::make_shared<model::Model>();
  model->channels.emplace_back();
  model->channels[0].name = "voice";
  model->channels[0].wrap_up.mode = model::WrapUpMode::kMandatory;
  model->reasons = {{"rona"}};
  model->rona = ReasonNo(0);
  for (int s = 0; s < skills + kCommonSkills; ++s) {
    model->skills.push_back({"s" + std::to_string(s)});
  }
  for (int q = 0; q < queues; ++q) {
    model::Queue queue;
    queue.name = "q" + std::to_string(q);
    queue.requirements.all = {{SkillNo(static_cast<std::uint32_t>(q % skills)), 1}};
    model->queues.push_back(queue);
  }
  return model;
}

model::AgentProfile ProfileOf(int p, int skills) {
  model::Requirements sorted;
  // Strides apart, so that no two profiles of one room are the same while combinations last.
  const int stride = 1 + p / std::max(skills, 1) * 7;
  for (int i = 0; i < std::min(6, skills); ++i) {
    const int skill = (p * 6 + i * stride) % skills;
    sorted.all.push_back(
        {SkillNo(static_cast<std::uint32_t>(skill)), static_cast<std::uint8_t>(1 + p % 10)});
  }
  for (int i = 0; i < kCommonSkills; ++i) {
    sorted.all.push_back({SkillNo(static_cast<std::uint32_t>(skills + i)),
                          static_cast<std::uint8_t>(3 + (p >> i) % 8)});
  }
  sorted.Normalize();
  return {sorted.all, {}, {}};
}

Room::Room(const RoomSize& size)
    : size_(size), skills_(SkillsOf(size)), random_(1), desk_(PlainModel(size.queues, skills_)) {
  for (int a = 0; a < size.agents; ++a) {
    const int p = a % size.profiles;
    desk_.Do(core::AgentLogsIn{AgentNo(static_cast<std::uint32_t>(a)), ProfileOf(p, skills_), false,
                               1, true, ReasonNo()});
    if (size.waiting == 0) continue;
    Arrive(static_cast<std::uint32_t>(p * 6 % skills_));  // which only he is free for
    desk_.AcceptAll();
  }
  const std::int64_t before = ResidentBytes();
  for (int i = 0; i < size.waiting; ++i) Arrive(Below(size.queues));
  if (size.waiting >= 100'000) bytes_per_waiting_ = (ResidentBytes() - before) / size.waiting;
}

void Room::Arrive(std::uint32_t queue) {
  auto& e = std::get<core::ContactArrives>(arrival_);  // kept: allocating is not the core's cost
  e.queue = QueueNo(queue);
  e.channel = ChannelNo(0);
  e.gateway = GatewayNo(0);
  e.requirements.all.clear();
  for (int i = 0; i + 1 < size_.asked; ++i) {
    const auto level = static_cast<std::uint8_t>(i < 2 ? 1 + Below(2) : 1);
    e.requirements.all.push_back({SkillNo(static_cast<std::uint32_t>(skills_ + i)), level});
  }
  desk_.Do(arrival_);
}

void Room::Cycle() {
  Arrive(Below(size_.queues));
  desk_.AcceptAll();
  if (desk_.working.empty()) return;
  desk_.EndWork(random_() % desk_.working.size());
  desk_.AcceptAll();
}

}  // namespace routerd::bench
