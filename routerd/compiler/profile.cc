#include <algorithm>
#include <set>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

// What becomes of queues that the profile does not list.
constexpr std::pair<std::string_view, bool> kOthers[] = {{"serve", true}, {"never", false}};

model::ProfileQueue ReadProfileQueue(const Entry& entry, const std::string& where,
                                     Context& context) {
  model::ProfileQueue queue;
  Fields fields(entry.value, where + ": " + Shown(entry.key->text), context.report);
  fields.Number("rank", 1, limits::kMaxRank, queue.rank);
  fields.Span("delay", 0, limits::kMaxSpanMs, queue.delay_ms);
  fields.Finish();
  return queue;
}

}  // namespace

model::Profile CompileProfile(const Entry& entry, Context& context) {
  model::Profile profile;
  profile.name = entry.key->text;
  Fields fields(entry.value, "profile " + Quoted(profile.name), context.report);
  const YamlNode* queues = fields.Find("queues");
  if (queues != nullptr && queues->kind == NodeKind::kMap && queues->children.empty()) {
    context.report.Error(*queues, "empty_list", fields.Where("queues") + " lists no queue",
                         "remove it, or list a queue");
  }
  for (const Entry& listed : EntriesOf(queues, fields.Where("queues"), context.report)) {
    const std::string where = fields.Where("queues");
    const auto number = context.names.queues.Resolve(*listed.key, where, context.report);
    model::ProfileQueue queue = ReadProfileQueue(listed, where, context);
    if (!number) continue;
    queue.queue = QueueNo(*number);
    profile.queues.push_back(queue);
  }
  std::sort(profile.queues.begin(), profile.queues.end());
  const YamlNode* others = fields.Find("others");
  fields.Word<bool>("others", kOthers, profile.serves_others);
  if (others != nullptr && !profile.serves_others && queues == nullptr) {
    context.report.Error(*others, "contradiction",
                         fields.where() + " lists no queue and serves no others",
                         "list the queues that it serves");
  }
  fields.Finish();
  return profile;
}

void CheckDelays(const model::Model& model, Context& context) {
  std::vector<std::set<SpanMs>> delays(model.queues.size());
  for (std::uint32_t p = 0; p < model.profiles.size(); ++p) {
    for (const model::ProfileQueue& entry : model.profiles[p].queues) {
      std::set<SpanMs>& of_queue = delays[entry.queue.index()];
      if (entry.delay_ms == 0 || !of_queue.insert(entry.delay_ms).second) continue;
      if (of_queue.size() != limits::kMaxDelaysPerQueue + 1) continue;
      context.report.Error(*context.names.profiles.PlaceOf(p), "too_many",
                           "queue " + Quoted(model.queues[entry.queue.index()].name) +
                               " has more than " + std::to_string(limits::kMaxDelaysPerQueue) +
                               " different delays, this profile's included",
                           "give profiles the same delay where nothing hangs on the difference");
    }
  }
}

}  // namespace routerd::compiler
