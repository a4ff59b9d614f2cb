// What a text must be before anything looks at its structure.
#pragma once

#include <cstddef>
#include <string_view>

namespace routerd::compiler {

class Report;

// Within the size limit, valid UTF-8, no control characters but tab and line ends. Reports and
// returns false otherwise.
bool CheckText(std::string_view text, Report& report);

// True when `text` begins with a control character: of ASCII, or one of U+0080 to U+009F, which a
// terminal obeys no less.
bool BeginsWithControl(std::string_view text);

bool IsUtf8(std::string_view text);

// Bytes of the UTF-8 character that `text` begins with; 0 when it begins with none.
std::size_t Utf8Length(std::string_view text);

}  // namespace routerd::compiler
