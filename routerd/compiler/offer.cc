#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

constexpr std::string_view kOfferWanted = "one, ring_all, {race: 3} or {progressive: 10s}";

void ReadOfferWord(const YamlNode& node, const std::string& where, Context& context,
                   model::OfferRule& out) {
  if (node.text == "one") {
    out = {};
  } else if (node.text == "ring_all") {
    out = {.mode = model::OfferMode::kRingAll};
  } else {
    std::string hint = DidYouMean(Nearest(node.text, {"one", "ring_all", "race", "progressive"}));
    if (node.text == "race") hint = "say how many race, like {race: 3}";
    if (node.text == "progressive") hint = "say how often one more is asked: {progressive: 10s}";
    context.report.Error(
        node, "unknown_word",
        where + " must be " + std::string(kOfferWanted) + ", not " + Quoted(node.text), hint);
  }
}

}  // namespace

void CompileOffer(Fields& fields, Context& context, model::OfferRule& out) {
  const YamlNode* node = fields.Find("offer");
  if (node == nullptr) return;
  const std::string where = fields.Where("offer");
  if (node->kind == NodeKind::kScalar) return ReadOfferWord(*node, where, context, out);
  if (node->kind != NodeKind::kMap || node->children.size() != 2) {
    return ReportWrongType(*node, where, kOfferWanted, context.report);
  }
  Fields rule(node, where, context.report);
  int most = 0;
  SpanMs every_ms = 0;
  if (rule.Number("race", 2, limits::kMaxOffersPerContact, most)) {
    out = {.mode = model::OfferMode::kRace, .most = most};
  }
  if (rule.Span("progressive", 1'000, 3'600'000, every_ms)) {
    out = {.mode = model::OfferMode::kProgressive, .every_ms = every_ms};
  }
  rule.Finish();
}

}  // namespace routerd::compiler
