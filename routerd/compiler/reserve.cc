// `reserve:` of a queue: agents whom it leaves free for other queues.
#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

void ReadQueuesFor(const YamlNode& node, const std::string& where, Context& context,
                   std::vector<QueueNo>& out) {
  const auto elements = ElementsOf(&node, where, context.report);
  if (node.kind != NodeKind::kScalar && node.children.empty()) {
    context.report.Error(node, "empty_list", where + " lists no queue",
                         "list the queues that the agents are kept for");
  }
  for (const YamlNode* element : elements) {
    const auto number = context.names.queues.Resolve(*element, where, context.report);
    if (!number) continue;
    if (std::find(out.begin(), out.end(), QueueNo(*number)) != out.end()) {
      context.report.Error(*element, "duplicate_name",
                           where + ": " + Quoted(element->text) + " stands here again",
                           "remove it");
    } else {
      out.emplace_back(*number);
    }
  }
  std::sort(out.begin(), out.end());
}

}  // namespace

void CompileReserve(Fields& fields, Context& context, model::Queue& queue) {
  const YamlNode* node = fields.Find("reserve");
  if (node == nullptr) return;
  const std::string where = fields.Where("reserve");
  if (node->kind != NodeKind::kMap) {
    return ReportWrongType(*node, where, "a map like {agents: 2, for: [QUEUE]}", context.report);
  }
  Fields rule(node, where, context.report);
  model::Reserve reserve;
  int agents = 0;
  const bool counted = rule.Number("agents", 1, limits::kMaxReservedAgents, agents);
  if (!counted && rule.Find("agents") == nullptr) {
    context.report.Error(*node, "missing_key", where + " does not say how many agents",
                         "write {agents: 2, for: [QUEUE]}");
  }
  reserve.agents = static_cast<std::uint32_t>(agents);
  if (const YamlNode* queues = rule.Find("for")) {
    ReadQueuesFor(*queues, rule.Where("for"), context, reserve.queues);
  } else {
    context.report.Error(*node, "missing_key", where + " does not say for which queues",
                         "write {agents: 2, for: [QUEUE]}");
  }
  if (const YamlNode* channel = rule.Find("channel")) {
    const auto number =
        context.names.channels.Resolve(*channel, rule.Where("channel"), context.report);
    if (number) reserve.channel = ChannelNo(static_cast<std::uint8_t>(*number));
  }
  rule.Finish();
  const auto self = context.names.queues.Find(queue.name);
  if (self && std::count(reserve.queues.begin(), reserve.queues.end(), QueueNo(*self)) != 0) {
    context.report.Error(*node, "contradiction", where + " keeps agents free for the queue itself",
                         "name the queues that shall find somebody free");
  }
  if (counted && !reserve.queues.empty()) queue.reserve = reserve;
}

void CheckReserves(const model::Model& model, Context& context) {
  std::vector<std::pair<std::vector<QueueNo>, ChannelNo>> distinct;
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    if (!model.queues[q].reserve) continue;
    const std::pair pool(model.queues[q].reserve->queues, model.queues[q].reserve->channel);
    if (std::find(distinct.begin(), distinct.end(), pool) != distinct.end()) continue;
    distinct.push_back(pool);
    if (distinct.size() <= limits::kMaxReserves) continue;
    context.report.Error(*context.names.queues.PlaceOf(q), "too_many",
                         "queue " + Quoted(model.queues[q].name) +
                             ": its reserve is one of more than " +
                             std::to_string(limits::kMaxReserves) + " that differ",
                         "let queues keep agents for the same others");
    return;
  }
}

}  // namespace routerd::compiler
