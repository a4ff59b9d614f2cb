// `callback:` of a queue: how often a customer who wants to be called back is dialled.
#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {

void CompileCallback(Fields& fields, Context& context, model::CallbackRule& out) {
  const YamlNode* node = fields.Find("callback");
  if (node == nullptr) return;
  Fields rule(node, fields.Where("callback"), context.report);
  rule.Number("attempts", 1, limits::kMaxCallbackAttempts, out.attempts);
  rule.Span("retry", 1'000, limits::kMaxSpanMs, out.retry_ms);
  rule.Finish();
  if (context.names.channels.Find("callback")) return;
  context.report.Error(*node, "unused_key",
                       fields.Where("callback") + " does nothing: there is no channel 'callback'",
                       "add it to channels, or remove it");
}

}  // namespace routerd::compiler
