// Writing JSON, quickly and the same everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace routerd::sim {

// In double quotes, escaped.
void AppendText(std::string_view text, std::string& to);
void AppendNumber(std::int64_t number, std::string& to);
// At most six decimals, without zeros at the end.
void AppendDecimal(double number, std::string& to);

}  // namespace routerd::sim
