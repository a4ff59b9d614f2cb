#include "routerd/compiler/finding.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "routerd/compiler/text_check.h"

namespace routerd::compiler {
namespace {

const char* Word(Severity severity) { return severity == Severity::kError ? "error" : "warning"; }

void AppendEscaped(std::uint8_t byte, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 0xf]};
  }
}

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text.substr(0, 4));
    const auto byte = static_cast<std::uint8_t>(text[0]);
    if (length == 0) {
      out += "\uFFFD";
    } else if (byte < 0x20 || byte == 0x7f || byte == '"' || byte == '\\') {
      AppendEscaped(byte, out);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out + "\"";
}

}  // namespace

bool HasErrors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& f) { return f.severity == Severity::kError; });
}

std::string ToText(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) {
    out += f.file + ":" + std::to_string(f.line) + ":" + std::to_string(f.column) + ": " +
           Word(f.severity) + ": " + f.message;
    if (!f.hint.empty()) out += " (" + f.hint + ")";
    out += "\n";
  }
  return out;
}

std::string ToJson(const std::vector<Finding>& findings) {
  std::string out = "[";
  for (const Finding& f : findings) {
    if (out.size() > 1) out += ",";
    out += "\n  {\"severity\": \"" + std::string(Word(f.severity)) + "\"";
    out += ", \"file\": " + JsonString(f.file);
    out += ", \"line\": " + std::to_string(f.line);
    out += ", \"column\": " + std::to_string(f.column);
    out += ", \"code\": " + JsonString(f.code);
    out += ", \"message\": " + JsonString(f.message);
    out += ", \"hint\": " + JsonString(f.hint) + "}";
  }
  return out + (findings.empty() ? "]\n" : "\n]\n");
}

}  // namespace routerd::compiler
