// The bytes of an encoding, written and read by the same walk over the fields. Inside of
// encoding.cc only.
//
// All integers are little-endian and of fixed width; a text is its length (u32) and its bytes; a
// list is its count (u32) and its elements; an optional is a byte 0 or 1 and, for 1, the value.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "routerd/model/encoding.h"

namespace routerd::model {

class Writer {
 public:
  static constexpr bool kReads = false;

  template <typename T>
  void Number(T value, std::int64_t /*min*/, std::int64_t /*max*/) {
    Fixed(value);
  }
  void Bool(bool value) { Fixed(static_cast<std::uint8_t>(value ? 1 : 0)); }
  template <typename Enum>
  void Word(Enum value, Enum /*last*/) {
    Fixed(static_cast<std::uint8_t>(value));
  }
  void Text(const std::string& text, std::size_t /*max_bytes*/) {
    Fixed(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }
  template <typename List>
  void Count(const List& list, std::size_t /*max*/) {
    Fixed(static_cast<std::uint32_t>(list.size()));
  }
  void Require(bool /*condition*/) {}
  [[nodiscard]] static bool Has(std::uint32_t /*since*/) { return true; }
  std::string Take() { return std::move(out_); }

 private:
  template <typename T>
  void Fixed(T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      out_.push_back(static_cast<char>(static_cast<std::uint8_t>(bits >> (8 * i))));
    }
  }

  std::string out_;
};

// After the first failure every read gives a default and every list is empty.
class Reader {
 public:
  static constexpr bool kReads = true;

  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  void Number(T& value, std::int64_t min, std::int64_t max) {
    value = Fixed<T>();
    if constexpr (std::unsigned_integral<T>) {
      Require(value <= static_cast<std::uint64_t>(max));
    }
    Require(static_cast<std::int64_t>(value) >= min && static_cast<std::int64_t>(value) <= max);
  }
  void Bool(bool& value) {
    const auto byte = Fixed<std::uint8_t>();
    Require(byte <= 1);
    value = byte == 1;
  }
  template <typename Enum>
  void Word(Enum& value, Enum last) {
    const auto byte = Fixed<std::uint8_t>();
    Require(byte <= static_cast<std::uint8_t>(last));
    value = ok_ ? static_cast<Enum>(byte) : Enum{};
  }
  void Text(std::string& text, std::size_t max_bytes) {
    const auto size = Fixed<std::uint32_t>();
    Require(size <= max_bytes && size <= rest_.size());
    if (!ok_) return;
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  // Every element takes a byte at least: a count beyond what is left cannot be right, and is
  // refused before anything of its size is allocated.
  template <typename List>
  void Count(List& list, std::size_t max) {
    const auto count = Fixed<std::uint32_t>();
    Require(count <= max && count <= rest_.size());
    if (ok_) list.resize(count);
  }
  void Require(bool condition) { ok_ = ok_ && condition; }
  // Whether these bytes hold what version `since` brought.
  [[nodiscard]] bool Has(std::uint32_t since) const { return version_ >= since; }
  void SetVersion(std::uint32_t version) { version_ = version; }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool AtEnd() const { return rest_.empty(); }

 private:
  template <typename T>
  T Fixed() {
    Require(rest_.size() >= sizeof(T));
    if (!ok_) return T{};
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const auto byte = static_cast<std::uint8_t>(rest_[i]);
      bits = static_cast<std::make_unsigned_t<T>>(bits | static_cast<std::make_unsigned_t<T>>(byte)
                                                             << (8 * i));
    }
    rest_.remove_prefix(sizeof(T));
    return static_cast<T>(bits);
  }

  std::string_view rest_;
  std::uint32_t version_ = kEncodingVersion;
  bool ok_ = true;
};

}  // namespace routerd::model
