// What the core told, in the oracle's words.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "routerd/core/effect.h"
#include "tests/unit/core/oracle.h"

namespace routerd::core {

inline std::string Through(QueueNo via) { return via.valid() ? " through " + N(via.value) : ""; }

struct FactOf {
  std::string operator()(const ContactQueued& e) const {
    return e.returned ? "returned " + N(e.contact.value)
                      : "queued " + N(e.contact.value) + " in " + N(e.queue.value);
  }
  std::string operator()(const OfferMade& e) const {
    return "offer " + N(e.offer) + " of " + N(e.contact.value) + " to " + N(e.agent.value) +
           " after " + N(static_cast<std::uint64_t>(e.waited_ms)) + Through(e.via);
  }
  std::string operator()(const OfferEnded& e) const {
    return "offer of " + N(e.contact.value) + " to " + N(e.agent.value) + " " +
           std::string(Name(e.outcome));
  }
  std::string operator()(const ContactAnswered& e) const {
    return "answered " + N(e.contact.value) + " by " + N(e.agent.value) + " after " +
           N(static_cast<std::uint64_t>(e.waited_ms)) + " for the service level " +
           N(static_cast<std::uint64_t>(e.sl_waited_ms)) + Through(e.via);
  }
  std::string operator()(const ContactMoved& e) const {
    return "moved " + N(e.contact.value) + " from " + N(e.from.value) + " to " + N(e.to.value) +
           " " + std::string(Name(e.outcome));
  }
  std::string operator()(const ContactToCallback& e) const {
    return "callback " + N(e.contact.value) + " from " + N(e.queue.value);
  }
  std::string operator()(const WrapUpStarted& e) const {
    return "wrap-up of " + N(e.contact.value) + " by " + N(e.agent.value);
  }
  std::string operator()(const ContactParkChanged& e) const {
    return (e.parked ? "parked " : "parked no more ") + N(e.contact.value) + " of " +
           N(e.agent.value) +
           (e.parked ? "" : " after " + N(static_cast<std::uint64_t>(e.parked_ms)));
  }
  std::string operator()(const ContactInactiveChanged& e) const {
    return (e.inactive ? "silent " : "silent no more ") + N(e.contact.value) + " of " +
           N(e.agent.value) +
           (e.inactive ? "" : " after " + N(static_cast<std::uint64_t>(e.inactive_ms)));
  }
  std::string operator()(const ContactTreated& e) const {
    return "treated " + N(e.contact.value) + " by " + N(e.id) + " in " + N(e.queue.value) +
           " with " + N(e.treatment.value);
  }
  std::string operator()(const WrapUpExtended& e) const {
    return "wrap-up of " + N(e.contact.value) + " until " +
           N(static_cast<std::uint64_t>(e.deadline));
  }
  std::string operator()(const ContactEnded& e) const {
    return "end " + N(e.contact.value) + " " + std::string(Name(e.state));
  }
  std::string operator()(const ContactStepOpened& e) const {
    return N(e.contact.value) + " has step " + N(e.step) + " opened";
  }
  std::string operator()(const ContactStuck& e) const {
    return N(e.contact.value) + (e.stuck ? " is stuck" : " is no longer stuck");
  }
  std::string operator()(const HolderJoined& e) const {
    return N(e.contact.value) + " joined by " + N(e.agent.value);
  }
  std::string operator()(const HolderLeft& e) const {
    return N(e.contact.value) + " left by " + N(e.agent.value);
  }
  std::string operator()(const AgentLost& e) const { return "lost " + N(e.contact.value); }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

inline std::vector<std::string> FactsOf(const Effects& effects) {
  std::vector<std::string> facts;
  for (const Effect& effect : effects) {
    std::string fact = std::visit(FactOf{}, effect);
    if (!fact.empty()) facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace routerd::core
