// What the compiler has to say about a policy text: where, what is wrong, and what to do.
#pragma once

#include <string>
#include <vector>

namespace routerd::compiler {

enum class Severity {
  kError,    // the policy is refused
  kWarning,  // it compiles, and probably does not do what was meant
};

struct Finding {
  Severity severity = Severity::kError;
  std::string file;
  int line = 1;      // 1-based
  int column = 1;    // 1-based, in characters
  std::string code;  // a stable word for programs, e.g. `unknown_key`; policies/README.md has all
  std::string message;  // what is wrong
  std::string hint;     // what to do about it; may be empty
  friend bool operator==(const Finding&, const Finding&) = default;
};

[[nodiscard]] bool HasErrors(const std::vector<Finding>& findings);

// `file:line:column: error: message (hint)`, one a line, as compilers do, so that editors jump
// there.
[[nodiscard]] std::string ToText(const std::vector<Finding>& findings);

// A JSON array of objects with the fields' names; valid UTF-8 whatever the texts hold.
[[nodiscard]] std::string ToJson(const std::vector<Finding>& findings);

}  // namespace routerd::compiler
