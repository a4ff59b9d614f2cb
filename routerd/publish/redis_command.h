// One command in the form Redis reads (RESP): every argument with its length, so any byte may be in
// it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace routerd::publish {

class RedisCommand {
 public:
  explicit RedisCommand(std::string_view name) { Add(name); }

  RedisCommand& Add(std::string_view argument) {
    ++count_;
    body_ += '$';
    body_ += std::to_string(argument.size());
    body_ += "\r\n";
    body_ += argument;
    body_ += "\r\n";
    return *this;
  }
  template <std::integral Number>
  RedisCommand& Add(Number number) {
    return Add(std::string_view(std::to_string(number)));
  }
  // A field of a hash or of a stream's entry.
  template <typename Value>
  RedisCommand& Field(std::string_view name, const Value& value) {
    return Add(name).Add(value);
  }
  // Left out when empty.
  RedisCommand& Text(std::string_view name, std::string_view value) {
    return value.empty() ? *this : Field(name, value);
  }

  [[nodiscard]] std::size_t arguments() const { return count_; }
  [[nodiscard]] std::string Encoded() const {
    return "*" + std::to_string(count_) + "\r\n" + body_;
  }

 private:
  std::size_t count_ = 0;
  std::string body_;
};

}  // namespace routerd::publish
