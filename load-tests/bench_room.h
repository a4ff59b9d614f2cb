// A contact centre for the core's benchmarks: so many agents, queues, profiles and contacts
// waiting, and full life cycles in it. Journal, engine and network are not there.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "routerd/core/core.h"

namespace routerd::bench {

// Processor time of this thread, in nanoseconds.
[[nodiscard]] std::int64_t ThreadNs();

struct RoomSize {
  int agents = 10;
  int queues = 1;
  int profiles = 1;
  int waiting = 0;  // 0: an agent is free for every arrival; else all are busy
  int asked = 1;    // skills that a contact asks for, its queue's included: 1 or 6
  [[nodiscard]] std::string Name() const;
};

// A core, its clock, and who works on what.
class Desk {
 public:
  explicit Desk(std::shared_ptr<const model::Model> model) : core_(std::move(model)) {}

  core::Applied Do(const core::Event& event) { return DoAt(now_ + 1, event); }
  core::Applied DoAt(TimeMs now, const core::Event& event);
  void FireUntil(TimeMs now);
  void AcceptAll();
  void EndWork(std::size_t i);  // of `working`: the contact ends, and its wrap-up
  [[nodiscard]] core::Core& core() { return core_; }
  [[nodiscard]] TimeMs now() const { return now_; }
  [[nodiscard]] std::uint64_t events() const { return sequence_; }
  // Of the thread's own time, while `time_events` is on.
  [[nodiscard]] std::int64_t worst_ns() const { return worst_ns_; }
  void TimeEvents(bool on) {
    time_events_ = on;
    worst_ns_ = 0;
  }

  struct Work {
    ContactNo contact;
    AgentNo agent;
  };
  std::vector<Work> working;
  std::vector<OfferId> offers;

 private:
  void TakeEffects();

  core::Core core_;
  core::Effects effects_;
  TimeMs now_ = 1'000'000;
  std::uint64_t sequence_ = 0;
  bool time_events_ = false;
  std::int64_t worst_ns_ = 0;
};

std::shared_ptr<model::Model> PlainModel(int queues, int skills);
// The p-th of so many profiles: together they have every queue's skill, each has up to six and the
// five that contacts may ask for besides.
model::AgentProfile ProfileOf(int p, int skills);

class Room {
 public:
  explicit Room(const RoomSize& size);

  // One contact comes; one that is worked on ends, wrap-up included; whoever is offered a contact
  // accepts it.
  void Cycle();
  [[nodiscard]] Desk& desk() { return desk_; }
  // What the core holds for each contact that waits; 0: too few to tell.
  [[nodiscard]] std::int64_t bytes_per_waiting() const { return bytes_per_waiting_; }

 private:
  void Arrive(std::uint32_t queue);
  std::uint32_t Below(int n) {
    return static_cast<std::uint32_t>(random_() % static_cast<unsigned>(n));
  }

  RoomSize size_;
  int skills_;
  std::mt19937 random_;
  core::Event arrival_ = core::ContactArrives{};
  Desk desk_;
  std::int64_t bytes_per_waiting_ = 0;
};

}  // namespace routerd::bench
