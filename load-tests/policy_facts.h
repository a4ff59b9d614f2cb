// What the generator and its audit want to know of the policy in force, read from its text as the
// language is described in policies/README.md: who there is, and what the router must keep to.
#pragma once

#include <string>
#include <vector>

#include "load-tests/limits.h"

namespace routerd::load {

struct PolicyFacts {
  std::vector<std::string> agents;             // as listed, in order
  std::vector<std::string> not_ready_reasons;  // as listed
  Limits limits;                               // of the policy's channels
};

// Empty = read; else what is wrong. The router has accepted the text: only what is needed is looked
// at.
std::string ReadPolicy(const std::string& text, PolicyFacts* facts);

}  // namespace routerd::load
