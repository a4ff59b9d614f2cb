// Sizes as people write them: 500MB, 20GB, 2TB. Powers of ten.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace routerd::daemon {

[[nodiscard]] std::optional<std::uint64_t> ParseByteSize(std::string_view text);
// In the greatest unit that divides it.
[[nodiscard]] std::string ByteSizeText(std::uint64_t bytes);

}  // namespace routerd::daemon
