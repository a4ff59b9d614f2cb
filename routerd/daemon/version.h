// Which routerd this is, and what it was made of.
#pragma once

#include <string>
#include <string_view>

namespace routerd::daemon {

[[nodiscard]] std::string_view SoftwareVersion();  // `0.1.0`
[[nodiscard]] std::string_view CompilerVersion();  // `g++ 12.2.0`

// Software, rules, compiler and libraries, one a line.
[[nodiscard]] std::string VersionText();

}  // namespace routerd::daemon
