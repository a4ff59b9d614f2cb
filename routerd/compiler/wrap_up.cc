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

bool EndsByTime(WrapUpMode mode) {
  return mode != WrapUpMode::kNone && mode != WrapUpMode::kMandatory;
}

void ReadMap(const YamlNode& node, const std::string& where, Report& report, model::WrapUp& out) {
  Fields fields(&node, where, report);
  fields.Word<WrapUpMode>("mode", kModes, out.mode);
  const YamlNode* duration = fields.Find("duration");
  fields.Span("duration", kMinDuration, kMaxDuration, out.duration_ms);
  if (duration != nullptr && !EndsByTime(out.mode)) {
    report.Error(*duration, "unused_key", where + ": this mode does not end by time",
                 "remove duration, or say mode: timed");
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
  } else if (node->kind == NodeKind::kMap) {
    ReadMap(*node, fields.Where("wrap_up"), fields.report(), out);
  } else {
    ReportWrongType(*node, fields.Where("wrap_up"), "a mode, a duration or a map", fields.report());
  }
  if (!EndsByTime(out.mode)) out.duration_ms = 0;
  return true;
}

}  // namespace routerd::compiler
