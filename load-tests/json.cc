#include "load-tests/json.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace routerd::load {

void JsonWriter::Text(std::string_view name, std::string_view value) {
  Name(name);
  Quote(value);
}

void JsonWriter::Number(std::string_view name, double value) {
  Name(name);
  std::array<char, 32> text{};
  const bool whole = std::floor(value) == value;
  std::snprintf(text.data(), text.size(), whole ? "%.0f" : "%.3f", value);
  text_ += text.data();
}

void JsonWriter::Object(std::string_view name) {
  Name(name);
  Open('{');
}

void JsonWriter::List(std::string_view name) {
  Name(name);
  Open('[');
}

void JsonWriter::Item(std::string_view value) {
  Next();
  Quote(value);
}

void JsonWriter::End() {
  const char bracket = open_.back();
  open_.pop_back();
  if (!first_) text_ += "\n" + std::string(open_.size() * 2, ' ');
  text_ += bracket;
  first_ = false;
}

std::string JsonWriter::Finish() {
  while (!open_.empty()) End();
  return text_ + "\n";
}

void JsonWriter::Open(char bracket) {
  text_ += bracket;
  open_.push_back(bracket == '{' ? '}' : ']');
  first_ = true;
}

void JsonWriter::Name(std::string_view name) {
  Next();
  Quote(name);
  text_ += ": ";
}

void JsonWriter::Next() {
  if (!first_) text_ += ',';
  first_ = false;
  text_ += "\n" + std::string(open_.size() * 2, ' ');
}

void JsonWriter::Quote(std::string_view text) {
  text_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(c));
      text_ += code.data();
    } else {
      text_ += c;
    }
  }
  text_ += '"';
}

}  // namespace routerd::load
