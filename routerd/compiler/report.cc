#include "routerd/compiler/report.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/text_check.h"

namespace routerd::compiler {
namespace {

// Turns a column in bytes into one in characters, line by line from the top.
class Columns {
 public:
  explicit Columns(std::string_view text) : rest_(text) {}

  // Lines must be asked for in rising order.
  int Characters(int line, int byte_column) {
    while (line_ < line) {
      const auto end = rest_.find('\n');
      rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
      ++line_;
    }
    const auto bytes = static_cast<std::size_t>(std::max(byte_column - 1, 0));
    const std::string_view before = rest_.substr(0, std::min(bytes, rest_.size()));
    const auto continuations = std::count_if(before.begin(), before.end(), [](char c) {
      return (static_cast<std::uint8_t>(c) & 0xc0U) == 0x80;
    });
    return std::max(byte_column, 1) - static_cast<int>(continuations);
  }

 private:
  std::string_view rest_;
  int line_ = 1;
};

auto Place(const Finding& f) { return std::tie(f.line, f.column, f.severity, f.code, f.message); }

}  // namespace

bool Report::full() const { return findings_.size() >= limits::kMaxFindings; }

void Report::Add(Severity severity, int line, int column, std::string_view code,
                 std::string message, std::string hint) {
  has_errors_ = has_errors_ || severity == Severity::kError;
  // Warnings leave room for errors, which are what a refusal must show.
  const bool warning = severity == Severity::kWarning;
  if (full() || (warning && warnings_ >= limits::kMaxFindings / 2)) {
    overflowed_ = true;
    return;
  }
  Finding finding{severity,           file_,          line, column, std::string(code),
                  std::move(message), std::move(hint)};
  // An alias is walked as often as it is used; what is wrong with it is told once.
  const auto same = [&](const Finding& f) {
    return f.line == line && f.column == column && f.code == code && f.severity == severity;
  };
  if (std::any_of(findings_.begin(), findings_.end(), same)) return;
  findings_.push_back(std::move(finding));
  if (warning) ++warnings_;
}

std::vector<Finding> Report::Take(std::string_view text) {
  std::stable_sort(findings_.begin(), findings_.end(),
                   [](const Finding& a, const Finding& b) { return Place(a) < Place(b); });
  Columns columns(text);
  for (Finding& finding : findings_) {
    finding.column = columns.Characters(finding.line, finding.column);
  }
  if (overflowed_) {
    const Finding& last = findings_.back();
    findings_.push_back(
        {has_errors_ ? Severity::kError : Severity::kWarning, file_, last.line, last.column,
         "too_many_findings",
         "more than " + std::to_string(limits::kMaxFindings) + " findings; the rest is not listed",
         "repair these and check again"});
  }
  return std::exchange(findings_, {});
}

std::string Shown(std::string_view text) {
  constexpr std::size_t kShownBytes = 60;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (i >= kShownBytes) {
      out += "…";
      break;
    }
    const std::size_t length = std::max<std::size_t>(Utf8Length(text.substr(i, 4)), 1);
    const std::string_view character = text.substr(i, length);
    if (!IsUtf8(character) || BeginsWithControl(character)) {
      for (const char c : character) {
        const auto byte = static_cast<std::uint8_t>(c);
        out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 0xf]};
      }
    } else {
      out += character;
    }
    i += length;
  }
  return out;
}

std::string Quoted(std::string_view text) { return "'" + Shown(text) + "'"; }

}  // namespace routerd::compiler
