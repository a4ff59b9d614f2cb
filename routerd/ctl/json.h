// Messages for scripts: protobuf's JSON with the field names of the .proto files; numbers of 64
// bits are strings, as protobuf says. Fields that are not set are there with their default, so that
// a script need not ask whether they are.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace routerd::ctl {

enum class JsonForm { kIndented, kLine };

// Ends with a line feed.
[[nodiscard]] std::string ToJson(const google::protobuf::Message& message, JsonForm form);

// A text in double quotes.
[[nodiscard]] std::string JsonQuoted(std::string_view text);

}  // namespace routerd::ctl
