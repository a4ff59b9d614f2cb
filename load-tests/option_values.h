// The values of the command line's options: what people write, and what it means.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load-tests/behaviour.h"
#include "load-tests/limits.h"

namespace routerd::load {

// `NAME=VALUE` in two; a text without = has an empty name.
std::pair<std::string, std::string> SplitNamed(const std::string& text);

// Each returns an error, or an empty text.
std::string ParseNumber(std::string_view text, double least, double greatest, double* value);
std::string ParseShare(std::string_view text, double* share);  // 0..1 or 0%..100%
std::string ParseSkill(std::string_view text, std::pair<std::string, int>* skill);  // SKILL:LEVEL
// QUEUE[:WEIGHT][,SKILL:LEVEL]…
std::string ParseDestination(const std::string& text, Destination* destination);
// UNITS:MOST[:free]; free = wrap-up takes no room, in whichever queue
std::string ParseLimit(const std::string& text, ChannelLimit* limit);

}  // namespace routerd::load
