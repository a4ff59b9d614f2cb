// What a text must be before anything looks at its structure.
#pragma once

#include <cstddef>
#include <string_view>

namespace routerd::compiler {

class Report;

// Within the size limit, valid UTF-8, no control characters but tab and line ends. Reports and
// returns false otherwise.
bool CheckText(std::string_view text, Report& report);

// Bytes of the UTF-8 character that `text` begins with; 0 when it begins with none.
std::size_t Utf8Length(std::string_view text);

}  // namespace routerd::compiler
