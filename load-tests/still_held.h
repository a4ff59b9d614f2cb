// What the router says it holds.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "routerd/v1/vocabulary.pb.h"

namespace routerd::load {

// Contacts that the router lists at the end, by client and id.
using StillHeld = std::map<std::string, std::unordered_map<std::string, v1::ContactState>>;

}  // namespace routerd::load
