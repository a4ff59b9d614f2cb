#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/document.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/names.h"
#include "routerd/compiler/report.h"
#include "routerd/compiler/values.h"
#include "routerd/sim/trace_names.h"
#include "routerd/sim/workload.h"

namespace routerd::sim {
namespace {

using compiler::Entry;
using compiler::Fields;
using compiler::NodeKind;
using compiler::Report;
using compiler::YamlNode;

constexpr SpanMs kDayMs = 24LL * 3600 * 1000;
constexpr std::size_t kMaxRates = 24 * 60;
constexpr SpanMs kMinIntervalMs = 60'000;

class WorkloadCompiler {
 public:
  WorkloadCompiler(const model::Model& model, Report& report) : names_(model), report_(report) {}

  Workload Compile(const YamlNode& root) {
    Workload workload;
    Fields fields(&root, "workload", report_);
    int version = 0;
    if (!fields.Number("version", 1, 1, version) && fields.Find("version") == nullptr) {
      report_.Error(root, "missing_key", "'version' is missing", "add version: 1");
    }
    fields.Number("days", 1, limits::kMaxWorkloadDays, workload.days);
    fields.Span("warm_up", 0, limits::kMaxSpanMs, workload.warm_up_ms);
    const YamlNode* contacts = fields.Find("contacts");
    for (const Entry& entry : compiler::EntriesOf(contacts, "contacts", report_)) {
      if (entry.key != nullptr) workload.flows.push_back(CompileFlow(entry));
    }
    for (const Entry& entry : compiler::EntriesOf(fields.Find("agents"), "agents", report_)) {
      workload.teams.push_back(CompileTeam(entry));
    }
    if (workload.flows.empty()) {
      report_.Error(contacts == nullptr ? root : *contacts, "missing_key", "nothing arrives",
                    "add an entry to contacts");
    }
    if (workload.flows.size() > static_cast<std::size_t>(limits::kMaxWorkloadFlows)) {
      report_.Error(
          *contacts, "too_many",
          "contacts has more than " + std::to_string(limits::kMaxWorkloadFlows) + " entries");
    }
    fields.Finish();
    return workload;
  }

 private:
  const std::string* TextOf(Fields& fields, std::string_view key, bool required,
                            const YamlNode& at) {
    const YamlNode* node = fields.Find(key);
    if (node == nullptr) {
      if (required) {
        report_.Error(at, "missing_key", fields.Where(key) + " is missing");
      }
      return nullptr;
    }
    if (node->kind == NodeKind::kScalar && !node->text.empty()) return &node->text;
    compiler::ReportWrongType(*node, fields.Where(key), "a word", report_);
    return nullptr;
  }

  template <typename No>
  void Named(Fields& fields, std::string_view key, const NamesOf<No>& names, const YamlNode& at,
             std::string& out) {
    const std::string* text = TextOf(fields, key, true, at);
    if (text == nullptr) return;
    out = *text;
    if (names.Find(out).valid()) return;
    report_.Error(*fields.Find(key), "unknown_name", fields.where() + ": " + names.Unknown(out),
                  names.Hint(out));
  }

  std::optional<NamedLevels> LevelsOf(Fields& fields) {
    const YamlNode* node = fields.Find("skills");
    if (node == nullptr) return std::nullopt;
    NamedLevels levels;
    for (const Entry& entry : compiler::EntriesOf(node, fields.Where("skills"), report_)) {
      const std::string& name = entry.key->text;
      int level = 0;
      if (!names_.skills.Find(name).valid()) {
        report_.Error(*entry.key, "unknown_name",
                      fields.where() + ": " + names_.skills.Unknown(name),
                      names_.skills.Hint(name));
      }
      compiler::ReadNumber(*entry.value, fields.Where("skills"), 1, limits::kMaxSkillLevel, level,
                           report_);
      levels.emplace_back(name, level);
    }
    return levels;
  }

  std::optional<std::vector<std::string>> GroupsOf(Fields& fields) {
    const YamlNode* node = fields.Find("groups");
    if (node == nullptr) return std::nullopt;
    std::vector<std::string> groups;
    for (const YamlNode* element : compiler::ElementsOf(node, fields.Where("groups"), report_)) {
      if (!names_.groups.Find(element->text).valid()) {
        report_.Error(*element, "unknown_name",
                      fields.where() + ": " + names_.groups.Unknown(element->text),
                      names_.groups.Hint(element->text));
      }
      groups.push_back(element->text);
    }
    return groups;
  }

  // ---- Distributions ---------------------------------------------------------------------------

  std::optional<Distribution> DistributionOf(Fields& fields, std::string_view key) {
    const YamlNode* node = fields.Find(key);
    if (node == nullptr) return std::nullopt;
    Distribution out;
    const std::string where = fields.Where(key);
    if (node->kind == NodeKind::kScalar) {
      compiler::ReadSpan(*node, where, 0, limits::kMaxSpanMs, out.mean_ms, report_);
      return out;
    }
    Fields inner(node, where, report_);
    int given = 0;
    const auto simple = [&](std::string_view name, Distribution::Kind kind) {
      if (inner.Find(name) == nullptr) return;
      ++given;
      out.kind = kind;
      inner.Span(name, 0, limits::kMaxSpanMs, out.mean_ms);
    };
    simple("constant", Distribution::Kind::kConstant);
    simple("exponential", Distribution::Kind::kExponential);
    given += Uniform(inner, out) + Erlang(inner, out) + Lognormal(inner, out);
    inner.Finish();
    if (given != 1) {
      report_.Error(*node, "wrong_type", where + " must be one distribution",
                    "like 3m, {exponential: 3m} or {lognormal: {mean: 3m, variation: 0.8}}");
    }
    return out;
  }

  int Uniform(Fields& fields, Distribution& out) {
    const YamlNode* node = fields.Find("uniform");
    if (node == nullptr) return 0;
    Fields inner(node, fields.Where("uniform"), report_);
    out.kind = Distribution::Kind::kUniform;
    inner.Span("from", 0, limits::kMaxSpanMs, out.mean_ms);
    inner.Span("to", out.mean_ms, limits::kMaxSpanMs, out.to_ms);
    NeedBoth(inner, *node, "from", "to");
    return 1;
  }

  int Erlang(Fields& fields, Distribution& out) {
    const YamlNode* node = fields.Find("erlang");
    if (node == nullptr) return 0;
    Fields inner(node, fields.Where("erlang"), report_);
    out.kind = Distribution::Kind::kErlang;
    inner.Span("mean", 0, limits::kMaxSpanMs, out.mean_ms);
    inner.Number("phases", 1, 1'000, out.phases);
    NeedBoth(inner, *node, "mean", "phases");
    return 1;
  }

  int Lognormal(Fields& fields, Distribution& out) {
    const YamlNode* node = fields.Find("lognormal");
    if (node == nullptr) return 0;
    Fields inner(node, fields.Where("lognormal"), report_);
    out.kind = Distribution::Kind::kLognormal;
    inner.Span("mean", 1, limits::kMaxSpanMs, out.mean_ms);
    if (const YamlNode* variation = inner.Find("variation")) {
      out.variation = DecimalOf(*variation, inner.Where("variation"), 10);
    }
    NeedBoth(inner, *node, "mean", "variation");
    return 1;
  }

  void NeedBoth(Fields& fields, const YamlNode& at, std::string_view one, std::string_view other) {
    for (const std::string_view key : {one, other}) {
      if (fields.Find(key) == nullptr) {
        report_.Error(at, "missing_key", fields.Where(key) + " is missing");
      }
    }
    fields.Finish();
  }

  double DecimalOf(const YamlNode& node, const std::string& where, std::int64_t max) {
    const auto milli =
        node.kind == NodeKind::kScalar ? compiler::ParseMilli(node.text) : std::nullopt;
    if (milli && *milli <= max * 1'000) return static_cast<double>(*milli) / 1'000;
    report_.Error(node, "out_of_range",
                  where + " must be a number from 0 to " + std::to_string(max),
                  "with three decimals at most");
    return 0;
  }

  // ---- Contacts --------------------------------------------------------------------------------

  void CheckName(const Entry& entry) {
    const std::string why = compiler::WhyNotAName(entry.key->text);
    if (!why.empty()) report_.Error(*entry.key, "bad_name", "this cannot be a name", why);
  }

  void CompileRates(Fields& fields, const YamlNode& at, Flow& flow) {
    const YamlNode* all_day = fields.Find("per_hour");
    const YamlNode* by_interval = fields.Find("rates");
    if ((all_day == nullptr) == (by_interval == nullptr)) {
      report_.Error(at, "missing_key", fields.where() + ": either per_hour or rates says how many",
                    "like per_hour: 120, or rates: {every: 30m, per_hour: [10, 20]}");
      return;
    }
    flow.every_ms = kDayMs;
    if (all_day != nullptr) {
      flow.per_hour = {DecimalOf(*all_day, fields.Where("per_hour"), limits::kMaxWorkloadPerHour)};
      return;
    }
    Fields inner(by_interval, fields.Where("rates"), report_);
    inner.Span("every", kMinIntervalMs, kDayMs, flow.every_ms);
    for (const YamlNode* rate :
         compiler::ElementsOf(inner.Find("per_hour"), inner.Where("per_hour"), report_)) {
      flow.per_hour.push_back(
          DecimalOf(*rate, inner.Where("per_hour"), limits::kMaxWorkloadPerHour));
    }
    NeedBoth(inner, *by_interval, "every", "per_hour");
    const auto intervals = static_cast<SpanMs>(flow.per_hour.size());
    if (flow.per_hour.size() > kMaxRates || intervals * flow.every_ms > kDayMs) {
      report_.Error(*by_interval, "out_of_range", inner.where() + " goes beyond the day",
                    "give rates for 24 h at most");
    }
  }

  Flow CompileFlow(const Entry& entry) {
    Flow flow;
    CheckName(entry);
    flow.name = entry.key->text;
    const YamlNode& at = *entry.key;
    Fields fields(entry.value, "contacts " + compiler::Quoted(flow.name), report_);
    Named(fields, "queue", names_.queues, at, flow.contact.queue);
    Named(fields, "channel", names_.channels, at, flow.contact.channel);
    CompileRates(fields, at, flow);
    if (int priority = 0;
        fields.Number("priority", limits::kMinPriority, limits::kMaxPriority, priority)) {
      flow.contact.priority = priority;
    }
    flow.contact.skills = LevelsOf(fields).value_or(NamedLevels());
    for (const Entry& attribute :
         compiler::EntriesOf(fields.Find("attributes"), fields.Where("attributes"), report_)) {
      flow.contact.attributes.emplace_back(attribute.key->text, attribute.value->text);
    }
    const auto handle = DistributionOf(fields, "handle");
    if (handle) {
      flow.handle = *handle;
    } else {
      report_.Error(at, "missing_key", fields.Where("handle") + " is missing",
                    "how long agent and customer are together, like {exponential: 3m}");
    }
    flow.wrap_up = DistributionOf(fields, "wrap_up");
    flow.patience = DistributionOf(fields, "patience");
    flow.answer = DistributionOf(fields, "answer");
    fields.Finish();
    return flow;
  }

  // ---- Agents ----------------------------------------------------------------------------------

  Break CompileBreak(const YamlNode& node, const std::string& where, const Shift& shift) {
    Break out;
    Fields fields(&node, where, report_);
    fields.Span("at", 0, shift.to_ms - shift.from_ms, out.at_ms);
    fields.Span("for", 1, kDayMs, out.for_ms);
    if (fields.Find("reason") != nullptr) {
      Named(fields, "reason", names_.reasons, node, out.reason);
    }
    NeedBoth(fields, node, "at", "for");
    return out;
  }

  Shift CompileShift(const YamlNode& node, const std::string& where) {
    Shift out;
    Fields fields(&node, where, report_);
    fields.Span("from", 0, kDayMs, out.from_ms);
    fields.Span("to", out.from_ms + 1, out.from_ms + kDayMs, out.to_ms);
    for (const YamlNode* one :
         compiler::ElementsOf(fields.Find("breaks"), fields.Where("breaks"), report_)) {
      out.breaks.push_back(CompileBreak(*one, fields.Where("breaks"), out));
    }
    NeedBoth(fields, node, "from", "to");
    return out;
  }

  Team CompileTeam(const Entry& entry) {
    Team team;
    CheckName(entry);
    team.name = entry.key->text;
    Fields fields(entry.value, "agents " + compiler::Quoted(team.name), report_);
    fields.Number("count", 1, static_cast<std::int64_t>(limits::kMaxAgents), team.count);
    if (fields.Find("count") == nullptr) {
      report_.Error(*entry.key, "missing_key", fields.Where("count") + " is missing");
    }
    team.skills = LevelsOf(fields);
    team.groups = GroupsOf(fields);
    for (const YamlNode* shift :
         compiler::ElementsOf(fields.Find("shifts"), fields.Where("shifts"), report_)) {
      team.shifts.push_back(CompileShift(*shift, fields.Where("shifts")));
    }
    fields.Finish();
    return team;
  }

  const TraceNames names_;
  Report& report_;
};

}  // namespace

CompiledWorkload CompileWorkload(const std::string& file, const std::string& text,
                                 const model::Model& model) {
  CompiledWorkload out;
  Report report(file);
  if (const auto document = compiler::ParseDocument(text, report)) {
    Workload workload = WorkloadCompiler(model, report).Compile(document->root());
    if (!report.has_errors()) out.workload = std::move(workload);
  }
  out.findings = report.Take(text);
  return out;
}

}  // namespace routerd::sim
