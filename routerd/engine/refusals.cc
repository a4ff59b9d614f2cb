#include "routerd/engine/refusals.h"

#include <string>

#include "routerd/base/limits.h"
#include "routerd/core/vocabulary.h"

namespace routerd::engine {
namespace {

using core::Refusal;

struct Words {
  Code code;
  const char* message;
};

Words WordsOf(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return {Code::kOk, ""};
    case Refusal::kUnknownContact:
      return {Code::kNotFound, "no such contact is held"};
    case Refusal::kUnknownAgent:
      return {Code::kNotFound, "no such agent has ever logged in"};
    case Refusal::kAgentLoggedOut:
      return {Code::kFailedPrecondition, "the agent is logged out"};
    case Refusal::kUnknownQueue:
      return {Code::kNotFound, "no such queue in the policy in force"};
    case Refusal::kWrongState:
      return {Code::kFailedPrecondition, "the contact's state forbids it; it is "};
    case Refusal::kOfferEnded:
      return {Code::kFailedPrecondition, "the offer has ended as "};
    case Refusal::kQueueClosed:
      return {Code::kFailedPrecondition, "the queue takes no arrivals"};
    case Refusal::kQueueFull:
      return {Code::kFailedPrecondition, "the queue holds as many contacts as it may"};
    case Refusal::kNotJoined:
      return {Code::kFailedPrecondition, "the queue's join_if does not hold"};
    case Refusal::kQueueMoves:
      return {Code::kFailedPrecondition,
              "the contacts of one of the two are being moved already, or they are the same queue"};
    case Refusal::kContactLimit:
      return {Code::kResourceExhausted, "the router holds as many contacts as it may"};
    case Refusal::kLaneLimit:
      return {Code::kResourceExhausted, "there are too many different needs of contacts"};
    case Refusal::kClassLimit:
      return {Code::kResourceExhausted, "there are too many different profiles of agents"};
    case Refusal::kAgentLimit:
      return {Code::kResourceExhausted,
              "there are as many agents, or work items of one, as may be"};
    case Refusal::kGatewayLimit:
      return {Code::kResourceExhausted, "there are as many gateways as may be"};
    case Refusal::kNotInWrapUp:
      return {Code::kFailedPrecondition, "the agent is not in wrap-up for this contact"};
    case Refusal::kWrapUpForced:
      return {Code::kFailedPrecondition, "this wrap-up may not be ended early"};
    case Refusal::kWrapUpNotExtended:
      return {Code::kFailedPrecondition,
              "this wrap-up does not end by time, or has been extended as far as it may be"};
    case Refusal::kQueueHasContacts:
      return {Code::kFailedPrecondition,
              "the policy removes a queue or channel that contacts are in"};
    case Refusal::kNoCallback:
      return {Code::kFailedPrecondition, "the policy in force has no channel `callback`"};
    case Refusal::kInConsult:
      return {Code::kFailedPrecondition,
              "somebody is asked about the contact already, or it is such a question itself"};
    case Refusal::kNoConsult:
      return {Code::kFailedPrecondition, "the contact is no consultation, or is one no longer"};
    case Refusal::kConferenceFull:
      return {Code::kFailedPrecondition, "two agents have the contact already"};
    case Refusal::kNoConference:
      return {Code::kFailedPrecondition, "the agent is not one of two who have the contact"};
    case Refusal::kNotHolder:
      return {Code::kFailedPrecondition, "the agent who is said to ask does not have the contact"};
    case Refusal::kNoTreatment:
      return {Code::kFailedPrecondition, "the contact has no such treatment"};
    case Refusal::kLive:
      return {Code::kFailedPrecondition, "the contact is live: its customer is on the line"};
  }
  return {Code::kInternal, "unknown refusal"};
}

}  // namespace

Status ToStatus(const core::Applied& applied) {
  if (applied.refusal == Refusal::kOfferEnded && !applied.outcome) {
    return Status(Code::kNotFound, "no such offer, or it ended too long ago")
        .WithReason("unknown_offer");
  }
  const Words words = WordsOf(applied.refusal);
  std::string message = words.message;
  if (applied.refusal == Refusal::kWrongState) message += core::Name(applied.state);
  if (applied.refusal == Refusal::kOfferEnded) message += core::Name(*applied.outcome);
  Status status(words.code, std::move(message));
  status.WithReason(std::string(core::Name(applied.refusal)));
  if (words.code == Code::kResourceExhausted) status.WithRetryAfter(limits::kOverloadRetryMs);
  return status;
}

core::EndReason ToEndReason(Refusal refusal) {
  switch (refusal) {
    case Refusal::kQueueFull:
      return core::EndReason::kQueueFull;
    case Refusal::kQueueClosed:
      return core::EndReason::kQueueClosed;
    case Refusal::kNotJoined:
      return core::EndReason::kNotJoined;
    case Refusal::kContactLimit:
      return core::EndReason::kContactLimit;
    default:
      return core::EndReason::kUnspecified;
  }
}

}  // namespace routerd::engine
