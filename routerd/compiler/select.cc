// `select:` of a queue: by what it chooses among several agents.
#include <algorithm>
#include <set>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

using model::SelectBy;
using model::SelectKey;

constexpr std::pair<std::string_view, SelectBy> kKeys[] = {
    {"longest_idle", SelectBy::kLongestIdle},
    {"most_skilled", SelectBy::kMostSkilled},
    {"least_skilled", SelectBy::kLeastSkilled},
    {"fewest_skills", SelectBy::kFewestSkills},
    {"primary_first", SelectBy::kPrimaryFirst},
    {"fastest", SelectBy::kFastest},
    {"most_room", SelectBy::kMostRoom},
    {"fewest_contacts", SelectBy::kFewestContacts},
    {"least_talk_time", SelectBy::kLeastTalkTime},
    {"round_robin", SelectBy::kRoundRobin},
    {"linear", SelectBy::kLinear},
    {"lowest_cost", SelectBy::kLowestCost},
    {"tier", SelectBy::kTier},
    {"random", SelectBy::kRandom},
    {"weighted_random", SelectBy::kWeightedRandom},
};
constexpr std::string_view kAttributePrefix = "attribute:";

bool IsChance(SelectBy by) { return by == SelectBy::kRandom || by == SelectBy::kWeightedRandom; }

// `attribute:NAME`, and whether the least or the greatest comes first.
bool ReadAttributeKey(const YamlNode& node, const std::string& where, Context& context,
                      SelectKey& key) {
  std::string name = node.text.substr(kAttributePrefix.size());
  key.by = SelectBy::kAttribute;
  if (const std::size_t space = name.find(' '); space != std::string::npos) {
    const std::string direction = name.substr(space + 1);
    name.resize(space);
    if (direction != "asc" && direction != "desc") {
      context.report.Error(
          node, "unknown_word",
          where + ": after the attribute's name comes asc or desc, not " + Quoted(direction),
          "asc: the least first; desc: the greatest first");
      return false;
    }
    key.descending = direction == "desc";
  }
  YamlNode at = node;
  at.text = name;
  const auto number = context.names.attributes.Resolve(at, where, context.report);
  if (number) key.attribute = AttributeNo(static_cast<std::uint16_t>(*number));
  return number.has_value();
}

bool ReadSelectKey(const YamlNode& node, const std::string& where, Context& context,
                   SelectKey& key) {
  if (node.kind != NodeKind::kScalar) {
    ReportWrongType(node, where + ": each element", "a word", context.report);
    return false;
  }
  if (node.text.starts_with(kAttributePrefix)) return ReadAttributeKey(node, where, context, key);
  std::vector<std::string_view> words = {"attribute:NAME"};
  for (const auto& [word, by] : kKeys) {
    if (node.text == word) {
      key.by = by;
      return true;
    }
    words.push_back(word);
  }
  std::string hint = DidYouMean(Nearest(node.text, words));
  if (hint.empty()) {
    hint = "known here:";
    for (const std::string_view word : words) {
      hint += (hint.back() == ':' ? " " : ", ") + std::string(word);
    }
  }
  context.report.Error(node, "unknown_word", where + ": no key " + Quoted(node.text), hint);
  return false;
}

void CheckSelectKey(const YamlNode& node, const std::string& where, const SelectKey& key,
                    const std::vector<SelectKey>& before, bool lists_agents, Report& report) {
  if (std::find(before.begin(), before.end(), key) != before.end()) {
    report.Error(node, "duplicate_name", where + ": " + Quoted(node.text) + " stands here again",
                 "remove it");
  } else if (!before.empty() && IsChance(before.back().by)) {
    report.Error(node, "unused_key",
                 where + ": " + Quoted(node.text) + " is never looked at: chance decides before it",
                 "chance is the last key");
  }
  const bool by_list = key.by == SelectBy::kLinear || key.by == SelectBy::kTier;
  if (by_list && !lists_agents) {
    report.Error(node, "unused_key",
                 where + ": " + Quoted(node.text) + " orders the queue's own list of agents, and " +
                     "it has none",
                 "list them under agents");
  }
}

}  // namespace

void CompileSelect(Fields& fields, Context& context, bool lists_agents, const YamlNode* tier,
                   model::Queue& queue) {
  const YamlNode* node = fields.Find("select");
  const std::string where = fields.Where("select");
  if (node != nullptr) {
    if (node->kind != NodeKind::kScalar && node->children.empty()) {
      context.report.Error(*node, "empty_list", where + " has no key",
                           "remove it, or write [longest_idle]");
    }
    std::vector<SelectKey> select;
    for (const YamlNode* element : ElementsOf(node, where, context.report)) {
      SelectKey key;
      if (!ReadSelectKey(*element, where, context, key)) continue;
      CheckSelectKey(*element, where, key, select, lists_agents, context.report);
      select.push_back(key);
    }
    if (select.size() > limits::kMaxSelectKeys) {
      context.report.Error(*node, "too_many",
                           where + " has " + std::to_string(select.size()) + " keys, at most " +
                               std::to_string(limits::kMaxSelectKeys));
    }
    if (!select.empty()) queue.select = std::move(select);
  }
  const bool uses_tier = std::any_of(queue.select.begin(), queue.select.end(),
                                     [](const auto& key) { return key.by == SelectBy::kTier; });
  if (tier == nullptr || uses_tier) return;
  context.report.Error(*tier, "unused_key",
                       fields.where() + ": tiers do nothing while select does not name them",
                       "write select: [tier], or remove them");
}

void CheckOrders(const model::Model& model, Context& context) {
  std::set<model::AgentOrder> orders = {model::OrderWithinClass({}, QueueNo())};
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    if (model.queues[q].name.empty()) continue;
    orders.insert(model::OrderWithinClass(model.queues[q].select, QueueNo(q)));
    if (orders.size() <= limits::kMaxAgentOrders) continue;
    context.report.Error(*context.names.queues.PlaceOf(q), "too_many",
                         "queue " + Quoted(model.queues[q].name) + ": with its select there are " +
                             "more than " + std::to_string(limits::kMaxAgentOrders) +
                             " different orders of agents; linear and fastest count once for " +
                             "each queue",
                         "use the same keys in more queues; most_skilled, least_skilled, "
                         "fewest_skills, primary_first and tier are free");
    return;
  }
}

}  // namespace routerd::compiler
