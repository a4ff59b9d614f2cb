#include "load-tests/option_values.h"

#include <charconv>

namespace routerd::load {
namespace {

std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (;;) {
    const std::size_t at = text.find(by, from);
    parts.push_back(text.substr(from, at - from));
    if (at == std::string::npos) return parts;
    from = at + 1;
  }
}

}  // namespace

std::pair<std::string, std::string> SplitNamed(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos) return {"", text};
  return {text.substr(0, at), text.substr(at + 1)};
}

std::string ParseNumber(std::string_view text, double least, double greatest, double* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && *value >= least && *value <= greatest) return "";
  return "'" + std::string(text) + "' is no number from " + std::to_string(least) + " to " +
         std::to_string(greatest);
}

std::string ParseShare(std::string_view text, double* share) {
  if (!text.ends_with('%')) return ParseNumber(text, 0, 1, share);
  std::string error = ParseNumber(text.substr(0, text.size() - 1), 0, 100, share);
  *share /= 100;
  return error;
}

std::string ParseSkill(std::string_view text, std::pair<std::string, int>* skill) {
  const std::size_t at = text.rfind(':');
  if (at == std::string_view::npos || at == 0)
    return "'" + std::string(text) + "' is no SKILL:LEVEL";
  double level = 0;
  std::string error = ParseNumber(text.substr(at + 1), 1, 10, &level);
  *skill = {std::string(text.substr(0, at)), static_cast<int>(level)};
  return error;
}

std::string ParseDestination(const std::string& text, Destination* destination) {
  const std::vector<std::string> parts = Split(text, ',');
  const std::size_t colon = parts[0].find(':');
  destination->queue = parts[0].substr(0, colon);
  if (destination->queue.empty()) return "'" + text + "' names no queue";
  if (colon != std::string::npos) {
    std::string error = ParseNumber(parts[0].substr(colon + 1), 0.001, 1e6, &destination->weight);
    if (!error.empty()) return error;
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (std::string error = ParseSkill(parts[i], &destination->skills.emplace_back());
        !error.empty()) {
      return error;
    }
  }
  return "";
}

std::string ParseLimit(const std::string& text, ChannelLimit* limit) {
  const std::vector<std::string> parts = Split(text, ':');
  const bool has_free = parts.size() == 3 && parts[2] == "free";
  if (parts.size() != 2 && !has_free) return "'" + text + "' is no UNITS:MOST or UNITS:MOST:free";
  double units = 0;
  double most = 0;
  std::string error = ParseNumber(parts[0], 1, 100, &units);
  if (error.empty()) error = ParseNumber(parts[1], 1, 16, &most);
  *limit = {.units = static_cast<int>(units),
            .most = static_cast<int>(most),
            .wrap_up_holds = !has_free,
            .in_every_queue = has_free};
  return error;
}

}  // namespace routerd::load
