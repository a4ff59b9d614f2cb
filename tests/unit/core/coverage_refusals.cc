// Which refusals random traffic must have met, and of which kind of event.
#include <initializer_list>
#include <utility>
#include <variant>

#include "tests/unit/core/coverage.h"
#include "tests/unit/core/tell_event.h"

namespace routerd::core {
namespace {

using Given = std::set<std::pair<std::size_t, Refusal>>;

template <typename E>
void Gives(Given& given, std::initializer_list<Refusal> refusals) {
  for (const Refusal refusal : refusals) given.insert({Event(E()).index(), refusal});
}

// All that a kind can give, but for the limits of the router as a whole: no random world comes near
// those, nor to a move of so many that it goes on after its event.
Given AllThatAreGiven() {
  using enum Refusal;
  Given all;
  Gives<ContactArrives>(all, {kUnknownQueue, kQueueClosed, kQueueFull, kNotJoined});
  Gives<ContactUpdated>(all, {kUnknownContact, kWrongState});
  Gives<ContactTransferred>(all, {kUnknownContact, kUnknownQueue, kWrongState});
  Gives<ContactEnds>(all, {kUnknownContact});
  Gives<ContactConnected>(all, {kUnknownContact, kWrongState});
  Gives<ContactConnectFailed>(all, {kUnknownContact, kWrongState});
  Gives<ContactHeld>(all, {kUnknownContact, kWrongState});
  Gives<CallbackRequested>(all, {kUnknownContact, kNoCallback, kWrongState, kInConsult});
  Gives<ContactInactive>(all, {kUnknownContact, kWrongState, kLive, kInConsult});
  Gives<TreatmentDone>(all, {kUnknownContact, kNoTreatment});
  Gives<ConsultStarts>(all, {kUnknownContact, kUnknownQueue, kWrongState, kInConsult, kNotHolder,
                             kQueueClosed, kQueueFull, kNotJoined});
  Gives<ConsultCompletes>(all, {kUnknownContact, kNoConsult, kWrongState});
  Gives<ConsultJoins>(all, {kUnknownContact, kNoConsult, kWrongState, kConferenceFull});
  Gives<ConsultCanceled>(all, {kUnknownContact, kNoConsult});
  Gives<HolderLeaves>(all, {kUnknownContact, kWrongState, kNoConference});
  Gives<OfferAccepted>(all, {kOfferEnded});
  Gives<OfferRejected>(all, {kOfferEnded});
  Gives<AgentSetsPresence>(all, {kUnknownAgent, kAgentLoggedOut});
  Gives<AgentBusyElsewhere>(all, {kUnknownAgent, kAgentLoggedOut});
  Gives<AgentLogsOut>(all, {kUnknownAgent});
  Gives<AgentSkillsSet>(all, {kUnknownAgent});
  Gives<AgentConnection>(all, {kUnknownAgent, kAgentLoggedOut});
  Gives<AgentEndsWrapUp>(all, {kUnknownAgent, kAgentLoggedOut, kNotInWrapUp, kWrapUpForced});
  Gives<AgentExtendsWrapUp>(all,
                            {kUnknownAgent, kAgentLoggedOut, kNotInWrapUp, kWrapUpNotExtended});
  Gives<QueueModeSet>(all, {kUnknownQueue});
  Gives<QueueMoved>(all, {kUnknownQueue, kQueueMoves});
  Gives<PolicySwapped>(all, {kQueueHasContacts});
  return all;
}

}  // namespace

std::string Coverage::MissingRefusals() const {
  const Given all = AllThatAreGiven();
  std::string missing;
  const auto tell = [&](const auto& given, const char* what) {
    const auto& [kind, refusal] = given;
    missing +=
        std::string(KindOfEvent(kind)) + " " + what + " " + std::string(Name(refusal)) + "\n";
  };
  for (const auto& given : all) {
    if (!refusals_.count(given)) tell(given, "never gave");
  }
  for (const auto& given : refusals_) {
    if (!all.count(given)) tell(given, "is not known to give");
  }
  return missing;
}

}  // namespace routerd::core
