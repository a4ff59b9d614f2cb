#include "routerd/ctl/json.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

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

std::string JsonQuoted(std::string_view text) {
  google::protobuf::Value value;
  value.set_string_value(std::string(text));
  std::string out = ToJson(value, JsonForm::kLine);
  out.pop_back();
  return out;
}

}  // namespace routerd::ctl
