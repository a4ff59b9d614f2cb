#include "routerd/sim/json_text.h"

#include <charconv>

namespace routerd::sim {

void AppendText(std::string_view text, std::string& to) {
  static constexpr char kHex[] = "0123456789abcdef";
  to += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      to += '\\';
      to += c;
    } else if (byte < 0x20) {
      to += "\\u00";
      to += kHex[byte >> 4];
      to += kHex[byte & 15];
    } else {
      to += c;
    }
  }
  to += '"';
}

void AppendNumber(std::int64_t number, std::string& to) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  to.append(digits, end.ptr);
}

void AppendDecimal(double number, std::string& to) {
  char digits[400];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed, 6);
  std::string_view text(digits, static_cast<std::size_t>(end.ptr - digits));
  while (text.ends_with('0')) text.remove_suffix(1);
  if (text.ends_with('.')) text.remove_suffix(1);
  to += text == "-0" ? "0" : text;
}

}  // namespace routerd::sim
