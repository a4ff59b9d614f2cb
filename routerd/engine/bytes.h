// Little-endian bytes, written and read. A reader never reads outside what it was given; after the
// first thing that is wrong everything it gives is zero or empty, and `ok()` says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace routerd::engine {

class ByteWriter {
 public:
  static constexpr bool kReads = false;

  explicit ByteWriter(std::string& out) : out_(out) {}

  template <typename T>
  void Number(const T& value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    char bytes[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bytes[i] = static_cast<char>(static_cast<unsigned char>(bits & 0xff));
      bits = static_cast<std::make_unsigned_t<T>>(static_cast<std::uint64_t>(bits) >> 8);
    }
    out_.append(bytes, sizeof(T));
  }
  void Text(std::string_view text) {
    Number(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }

 private:
  std::string& out_;
};

class ByteReader {
 public:
  static constexpr bool kReads = true;

  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  void Number(T& value) {
    if (!Require(rest_.size() >= sizeof(T))) {
      value = T{};
      return;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) {
      bits = (bits << 8) | static_cast<unsigned char>(rest_[i]);
    }
    value = static_cast<T>(bits);
    rest_.remove_prefix(sizeof(T));
  }
  void Text(std::string_view& text) {
    std::uint32_t size = 0;
    Number(size);
    text = {};
    if (!Require(size <= rest_.size())) return;
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  // What is not as it must be makes all the rest void.
  bool Require(bool condition) {
    if (!condition) {
      ok_ = false;
      rest_ = {};
    }
    return condition;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace routerd::engine
