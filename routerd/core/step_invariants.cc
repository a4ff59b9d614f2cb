// What must hold of steps and of the figures that conditions read, recounted from nothing.
#include <string>

#include "routerd/core/core.h"

namespace routerd::core {

std::string Core::CheckFigures() const {
  for (std::uint32_t i = 0; i < queues_.size(); ++i) {
    const Queue& queue = queues_[i];
    if (!queue.has_conditions) continue;
    const std::string who = "queue " + std::to_string(i);
    const model::Queue& policy = model_->queues[i];
    std::uint32_t ready = 0;
    std::uint32_t free = 0;
    std::uint32_t staffed = 0;
    for (const Agent& a : agents_) {
      if (!a.known) continue;
      const AgentClass& cls = classes_[a.cls.index()];
      if (!IsMember(policy, 0, cls) || !model::Meets(cls.skills, policy.requirements) ||
          !InProfile(QueueNo(i), cls)) {
        continue;
      }
      bool on_some = false;
      bool free_on_some = false;
      for (std::size_t ch = 0; ch < model_->channels.size(); ++ch) {
        const ChannelNo channel(static_cast<std::uint8_t>(ch));
        const bool here = IsReadyFor(a, channel);
        on_some = on_some || here;
        free_on_some = free_on_some || (here && TakesOffers(a) && RoomIn(a, ch) != Room::kNone);
      }
      staffed += a.presence != Presence::kLoggedOut ? 1 : 0;
      ready += on_some ? 1 : 0;
      free += free_on_some ? 1 : 0;
    }
    const unsigned agents = model::kReadsFree | model::kReadsReady | model::kReadsStaffed;
    const bool same = ready == queue.ready && free == queue.free && staffed == queue.staffed;
    if ((queue.reads & agents) != 0 && !same) {
      return who + " has miscounted its agents";
    }
    if (queue.noted || queue.fresh || queue.seen != FiguresOf(QueueNo(i))) {
      return who + " has figures that no condition has seen";
    }
  }
  return "";
}

std::string Core::CheckSteps(TimeMs now) const {
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    const Contact& c = contacts_[slot];
    if (!c.used || RealOf(c).state != ContactState::kQueued) continue;
    const std::string who = "contact " + std::to_string(slot);
    const Queue& queue = queues_[c.queue.index()];
    const auto& leave_if = model_->queues[c.queue.index()].leave_if;
    if (leave_if && !InRestartGrace() && c.stands_for == kNil && c.standing != Standing::kOut &&
        leave_if->Holds(queue.seen) && timers_.DeadlineOf(queue.opening_timer) == 0) {
      return who + " waits where nobody may";
    }
    if (c.personal) continue;
    const std::vector<model::Step>& steps = model_->queues[c.queue.index()].steps;
    const Needs& needs = NeedsOf(c);
    if (needs.opened >> needs.step != 0) return who + " has opened a step that is ahead of it";
    if (c.stuck && c.bars.empty()) return who + " is stuck and nobody has declined it";
    if (needs.step >= steps.size()) continue;
    const model::Step& next = steps[needs.step];
    const TimeMs armed = timers_.DeadlineOf(c.step_timer);
    if (next.after_ms && c.step_since + *next.after_ms < now && armed == 0) {
      return who + " has missed its step";
    }
    const bool will_move = model::IsOpened(queue.opening, needs.step) || armed != 0;
    if (next.when && !next.after_ms && c.standing != Standing::kOut && !will_move &&
        next.when->Holds(queue.seen)) {
      return who + " waits for a condition that holds";
    }
  }
  return "";
}

}  // namespace routerd::core
