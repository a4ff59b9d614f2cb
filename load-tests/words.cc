#include "load-tests/words.h"

#include <cctype>
#include <string_view>

namespace routerd::load {
namespace {

// A value that this build does not know has no name: a newer router may say it.
std::string Lower(const std::string& name, std::string_view prefix, int value) {
  if (name.size() <= prefix.size()) return std::to_string(value);
  std::string word = name.substr(prefix.size());
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

}  // namespace

std::string Word(v1::ContactState state) {
  return Lower(v1::ContactState_Name(state), "CONTACT_STATE_", state);
}

std::string Word(v1::OfferOutcome outcome) {
  return Lower(v1::OfferOutcome_Name(outcome), "OFFER_OUTCOME_", outcome);
}

std::string Word(v1::AgentShownState state) {
  return Lower(v1::AgentShownState_Name(state), "AGENT_SHOWN_STATE_", state);
}

bool IsTerminal(v1::ContactState state) {
  switch (state) {
    case v1::CONTACT_STATE_COMPLETED:
    case v1::CONTACT_STATE_ABANDONED:
    case v1::CONTACT_STATE_WITHDRAWN:
    case v1::CONTACT_STATE_EXPIRED:
    case v1::CONTACT_STATE_REFUSED:
    case v1::CONTACT_STATE_EXPIRED_CALLBACK:
      return true;
    default:
      return false;
  }
}

}  // namespace routerd::load
