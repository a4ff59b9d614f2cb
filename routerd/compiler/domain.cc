#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {

void CompileDomain(const YamlNode* section, Context& context, model::Model& model) {
  constexpr SpanMs kDay = 24LL * 3'600'000;
  Fields fields(section, "domain", context.report);
  fields.Span("agent_grace", 0, kDay, model.agent_grace_ms);
  fields.Span("gateway_grace", 0, kDay, model.gateway_grace_ms);
  fields.Number("max_open_offers", 1, limits::kMaxItemsPerAgent, model.max_open_offers);
  fields.Finish();
}

}  // namespace routerd::compiler
