// An event in words, for whoever reads what a random test has found.
#pragma once

#include <string>

#include "routerd/core/event.h"

namespace routerd::core {

std::string Told(const Event& event);

}  // namespace routerd::core
