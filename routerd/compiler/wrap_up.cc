#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"
#include "routerd/compiler/values.h"

namespace routerd::compiler {
namespace {

using model::WrapUpMode;

constexpr SpanMs kMinDuration = 1;
constexpr SpanMs kMaxDuration = 24LL * 3'600'000;

constexpr std::pair<std::string_view, WrapUpMode> kModes[] = {
    {"none", WrapUpMode::kNone},
    {"optional", WrapUpMode::kOptional},
    {"mandatory", WrapUpMode::kMandatory},
    {"timed", WrapUpMode::kTimed},
    {"timed_forced", WrapUpMode::kTimedForced},
};

constexpr std::pair<std::string_view, bool> kHolds[] = {{"units", true}, {"none", false}};

bool EndsByTime(WrapUpMode mode) {
  return mode != WrapUpMode::kNone && mode != WrapUpMode::kMandatory;
}

void ReadMap(const YamlNode& node, const std::string& where, Report& report, model::WrapUp& out) {
  Fields fields(&node, where, report);
  fields.Word<WrapUpMode>("mode", kModes, out.mode);
  out.holds_room = model::HoldsRoom(out.mode);
  fields.Word<bool>("holds", kHolds, out.holds_room);
  fields.Span("duration", kMinDuration, kMaxDuration, out.duration_ms);
  fields.Span("extend", kMinDuration, kMaxDuration, out.extend_ms);
  for (const std::string_view key : {"duration", "extend"}) {
    const YamlNode* node = fields.Find(key);
    if (node == nullptr || EndsByTime(out.mode)) continue;
    report.Error(*node, "unused_key", where + ": this mode does not end by time",
                 "remove " + std::string(key) + ", or say mode: timed");
  }
  const YamlNode* holds = fields.Find("holds");
  if (holds != nullptr && out.mode == WrapUpMode::kNone) {
    report.Error(*holds, "unused_key", where + ": there is no wrap-up that could hold room",
                 "remove holds, or say mode: timed");
  }
  fields.Finish();
}

}  // namespace

bool CompileWrapUp(Fields& fields, model::WrapUp& out) {
  const YamlNode* node = fields.Find("wrap_up");
  if (node == nullptr) return false;
  out = model::WrapUp();
  if (node->kind == NodeKind::kScalar && ParseSpan(node->text)) {
    fields.Span("wrap_up", kMinDuration, kMaxDuration, out.duration_ms);
  } else if (node->kind == NodeKind::kScalar) {
    fields.Word<WrapUpMode>("wrap_up", kModes, out.mode);
    out.holds_room = model::HoldsRoom(out.mode);
  } else if (node->kind == NodeKind::kMap) {
    ReadMap(*node, fields.Where("wrap_up"), fields.report(), out);
  } else {
    ReportWrongType(*node, fields.Where("wrap_up"), "a mode, a duration or a map", fields.report());
  }
  if (!EndsByTime(out.mode)) out.duration_ms = 0;
  return true;
}

}  // namespace routerd::compiler
