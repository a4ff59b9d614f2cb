// Classes: agents with the same skills and groups. Which class may serve which lane is kept, and
// changes only when a lane, a class or the policy does.
#include <algorithm>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {
namespace {

std::uint64_t HashOf(const model::AgentProfile& profile) {
  Hasher h;
  for (const model::SkillLevel& s : profile.skills) {
    h.Add(std::uint64_t{s.skill.value} << 8 | s.level);
  }
  h.Add(profile.skills.size());
  for (const GroupNo g : profile.groups) h.Add(g.value);
  h.Add(profile.profile.value);
  for (const QueueNo q : profile.primary_queues) h.Add(q.value);
  for (const SkillNo s : profile.primary_skills) h.Add(s.value);
  for (const model::Listing& l : profile.listings) {
    h.Add(l.queue.value);
    h.AddSigned(l.tier);
  }
  return h.digest();
}

bool IsOf(const AgentClass& cls, const model::AgentProfile& profile) {
  const auto same_tier = [](const auto& tier, const model::Listing& listing) {
    return tier.first == listing.queue && tier.second == listing.tier;
  };
  return cls.skills == profile.skills && cls.groups == profile.groups &&
         cls.profile == profile.profile && cls.primary_queues == profile.primary_queues &&
         cls.primary_skills == profile.primary_skills &&
         std::equal(cls.tiers.begin(), cls.tiers.end(), profile.listings.begin(),
                    profile.listings.end(), same_tier);
}

}  // namespace

ClassNo Core::LookUpClass(const model::AgentProfile& profile) const {
  if (class_index_.empty()) return ClassNo();
  for (const std::uint32_t i : class_index_[HashOf(profile) % class_index_.size()]) {
    if (IsOf(classes_[i], profile)) {
      return ClassNo(i);
    }
  }
  return ClassNo();
}

bool Core::ClassAvailable(const model::AgentProfile& profile) const {
  return classes_.size() < limits::kMaxClasses || !free_classes_.empty() ||
         LookUpClass(profile).valid();
}

ClassNo Core::FindOrMakeClass(const model::AgentProfile& profile) {
  const ClassNo known = LookUpClass(profile);
  if (known.valid()) return known;
  if (class_index_.empty()) class_index_.resize(4096);
  std::uint32_t i = 0;
  if (free_classes_.empty()) {
    i = static_cast<std::uint32_t>(classes_.size());
    classes_.emplace_back();
  } else {
    i = free_classes_.back();
    free_classes_.pop_back();
  }
  AgentClass& cls = classes_[i];
  cls = AgentClass{};
  cls.used = true;
  cls.skills = profile.skills;
  cls.groups = profile.groups;
  cls.profile = profile.profile;
  cls.primary_queues = profile.primary_queues;
  cls.primary_skills = profile.primary_skills;
  for (const model::Listing& l : profile.listings) cls.tiers.emplace_back(l.queue, l.tier);
  cls.orders.assign(1, 0);
  cls.free.resize(model_->channels.size(), kNil);
  cls.ready_count.resize(model_->channels.size(), 0);
  class_index_[HashOf(profile) % class_index_.size()].push_back(i);
  RelateClass(ClassNo(i));
  WatchClass(ClassNo(i));
  return ClassNo(i);
}

void Core::UnrefClass(ClassNo no) {
  AgentClass& cls = classes_[no.index()];
  if (--cls.agents != 0) return;
  model::AgentProfile profile;
  profile.skills = cls.skills;
  profile.groups = cls.groups;
  profile.profile = cls.profile;
  profile.primary_queues = cls.primary_queues;
  profile.primary_skills = cls.primary_skills;
  for (const auto& [queue, tier] : cls.tiers) profile.listings.push_back({queue, 0, tier});
  std::erase(class_index_[HashOf(profile) % class_index_.size()], no.value);
  cls.lanes.ForEach([&](std::size_t lane) {
    lanes_[lane].classes.Clear(no.index());
    return true;
  });
  cls = AgentClass{};
  free_classes_.push_back(no.value);
}

void Core::SetProfile(AgentNo no, const model::AgentProfile& profile) {
  Agent& a = agents_[no.index()];
  Touch(no);
  a.profile.limits = profile.limits;
  if (a.cls.valid() && a.profile == profile) return;
  if (a.cls.valid()) {
    CountForConditions(no, false, false);
    AgentClass& old = classes_[a.cls.index()];
    LeavePlaces(no);
    a.more.clear();
    for (std::size_t ch = 0; ch < old.ready_count.size(); ++ch) {
      if ((a.counted_flags >> ch & 1) != 0) --old.ready_count[ch];
    }
    if (std::exchange(a.counted_flags, 0) != 0) ReviewBarsOfClass(a.cls);
    UnrefClass(a.cls);
  }
  a.profile = profile;
  a.cls = FindOrMakeClass(profile);
  ++classes_[a.cls.index()].agents;
}

bool Core::IsMember(const model::Queue& queue, model::OpenedSteps opened, const AgentClass& cls) {
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
bool Core::HasSkills(const Lane& lane, const AgentClass& cls) const {
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

void Core::RelateLane(LaneNo no) {
  Lane& lane = lanes_[no.index()];
  if (lane.needs.opened != 0) {
    const model::Queue& queue = model_->queues[lane.needs.queue.index()];
    lane.queue_asks =
        model::Widened(queue.requirements, queue.steps, lane.needs.opened, model::Whose::kQueue);
    lane.own_asks =
        model::Widened(lane.needs.own, queue.steps, lane.needs.opened, model::Whose::kContact);
  }
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    if (!classes_[i].used) continue;
    const bool related = Related(lane, classes_[i]);
    lane.classes.Assign(i, related);
    classes_[i].lanes.Assign(no.index(), related);
    if (related) TakePart(classes_[i], lane.needs.queue);
  }
}

void Core::RelateClass(ClassNo no) {
  AgentClass& cls = classes_[no.index()];
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (!lanes_[i].used) continue;
    const bool related = Related(lanes_[i], cls);
    cls.lanes.Assign(i, related);
    lanes_[i].classes.Assign(no.index(), related);
    if (related) TakePart(cls, lanes_[i].needs.queue);
  }
}

}  // namespace routerd::core
