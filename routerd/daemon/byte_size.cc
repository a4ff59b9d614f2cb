#include "routerd/daemon/byte_size.h"

#include <charconv>
#include <system_error>

namespace routerd::daemon {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr Unit kUnits[] = {{"TB", 1'000'000'000'000}, {"GB", 1'000'000'000}, {"MB", 1'000'000}};
constexpr std::uint64_t kGreatest = 1'000'000;  // of one unit

}  // namespace

std::optional<std::uint64_t> ParseByteSize(std::string_view text) {
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || number > kGreatest) return std::nullopt;
    return number * unit.bytes;
  }
  return std::nullopt;
}

std::string ByteSizeText(std::uint64_t bytes) {
  for (const Unit& unit : kUnits) {
    if (bytes % unit.bytes == 0) return std::to_string(bytes / unit.bytes) + std::string(unit.name);
  }
  return std::to_string(bytes);
}

}  // namespace routerd::daemon
