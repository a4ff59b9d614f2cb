#include "routerd/ctl/words.h"

#include <google/protobuf/descriptor.h>

namespace routerd::ctl {
namespace {

constexpr std::string_view kUnspecified = "UNSPECIFIED";

// `CONTACT_STATE_`: the name of the zero value without `UNSPECIFIED`.
std::size_t PrefixSize(const google::protobuf::EnumDescriptor& type) {
  const std::string& zero = type.FindValueByNumber(0)->name();
  return zero.ends_with(kUnspecified) ? zero.size() - kUnspecified.size() : 0;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::string WordOf(const google::protobuf::EnumDescriptor& type, int value) {
  if (value == 0) return "";
  const auto* const known = type.FindValueByNumber(value);
  if (known == nullptr) return std::to_string(value);
  return Lower(std::string_view(known->name()).substr(PrefixSize(type)));
}

std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> out;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) out.push_back(WordOf(type, type.value(i)->number()));
  }
  return out;
}

std::optional<int> ValueOf(const google::protobuf::EnumDescriptor& type, std::string_view word) {
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    if (number != 0 && WordOf(type, number) == word) return number;
  }
  return std::nullopt;
}

}  // namespace routerd::ctl
