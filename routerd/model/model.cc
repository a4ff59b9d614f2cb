#include "routerd/model/model.h"

#include <algorithm>

namespace routerd::model {
namespace {

template <typename No, typename List>
No Find(const List& list, const std::string& name) {
  if (name.empty()) return No();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return No(static_cast<decltype(No::value)>(i));
  }
  return No();
}

}  // namespace

const PolicyAgent* Model::FindAgent(const std::string& id) const {
  const auto it =
      std::lower_bound(agents.begin(), agents.end(), id,
                       [](const PolicyAgent& a, const std::string& b) { return a.id < b; });
  return it != agents.end() && it->id == id ? &*it : nullptr;
}

const ContactAttribute* Model::FindContactAttribute(std::string_view name) const {
  const auto it =
      std::lower_bound(contact_attributes.begin(), contact_attributes.end(), name,
                       [](const ContactAttribute& a, std::string_view b) { return a.name < b; });
  return it != contact_attributes.end() && it->name == name ? &*it : nullptr;
}

ChannelNo Model::FindChannel(const std::string& name) const {
  return Find<ChannelNo>(channels, name);
}
SkillNo Model::FindSkill(const std::string& name) const { return Find<SkillNo>(skills, name); }
GroupNo Model::FindGroup(const std::string& name) const { return Find<GroupNo>(groups, name); }
QueueNo Model::FindQueue(const std::string& name) const { return Find<QueueNo>(queues, name); }
ReasonNo Model::FindReason(const std::string& name) const { return Find<ReasonNo>(reasons, name); }

}  // namespace routerd::model
