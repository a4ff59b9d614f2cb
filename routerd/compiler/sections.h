// One function per part of the language, each in the file of its name. They fill in the model; what
// is wrong goes to the context's report, and the model is then not used.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/compiler/context.h"
#include "routerd/compiler/document.h"
#include "routerd/compiler/fields.h"
#include "routerd/model/model.h"

namespace routerd::compiler {

// `accept:` of a channel or an agent.
inline constexpr std::pair<std::string_view, bool> kAcceptWords[] = {{"manual", false},
                                                                     {"auto", true}};

// The treatment that asks the customer whether he wants to be called back.
inline constexpr std::string_view kOfferCallback = "offer_callback";

// `domain:`
void CompileDomain(const YamlNode* section, Context& context, model::Model& model);

// `contact_attributes:`
void CompileContactAttributes(const YamlNode* section, Context& context, model::Model& model);

// One entry of `channels:`, whose name has its number.
model::Channel CompileChannel(const Entry& entry, Context& context);

// One entry of `profiles:` likewise.
model::Profile CompileProfile(const Entry& entry, Context& context);
// Refuses more different delays of a queue than it may have.
void CheckDelays(const model::Model& model, Context& context);

// An agent under a queue's `agents:`.
struct ListedAgent {
  std::uint32_t number = 0;
  int tier = 1;
};
// One entry of `queues:` likewise. `listed` gets the agents under `agents:`, in their order.
model::Queue CompileQueue(const Entry& entry, Context& context, std::vector<ListedAgent>& listed);

// `select:` of a queue, whose agents have been read. `tier`: where one is stated, or null.
void CompileSelect(Fields& fields, Context& context, bool lists_agents, const YamlNode* tier,
                   model::Queue& queue);
// Refuses more distinct accelerations than there may be.
void CheckAccelerations(const model::Model& model, Context& context);
// Refuses stated ratios that are more than the whole.
void CheckRatios(const model::Model& model, Context& context);
// Refuses more distinct orders of agents than there may be.
void CheckOrders(const model::Model& model, Context& context);

// `steps:` and `step_from:` of a queue, whose members, requirements and limits have been read.
// `listed`: it has agents of its own.
void CompileSteps(Fields& fields, Context& context, model::Queue& queue, bool listed);

// `retry:`, `retry_after:` and `others_wait:`.
void CompileRetry(Fields& fields, model::Queue& queue);

// Warns of steps that mean nothing, each as it is added to the queue.
class StepCheck {
 public:
  StepCheck(const model::Queue& queue, bool listed, Context& context)
      : queue_(queue), listed_(listed), context_(context) {}
  void Last(const YamlNode& at, const std::string& where);

 private:
  void Unreachable(const YamlNode& at, const std::string& where, const std::string& why,
                   const std::string& hint);
  void CheckReach(const YamlNode& at, const std::string& where, const model::Step& step);
  void CheckChanges(const YamlNode& at, const std::string& where, const model::Step& step);

  const model::Queue& queue_;
  bool listed_;
  Context& context_;
  model::OpenedSteps opened_ = 0;  // those before
  SpanMs earliest_ms_ = 0;         // that the step may open at
  bool may_be_skipped_ = false;    // the one before
  bool reachable_ = true;
};

// One entry of `agents:` likewise. `model` has its channels already.
model::PolicyAgent CompileAgent(const Entry& entry, Context& context, const model::Model& model);

// `require:` of a queue.
model::Requirements CompileRequirements(const YamlNode& node, const std::string& where,
                                        Context& context);

// `{skill: level, …}`, sorted.
std::vector<model::SkillLevel> CompileLevels(const YamlNode* node, const std::string& where,
                                             Context& context);

// `[group, …]`, sorted. An empty list is refused: it reads as "nobody" and would mean everybody.
std::vector<GroupNo> CompileGroups(const YamlNode& node, const std::string& where,
                                   Context& context);

// One entry of `labels:`, `labels:` of a queue, `max_labels:` of an agent.
model::Label CompileLabel(const Entry& entry, Context& context);
void CompileQueuesLabels(Fields& fields, Context& context, model::Queue& queue);
void CompileLabelLimits(Fields& fields, Context& context, model::AgentProfile& profile);
// Refuses more different lists of labels, times channels, than there may be.
void CheckRooms(const model::Model& model, Context& context);

// `interruptible_by:` of a channel.
void CompileInterruptibleBy(Fields& fields, Context& context, model::Channel& channel);

// `wrap_up:` of a channel, queue or agent: a mode, a duration, or a map.
bool CompileWrapUp(Fields& fields, model::WrapUp& out);

// One entry of `treatments:`; what became of `names` is in `context`.
model::Treatment CompileTreatment(const Entry& entry, Context& context);
// Warns of those that nothing plays.
void WarnOfUnusedTreatments(const model::Model& model, Context& context);

// `when_full:`, `when_closed:`, `when_waited:` of a queue.
void CompileAtLimits(Fields& fields, Context& context, model::Queue& queue);

// Errors of ways of overflow that are too long or come back. The queues' names are in `context`.
void CheckOverflow(const model::Model& model, Context& context);

// `also:` of a queue, whose name is known.
void CompileAlso(Fields& fields, Context& context, model::Queue& queue);

// `reserve:` of a queue, whose name is known.
void CompileReserve(Fields& fields, Context& context, model::Queue& queue);
// `allocation:` of a queue.
void CompileAllocation(Fields& fields, Context& context, model::Queue& queue);
// Refuses more distinct reserves than there may be.
void CheckReserves(const model::Model& model, Context& context);

// `offer:` of a queue: how many agents are asked at a time.
void CompileOffer(Fields& fields, Context& context, model::OfferRule& out);

// `last_agent:`, `preferred_wait:` and `direct_wait:` of a queue.
void CompileAgentsFirst(Fields& fields, model::Queue& queue);

// `callback:` of a queue.
void CompileCallback(Fields& fields, Context& context, model::CallbackRule& out);

// Warnings about a policy without errors: what is certain to be other than meant.
void CheckMeaning(const YamlNode& root, const model::Model& model, Context& context);

}  // namespace routerd::compiler
