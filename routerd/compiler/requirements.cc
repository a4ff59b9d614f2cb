#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

using model::Requirements;
using model::SkillLevel;

bool IsPart(const YamlNode& key) {
  return key.text == "all" || key.text == "any" || key.text == "none";
}

bool HasParts(const YamlNode& node) {
  for (std::size_t i = 0; i < node.children.size(); i += 2) {
    if (IsPart(*node.children[i])) return true;
  }
  return false;
}

// Reports a map of skills without any: it reads as a requirement and would be none.
bool IsEmptyMap(const YamlNode& node, const std::string& where, Context& context) {
  if (node.kind == NodeKind::kMap && !node.children.empty()) return false;
  if (node.kind == NodeKind::kMap) {
    context.report.Error(node, "empty_list", where + " asks for no skill",
                         "remove it, or name a skill and its level");
  } else {
    ReportWrongType(node, where, "a map", context.report);
  }
  return true;
}

std::vector<SkillLevel> Part(Fields& fields, std::string_view key, Context& context) {
  const YamlNode* node = fields.Find(key);
  if (node == nullptr) return {};
  if (IsEmptyMap(*node, fields.Where(key), context)) return {};
  return CompileLevels(node, fields.Where(key), context);
}

// Nobody with the level `need` asks for can stay under what `none` forbids.
bool Excluded(const SkillLevel& need, const std::vector<SkillLevel>& none) {
  return std::any_of(none.begin(), none.end(), [&](const SkillLevel& forbidden) {
    return forbidden.skill == need.skill && forbidden.level <= need.level;
  });
}

void CheckContradiction(const YamlNode& node, const std::string& where, const Requirements& needs,
                        Context& context) {
  const auto excluded = [&](const SkillLevel& need) { return Excluded(need, needs.none); };
  const auto all = std::find_if(needs.all.begin(), needs.all.end(), excluded);
  const bool any_hopeless =
      !needs.any.empty() && std::all_of(needs.any.begin(), needs.any.end(), excluded);
  if (all == needs.all.end() && !any_hopeless) return;
  const SkillLevel& need = all != needs.all.end() ? *all : needs.any.front();
  context.report.Error(node, "contradiction",
                       where + " asks for " +
                           Quoted(context.names.skills.NameOf(need.skill.value)) + " at level " +
                           std::to_string(need.level) + " and forbids it: nobody can meet that",
                       "'none' refuses agents at its level and above");
}

}  // namespace

std::vector<SkillLevel> CompileLevels(const YamlNode* node, const std::string& where,
                                      Context& context) {
  std::vector<SkillLevel> levels;
  for (const Entry& entry : EntriesOf(node, where, context.report)) {
    const auto skill = context.names.skills.Resolve(*entry.key, where, context.report);
    int level = 0;
    const bool read = ReadNumber(*entry.value, where + ": level of " + Quoted(entry.key->text), 1,
                                 limits::kMaxSkillLevel, level, context.report);
    if (skill && read) levels.push_back({SkillNo(*skill), static_cast<std::uint8_t>(level)});
  }
  std::sort(levels.begin(), levels.end());
  return levels;
}

Requirements CompileRequirements(const YamlNode& node, const std::string& where, Context& context) {
  Requirements needs;
  if (IsEmptyMap(node, where, context)) return needs;
  if (HasParts(node)) {
    Fields fields(&node, where, context.report);
    needs.all = Part(fields, "all", context);
    needs.any = Part(fields, "any", context);
    needs.none = Part(fields, "none", context);
    fields.Finish();
  } else {
    needs.all = CompileLevels(&node, where, context);
  }
  needs.Normalize();
  const std::size_t count = needs.all.size() + needs.any.size() + needs.none.size();
  if (count > limits::kMaxRequirements) {
    context.report.Error(node, "too_many",
                         where + " has " + std::to_string(count) + " skills, at most " +
                             std::to_string(limits::kMaxRequirements));
  }
  CheckContradiction(node, where, needs, context);
  return needs;
}

}  // namespace routerd::compiler
