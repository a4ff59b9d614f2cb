// `allocation:` of a queue: the shares of groups.
#include <algorithm>
#include <string>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {

void CompileAllocation(Fields& fields, Context& context, model::Queue& queue) {
  const YamlNode* node = fields.Find("allocation");
  if (node == nullptr) return;
  const std::string where = fields.Where("allocation");
  if (node->kind != NodeKind::kMap) {
    return ReportWrongType(*node, where, "a map like {shares: {north: 60, south: 40}}",
                           context.report);
  }
  Fields rule(node, where, context.report);
  model::Allocation allocation;
  const YamlNode* shares = rule.Find("shares");
  const std::string of_shares = rule.Where("shares");
  int together = 0;
  bool sound = true;
  for (const Entry& entry : EntriesOf(shares, of_shares, context.report)) {
    const auto group = context.names.groups.Resolve(*entry.key, of_shares, context.report);
    model::Share share;
    const std::string of_group = of_shares + ": " + Shown(entry.key->text);
    sound = ReadNumber(*entry.value, of_group, 1, 100, share.percent, context.report) && sound;
    together += share.percent;
    if (group) share.group = GroupNo(*group);
    sound = sound && group;
    allocation.shares.push_back(share);
  }
  if (allocation.shares.size() < 2 || allocation.shares.size() > limits::kMaxShares) {
    context.report.Error(shares != nullptr ? *shares : *node, "out_of_range",
                         of_shares + " must name 2 to " + std::to_string(limits::kMaxShares) +
                             " groups, not " + std::to_string(allocation.shares.size()));
  } else if (sound && together != 100) {
    context.report.Error(*shares, "out_of_range",
                         of_shares + " are " + std::to_string(together) + " % together",
                         "they must be 100");
  }
  rule.Span("window", limits::kMinWindowMs, limits::kMaxSpanMs, allocation.window_ms);
  rule.Flag("strict", allocation.strict);
  rule.Finish();
  if (sound && together == 100 && allocation.shares.size() >= 2) queue.allocation = allocation;
}

}  // namespace routerd::compiler
