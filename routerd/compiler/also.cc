// `also:` of a queue: further queues that its contacts wait in.
#include <algorithm>
#include <string>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {

void CompileAlso(Fields& fields, Context& context, model::Queue& queue) {
  const YamlNode* node = fields.Find("also");
  if (node == nullptr) return;
  const std::string where = fields.Where("also");
  const auto self = context.names.queues.Find(queue.name);
  if (node->kind != NodeKind::kScalar && node->children.empty()) {
    context.report.Error(*node, "empty_list", where + " lists no queue",
                         "remove it, or list a queue");
  }
  for (const YamlNode* element : ElementsOf(node, where, context.report)) {
    const auto number = context.names.queues.Resolve(*element, where, context.report);
    if (!number) continue;
    if (number == self) {
      context.report.Error(*element, "contradiction",
                           where + " lists the queue itself, which its contacts are in anyway",
                           "remove it");
    } else if (std::count(queue.also.begin(), queue.also.end(), QueueNo(*number)) != 0) {
      context.report.Error(*element, "duplicate_name",
                           where + ": " + Quoted(element->text) + " stands here again",
                           "remove it");
    } else if (queue.also.size() == limits::kMaxAlsoQueues) {
      context.report.Error(
          *element, "too_many",
          where + " lists more than " + std::to_string(limits::kMaxAlsoQueues) + " queues",
          "let one of them have the agents of the others");
      return;
    } else {
      queue.also.emplace_back(*number);
    }
  }
}

}  // namespace routerd::compiler
