// The API's enumerations as words: CONTACT_STATE_WRAP_UP is `wrap_up`.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace routerd::ctl {

// Empty for unspecified; the number for a value that this routerctl is too old to know.
[[nodiscard]] std::string WordOf(const google::protobuf::EnumDescriptor& type, int value);
// All words, unspecified left out, in the order of their numbers.
[[nodiscard]] std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type);
[[nodiscard]] std::optional<int> ValueOf(const google::protobuf::EnumDescriptor& type,
                                         std::string_view word);

template <typename Enum>
[[nodiscard]] std::string Word(Enum value) {
  return WordOf(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}
template <typename Enum>
[[nodiscard]] std::vector<std::string> Words() {
  return WordsOf(*google::protobuf::GetEnumDescriptor<Enum>());
}
// Unspecified for what is no word; the command line has refused that before.
template <typename Enum>
[[nodiscard]] Enum Value(std::string_view word) {
  return static_cast<Enum>(ValueOf(*google::protobuf::GetEnumDescriptor<Enum>(), word).value_or(0));
}

}  // namespace routerd::ctl
