#include "routerd/compiler/text_check.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "routerd/base/limits.h"
#include "routerd/compiler/report.h"

namespace routerd::compiler {
namespace {

struct Form {
  std::size_t length;
  std::uint32_t bits;      // of the first byte
  std::uint32_t smallest;  // code point that needs this length
};

// RFC 3629. Length 0: no character begins with this byte.
Form FormOf(std::uint8_t first) {
  if (first < 0x80) return {1, first, 0};
  if (first >= 0xc2 && first < 0xe0) return {2, first & 0x1fU, 0x80};
  if (first >= 0xe0 && first < 0xf0) return {3, first & 0x0fU, 0x800};
  if (first >= 0xf0 && first < 0xf5) return {4, first & 0x07U, 0x10000};
  return {0, 0, 0};
}

bool IsForbidden(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

}  // namespace

std::size_t Utf8Length(std::string_view text) {
  if (text.empty()) return 0;
  const Form form = FormOf(static_cast<std::uint8_t>(text[0]));
  if (form.length == 0 || form.length > text.size()) return 0;
  std::uint32_t code_point = form.bits;
  for (std::size_t i = 1; i < form.length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xc0U) != 0x80) return 0;
    code_point = code_point << 6 | (byte & 0x3fU);
  }
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  const bool valid = code_point >= form.smallest && code_point <= 0x10ffff && !surrogate;
  return valid ? form.length : 0;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text.substr(0, 4));
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool BeginsWithControl(std::string_view text) {
  if (text.empty()) return false;
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x20 || first == 0x7f) return true;
  return first == 0xc2 && text.size() > 1 && static_cast<std::uint8_t>(text[1]) < 0xa0;
}

bool CheckText(std::string_view text, Report& report) {
  if (text.size() > limits::kMaxPolicyBytes) {
    report.ErrorAt(1, 1, "too_large",
                   "the file has " + std::to_string(text.size()) + " bytes, at most " +
                       std::to_string(limits::kMaxPolicyBytes) + " are read");
    return false;
  }
  int line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8Length(text.substr(i, 4));
    if (length == 0 || IsForbidden(text[i])) {
      const int column = static_cast<int>(i - line_start) + 1;
      if (length == 0) {
        report.ErrorAt(line, column, "bad_encoding", "this is not UTF-8",
                       "save the file with the encoding UTF-8");
      } else {
        report.ErrorAt(line, column, "bad_encoding", "a control character stands here",
                       "remove it");
      }
      return false;
    }
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
    i += length;
  }
  return true;
}

}  // namespace routerd::compiler
