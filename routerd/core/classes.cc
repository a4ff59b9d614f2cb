// Classes: agents with the same skills and groups.
#include <algorithm>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/core/ahead.h"
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
    ReserveAll(classes_, limits::kMaxClasses);
    classes_.emplace_back();
    OrderClassesIfMany();
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
  cls.free.resize(rooms_, kNil);
  cls.ready_count.resize(model_->channels.size(), 0);
  class_index_[HashOf(profile) % class_index_.size()].push_back(i);
  class_sets_.Add(i, cls.skills, cls.groups);
  RelateClass(ClassNo(i));
  WatchClass(ClassNo(i));
  SetPools(ClassNo(i));
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
  class_sets_.Remove(no.index(), cls.skills, cls.groups);
  cls = AgentClass{};
  SetPools(no);
  free_classes_.push_back(no.value);
}

void Core::SetProfile(AgentNo no, const model::AgentProfile& profile) {
  Agent& a = agents_[no.index()];
  Touch(no);
  a.profile.limits = profile.limits;
  a.profile.accepts = profile.accepts;
  a.profile.units = profile.units;
  a.profile.label_limits = profile.label_limits;
  a.profile.wrap_up = profile.wrap_up;
  a.usable = UsableChannels(a);
  if (a.cls.valid() && a.profile == profile) return;
  if (a.cls.valid()) {
    CountForConditions(no, false, false, false);
    AgentClass& old = classes_[a.cls.index()];
    LeavePlaces(no);
    a.more.clear();
    for (std::size_t ch = 0; ch < old.ready_count.size(); ++ch) {
      if ((a.counted_flags >> ch & 1) != 0) CountReady(a.cls, ch, -1);
    }
    if (std::exchange(a.counted_flags, 0) != 0) ReviewBarsOfClass(a.cls);
    UnrefClass(a.cls);
  }
  a.profile = profile;
  a.cls = FindOrMakeClass(profile);
  ++classes_[a.cls.index()].agents;
}

}  // namespace routerd::core
