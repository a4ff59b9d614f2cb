#include "routerd/sim/sim_agents.h"

#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/report.h"

namespace routerd::sim {
namespace {

// Warnings of a trace are many or few; so many are read.
constexpr std::size_t kMaxWarnings = 100;

}  // namespace

AgentNo SimAgents::Find(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? AgentNo() : it->second;
}

void SimAgents::Warn(std::string text) {
  if (warnings_.size() >= kMaxWarnings || !warned_.insert(text).second) return;
  warnings_.push_back(std::move(text));
}

std::uint32_t SimAgents::AllChannels() const {
  std::uint32_t channels = 0;
  for (std::size_t i = 0; i < model_.channels.size(); ++i) {
    if (!model_.channels[i].name.empty()) channels |= 1U << i;
  }
  return channels;
}

// A skill that the policy does not know nobody can ask for.
void SimAgents::TakeSkills(const NamedLevels& skills, model::AgentProfile& profile) {
  profile.skills.clear();
  for (const auto& [name, level] : skills) {
    const SkillNo no = names_.skills.Find(name);
    if (no.valid()) {
      profile.skills.push_back({no, static_cast<std::uint8_t>(level)});
    } else {
      Warn(names_.skills.Unknown(name) + ": agents have it in vain");
    }
  }
  std::sort(profile.skills.begin(), profile.skills.end());
}

// A queue's own list of agents stays as the policy has it: nobody is put there by a log-in.
void SimAgents::TakeGroups(const std::vector<std::string>& groups, model::AgentProfile& profile) {
  std::erase_if(profile.groups, [this](GroupNo group) {
    return !model_.groups[group.index()].name.starts_with("queue:");
  });
  for (const std::string& name : groups) {
    const GroupNo no = names_.groups.Find(name);
    if (no.valid() && !name.starts_with("queue:")) {
      profile.groups.push_back(no);
    } else {
      Warn(names_.groups.Unknown(name) + ": agents are in it in vain");
    }
  }
  std::sort(profile.groups.begin(), profile.groups.end());
  profile.groups.erase(std::unique(profile.groups.begin(), profile.groups.end()),
                       profile.groups.end());
}

model::AgentProfile SimAgents::ProfileOf(const AgentRow& row) {
  model::AgentProfile profile;
  if (const model::PolicyAgent* known = model_.FindAgent(row.agent)) {
    profile = known->profile;
  } else if (!row.skills && !model_.agents.empty()) {
    Warn("the policy has no agent " + compiler::Quoted(row.agent) +
         " and his row gives no skills: he logs in without any");
  }
  if (row.skills) TakeSkills(*row.skills, profile);
  if (row.groups) TakeGroups(*row.groups, profile);
  return profile;
}

ReasonNo SimAgents::ReasonOf(const AgentRow& row) {
  if (row.ready || row.reason.empty()) return {};
  const ReasonNo no = names_.reasons.Find(row.reason);
  if (!no.valid()) Warn(names_.reasons.Unknown(row.reason) + ": it is not told");
  return no;
}

std::optional<RowProblem> SimAgents::LogIn(const AgentRow& row, core::Event& event) {
  AgentNo no = Find(row.agent);
  if (!no.valid()) {
    if (agents_.size() >= limits::kMaxAgents) {
      return RowProblem{"agent", row.agent, "there are more agents than routerd takes", ""};
    }
    no = AgentNo(static_cast<std::uint32_t>(agents_.size()));
    agents_.push_back({row.agent, false});
    by_id_.emplace(row.agent, no);
  }
  agents_[no.index()].logged_in = true;
  event = core::AgentLogsIn{.agent = no,
                            .profile = ProfileOf(row),
                            .own_skills = row.skills.has_value(),
                            .channels = AllChannels(),
                            .ready = row.ready,
                            .reason = ReasonOf(row)};
  return std::nullopt;
}

std::optional<RowProblem> SimAgents::ToEvent(const AgentRow& row, core::Event& event) {
  if (row.kind == AgentRow::Kind::kLogIn) return LogIn(row, event);
  const AgentNo no = Find(row.agent);
  if (!no.valid() || !agents_[no.index()].logged_in) {
    std::vector<std::string_view> known;
    for (const Agent& agent : agents_) known.push_back(agent.id);
    const std::string near(no.valid() ? "" : compiler::Nearest(row.agent, known));
    return RowProblem{"agent", row.agent, compiler::Quoted(row.agent) + " is not logged in",
                      near.empty() ? R"(he needs a row with "login":true before this one)"
                                   : compiler::DidYouMean(near)};
  }
  if (row.kind == AgentRow::Kind::kLogOut) {
    agents_[no.index()].logged_in = false;
    event = core::AgentLogsOut{no};
  } else {
    event = core::AgentSetsPresence{no, row.ready, ReasonOf(row), row.ready ? AllChannels() : 0};
  }
  return std::nullopt;
}

}  // namespace routerd::sim
