// Labels of contacts, and what may interrupt a channel's work: lists of names.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

// The numbers of a list of names, sorted.
template <typename No>
std::vector<No> ReadNames(Fields& fields, std::string_view key, NameTable& names,
                          Context& context) {
  std::vector<No> numbers;
  const std::string where = fields.Where(key);
  for (const YamlNode* element : ElementsOf(fields.Find(key), where, context.report)) {
    const auto number = names.Resolve(*element, where, context.report);
    if (!number) continue;
    const No no(static_cast<decltype(No::value)>(*number));
    if (std::find(numbers.begin(), numbers.end(), no) != numbers.end()) {
      context.report.Error(*element, "duplicate_name",
                           where + " lists " + Quoted(element->text) + " twice", "remove it");
      continue;
    }
    numbers.push_back(no);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

model::Label CompileLabel(const Entry& entry, Context& context) {
  model::Label label;
  label.name = entry.key->text;
  ReadNumber(*entry.value, "label " + Quoted(label.name), 1, limits::kMaxItemsPerAgent,
             label.max_per_agent, context.report);
  return label;
}

void CompileQueuesLabels(Fields& fields, Context& context, model::Queue& queue) {
  queue.labels = ReadNames<LabelNo>(fields, "labels", context.names.labels, context);
}

void CompileLabelLimits(Fields& fields, Context& context, model::AgentProfile& profile) {
  const std::string where = fields.Where("max_labels");
  for (const Entry& entry : EntriesOf(fields.Find("max_labels"), where, context.report)) {
    const auto label = context.names.labels.Resolve(*entry.key, where, context.report);
    int max = 0;
    const bool read = ReadNumber(*entry.value, where + ": " + Shown(entry.key->text), 1,
                                 limits::kMaxItemsPerAgent, max, context.report);
    if (!label || !read) continue;
    profile.label_limits.push_back({LabelNo(static_cast<std::uint16_t>(*label)), max});
  }
  std::sort(profile.label_limits.begin(), profile.label_limits.end());
}

void CompileInterruptibleBy(Fields& fields, Context& context, model::Channel& channel) {
  channel.interruptible_by =
      ReadNames<ChannelNo>(fields, "interruptible_by", context.names.channels, context);
  for (const ChannelNo by : channel.interruptible_by) {
    if (context.names.channels.NameOf(by.value) != channel.name) continue;
    context.report.Error(*fields.Find("interruptible_by"), "contradiction",
                         fields.Where("interruptible_by") + " names the channel itself",
                         "name others, whose work is more urgent");
  }
}

void CheckRooms(const model::Model& model, Context& context) {
  std::vector<std::vector<LabelNo>> sets = {{}};
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    const std::vector<LabelNo>& labels = model.queues[q].labels;
    if (std::find(sets.begin(), sets.end(), labels) != sets.end()) continue;
    sets.push_back(labels);
    if (sets.size() * model.channels.size() <= limits::kMaxRooms) continue;
    context.report.Error(*context.names.queues.PlaceOf(q), "too_many",
                         "queue " + Quoted(model.queues[q].name) +
                             ": with its labels there are more than " +
                             std::to_string(limits::kMaxRooms / model.channels.size()) +
                             " different lists of labels, none at all counted as one",
                         "use one of the others");
    return;
  }
}

}  // namespace routerd::compiler
