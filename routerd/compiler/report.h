// Collects findings while a policy is read: bounded, without repeats, in the order of the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/compiler/document.h"
#include "routerd/compiler/finding.h"

namespace routerd::compiler {

class Report {
 public:
  explicit Report(std::string file) : file_(std::move(file)) {}

  void Error(const YamlNode& at, std::string_view code, std::string message,
             std::string hint = {}) {
    Add(Severity::kError, at.line, at.column, code, std::move(message), std::move(hint));
  }
  void Warning(const YamlNode& at, std::string_view code, std::string message,
               std::string hint = {}) {
    Add(Severity::kWarning, at.line, at.column, code, std::move(message), std::move(hint));
  }
  // Line and column 1-based, the column in bytes.
  void ErrorAt(int line, int column, std::string_view code, std::string message,
               std::string hint = {}) {
    Add(Severity::kError, line, column, code, std::move(message), std::move(hint));
  }

  [[nodiscard]] bool has_errors() const { return has_errors_; }
  // No more findings are kept; looking for hints is wasted.
  [[nodiscard]] bool full() const;

  // Sorted by place, a repeat at one place told once, columns turned into characters of `text`.
  [[nodiscard]] std::vector<Finding> Take(std::string_view text);

 private:
  void Add(Severity severity, int line, int column, std::string_view code, std::string message,
           std::string hint);

  std::string file_;
  std::vector<Finding> findings_;
  std::size_t warnings_ = 0;
  bool has_errors_ = false;
  bool overflowed_ = false;
};

// A text from the policy as a message may show it: shortened, control characters written out.
[[nodiscard]] std::string Shown(std::string_view text);

// The same in single quotes.
[[nodiscard]] std::string Quoted(std::string_view text);

}  // namespace routerd::compiler
