#include "routerd/publish/json.h"

namespace routerd::publish {

JsonWriter& JsonWriter::String(std::string_view value) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  Separate();
  text_ += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (byte < 0x20) {
      text_ += "\\u00";
      text_ += kHex[byte >> 4];
      text_ += kHex[byte & 15];
    } else {
      text_ += c;
    }
  }
  text_ += '"';
  return *this;
}

}  // namespace routerd::publish
