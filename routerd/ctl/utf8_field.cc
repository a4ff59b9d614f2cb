#include "routerd/ctl/utf8_field.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <vector>

#include "routerd/compiler/text_check.h"

namespace routerd::ctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The value at `index` of a repeated field, or with -1 of a single one.
std::optional<TextField> Check(const Message& message, const FieldDescriptor& field, int index) {
  const auto& reflection = *message.GetReflection();
  const bool one = index < 0;
  std::string path = field.name() + (one ? "" : "[" + std::to_string(index) + "]");
  if (field.type() == FieldDescriptor::TYPE_STRING) {
    const std::string text = one ? reflection.GetString(message, &field)
                                 : reflection.GetRepeatedString(message, &field, index);
    if (!compiler::IsUtf8(text)) return TextField{std::move(path), text};
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    auto found = FieldThatIsNotUtf8(one ? reflection.GetMessage(message, &field)
                                        : reflection.GetRepeatedMessage(message, &field, index));
    if (found) return TextField{path + "." + found->path, std::move(found->text)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<TextField> FieldThatIsNotUtf8(const Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> present;
  reflection.ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    const int last = field->is_repeated() ? reflection.FieldSize(message, field) - 1 : -1;
    for (int i = field->is_repeated() ? 0 : -1; i <= last; ++i) {
      if (auto found = Check(message, *field, i)) return found;
    }
  }
  return std::nullopt;
}

}  // namespace routerd::ctl
