// Just enough to write JSON: the lists in Redis hashes.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace routerd::publish {

class JsonWriter {
 public:
  JsonWriter& Open(char bracket) {
    Separate();
    text_ += bracket;
    return *this;
  }
  JsonWriter& Close(char bracket) {
    text_ += bracket;
    return *this;
  }
  JsonWriter& Key(std::string_view name) {
    String(name);
    text_ += ':';
    return *this;
  }
  JsonWriter& String(std::string_view value);
  template <std::integral T>
  JsonWriter& Number(T value) {
    Separate();
    text_ += std::to_string(value);
    return *this;
  }
  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  // A comma, unless something has just begun.
  void Separate() {
    if (!text_.empty() && text_.back() != '[' && text_.back() != '{' && text_.back() != ':') {
      text_ += ',';
    }
  }

  std::string text_;
};

}  // namespace routerd::publish
