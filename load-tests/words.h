// The public API's enum values as the words that every other text uses: CONTACT_STATE_WRAP_UP is
// `wrap_up`.
#pragma once

#include <string>

#include "routerd/v1/vocabulary.pb.h"

namespace routerd::load {

std::string Word(v1::ContactState state);
std::string Word(v1::OfferOutcome outcome);
std::string Word(v1::AgentShownState state);

// True for the states in which a contact has ended for good.
bool IsTerminal(v1::ContactState state);

}  // namespace routerd::load
