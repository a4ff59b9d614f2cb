// What a limit does with the contact that it stops: `when_full`, `when_closed`, `when_waited`.
// Perhaps something is played to its customer first.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/compiler/condition.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

// `offer_callback` need not be defined: its name says all.
std::optional<std::uint32_t> FindTreatment(const YamlNode& node, const std::string& where,
                                           Context& context) {
  NameTable& treatments = context.names.treatments;
  if (node.kind != NodeKind::kScalar || node.text != kOfferCallback) {
    return treatments.Resolve(node, where, context.report);
  }
  if (!context.names.channels.Find("callback")) {
    context.report.Error(node, "missing_key",
                         where + " offers to call back, and there is no channel 'callback'",
                         "add it to channels");
  }
  const auto declared = treatments.Find(kOfferCallback);
  return declared ? declared : treatments.DeclareHidden(std::string(kOfferCallback));
}

void TreatBefore(const YamlNode& node, const std::string& where, Context& context,
                 model::AtLimit& out) {
  const auto number = FindTreatment(node, where, context);
  if (number) out.treat = TreatmentNo(static_cast<std::uint16_t>(*number));
}

// `end`: the word for what the limit does by itself.
void CompileAtLimit(Fields& fields, std::string_view key, std::string_view end, Context& context,
                    model::AtLimit& out) {
  const YamlNode* node = fields.Find(key);
  if (node == nullptr) return;
  const std::string where = fields.Where(key);
  if (node->kind == NodeKind::kScalar && node->text == end) return;
  if (node->kind == NodeKind::kScalar && node->text == kOfferCallback) {
    return TreatBefore(*node, where, context, out);
  }
  if (node->kind != NodeKind::kMap) {
    ReportWrongType(*node, where, std::string(end) + ", offer_callback or {overflow: QUEUE}",
                    context.report);
    return;
  }
  Fields rule(node, where, context.report);
  const YamlNode* treat = rule.Find("treat");
  if (treat != nullptr) TreatBefore(*treat, rule.Where("treat"), context, out);
  if (const YamlNode* queue = rule.Find("overflow")) {
    const auto number =
        context.names.queues.Resolve(*queue, rule.Where("overflow"), context.report);
    if (number) out.overflow = QueueNo(*number);
  } else if (treat == nullptr) {
    context.report.Error(*node, "missing_key", where + " does not say where to",
                         "write {overflow: QUEUE}");
  }
  rule.Finish();
}

void ReportUnused(const YamlNode* at, const std::string& where, std::string_view limit,
                  Context& context) {
  if (at == nullptr) return;
  context.report.Error(*at, "unused_key",
                       where + " never happens: there is no " + std::string(limit),
                       "say " + std::string(limit) + " too, or remove it");
}

// A way that comes back to where it began would send a contact round for ever.
class Ways {
 public:
  Ways(const model::Model& model, Context& context) : model_(model), context_(context) {
    state_.resize(model.queues.size());
    depth_.resize(model.queues.size());
  }

  void Check() {
    for (std::uint32_t q = 0; q < model_.queues.size(); ++q) Visit(q);
  }

 private:
  enum class State : std::uint8_t { kNew, kOpen, kDone };

  std::vector<std::uint32_t> Next(std::uint32_t q) const {
    std::vector<std::uint32_t> next;
    const model::Queue& queue = model_.queues[q];
    for (const model::AtLimit* at : model::LimitsOf(queue)) {
      if (at->overflow.valid()) next.push_back(at->overflow.value);
    }
    return next;
  }

  // With a stack of its own: a policy may have thousands of queues in a row.
  void Visit(std::uint32_t start) {
    if (state_[start] != State::kNew) return;
    struct Frame {
      std::uint32_t queue;
      std::vector<std::uint32_t> next;
    };
    std::vector<Frame> way{{start, Next(start)}};
    state_[start] = State::kOpen;
    while (!way.empty()) {
      Frame& frame = way.back();
      if (frame.next.empty()) {
        Close(frame.queue);
        way.pop_back();
        continue;
      }
      const std::uint32_t to = frame.next.back();
      frame.next.pop_back();
      if (state_[to] == State::kOpen) {
        std::vector<std::uint32_t> ring;
        ring.reserve(way.size());
        for (const Frame& f : way) ring.push_back(f.queue);
        return ReportRing(ring, to);
      }
      if (state_[to] != State::kNew) continue;
      state_[to] = State::kOpen;
      way.push_back({to, Next(to)});
    }
  }

  void Close(std::uint32_t queue) {
    state_[queue] = State::kDone;
    for (const std::uint32_t to : Next(queue))
      depth_[queue] = std::max(depth_[queue], depth_[to] + 1);
    if (depth_[queue] != limits::kMaxOverflowChain + 1) return;
    context_.report.Error(*context_.names.queues.PlaceOf(queue), "overflow_chain",
                          "queue " + Quoted(context_.names.queues.NameOf(queue)) +
                              ": a contact could overflow from here through more than " +
                              std::to_string(limits::kMaxOverflowChain) + " queues",
                          "shorten the way");
  }

  void ReportRing(const std::vector<std::uint32_t>& way, std::uint32_t to) {
    std::string text;
    bool in_ring = false;
    for (const std::uint32_t queue : way) {
      in_ring = in_ring || queue == to;
      if (in_ring) text += context_.names.queues.NameOf(queue) + " → ";
      state_[queue] = State::kDone;  // told once
    }
    const std::string& name = context_.names.queues.NameOf(to);
    context_.report.Error(*context_.names.queues.PlaceOf(to), "overflow_ring",
                          "queue " + Quoted(name) + " overflows into itself: " + text + name,
                          "let one of them refuse, or overflow to a queue outside");
  }

  const model::Model& model_;
  Context& context_;
  std::vector<State> state_;
  std::vector<std::size_t> depth_;  // queues that follow, of those that are done
};

}  // namespace

void CompileAtLimits(Fields& fields, Context& context, model::Queue& queue) {
  for (auto [key, condition] :
       {std::pair("join_if", &queue.join_if), std::pair("leave_if", &queue.leave_if)}) {
    const YamlNode* node = fields.Find(key);
    if (node != nullptr) *condition = CompileCondition(*node, fields.Where(key), context.report);
  }
  CompileAtLimit(fields, "when_not_joined", "refuse", context, queue.when_not_joined);
  CompileAtLimit(fields, "when_left", "expire", context, queue.when_left);
  if (fields.Find("join_if") == nullptr) {
    ReportUnused(fields.Find("when_not_joined"), fields.Where("when_not_joined"), "join_if",
                 context);
  }
  if (fields.Find("leave_if") == nullptr) {
    ReportUnused(fields.Find("when_left"), fields.Where("when_left"), "leave_if", context);
  }
  CompileAtLimit(fields, "when_full", "refuse", context, queue.when_full);
  CompileAtLimit(fields, "when_closed", "refuse", context, queue.when_closed);
  CompileAtLimit(fields, "when_waited", "expire", context, queue.when_waited);
  if (fields.Find("max_waiting") == nullptr) {
    ReportUnused(fields.Find("when_full"), fields.Where("when_full"), "max_waiting", context);
  }
  if (fields.Find("max_wait") == nullptr) {
    ReportUnused(fields.Find("when_waited"), fields.Where("when_waited"), "max_wait", context);
  }
}

model::Treatment CompileTreatment(const Entry& entry, Context& context) {
  model::Treatment treatment;
  treatment.name = entry.key->text;
  Fields fields(entry.value, "treatment " + Quoted(treatment.name), context.report);
  fields.Span("time", 100, limits::kMaxSpanMs, treatment.time_ms);
  fields.Finish();
  return treatment;
}

void WarnOfUnusedTreatments(const model::Model& model, Context& context) {
  std::vector<bool> used(model.treatments.size());
  for (const model::Queue& queue : model.queues) {
    for (const model::AtLimit* at : model::LimitsOf(queue)) {
      if (at->treat.valid()) used[at->treat.index()] = true;
    }
  }
  for (std::uint32_t t = 0; t < used.size(); ++t) {
    const YamlNode* at = context.names.treatments.PlaceOf(t);
    if (at == nullptr || used[t]) continue;
    context.report.Warning(*at, "unused_treatment",
                           "no queue's limit plays the treatment " + Quoted(at->text),
                           "say treat: " + at->text + " at one, or remove it");
  }
}

void CheckOverflow(const model::Model& model, Context& context) { Ways(model, context).Check(); }

}  // namespace routerd::compiler
