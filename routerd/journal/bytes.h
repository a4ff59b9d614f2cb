// Numbers as bytes, the least significant first, whatever the machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace routerd::journal {

template <typename T>
void StoreNumber(char* at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    at[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
}

template <typename T>
[[nodiscard]] T LoadNumber(const char* at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  }
  return static_cast<T>(value);
}

template <typename T>
void AppendNumber(std::string& out, T value) {
  char bytes[sizeof(T)];
  StoreNumber(bytes, value);
  out.append(bytes, sizeof(T));
}

}  // namespace routerd::journal
