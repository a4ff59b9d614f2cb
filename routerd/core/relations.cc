// Which class may serve which lane: kept, and changed only when a lane, a class or the policy is.
#include <algorithm>
#include <bit>

#include "routerd/core/core.h"

namespace routerd::core {

bool CoreState::IsMember(const model::Queue& queue, model::OpenedSteps opened,
                         const AgentClass& cls) {
  const auto in = [&](const std::vector<GroupNo>& groups) {
    return std::any_of(cls.groups.begin(), cls.groups.end(), [&](GroupNo group) {
      return std::binary_search(groups.begin(), groups.end(), group);
    });
  };
  if (queue.groups.empty() && !queue.members) return true;
  if (in(queue.groups)) return true;
  if (queue.members && model::Meets(cls.skills, *queue.members)) return true;
  for (std::size_t i = 0; i < queue.steps.size(); ++i) {
    if (model::IsOpened(opened, i) && in(queue.steps[i].groups)) return true;
  }
  return false;
}

// Under the steps that are open.
bool CoreState::HasSkills(const Lane& lane, const AgentClass& cls) const {
  const model::Queue& queue = model_->queues[lane.needs.queue.index()];
  const bool widened = lane.needs.opened != 0;
  return model::Meets(cls.skills, widened ? lane.queue_asks : queue.requirements) &&
         model::Meets(cls.skills, widened ? lane.own_asks : lane.needs.own);
}

bool Core::Related(const Lane& lane, const AgentClass& cls) const {
  const QueueNo queue = lane.needs.queue;
  return IsMember(model_->queues[queue.index()], lane.needs.opened, cls) && InProfile(queue, cls) &&
         HasSkills(lane, cls) && DelayOf(queue, cls) <= lane.needs.delay_ms;
}

// `Related` for 64 classes at once. `having`: who has the skills that are asked of everybody.
std::uint64_t Core::ClassesFor(const Lane& lane, std::size_t word,
                               const std::vector<const Bitmap*>& having) const {
  const model::Queue& queue = model_->queues[lane.needs.queue.index()];
  const bool widened = lane.needs.opened != 0;
  std::uint64_t may = ~std::uint64_t{0};
  for (const Bitmap* has : having) may &= has->word(word);
  if (may == 0) return 0;
  may &= class_sets_.MeetingRest(widened ? lane.queue_asks : queue.requirements, word);
  may &= class_sets_.MeetingRest(widened ? lane.own_asks : lane.needs.own, word);
  if (!queue.groups.empty() || queue.members) {
    std::uint64_t members = class_sets_.InAny(queue.groups, word);
    if (queue.members) members |= class_sets_.Meeting(*queue.members, word);
    for (std::size_t i = 0; widened && i < queue.steps.size(); ++i) {
      if (!model::IsOpened(lane.needs.opened, i)) continue;
      members |= class_sets_.InAny(queue.steps[i].groups, word);
    }
    may &= members;
  }
  if (model_->profiles.empty()) return may;
  for (std::uint64_t bits = may; bits != 0; bits &= bits - 1) {
    const AgentClass& cls = classes_[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
    if (!cls.profile.valid()) continue;
    const bool serves =
        InProfile(lane.needs.queue, cls) && DelayOf(lane.needs.queue, cls) <= lane.needs.delay_ms;
    if (!serves) may &= ~(bits & -bits);
  }
  return may;
}

void Core::RelateLane(LaneNo no) {
  Lane& lane = lanes_[no.index()];
  const QueueNo queue = lane.needs.queue;
  if (lane.needs.opened != 0) {
    const model::Queue& policy = model_->queues[queue.index()];
    lane.queue_asks =
        model::Widened(policy.requirements, policy.steps, lane.needs.opened, model::Whose::kQueue);
    lane.own_asks =
        model::Widened(lane.needs.own, policy.steps, lane.needs.opened, model::Whose::kContact);
  }
  const Bitmap& rarest = class_sets_.With(KeyLane(no));
  const bool ordered = order_of_[queue.index()].order != 0;
  const auto relate = [&](std::size_t w, std::uint64_t) {
    const std::uint64_t may = ClassesFor(lane, w, having_);
    ++work_;
    const std::uint64_t changes = may ^ lane.classes.word(w);
    for (std::uint64_t bits = ordered ? may | changes : changes; bits != 0; bits &= bits - 1) {
      const std::size_t cls = w * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      const bool related = (may & bits & -bits) != 0;
      lane.classes.Assign(cls, related);
      classes_[cls].lanes.Assign(no.index(), related);
      if (related && ordered) TakePart(classes_[cls], queue);
    }
    return true;
  };
  lane.classes.ForEachWord(relate);  // who no longer may, after a new policy
  rarest.ForEachWord(relate);
}

// Who lacks a skill that a lane asks of everybody is related to it in no case. So each lane hangs
// under one such skill, the rarest, and a new class looks only under its own skills, and at the
// lanes that ask for none.
const model::SkillLevel* Core::KeyLane(LaneNo no) {
  UnkeyLane(no);
  Lane& lane = lanes_[no.index()];
  const bool widened = lane.needs.opened != 0;
  const model::Requirements& of_queue =
      widened ? lane.queue_asks : model_->queues[lane.needs.queue.index()].requirements;
  const model::Requirements& own = widened ? lane.own_asks : lane.needs.own;
  const model::SkillLevel* rarest = nullptr;
  std::uint32_t fewest = kNil;
  having_.clear();
  for (const auto* asked : {&of_queue.all, &own.all}) {
    for (const model::SkillLevel& need : *asked) {
      having_.push_back(&class_sets_.With(&need));
      const std::uint32_t count = class_sets_.CountOf(need.skill);
      if (need.level == 0 || count >= fewest) continue;
      fewest = count;
      rarest = &need;
    }
  }
  lane.key = rarest == nullptr ? 0 : rarest->skill.value + 1;
  if (lane.key >= keyed_lanes_.size()) keyed_lanes_.resize(lane.key + 1, kNil);
  std::uint32_t& first = keyed_lanes_[lane.key];
  lane.key_prev = kNil;
  lane.key_next = first;
  if (first != kNil) lanes_[first].key_prev = no.value;
  first = no.value;
  return rarest;
}

void Core::UnkeyLane(LaneNo no) {
  Lane& lane = lanes_[no.index()];
  if (lane.key == kNil) return;
  (lane.key_prev == kNil ? keyed_lanes_[lane.key] : lanes_[lane.key_prev].key_next) = lane.key_next;
  if (lane.key_next != kNil) lanes_[lane.key_next].key_prev = lane.key_prev;
  lane.key = kNil;
}

void Core::RelateClass(ClassNo no) {
  AgentClass& cls = classes_[no.index()];
  const auto relate_under = [&](std::size_t key) {
    for (std::uint32_t i = key < keyed_lanes_.size() ? keyed_lanes_[key] : kNil; i != kNil;
         i = lanes_[i].key_next) {
      if (!Related(lanes_[i], cls)) continue;
      cls.lanes.Set(i);
      lanes_[i].classes.Set(no.index());
      TakePart(cls, lanes_[i].needs.queue);
    }
  };
  relate_under(0);
  for (const model::SkillLevel& has : cls.skills) relate_under(has.skill.index() + 1);
}

}  // namespace routerd::core
