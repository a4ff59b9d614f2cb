#include <algorithm>
#include <set>
#include <unordered_set>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/hours.h"
#include "routerd/compiler/sections.h"
#include "routerd/compiler/values.h"

namespace routerd::compiler {
namespace {

constexpr std::pair<std::string_view, model::QueueMode> kModes[] = {
    {"open", model::QueueMode::kOpen},
    {"closed", model::QueueMode::kClosed},
    {"emergency", model::QueueMode::kEmergency},
};

constexpr std::pair<std::string_view, model::SlClock> kSlClocks[] = {
    {"visit", model::SlClock::kVisit},
    {"contact", model::SlClock::kContact},
};

void ReportRepeated(const YamlNode& element, const std::string& where, Context& context) {
  context.report.Error(element, "duplicate_name",
                       where + ": " + Quoted(element.text) + " stands here again", "remove it");
}

void ReadMembers(Fields& fields, Context& context, model::Queue& queue,
                 std::vector<ListedAgent>& listed, const YamlNode*& tier) {
  if (const YamlNode* groups = fields.Find("groups")) {
    queue.groups = CompileGroups(*groups, fields.Where("groups"), context);
  }
  if (const YamlNode* members = fields.Find("members")) {
    queue.members = CompileRequirements(*members, fields.Where("members"), context);
  }
  const YamlNode* agents = fields.Find("agents");
  if (agents == nullptr) return;
  const std::string where = fields.Where("agents");
  std::vector<Entry> entries;
  if (agents->kind == NodeKind::kMap) {
    entries = EntriesOf(agents, where, context.report);
  } else {
    for (const YamlNode* element : ElementsOf(agents, where, context.report)) {
      entries.push_back({element, nullptr});
    }
  }
  if (agents->children.empty() && agents->kind != NodeKind::kScalar) {
    context.report.Error(*agents, "empty_list", where + " lists nobody",
                         "remove it, or list an agent");
  }
  std::unordered_set<std::uint32_t> seen;
  for (const auto& [element, details] : entries) {
    const auto number = context.names.agents.Resolve(*element, where, context.report);
    ListedAgent agent;
    Fields of_agent(details, where + ": " + Shown(element->text), context.report);
    if (const YamlNode* at = of_agent.Find("tier")) tier = at;
    of_agent.Number("tier", 0, limits::kMaxTier, agent.tier);
    of_agent.Finish();
    if (!number) continue;
    agent.number = *number;
    if (seen.insert(*number).second) {
      listed.push_back(agent);
    } else {
      ReportRepeated(*element, where, context);
    }
  }
}

void ReadAcceleration(Fields& fields, model::Queue& queue) {
  const YamlNode* node = fields.Find("acceleration");
  if (node == nullptr) return;
  const std::string where = fields.Where("acceleration");
  const auto milli =
      node->kind == NodeKind::kScalar && !node->quoted ? ParseMilli(node->text) : std::nullopt;
  if (!milli) {
    ReportWrongType(*node, where, "points per minute like 0.5, with three decimals at most",
                    fields.report());
  } else if (*milli > limits::kMaxAccelerationMilli) {
    fields.report().Error(*node, "out_of_range",
                          where + " must be 0 to " + MilliText(limits::kMaxAccelerationMilli) +
                              ", not " + node->text);
  } else {
    queue.acceleration_milli = *milli;
  }
}

// Cost of waiting: so much for each minute, or for the square of the minutes.
void ReadCost(Fields& fields, model::Queue& queue) {
  const YamlNode* node = fields.Find("cost");
  if (node == nullptr) return;
  Fields cost(node, fields.Where("cost"), fields.report());
  const YamlNode* linear = cost.Find("linear");
  const YamlNode* quadratic = cost.Find("quadratic");
  cost.Finish();
  if (node->kind != NodeKind::kMap) return;
  if ((linear == nullptr) == (quadratic == nullptr)) {
    fields.report().Error(*node, "contradiction",
                          fields.Where("cost") + " must be either linear or quadratic",
                          "write it like {linear: 2}");
    return;
  }
  queue.cost_quadratic = quadratic != nullptr;
  const YamlNode& at = linear != nullptr ? *linear : *quadratic;
  const std::string where = cost.Where(linear != nullptr ? "linear" : "quadratic");
  const auto milli =
      at.kind == NodeKind::kScalar && !at.quoted ? ParseMilli(at.text) : std::nullopt;
  if (!milli) {
    ReportWrongType(at, where, "a number like 0.5, with three decimals at most", fields.report());
  } else if (*milli > limits::kMaxCostMilli) {
    fields.report().Error(
        at, "out_of_range",
        where + " must be 0 to " + MilliText(limits::kMaxCostMilli) + ", not " + at.text);
  } else {
    queue.cost_milli = *milli;
  }
}

// Its share of all who wait, or the rate that its share is made of.
void ReadRatio(Fields& fields, model::Queue& queue) {
  if (const YamlNode* node = fields.Find("ratio")) {
    const auto milli =
        node->kind == NodeKind::kScalar && !node->quoted ? ParseMilli(node->text) : std::nullopt;
    if (!milli || *milli > 1'000) {
      ReportWrongType(*node, fields.Where("ratio"), "a share from 0 to 1 like 0.25",
                      fields.report());
    } else {
      queue.ratio_milli = static_cast<int>(*milli);
    }
  }
  const YamlNode* node = fields.Find("arrival_rate");
  if (node == nullptr) return;
  const auto milli = node->kind == NodeKind::kScalar ? ParseRateMilli(node->text) : std::nullopt;
  if (!milli || *milli > limits::kMaxArrivalsPerHourMilli) {
    ReportWrongType(*node, fields.Where("arrival_rate"), "a rate like 30 per hour",
                    fields.report());
  } else if (queue.ratio_milli) {
    fields.report().Error(*node, "unused_key",
                          fields.Where("arrival_rate") + " does nothing beside a stated ratio",
                          "remove one of them");
  } else {
    queue.arrivals_per_hour_milli = *milli;
  }
}

void ReadOrder(Fields& fields, model::Queue& queue) {
  ReadCost(fields, queue);
  ReadRatio(fields, queue);
  fields.Number("priority", limits::kMinPriority, limits::kMaxPriority, queue.priority);
  ReadAcceleration(fields, queue);
  const YamlNode* at = fields.Find("cap");
  int cap = 0;
  if (!fields.Number("cap", limits::kMinPriority, limits::kMaxPriority, cap)) return;
  queue.cap = cap;
  if (cap < queue.priority) {
    fields.report().Warning(
        *at, "cap_below_priority",
        fields.where() + ": the cap " + std::to_string(cap) +
            " lies below the queue's own priority " + std::to_string(queue.priority),
        "every contact scores " + std::to_string(cap) + ", however long it waits");
  }
}

void ReadServiceLevel(Fields& fields, model::Queue& queue) {
  fields.Word<model::SlClock>("sl_clock", kSlClocks, queue.sl_clock);
  const YamlNode* node = fields.Find("service_level");
  if (node == nullptr) return;
  const std::string where = fields.Where("service_level");
  const auto level = node->kind == NodeKind::kScalar ? ParseServiceLevel(node->text) : std::nullopt;
  if (!level || level->within_ms == 0) {
    const std::string found =
        node->kind == NodeKind::kScalar ? ", not " + Quoted(node->text) : std::string();
    fields.report().Error(*node, "bad_service_level", where + " must be a share and a time" + found,
                          "write it like 80% in 20s");
    return;
  }
  queue.service_level_percent = level->percent;
  queue.service_level_ms = level->within_ms;
}

void ReadLimits(Fields& fields, model::Queue& queue) {
  int max_waiting = 0;
  if (fields.Number("max_waiting", 1, limits::kMaxContacts, max_waiting)) {
    queue.max_waiting = static_cast<std::uint32_t>(max_waiting);
  }
  const YamlNode* at = fields.Find("max_wait");
  SpanMs max_wait_ms = 0;
  if (!fields.Span("max_wait", 1'000, limits::kMaxSpanMs, max_wait_ms)) return;
  queue.max_wait_ms = max_wait_ms;
  if (max_wait_ms < queue.service_level_ms) {
    fields.report().Warning(*at, "max_wait_below_target",
                            fields.where() + ": contacts expire after " + SpanText(max_wait_ms) +
                                ", before the service level's " + SpanText(queue.service_level_ms) +
                                " have passed",
                            "raise max_wait or lower the target");
  }
}

}  // namespace

std::vector<GroupNo> CompileGroups(const YamlNode& node, const std::string& where,
                                   Context& context) {
  std::vector<GroupNo> groups;
  const auto elements = ElementsOf(&node, where, context.report);
  if (node.kind != NodeKind::kScalar && node.children.empty()) {
    context.report.Error(node, "empty_list", where + " lists no group",
                         "remove it, or list a group");
  }
  for (const YamlNode* element : elements) {
    const auto number = context.names.groups.Resolve(*element, where, context.report);
    if (!number) continue;
    if (std::find(groups.begin(), groups.end(), GroupNo(*number)) != groups.end()) {
      ReportRepeated(*element, where, context);
    }
    groups.emplace_back(*number);
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

model::Queue CompileQueue(const Entry& entry, Context& context, std::vector<ListedAgent>& listed) {
  model::Queue queue;
  queue.name = entry.key->text;
  Fields fields(entry.value, "queue " + Quoted(queue.name), context.report);
  const YamlNode* tier = nullptr;
  ReadMembers(fields, context, queue, listed, tier);
  if (const YamlNode* require = fields.Find("require")) {
    queue.requirements = CompileRequirements(*require, fields.Where("require"), context);
  }
  ReadOrder(fields, queue);
  CompileSelect(fields, context, !listed.empty(), tier, queue);
  queue.aht_stated = fields.Span("aht", 1'000, limits::kMaxHandleMs, queue.aht_ms);
  ReadServiceLevel(fields, queue);
  ReadLimits(fields, queue);
  CompileAtLimits(fields, context, queue);
  CompileRetry(fields, queue);
  CompileSteps(fields, context, queue, !listed.empty());
  CompileOffer(fields, context, queue.offer);
  CompileAgentsFirst(fields, queue);
  CompileCallback(fields, context, queue.callback);
  CompileAlso(fields, context, queue);
  CompileReserve(fields, context, queue);
  CompileAllocation(fields, context, queue);
  model::WrapUp wrap_up;
  if (CompileWrapUp(fields, wrap_up)) queue.wrap_up = wrap_up;
  CompileQueuesLabels(fields, context, queue);
  fields.Word<model::QueueMode>("mode", kModes, queue.mode);
  CompileQueueHours(fields, context, queue);
  fields.Finish();
  return queue;
}

void CheckAccelerations(const model::Model& model, Context& context) {
  if (model.order != model::Order::kPriority) return;  // they count for nothing, as a warning says
  std::set<std::int64_t> different;
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    if (model.queues[q].name.empty()) continue;
    different.insert(model.queues[q].acceleration_milli);
    if (different.size() <= limits::kMaxAccelerations) continue;
    context.report.Error(*context.names.queues.PlaceOf(q), "too_many",
                         "queue " + Quoted(model.queues[q].name) +
                             ": with its acceleration there are more than " +
                             std::to_string(limits::kMaxAccelerations) +
                             " different ones in the policy, 0 counted as one",
                         "use one of the others");
    return;
  }
}

void CheckRatios(const model::Model& model, Context& context) {
  int sum_milli = 0;
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    sum_milli += model.queues[q].ratio_milli.value_or(0);
    if (sum_milli <= 1'000) continue;
    context.report.Error(*context.names.queues.PlaceOf(q), "out_of_range",
                         "queue " + Quoted(model.queues[q].name) +
                             ": with its ratio the queues' ratios are more than 1 together");
    return;
  }
}

}  // namespace routerd::compiler
