#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

constexpr std::pair<std::string_view, model::Order> kOrders[] = {
    {"priority", model::Order::kPriority},
    {"sla", model::Order::kSla},
    {"queue_ratio", model::Order::kQueueRatio},
    {"cost", model::Order::kCost},
};
constexpr std::pair<std::string_view, model::IdleSince> kIdleSince[] = {
    {"last_work", model::IdleSince::kLastWork},
    {"last_offer", model::IdleSince::kLastOffer},
    {"ready", model::IdleSince::kReady},
};
constexpr std::pair<std::string_view, bool> kIdlePer[] = {{"agent", false}, {"channel", true}};

}  // namespace

void CompileDomain(const YamlNode* section, Context& context, model::Model& model) {
  constexpr SpanMs kDay = 24LL * 3'600'000;
  Fields fields(section, "domain", context.report);
  fields.Span("agent_grace", 0, kDay, model.agent_grace_ms);
  fields.Span("gateway_grace", 0, kDay, model.gateway_grace_ms);
  fields.Number("max_open_offers", 1, limits::kMaxItemsPerAgent, model.max_open_offers);
  fields.Word<model::Order>("order", kOrders, model.order);
  fields.Word<model::IdleSince>("idle_since", kIdleSince, model.idle_since);
  fields.Word<bool>("idle_per", kIdlePer, model.idle_per_channel);
  fields.Finish();
}

}  // namespace routerd::compiler
