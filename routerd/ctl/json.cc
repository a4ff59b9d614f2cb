#include "routerd/ctl/json.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstddef>

#include "routerd/compiler/text_check.h"

namespace routerd::ctl {

std::string ToJson(const google::protobuf::Message& message, JsonForm form) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = form == JsonForm::kIndented;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string out;
  const auto status = google::protobuf::util::MessageToJsonString(message, &out, options);
  if (!status.ok()) return "{}\n";  // only for messages that hold an unknown Any; we have none
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

std::string OnOneLine(std::string json) {
  std::erase(json, '\n');  // within texts they are escaped
  return json;
}

std::string JsonQuoted(std::string_view text) {
  google::protobuf::Value value;
  std::string& valid = *value.mutable_string_value();
  while (!text.empty()) {
    const std::size_t length = compiler::Utf8Length(text.substr(0, 4));
    valid += length > 0 ? text.substr(0, length) : "\uFFFD";
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return OnOneLine(ToJson(value, JsonForm::kLine));
}

}  // namespace routerd::ctl
