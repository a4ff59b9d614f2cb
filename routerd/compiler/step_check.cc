// What a step means beside the steps before it: warnings about one that cannot be reached, or that
// changes nothing.
#include <algorithm>

#include "routerd/compiler/sections.h"
#include "routerd/compiler/values.h"

namespace routerd::compiler {
namespace {

using model::Condition;
using model::Requirements;
using model::Step;

bool Never(const Condition& condition) {
  return condition.Reads() == model::kReadsNothing && !condition.Holds({});
}

bool Always(const std::optional<Condition>& condition) {
  return condition && condition->Reads() == model::kReadsNothing && condition->Holds({});
}

bool AsksAbove(const Requirements& needs, const model::SkillLevel& enough) {
  const auto above = [&](const model::SkillLevel& need) {
    return need.skill == enough.skill && need.level > enough.level;
  };
  return std::any_of(needs.all.begin(), needs.all.end(), above) ||
         std::any_of(needs.any.begin(), needs.any.end(), above);
}

}  // namespace

void StepCheck::Last(const YamlNode& at, const std::string& where) {
  if (context_.report.has_errors()) return;  // of a text that is wrong, no guesses
  const Step& step = queue_.steps.back();
  const std::size_t index = queue_.steps.size() - 1;
  CheckReach(at, where, step);
  CheckChanges(at, where, step);
  opened_ |= model::OpenedSteps{1} << index;
}

void StepCheck::Unreachable(const YamlNode& at, const std::string& where, const std::string& why,
                            const std::string& hint) {
  if (!reachable_) return;  // said of the first; those behind it share its fate
  context_.report.Warning(at, "unreachable_step", where + " can never be reached: " + why, hint);
}

void StepCheck::CheckReach(const YamlNode& at, const std::string& where, const Step& step) {
  if (!may_be_skipped_ && !step.when) earliest_ms_ += step.after_ms.value_or(0);
  if (step.when && Never(*step.when) && !step.after_ms) {
    Unreachable(at, where, "its condition is never true", "look at 'when', or give it 'after'");
    reachable_ = false;
  } else if (queue_.max_wait_ms && earliest_ms_ >= *queue_.max_wait_ms) {
    Unreachable(at, where,
                "it opens after " + SpanText(earliest_ms_) + ", and contacts expire after " +
                    SpanText(*queue_.max_wait_ms),
                "raise max_wait, or open it earlier");
    reachable_ = false;
  } else if (Always(step.skip_if)) {
    context_.report.Warning(at, "unreachable_step",
                            where + " can never be reached: it is always skipped",
                            "look at 'skip_if'");
  }
  may_be_skipped_ = step.skip_if.has_value();
}

void StepCheck::CheckChanges(const YamlNode& at, const std::string& where, const Step& step) {
  const Requirements before =
      model::Widened(queue_.requirements, queue_.steps, opened_, model::Whose::kQueue);
  const auto name = [&](SkillNo skill) {
    return Quoted(context_.names.skills.NameOf(skill.value));
  };
  for (const model::SkillLevel& enough : step.lower) {
    if (AsksAbove(before, enough)) continue;
    context_.report.Warning(at, "lowers_nothing",
                            where + ": the queue does not ask for " + name(enough.skill) +
                                " above " + std::to_string(enough.level) + " here",
                            "a contact's own requirement still may; if none does, remove it");
  }
  for (const SkillNo skill : step.drop) {
    if (AsksAbove(before, {skill, 0})) continue;
    context_.report.Warning(at, "drops_nothing",
                            where + ": the queue does not ask for " + name(skill) + " here",
                            "a contact's own requirement still may; if none does, remove it");
  }
  const bool everybody = queue_.groups.empty() && !queue_.members && !listed_;
  if (!step.groups.empty() && everybody) {
    context_.report.Warning(at, "adds_nobody",
                            where + ": every agent is a member of this queue already",
                            "give the queue groups, agents or members to begin with");
  }
  const bool changes = !step.groups.empty() || !step.lower.empty() || !step.drop.empty() ||
                       step.require || step.reset_declined;
  if (changes) return;
  context_.report.Warning(at, "changes_nothing", where + " changes nothing",
                          "give it groups, lower, drop, require or reset_declined");
}

}  // namespace routerd::compiler
