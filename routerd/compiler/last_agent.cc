#include "routerd/compiler/fields.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

constexpr std::string_view kLastAgentWanted = "never, if_ready or {wait: 30s}";
constexpr SpanMs kMaxAgentsWait = 7LL * 24 * 3'600'000;

void ReadLastAgentWord(const YamlNode& node, const std::string& where, Report& report,
                       model::LastAgentRule& out) {
  if (node.text == "never") {
    out = {};
  } else if (node.text == "if_ready") {
    out = {.mode = model::LastAgent::kIfReady, .wait_ms = 0};
  } else {
    const std::string hint = node.text == "wait"
                                 ? "say how long, like {wait: 30s}"
                                 : DidYouMean(Nearest(node.text, {"never", "if_ready", "wait"}));
    report.Error(node, "unknown_word",
                 where + " must be " + std::string(kLastAgentWanted) + ", not " + Quoted(node.text),
                 hint);
  }
}

}  // namespace

void CompileAgentsFirst(Fields& fields, model::Queue& queue) {
  fields.Span("preferred_wait", 0, kMaxAgentsWait, queue.preferred_wait_ms);
  fields.Span("direct_wait", 0, kMaxAgentsWait, queue.direct_wait_ms);
  const YamlNode* node = fields.Find("last_agent");
  if (node == nullptr) return;
  const std::string where = fields.Where("last_agent");
  if (node->kind == NodeKind::kScalar) {
    return ReadLastAgentWord(*node, where, fields.report(), queue.last_agent);
  }
  if (node->kind != NodeKind::kMap) {
    return ReportWrongType(*node, where, kLastAgentWanted, fields.report());
  }
  Fields rule(node, where, fields.report());
  SpanMs wait_ms = 0;
  if (rule.Span("wait", 1, kMaxAgentsWait, wait_ms)) {
    queue.last_agent = {.mode = model::LastAgent::kWait, .wait_ms = wait_ms};
  }
  rule.Finish();
}

}  // namespace routerd::compiler
