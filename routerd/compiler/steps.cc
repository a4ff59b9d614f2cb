// `steps:`, `step_from:` and `retry:` of a queue.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/compiler/condition.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

constexpr std::pair<std::string_view, model::StepFrom> kStarts[] = {
    {"entry", model::StepFrom::kEntry},
    {"age", model::StepFrom::kAge},
};

void ReadOpening(Fields& fields, const YamlNode& node, Context& context, model::Step& step) {
  SpanMs after_ms = 0;
  const YamlNode* after = fields.Find("after");
  const YamlNode* when = fields.Find("when");
  const YamlNode* skip_if = fields.Find("skip_if");
  if (fields.Span("after", 0, limits::kMaxSpanMs, after_ms)) step.after_ms = after_ms;
  if (when != nullptr) step.when = CompileCondition(*when, fields.Where("when"), context.report);
  if (skip_if != nullptr) {
    step.skip_if = CompileCondition(*skip_if, fields.Where("skip_if"), context.report);
  }
  const bool is_step = node.kind == NodeKind::kMap || node.kind == NodeKind::kNull;
  if (is_step && after == nullptr && when == nullptr) {
    context.report.Error(node, "missing_key", fields.where() + " says nothing of when it opens",
                         "give it after: 20s, or when: and a condition, or both");
  }
}

std::vector<SkillNo> ReadDrop(const YamlNode& node, const std::string& where, Context& context) {
  std::vector<SkillNo> drop;
  for (const YamlNode* element : ElementsOf(&node, where, context.report)) {
    const auto skill = context.names.skills.Resolve(*element, where, context.report);
    if (!skill) continue;
    if (std::find(drop.begin(), drop.end(), SkillNo(*skill)) != drop.end()) {
      context.report.Error(*element, "duplicate_name",
                           where + ": " + Quoted(element->text) + " stands here again",
                           "remove it");
      continue;
    }
    drop.emplace_back(*skill);
  }
  if (node.kind == NodeKind::kList && node.children.empty()) {
    context.report.Error(node, "empty_list", where + " drops nothing",
                         "remove it, or list a skill");
  }
  std::sort(drop.begin(), drop.end());
  return drop;
}

void CheckCount(const YamlNode& node, const std::string& where, std::size_t count,
                Context& context) {
  if (count <= limits::kMaxRequirements) return;
  context.report.Error(node, "too_many",
                       where + " has " + std::to_string(count) + " skills, at most " +
                           std::to_string(limits::kMaxRequirements));
}

void ReadWidening(Fields& fields, Context& context, model::Step& step) {
  if (const YamlNode* groups = fields.Find("groups")) {
    step.groups = CompileGroups(*groups, fields.Where("groups"), context);
  }
  const YamlNode* lower = fields.Find("lower");
  if (lower != nullptr) {
    if (lower->kind == NodeKind::kMap && lower->children.empty()) {
      context.report.Error(*lower, "empty_list", fields.Where("lower") + " lowers nothing",
                           "remove it, or name a skill and the level that is enough");
    }
    step.lower = CompileLevels(lower, fields.Where("lower"), context);
    CheckCount(*lower, fields.Where("lower"), step.lower.size(), context);
  }
  const YamlNode* drop = fields.Find("drop");
  if (drop != nullptr) {
    step.drop = ReadDrop(*drop, fields.Where("drop"), context);
    CheckCount(*drop, fields.Where("drop"), step.drop.size(), context);
  }
  const YamlNode* require = fields.Find("require");
  if (require != nullptr) {
    step.require = CompileRequirements(*require, fields.Where("require"), context);
  }
  fields.Flag("reset_declined", step.reset_declined);
  const YamlNode* beside = lower != nullptr ? lower : drop;
  if (require != nullptr && beside != nullptr) {
    context.report.Error(*beside, "unused_key",
                         fields.where() +
                             ": 'require' puts new requirements in the place of the "
                             "old, and leaves nothing to lower or drop",
                         "write the level you want under require");
  }
}

void ReadSteps(const YamlNode& node, const std::string& where, Context& context,
               model::Queue& queue, bool listed) {
  const auto elements = ElementsOf(&node, where, context.report);
  if (node.kind == NodeKind::kList && node.children.empty()) {
    context.report.Error(node, "empty_list", where + " lists no step", "remove it, or list a step");
  }
  if (elements.size() > limits::kMaxSteps) {
    context.report.Error(*elements[limits::kMaxSteps], "too_many",
                         where + " has " + std::to_string(elements.size()) + " steps, at most " +
                             std::to_string(limits::kMaxSteps));
    return;
  }
  StepCheck check(queue, listed, context);
  for (const YamlNode* element : elements) {
    const std::string step_where = where + ": step " + std::to_string(queue.steps.size() + 1);
    Fields fields(element, step_where, context.report);
    model::Step step;
    ReadOpening(fields, *element, context, step);
    ReadWidening(fields, context, step);
    fields.Finish();
    queue.steps.push_back(std::move(step));
    check.Last(*element, step_where);
  }
}

void ReadCooldown(Fields& fields, const YamlNode& node, model::Queue& queue) {
  Fields rule(&node, fields.Where("retry"), fields.report());
  if (rule.Find("cooldown") == nullptr) {
    fields.report().Error(node, "missing_key", fields.Where("retry") + " names no time",
                          "write {cooldown: 60s}");
  }
  if (rule.Span("cooldown", 0, 24LL * 3'600'000, queue.cooldown_ms)) {
    queue.retry = model::Retry::kCooldown;
  }
  rule.Finish();
}

}  // namespace

void CompileSteps(Fields& fields, Context& context, model::Queue& queue, bool listed) {
  const YamlNode* steps = fields.Find("steps");
  const YamlNode* from = fields.Find("step_from");
  if (steps != nullptr) ReadSteps(*steps, fields.Where("steps"), context, queue, listed);
  fields.Word<model::StepFrom>("step_from", kStarts, queue.step_from);
  if (from == nullptr || steps != nullptr) return;
  context.report.Error(*from, "unused_key",
                       fields.Where("step_from") + " says nothing in a queue without steps",
                       "remove it, or give the queue steps");
}

void CompileRetry(Fields& fields, model::Queue& queue) {
  const YamlNode* node = fields.Find("retry");
  if (node != nullptr && node->kind == NodeKind::kMap) {
    ReadCooldown(fields, *node, queue);
  } else if (node != nullptr && node->kind == NodeKind::kScalar && node->text == "cooldown") {
    fields.report().Error(*node, "missing_key", fields.Where("retry") + " names no time",
                          "write {cooldown: 60s}");
  } else {
    constexpr std::pair<std::string_view, model::Retry> kRules[] = {
        {"after_others", model::Retry::kAfterOthers},
        {"never", model::Retry::kNever},
    };
    fields.Word<model::Retry>("retry", kRules, queue.retry);
  }
  fields.Span("retry_after", 0, 24LL * 3'600'000, queue.retry_after_ms);
  fields.Span("others_wait", 0, 24LL * 3'600'000, queue.others_wait_ms);
  if (queue.retry == model::Retry::kAfterOthers) return;
  for (const std::string_view key : {"retry_after", "others_wait"}) {
    const YamlNode* at = fields.Find(key);
    if (at == nullptr) continue;
    fields.report().Error(*at, "unused_key",
                          fields.Where(key) + " says nothing beside this 'retry'",
                          "it belongs to retry: after_others");
  }
}

}  // namespace routerd::compiler
