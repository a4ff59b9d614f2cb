// An event in words, for whoever reads what a random test has found.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "routerd/core/event.h"

namespace routerd::core {

std::string Told(const Event& event);
// Of all such events; by Event::index().
std::string_view KindOfEvent(std::size_t index);

}  // namespace routerd::core
